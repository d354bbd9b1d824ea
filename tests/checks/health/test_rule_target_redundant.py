from awsaudit import Status
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.notifications import Channel
from awsaudit.resources.sns import TopicSubscription
from awsaudit.testing import run_check, statuses
from awsaudit_checks.health.rule_target_redundant import rule_target_redundant


QUEUE = "arn:aws:sqs:eu-west-1:111122223333:health"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/aws/events/health"
CENTRAL = "arn:aws:events:us-east-1:111122223333:event-bus/central"
MANAGED = "arn:aws:events:eu-west-1:111122223333:rule/AWSUserNotificationsManagedRule-a02"


def test_accepts_two_ends(bus, rule, target, topic, subscription):
    """
    Two targets of one rule or of two, two subscriptions of one topic.
    """
    one, two, at = rule(), rule(Name="other"), topic()
    mail = subscription(at)
    chat = subscription(at, f"{mail.topic_arn}:2", Protocol="https", Endpoint="https://chat.example/hook?token=x")
    other = subscription(at, f"{mail.topic_arn}:2", Endpoint="boss@northlight.example")

    for things in (
        (one, target(one, QUEUE), target(one, GROUP, Id="record")),
        (one, two, target(one, QUEUE), target(two, GROUP)),
        (one, target(one), at, mail, target(one, QUEUE, Id="queue")),
        (one, target(one), at, mail, chat),
        (one, target(one), at, mail, other),
    ):
        assert [Status.PASS] == statuses(run_check(rule_target_redundant, bus(), *things))


def test_flags_a_single_end(bus, rule, target, topic, subscription):
    """
    One mail address is one end, by however many rules; what nobody confirmed is none.
    """
    one, two, at = rule(), rule(Name="other"), topic()
    waiting = subscription(at, "PendingConfirmation", Endpoint="boss@northlight.example")
    (mail,) = run_check(rule_target_redundant, bus(), one, two, target(one), target(two), at, subscription(at), waiting)
    (queue,) = run_check(rule_target_redundant, bus(), one, target(one, QUEUE))
    (nobody,) = run_check(rule_target_redundant, bus(), one)

    assert "the events of AWS Health of the region go only to email @northlight.example" == mail.message
    assert f"the events of AWS Health of the region go only to {QUEUE}" == queue.message
    assert "the events of AWS Health of the region go to nobody" == nobody.message


def test_follows_a_bus_of_the_account(bus, rule, target):
    """
    To the targets of the rules on it that take the events; another account's bus is one end.
    """
    here = rule()
    central = rule(region="us-east-1", EventBusName="central", Name="central")
    other = rule({"source": ["aws.ec2"]}, region="us-east-1", EventBusName="central", Name="other")
    foreign = target(here, CENTRAL.replace("111122223333", "444455556666"))
    forwarding = (here, target(here, CENTRAL), central, other)
    ends = (target(central, QUEUE), target(central, GROUP, Id="record"))

    assert [Status.PASS] == statuses(run_check(rule_target_redundant, bus(), *forwarding, *ends))
    assert [Status.FAIL] == statuses(
        run_check(rule_target_redundant, bus(), *forwarding, ends[0], target(other, GROUP))
    )
    assert [Status.FAIL] == statuses(run_check(rule_target_redundant, bus(), here, foreign))


def test_channels_of_user_notifications_count(bus, rule, notice):
    """
    Each of them is an end.
    """
    managed = rule(Arn=MANAGED, ManagedBy="notifications.amazonaws.com")
    two = ("arn:aws:notifications-contacts::111122223333:emailcontact/a", "arn:aws:consoleapp::111122223333:device/b")

    assert [Status.PASS] == statuses(run_check(rule_target_redundant, bus(), managed, *notice(channels=two)))
    assert [Status.FAIL] == statuses(run_check(rule_target_redundant, bus(), managed, *notice()))
    assert [Status.UNKNOWN] == statuses(run_check(rule_target_redundant, bus(), managed, *notice(), unlisted=[Channel]))


def test_does_not_judge_regions_without_a_rule(bus, rule):
    """
    Nor other buses.
    """
    for other in (bus(), bus(name="beacon")):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_target_redundant, other, rule(State="DISABLED")))


def test_does_not_know_what_it_cannot_see(bus, rule, target, topic, subscription):
    """
    Rules, targets, subscriptions, and a bus in a region that was not scanned; two ends that were seen are enough.
    """
    one, at = rule(), topic()
    things = (one, target(one), at, subscription(at))

    for hidden in (Rule, Target, TopicSubscription):
        findings = run_check(rule_target_redundant, bus(), *things, unlisted=[hidden])
        assert [Status.UNKNOWN] == statuses(findings)
    forwarded = (*things, target(one, CENTRAL, Id="central"))
    assert [Status.UNKNOWN] == statuses(run_check(rule_target_redundant, bus(), *forwarded))
    assert [Status.PASS] == statuses(
        run_check(rule_target_redundant, bus(), *forwarded, target(one, QUEUE, Id="queue"))
    )

import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.resources.events import (
    API_DESTINATIONS,
    FUNCTION,
    FUNCTION_POLICY,
    STATE_MACHINE,
    ApiDestination,
    Rule,
    Target,
)
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.resources.lambda_ import MAPPINGS, EventSourceMapping
from awsaudit.resources.logs import LOG_GROUPS, POLICIES, LogGroup, LogResourcePolicy
from awsaudit.resources.notifications import EMAIL_CONTACTS, EmailContact, EventRule
from awsaudit.resources.pipes import PIPES, Pipe
from awsaudit.resources.sns import Topic, TopicSubscription
from awsaudit.resources.sqs import ATTRIBUTES, Queue
from awsaudit.resources.sqs import LIST as QUEUES
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.health.alert_delivered import alert_delivered


HERE = "eu-west-1:111122223333"
RULE = f"arn:aws:events:{HERE}:rule/health"
TOPIC = f"arn:aws:sns:{HERE}:health"
QUEUE = f"arn:aws:sqs:{HERE}:health"
KEY = f"arn:aws:kms:{HERE}:key/k-1"
GROUP = f"arn:aws:logs:{HERE}:log-group:/aws/events/health"
FUNCTION_ARN = f"arn:aws:lambda:{HERE}:function:page"
MACHINE = f"arn:aws:states:{HERE}:stateMachine:page"
DESTINATION = f"arn:aws:events:{HERE}:api-destination/pager/a1"
BUS = "arn:aws:events:us-east-1:111122223333:event-bus/central"
MANAGED = f"arn:aws:events:{HERE}:rule/AWSUserNotificationsManagedRule-a02"
CONTACT = "arn:aws:notifications-contacts::111122223333:emailcontact/a03"
ROLE = {"RoleArn": "arn:aws:iam::111122223333:role/health"}
TRUST = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sts:AssumeRole"}
FOR_RULE = {"ArnEquals": {"aws:SourceArn": RULE}}
ROOT = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "kms:*", "Resource": "*"}


def admits(action, resource="*", service="events.amazonaws.com", **condition):
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": action, "Resource": resource}
    return {**statement, "Condition": condition} if condition else statement


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def queue(*statements):
    told = {"QueueArn": QUEUE, **({"Policy": document(*statements)} if statements else {})}
    return fake(Queue, {QUEUES: "https://sqs.eu-west-1.amazonaws.com/111122223333/health", ATTRIBUTES: told})


def key(*statements, state="Enabled"):
    told = {"KeyManager": "CUSTOMER", "KeyState": state}
    policy = {"Policy": document(ROOT, *statements)}
    return fake(Key, {LIST: {"KeyId": "k-1", "KeyArn": KEY}, DESCRIBE: told, POLICY: policy, GRANTS: []})


def function(*statements):
    policy = {"Policy": document(*statements)} if statements else None
    return {FUNCTION: {"FunctionArn": FUNCTION_ARN}, FUNCTION_POLICY: policy}


def reader(state="Enabled"):
    told = {"UUID": "u-1", "EventSourceArn": QUEUE, "FunctionArn": FUNCTION_ARN, "State": state}
    return fake(EventSourceMapping, {MAPPINGS: told})


@pytest.fixture(name="judge")
def judge_fixture(bus, rule, target):
    """Return a function that judges a region whose rule has one target."""

    def judge(destination, *others, answers=None, fields=None, **more):
        judged = rule()
        one = target(judged, destination, answers=answers, **(fields or {}))
        return run_check(alert_delivered, bus(), judged, one, *others, **more)

    return judge


@pytest.fixture(name="heard")
def heard_fixture(topic, subscription):
    """Return a maker of a topic with one subscription: statements of its policy, its attributes, the subscription's."""

    def make(*statements, attributes=None, **told):
        at = topic(*(statements or (admits("sns:Publish", TOPIC, **FOR_RULE),)), **(attributes or {}))
        return at, subscription(at, **told)

    return make


@pytest.mark.parametrize("protocol", ["email", "email-json", "sms", "http", "https", "application", "lambda"])
def test_a_confirmed_subscription_is_told(judge, heard, protocol):
    """
    By the topic's policy, whatever the protocol; the note says which.
    """
    (finding,) = judge(TOPIC, *heard(Protocol=protocol))

    assert Status.PASS is finding.status
    assert (f"told: the {protocol} subscription of the topic health",) == finding.notes


def test_the_path_breaks_at_the_topics_policy(judge, heard, topic, subscription):
    """
    One for another rule does not do; the command lets this one in.
    """
    other = admits("sns:Publish", TOPIC, ArnEquals={"aws:SourceArn": RULE.replace("health", "other")})
    (finding,) = judge(TOPIC, *heard(other))

    assert "no alert reaches anybody: the topic health does not let EventBridge publish to it" == finding.message
    assert ["AWS Health", "AWS::Events::Rule", "AWS::Events::Target", "AWS::SNS::Topic"] == [
        hop.type for hop in finding.path
    ]
    assert [True, True, True, False] == [hop.holds for hop in finding.path]
    mended = topic(*json.loads(shlex.split(finding.fix)[-1])["Statement"])
    assert [Status.PASS] == statuses(judge(TOPIC, mended, subscription(mended)))


def test_the_path_breaks_at_the_key(judge, heard):
    """
    AWS's own lets no service in, nor does one of the account's until its policy says so.
    """
    encrypted = {"KmsMasterKeyId": KEY}
    allowed = key(admits(["kms:GenerateDataKey*", "kms:Decrypt"]))
    own = heard(attributes={"KmsMasterKeyId": "alias/aws/sns"})

    assert [Status.PASS] == statuses(judge(TOPIC, *heard(attributes=encrypted), allowed))
    for things in ((*own, key()), (*heard(attributes=encrypted), key()), heard(attributes=encrypted)):
        (finding,) = judge(TOPIC, *things)
        assert Status.FAIL is finding.status
        assert "AWS::KMS::Key" == finding.path[-1].type
    (disabled,) = judge(TOPIC, *heard(attributes=encrypted), key(state="Disabled"))
    assert f"aws kms enable-key --region eu-west-1 --key-id {KEY}" == disabled.fix


@pytest.mark.parametrize(
    ("arn", "why"),
    [
        ("PendingConfirmation", "has no subscription but one that nobody confirmed"),
        ("Deleted", "has no subscription"),
    ],
)
def test_the_path_breaks_at_the_subscription(judge, heard, arn, why):
    """
    Whom to subscribe is for the owner to say.
    """
    (finding,) = judge(TOPIC, *heard(arn=arn))

    assert f"no alert reaches anybody: the topic health {why}" == finding.message
    assert finding.fix is None
    assert [True, True, True, False] == [hop.holds for hop in finding.path]


def test_the_path_breaks_at_a_filter(judge, heard):
    """
    The command takes it off.
    """
    (finding,) = judge(TOPIC, *heard(FilterPolicy='{"severity": ["high"]}'))
    (unclear,) = judge(TOPIC, *heard(FilterPolicy='{"severity": [{"regex": "a"}]}'))

    assert "AWS::SNS::TopicSubscription" == finding.path[-1].type
    assert finding.fix.endswith("--attribute-name FilterPolicy --attribute-value '{}'")
    assert (Status.UNKNOWN, None) == (unclear.status, unclear.path[-1].holds)


def test_the_path_breaks_at_the_target(bus, rule, judge):
    """
    A rule without one, and one that is no more.
    """
    (none,) = run_check(alert_delivered, bus(), rule())
    (gone,) = judge(TOPIC)
    (own,) = judge(f"arn:aws:events:{HERE}:target/reboot-instance")

    assert "no alert reaches anybody: the rule health has no target" == none.message
    assert (RULE, False) == (none.path[-1].resource, none.path[-1].holds)
    assert f"no alert reaches anybody: {TOPIC} does not exist" == gone.message
    assert Status.FAIL is own.status


def test_roles_of_targets_decide(judge, heard, topic, role):
    """
    EventBridge has to be able to assume it, and it to publish.
    """
    publish = {"Effect": "Allow", "Action": "sns:Publish", "Resource": TOPIC}
    closed = heard(admits("sns:Publish", TOPIC, "budgets.amazonaws.com"))

    assert [Status.PASS] == statuses(judge(TOPIC, *closed, role([TRUST], publish), fields=ROLE))
    (untrusting,) = judge(TOPIC, *closed, role([], publish), fields=ROLE)
    assert "AWS::IAM::Role" == untrusting.path[-1].type
    assert [Status.FAIL] == statuses(judge(TOPIC, *closed, role([TRUST]), fields=ROLE))


def test_a_function_is_told(judge):
    """
    One that lets EventBridge call it.
    """
    called = admits("lambda:InvokeFunction", FUNCTION_ARN, **FOR_RULE)

    assert [Status.PASS] == statuses(judge(FUNCTION_ARN, answers=function(called)))
    (finding,) = judge(FUNCTION_ARN, answers=function())
    assert finding.fix.startswith("aws lambda add-permission --region eu-west-1 ")
    assert [Status.FAIL] == statuses(judge(FUNCTION_ARN, answers={FUNCTION: None, FUNCTION_POLICY: None}))


def test_a_state_machine_and_an_api_destination_are_told(judge, role):
    """
    By a role, as long as they are there.
    """
    start = {"Effect": "Allow", "Action": ["states:StartExecution", "events:InvokeApiDestination"], "Resource": "*"}
    by_role = {"fields": ROLE, "answers": {STATE_MACHINE: {"stateMachineArn": MACHINE}}}
    listed = {"ApiDestinationArn": DESTINATION, "Name": "pager", "ApiDestinationState": "ACTIVE"}
    pager = fake(ApiDestination, {API_DESTINATIONS: listed})
    idle = fake(ApiDestination, {API_DESTINATIONS: {**listed, "ApiDestinationState": "INACTIVE"}})
    holder = role([TRUST], start)

    assert [Status.PASS] == statuses(judge(MACHINE, holder, **by_role))
    assert [Status.FAIL] == statuses(judge(MACHINE, holder, fields=ROLE, answers={STATE_MACHINE: None}))
    assert [Status.FAIL] == statuses(judge(MACHINE, **by_role))
    assert [Status.PASS] == statuses(judge(DESTINATION, holder, pager, fields=ROLE))
    assert [Status.FAIL] == statuses(judge(DESTINATION, holder, idle, fields=ROLE))
    assert [Status.FAIL] == statuses(judge(DESTINATION, holder, fields=ROLE))


def test_a_queue_needs_a_reader(judge):
    """
    A function or a pipe; a program of the account's own cannot be seen.
    """
    open_ = queue(admits("sqs:SendMessage", QUEUE, **FOR_RULE))
    told = {"Arn": f"arn:aws:pipes:{HERE}:pipe/page", "Name": "page", "CurrentState": "RUNNING", "Source": QUEUE}
    pipe = fake(Pipe, {PIPES: {**told, "Target": FUNCTION_ARN}})

    assert [Status.PASS] == statuses(judge(QUEUE, open_, reader()))
    assert [Status.PASS] == statuses(judge(QUEUE, open_, pipe))
    (unread,) = judge(QUEUE, open_, reader("Disabled"))
    assert (Status.UNKNOWN, None) == (unread.status, unread.path[-1].holds)
    assert f"who reads the queue {QUEUE} is not seen" == unread.message
    assert [Status.FAIL] == statuses(judge(QUEUE, queue(), reader()))
    for hidden in (EventSourceMapping, Pipe):
        assert [Status.UNKNOWN] == statuses(judge(QUEUE, open_, unlisted=[hidden]))


def test_a_queue_behind_a_topic_needs_one_too(judge, heard):
    """
    And has to let the topic in.
    """
    things = heard(Protocol="sqs", Endpoint=QUEUE)
    from_topic = admits("sqs:SendMessage", QUEUE, "sns.amazonaws.com", ArnEquals={"aws:SourceArn": TOPIC})

    assert [Status.PASS] == statuses(judge(TOPIC, *things, queue(from_topic), reader()))
    assert [Status.UNKNOWN] == statuses(judge(TOPIC, *things, queue(from_topic)))
    assert [Status.FAIL] == statuses(judge(TOPIC, *things, queue(), reader()))
    assert [Status.FAIL] == statuses(judge(TOPIC, *things))


def test_a_record_is_no_alert(judge, heard):
    """
    Who reads a log group or what Firehose writes is not seen.
    """
    write = admits(["logs:CreateLogStream", "logs:PutLogEvents"], f"{GROUP}:*")
    group = fake(LogGroup, {LOG_GROUPS: {"logGroupName": "/aws/events/health", "logGroupArn": GROUP}})
    policy = fake(LogResourcePolicy, {POLICIES: {"policyName": "events", "policyDocument": document(write)}})
    firehose = heard(Protocol="firehose", Endpoint=f"arn:aws:firehose:{HERE}:deliverystream/health")

    assert [Status.UNKNOWN] == statuses(judge(GROUP, group, policy))
    assert [Status.FAIL] == statuses(judge(GROUP, group))
    assert [Status.FAIL] == statuses(judge(GROUP, policy))
    assert [Status.UNKNOWN] == statuses(judge(TOPIC, *firehose))


def test_one_way_is_enough(bus, rule, target, heard, judge):
    """
    Beside a topic that is no more, one in another account, a second rule; what may tell somebody is no failure.
    """
    one, two = rule(), rule(Name="other")
    gone, foreign = f"{TOPIC}-old", TOPIC.replace("111122223333", "444455556666")
    things = (one, two, target(one, gone, Id="old"), target(one, foreign, Id="foreign"))

    assert [Status.PASS] == statuses(run_check(alert_delivered, bus(), *things, target(one), *heard()))
    assert [Status.UNKNOWN] == statuses(run_check(alert_delivered, bus(), *things))


def test_the_way_that_leads_furthest_is_told(bus, rule, target, heard):
    """
    It is the one to mend.
    """
    one = rule()
    filtered = heard(FilterPolicy='{"severity": ["high"]}')
    things = (target(one, f"{TOPIC}-old", Id="old"), target(one), target(one, f"{TOPIC}-2", Id="older"), *filtered)
    (finding,) = run_check(alert_delivered, bus(), one, *things)

    assert "AWS::SNS::TopicSubscription" == finding.path[-1].type


def test_a_bus_is_followed(bus, rule, target, role):
    """
    To the rules on it that take the events, in whatever region; what breaks there is told with its own region.
    """
    here = rule()
    forwarding = (here, target(here, BUS, **ROLE), role([TRUST], _may("events:PutEvents")), bus("us-east-1", "central"))
    arn = FUNCTION_ARN.replace("eu-west-1", "us-east-1")
    central = rule(region="us-east-1", EventBusName="central", Name="central")
    other = rule({"source": ["aws.ec2"]}, region="us-east-1", EventBusName="central", Name="other")
    called = {
        FUNCTION: {"FunctionArn": arn},
        FUNCTION_POLICY: {"Policy": document(admits("lambda:InvokeFunction", arn))},
    }
    closed = {FUNCTION: {"FunctionArn": arn}, FUNCTION_POLICY: None}

    for things, expected in (
        ((central, target(central, arn, answers=called)), Status.PASS),
        ((central, target(central, arn, answers=closed)), Status.FAIL),
        ((other, target(other, arn, answers=called)), Status.FAIL),
        ((central, target(central, BUS, **ROLE)), Status.FAIL),
    ):
        (finding,) = run_check(alert_delivered, bus(), *forwarding, *things)
        assert expected is finding.status
        if finding.fix:
            assert finding.fix.startswith("aws lambda add-permission --region us-east-1 ")
    (round_,) = run_check(alert_delivered, bus(), *forwarding, central, target(central, BUS, **ROLE))
    assert "in a circle" in round_.message


def _may(action):
    return {"Effect": "Allow", "Action": action, "Resource": "*"}


def test_user_notifications_tell(bus, rule, notice):
    """
    By a chat or a phone, or by a mail contact that somebody confirmed.
    """
    managed = rule(Arn=MANAGED, ManagedBy="notifications.amazonaws.com")
    active, waiting = (
        fake(EmailContact, {EMAIL_CONTACTS: {"arn": CONTACT, "status": s}}) for s in ("active", "inactive")
    )
    by_mail = notice(channels=(CONTACT,))

    for things, expected in (
        (notice(), Status.PASS),
        ((*by_mail, active), Status.PASS),
        ((*by_mail, waiting), Status.FAIL),
        (by_mail, Status.FAIL),
        (notice(channels=()), Status.FAIL),
        (notice(status="INACTIVE"), Status.FAIL),
        (notice(state="INACTIVE"), Status.FAIL),
        (notice(managedRules=[]), Status.UNKNOWN),
    ):
        assert [expected] == statuses(run_check(alert_delivered, bus(), managed, *things))
    assert [Status.UNKNOWN] == statuses(run_check(alert_delivered, bus(), managed, unlisted=[EventRule]))
    assert [Status.UNKNOWN] == statuses(run_check(alert_delivered, bus(), managed, *by_mail, unlisted=[EmailContact]))


def test_the_account_is_judged_where_there_is_none_at_all(holder, rule, notice):
    """
    A rule that is disabled is where the path breaks then.
    """
    (none,) = run_check(alert_delivered, holder, regions=["us-east-1"])
    (disabled,) = run_check(alert_delivered, holder, rule(State="DISABLED"), regions=["us-east-1"])

    assert "no alert reaches anybody: no rule takes the events of AWS Health" == none.message
    assert (RULE, False) == (disabled.path[-1].resource, disabled.path[-1].holds)
    assert [Status.NOT_APPLICABLE] == statuses(run_check(alert_delivered, holder, rule()))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(alert_delivered, holder, *notice()))
    assert [Status.UNKNOWN] == statuses(run_check(alert_delivered, holder))
    assert [Status.UNKNOWN] == statuses(run_check(alert_delivered, holder, unlisted=[Rule], regions=["us-east-1"]))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"EventBusName": "beacon"}])
def test_regions_without_an_enabled_rule_are_not_judged(bus, rule, fields):
    """
    Nor other buses.
    """
    for judged in (bus(), bus(name="beacon")):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(alert_delivered, judged, rule(**fields)))


@pytest.mark.parametrize("hidden", [Rule, Target, TopicSubscription])
def test_does_not_know_what_it_cannot_see(judge, heard, hidden):
    """
    What could not be listed may tell somebody.
    """
    assert [Status.UNKNOWN] == statuses(judge(TOPIC, *heard(arn="Deleted"), unlisted=[hidden]))
    assert [Status.UNKNOWN] == statuses(judge(TOPIC, unlisted=[Topic]))

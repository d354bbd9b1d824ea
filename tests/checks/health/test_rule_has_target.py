from awsaudit import Status
from awsaudit.resources.events import Target
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.rule_has_targets import rule_has_targets
from awsaudit_checks.health.rule_has_target import rule_has_target


def test_accepts_a_target(rule, target):
    """
    Whatever it is.
    """
    judged = rule()

    assert [Status.PASS] == statuses(run_check(rule_has_target, judged, target(judged)))


def test_flags_a_rule_without_one(rule, target, topic, subscription):
    """
    The command gives it the topic that another rule for such events has, if somebody hears it.
    """
    other, unclear, at = rule(Name="other"), rule({"source": [{"regex": "a"}]}, Name="unclear"), topic()
    others = (target(other), target(unclear, "arn:aws:sns:eu-west-1:111122223333:a"), at)
    (alone,) = run_check(rule_has_target, rule(), *others)
    (finding,) = run_check(rule_has_target, rule(), *others, subscription(at))

    assert (Status.FAIL, None) == (alone.status, alone.fix)
    assert (
        "aws events put-targets --region eu-west-1 --rule health "
        "--targets Id=health,Arn=arn:aws:sns:eu-west-1:111122223333:health" == finding.fix
    )
    assert [True, False] == [hop.holds for hop in finding.path]


def test_the_check_of_all_rules_leaves_it_out(rule):
    """
    One finding is enough; other rules, and those whose pattern is not understood, stay with the other check.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_has_targets, rule()))
    assert [Status.FAIL] == statuses(run_check(rule_has_targets, rule({"source": ["aws.ec2"]})))
    assert [Status.FAIL] == statuses(run_check(rule_has_targets, rule({"source": [{"regex": "a"}]})))


def test_does_not_judge_other_rules(rule):
    """
    Disabled ones, those of a service, those for other events.
    """
    managed = rule(ManagedBy="notifications.amazonaws.com")

    for other in (rule(State="DISABLED"), managed, rule({"source": ["aws.ec2"]})):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(rule_has_target, other))


def test_does_not_know_what_it_cannot_see(rule):
    """
    Targets that could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(run_check(rule_has_target, rule(), unlisted=[Target]))

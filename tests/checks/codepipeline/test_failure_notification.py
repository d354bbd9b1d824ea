import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.codestar_notifications import RULES, NotificationRule
from awsaudit.resources.events import Rule, Target
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.failure_notification import failure_notification
from tests.checks.codepipeline.lines import ARN
from tests.checks.codepipeline.runs import BUILD, SOURCE, TOPIC, deploy, handed_on, run, told_by
from tests.estate import OWN


LINE = run(SOURCE, BUILD, deploy("Prod"))
FAILED = "codepipeline-pipeline-pipeline-execution-failed"


def changed(what="Pipeline", **detail):
    return {
        "source": ["aws.codepipeline"],
        "detail-type": [f"CodePipeline {what} Execution State Change"],
        "detail": {"state": ["FAILED"], **detail},
    }


def test_flags_a_pipeline_whose_failures_nobody_hears_of():
    """
    Without a topic that is told of others there is no command.
    """
    (finding,) = run_check(failure_notification, LINE)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "nobody is told where a run of the pipeline fails" == finding.message
    assert finding.fix is None


def test_command_tells_the_topic_that_is_told_of_others():
    """
    As notification rules of the region do already.
    """
    other = told_by(FAILED, resource=f"{ARN}-other")
    (finding,) = run_check(failure_notification, LINE, other)

    assert finding.fix == (
        "aws codestar-notifications create-notification-rule --region eu-west-1 --name release-pipeline-execution-failed "
        f"--resource {ARN} --event-type-ids {FAILED} --detail-type BASIC --targets TargetType=SNS,TargetAddress={TOPIC}"
    )


@pytest.mark.parametrize("what", ["pipeline", "stage", "action"])
def test_accepts_a_notification_rule(what):
    """
    For failed runs, stages or actions.
    """
    rule = told_by(f"codepipeline-pipeline-{what}-execution-failed")

    assert [Status.PASS] == statuses(run_check(failure_notification, LINE, rule))


@pytest.mark.parametrize(
    "rule",
    [
        told_by(FAILED, status="DISABLED"),
        told_by(FAILED, target="UNREACHABLE"),
        told_by(FAILED, target=None),
        told_by("codepipeline-pipeline-pipeline-execution-succeeded"),
        told_by(FAILED, resource=f"{ARN}-2"),
    ],
)
def test_flags_notification_rules_that_tell_nobody(rule):
    """
    Nor do those of other pipelines and of other events.
    """
    assert [Status.FAIL] == statuses(run_check(failure_notification, LINE, rule))


@pytest.mark.parametrize(
    "pattern",
    [
        changed(),
        changed(pipeline=["release"]),
        changed(pipeline=[{"prefix": "rel"}]),
        changed("Stage"),
        changed("Action"),
        {"source": ["aws.codepipeline"]},
        {"source": [{"prefix": "aws."}], "resources": [ARN], "account": [OWN]},
    ],
)
def test_accepts_a_rule_of_the_default_bus(pattern):
    """
    Patterns are evaluated.
    """
    assert [Status.PASS] == statuses(run_check(failure_notification, LINE, *handed_on(pattern)))


@pytest.mark.parametrize(
    "rule",
    [
        handed_on(changed(pipeline=["other"])),
        handed_on(changed("Stage", stage=["Source"])),
        handed_on(changed("Action", type={"category": ["Deploy"]})),
        handed_on({**changed(), "detail": {"state": ["SUCCEEDED"]}}),
        handed_on(changed(), bus="custom"),
        handed_on(changed(), state="DISABLED"),
        handed_on(changed(), targets=0),
    ],
)
def test_flags_rules_that_let_failures_go_unheard(rule):
    """
    One stage of three is not the pipeline.
    """
    assert [Status.FAIL] == statuses(run_check(failure_notification, LINE, *rule))


def test_does_not_know_what_was_refused():
    """
    What was seen to hear of it passes all the same.
    """
    hidden = fake(
        NotificationRule, {RULES: {"Arn": f"arn:aws:codestar-notifications:eu-west-1:{OWN}:notificationrule/1"}}
    )

    assert [Status.UNKNOWN] == statuses(run_check(failure_notification, fake(Pipeline)))
    assert [Status.UNKNOWN] == statuses(run_check(failure_notification, LINE, unlisted=[NotificationRule]))
    assert [Status.UNKNOWN] == statuses(run_check(failure_notification, LINE, unlisted=[Rule]))
    assert [Status.UNKNOWN] == statuses(
        run_check(failure_notification, LINE, handed_on(changed())[0], unlisted=[Target])
    )
    assert [Status.UNKNOWN] == statuses(run_check(failure_notification, LINE, hidden))
    assert [Status.PASS] == statuses(run_check(failure_notification, LINE, hidden, *handed_on(changed())))


def test_does_not_know_what_it_does_not_understand():
    """
    A pattern that AWS would not take is not judged.
    """
    odd = handed_on({"source": [{"sounds-like": "aws"}]})

    assert [Status.UNKNOWN] == statuses(run_check(failure_notification, LINE, *odd))

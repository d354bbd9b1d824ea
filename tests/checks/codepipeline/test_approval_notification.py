import pytest

from awsaudit import Severity, Status
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.codestar_notifications import NotificationRule
from awsaudit.resources.sns import TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codepipeline.approval_notification import approval_notification
from tests.checks.codepipeline.lines import action, stage
from tests.checks.codepipeline.runs import SOURCE, TOPIC, deploy, handed_on, run, told_by
from tests.estate import FOREIGN


NEEDED = "codepipeline-pipeline-manual-approval-needed"
STARTED = {
    "source": ["aws.codepipeline"],
    "detail-type": ["CodePipeline Action Execution State Change"],
    "detail": {"state": ["STARTED"], "type": {"category": ["Approval"]}},
}


def line(topic=None):
    configuration = {"NotificationArn": topic} if topic else {}
    return run(
        SOURCE, stage("Gate", action("approve", "Approval", "Manual", configuration=configuration)), deploy("Prod")
    )


def topic(*subscriptions):
    found = fake(Topic, {TOPICS: {"TopicArn": TOPIC}})
    listed = {"TopicArn": TOPIC, "Protocol": "email", "Endpoint": "ops@example.com"}
    return (
        found,
        *(
            fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: {**listed, "SubscriptionArn": s}}, parent=found)
            for s in subscriptions
        ),
    )


@pytest.mark.parametrize(
    ("judged", "others", "why"),
    [
        (line(), (), "it names no topic"),
        (line(TOPIC), topic(), "its topic oncall has no subscription"),
        (
            line(TOPIC),
            topic("PendingConfirmation"),
            "its topic oncall has no subscription but one that nobody confirmed",
        ),
        (line(TOPIC), (), "its topic oncall does not exist"),
        (line(), (told_by("codepipeline-pipeline-manual-approval-failed"),), "it names no topic"),
        (line(), handed_on({**STARTED, "detail": {"type": {"category": ["Deploy"]}}}), "it names no topic"),
    ],
)
def test_flags_an_approval_that_nobody_hears_of(judged, others, why):
    """
    The message says what is wrong with the topic.
    """
    (finding,) = run_check(approval_notification, judged, *others)

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert f"nobody hears that approve in Gate waits: {why}" == finding.message


@pytest.mark.parametrize(
    ("judged", "others"),
    [
        (line(TOPIC), topic(f"{TOPIC}:0f1e2d3c")),
        (line(), (told_by(NEEDED),)),
        (line(), handed_on(STARTED)),
        (line(TOPIC), (*topic(), *handed_on(STARTED))),
    ],
)
def test_accepts_a_topic_and_rules(judged, others):
    """
    One of them is enough.
    """
    assert [Status.PASS] == statuses(run_check(approval_notification, judged, *others))


def test_does_not_apply_without_an_approval():
    """
    Nothing waits.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(approval_notification, run(SOURCE, deploy())))


def test_does_not_know_what_was_refused():
    """
    Nor who hears a topic of another account; a rule that does hear of it passes.
    """
    foreign = line(TOPIC.replace("111122223333", FOREIGN))

    assert [Status.UNKNOWN] == statuses(run_check(approval_notification, fake(Pipeline)))
    assert [Status.UNKNOWN] == statuses(run_check(approval_notification, line(), unlisted=[NotificationRule]))
    assert [Status.UNKNOWN] == statuses(run_check(approval_notification, line(TOPIC), unlisted=[Topic]))
    assert [Status.UNKNOWN] == statuses(run_check(approval_notification, foreign))
    assert [Status.PASS] == statuses(run_check(approval_notification, foreign, told_by(NEEDED)))

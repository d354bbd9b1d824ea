from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.sns import Topic, TopicSubscription
from awsaudit_checks.codepipeline.notice import (
    CREATE_RULE,
    HEARING,
    approval_waits,
    is_handed_on,
    is_told,
    one_holds,
    rule_fill,
)
from awsaudit_checks.codepipeline.stage import Place, places
from awsaudit_checks.sns.audience import deafness, problems_of


_NEEDED: Final = "codepipeline-pipeline-manual-approval-needed"


@check(
    "codepipeline-approval-notification",
    title="Approvals notify someone",
    severity=Severity.LOW,
    uses=(*HEARING, Topic.arn, TopicSubscription.subscription_arn),
    remediation=Remediation(
        text="Name in the approval's NotificationArn a topic that the approvers hear, or create a notification rule for "
        "approvals that are needed.",
        cli=CREATE_RULE,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-action-add.html",
    ),
)
def approval_notification(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    An approval that nobody hears of holds the release up for seven days and then fails; who is in a hurry learns to go
    round it. A topic passes that somebody confirmed a subscription to, a notification rule for approvals, and a rule of
    the default bus with a target that lets waiting approvals of the pipeline through.
    """
    approvals = [place for place in places(pipeline) if place.action.category == "Approval"]
    if not approvals:
        raise NotApplicable("the pipeline has no approval")
    yield from problems_of(approvals, lambda place: _unheard(place, pipeline, account))


def _unheard(place: Place, pipeline: Pipeline, account: Inventory) -> Problem | None:
    topic = place.action.configured("NotificationArn")
    heard = one_holds(
        lambda: topic is not None and deafness(topic, account) is None,
        lambda: is_told(pipeline, (_NEEDED,), account),
        lambda: is_handed_on((approval_waits(pipeline, place),), pipeline.region, account),
    )
    if heard:
        return None
    why = f"its topic {topic.rpartition(':')[2]} {deafness(topic, account)}" if topic else "it names no topic"

    return Problem(
        f"nobody hears that {place.action.name} in {place.stage.name} waits: {why}",
        expected="a topic with a confirmed subscription, or a rule for approvals",
        found="neither",
        sub_key=f"{place.stage.name}/{place.action.name}",
        fill=rule_fill(pipeline, _NEEDED, account),
    )

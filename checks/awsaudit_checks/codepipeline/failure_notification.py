from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.notice import (
    CREATE_RULE,
    HEARING,
    actions_failed,
    is_handed_on,
    is_told,
    one_holds,
    pipeline_failed,
    rule_fill,
    stages_failed,
)


# https://docs.aws.amazon.com/dtconsole/latest/userguide/concepts.html
_PIPELINE: Final = "codepipeline-pipeline-pipeline-execution-failed"
_FAILED: Final = (
    _PIPELINE,
    "codepipeline-pipeline-stage-execution-failed",
    "codepipeline-pipeline-action-execution-failed",
)


@check(
    "codepipeline-failure-notification",
    title="Pipeline failures notify",
    severity=Severity.MEDIUM,
    uses=HEARING,
    remediation=Remediation(
        text="Create a notification rule that tells a topic or a chat channel of failed runs, or an EventBridge rule that "
        "hands them on.",
        cli=CREATE_RULE,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/notification-rule-create.html",
    ),
)
def failure_notification(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    A fix that got stuck in its pipeline is believed to be out until somebody looks. An enabled notification rule with a
    target that works passes, for failed runs, stages or actions; so does an enabled rule of the default bus with a target
    whose pattern lets failed runs of this pipeline through, or the failures of all of its stages or actions.
    """
    events = ((pipeline_failed(pipeline),), stages_failed(pipeline), actions_failed(pipeline))
    heard = one_holds(
        lambda: is_told(pipeline, _FAILED, account),
        *(lambda failed=failed: is_handed_on(failed, pipeline.region, account) for failed in events),
    )
    if not heard:
        yield Problem(
            "nobody is told where a run of the pipeline fails",
            expected="a notification rule, or a rule of the default bus",
            found="neither",
            fill=rule_fill(pipeline, _PIPELINE, account),
        )

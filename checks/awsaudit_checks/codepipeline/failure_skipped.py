from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline, Stage
from awsaudit_checks.codepipeline.stage import PUT_CHANGED, changed, release_of, stages_path


@check(
    "codepipeline-failure-skipped",
    title="A failing build or test stage stops the pipeline",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let the stage fail, roll back or be tried again, and no condition skip its tests. By the command it is tried once "
        "more and then fails.",
        cli=PUT_CHANGED,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-conditions.html",
    ),
)
def failure_skipped(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    A stage that is skipped as it fails lets through what it should have stopped: untested code goes on to production,
    and the run looks green. Looked at are the stages before the first deployment to production, or before the last
    deployment where none is known to be. Skipping by an entry condition counts for stages that test.
    """
    if pipeline.pipeline_type == "V1":
        raise NotApplicable("stages of V1 pipelines cannot be skipped")
    release = release_of(pipeline, account)
    for stage in pipeline.stages[: release.index]:
        reason = _skipped(stage)
        if reason:
            failing = stage.on_failure is not None and not stage.on_failure.conditions and not _unless(stage)
            mended = "[merge(@, {onFailure: {result: 'RETRY', retryConfiguration: {retryMode: 'FAILED_ACTIONS'}}})]"
            yield Problem(
                f"{stage.name} {reason}, and {release.stage.name} deploys all the same",
                expected="FAIL, ROLLBACK or RETRY",
                found="SKIP",
                sub_key=stage.name,
                # Conditions hold more than their result, and what is meant by them only their author knows.
                fill=changed(pipeline, stage.name, mended) if failing else {},
                path=stages_path(pipeline, gap=stage.name, missing=reason),
            )


def _skipped(stage: Stage) -> str | None:
    failure = stage.on_failure
    if failure and failure.result == "SKIP":
        return "is skipped where it fails"
    if failure and any(condition.result == "SKIP" for condition in failure.conditions):
        return "may be skipped where it fails, by a condition"

    return "may be left out, tests included, by a condition" if _unless(stage) else None


def _unless(stage: Stage) -> bool:
    conditions = (*stage.before_entry, *stage.on_success)
    tests = any(action.category == "Test" for action in stage.actions)

    return tests and any(condition.result == "SKIP" for condition in conditions)

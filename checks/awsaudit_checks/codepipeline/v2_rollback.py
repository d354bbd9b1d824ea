from collections.abc import Iterator

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline, Stage
from awsaudit_checks.codepipeline.stage import PUT_CHANGED, changed, deploying, stages_path


@check(
    "codepipeline-v2-rollback",
    title="Failed deploy stages roll back",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Let the stage roll back to its last successful run where it fails.",
        cli=PUT_CHANGED,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/stage-rollback.html",
    ),
)
def v2_rollback(pipeline: Pipeline) -> Iterator[Problem | Note]:
    """
    A deployment that fails half-way stays half-way until somebody is awake to redo the last good one. Stages that deploy
    and roll back where they fail pass, also if a condition has to be met. Pipelines of type V1 cannot do it; the services
    that they deploy with may, each by itself.
    """
    stages = {place.index: place.stage for place in deploying(pipeline)}
    if pipeline.pipeline_type == "V1":
        yield Note("stages of V1 pipelines cannot roll back; those of V2 can")
        return
    for index, stage in stages.items():
        failure = stage.on_failure
        # A rollback needs an earlier run of the stage, and the first one takes the sources.
        if index == 0 or _rolls_back(stage):
            continue
        found = failure.result if failure and failure.result else "nothing"
        whole = "[merge(@, {onFailure: {result: 'ROLLBACK'}})]"
        yield Problem(
            f"{stage.name} deploys and does not roll back where it fails",
            expected="ROLLBACK",
            found=found,
            sub_key=stage.name,
            fill={} if failure and (failure.conditions or failure.retry_mode) else changed(pipeline, stage.name, whole),
            path=stages_path(pipeline, gap=stage.name, missing="does not roll back where it fails"),
        )


def _rolls_back(stage: Stage) -> bool:
    failure = stage.on_failure
    if failure is None:
        return False

    return failure.result == "ROLLBACK" or any(condition.result == "ROLLBACK" for condition in failure.conditions)

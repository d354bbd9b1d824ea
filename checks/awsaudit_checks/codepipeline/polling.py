from collections.abc import Iterator

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.stage import is_polled, sources


@check(
    "codepipeline-polling",
    title="Sources are event-driven, not polled",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Make a rule that starts the pipeline as its source changes, or a connection in the place of a token of "
        "GitHub; then set PollForSourceChanges of the action to false.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/update-change-detection.html",
    ),
)
def polling(pipeline: Pipeline) -> Iterator[Problem | Note]:
    """
    A polled source starts the pipeline minutes after the change, costs a request each time, and AWS stops to poll where
    nothing ran for 30 days: the next change is then deployed by nobody. CodeCommit, S3 and GitHub by token are polled
    unless PollForSourceChanges is false. Connections and repositories of images tell by themselves and pass.
    """
    taken = sources(pipeline)
    if not taken:
        raise NotApplicable("the pipeline has no source")
    for place in taken:
        action = place.action
        if is_polled(action):
            yield Problem(
                f"{action.name} is polled for changes of {action.provider}",
                expected="PollForSourceChanges=false",
                found=action.configured("PollForSourceChanges") or "unset, which polls",
                sub_key=action.name,
            )
        elif (action.configured("DetectChanges") or "").lower() == "false" and not pipeline.triggers:
            yield Note(
                f"no change of {action.name} starts the pipeline: DetectChanges is false, and there is no trigger"
            )

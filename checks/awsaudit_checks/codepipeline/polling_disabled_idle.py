from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.stage import is_polled, sources


@check(
    "codepipeline-polling-disabled-idle",
    title="Polling pipelines were not switched off by AWS",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Make a rule that starts the pipeline as its source changes, and set PollForSourceChanges to false; or delete "
        "the pipeline if nobody needs it any more.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/update-change-detection.html",
    ),
)
def polling_disabled_idle(pipeline: Pipeline) -> Iterator[Problem]:
    """
    Where no run was for 30 days AWS stops to look for changes, without a word: the security fix that is pushed next stays
    where it is, while everybody takes it to be deployed. Pipelines that AWS has not switched off pass, and those none of
    whose sources is polled: events start them all the same.
    """
    since = pipeline.polling_disabled_at
    if since is None:
        return
    polled = [place.action.name for place in sources(pipeline) if is_polled(place.action)]
    if polled:
        yield Problem(
            f"AWS has not looked for changes of {', '.join(polled)} since {since:%Y-%m-%d}, after 30 days without a run",
            expected="sources that tell of their changes by events",
            found=f"polling disabled on {since:%Y-%m-%d}",
        )

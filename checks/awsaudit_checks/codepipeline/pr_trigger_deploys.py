from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Patterns, Pipeline, PushFilter, Trigger
from awsaudit_checks.codepipeline.stage import Place, is_approved, is_deploying, places, stages_path


_EVERY: Final = frozenset({"*", "**"})


@check(
    "codepipeline-pr-trigger-deploys",
    title="Pull requests do not run deploying pipelines",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Test pull requests in a pipeline of their own that deploys nothing. Start this one by pushes to named "
        "branches or tags, or by pull requests that are CLOSED.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html",
    ),
)
def pr_trigger_deploys(pipeline: Pipeline) -> Iterator[Problem]:
    """
    A pull request that is opened or updated brings code that nobody has reviewed. Where it starts a pipeline that deploys,
    opening one is all it takes to run that code with the pipeline's rights. Pushes without included branches or tags are
    graded lower: with a trigger, the branch of the source action filters no more. What people approve first passes, and a
    pipeline that deploys nothing.
    """
    if pipeline.pipeline_type == "V1" or not pipeline.triggers:
        raise NotApplicable("the pipeline has no triggers of its own")
    unasked = next((p for p in places(pipeline) if is_deploying(p) and not is_approved(p, pipeline)), None)
    if unasked is None:
        return
    for trigger in pipeline.triggers:
        events = _events(trigger)
        where = trigger.source_action or trigger.provider
        if events:
            what = f"pull requests of {where} that are {' or '.join(e.lower() for e in events)}"
            yield _problem(pipeline, unasked, what, f"{where}:pull-request", Severity.HIGH)
        if any(_is_wide(push) for push in trigger.push):
            yield _problem(pipeline, unasked, f"pushes to any branch of {where}", f"{where}:push", Severity.MEDIUM)


def _problem(pipeline: Pipeline, unasked: Place, what: str, sub_key: str, severity: Severity) -> Problem:
    return Problem(
        f"{what} start the pipeline, and {unasked.action.name} in {unasked.stage.name} deploys without approval",
        expected="pushes to named branches or tags",
        found=what,
        sub_key=sub_key,
        severity=severity,
        path=stages_path(pipeline, gap=unasked.stage.name, missing=f"{what} get here, and nobody approves before"),
    )


def _events(trigger: Trigger) -> tuple[str, ...]:
    """Return the events of open pull requests that *trigger* takes; a filter that names no events takes them all."""
    every = ("OPEN", "UPDATED")
    taken = {event for pull in trigger.pull_requests for event in pull.events or every}

    return tuple(event for event in every if event in taken)


def _is_wide(push: PushFilter) -> bool:
    return not _names_some(push.branches) and not _names_some(push.tag_names)


def _names_some(patterns: Patterns | None) -> bool:
    return patterns is not None and bool(patterns.includes) and not _EVERY & {*patterns.includes}

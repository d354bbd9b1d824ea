from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from attrs import evolve

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline, Webhook
from awsaudit.resources.scheduler import Schedule
from awsaudit_checks.codepipeline.change import Change, change_of, is_github, is_polled, waits_for_events
from awsaudit_checks.codepipeline.stage import Place, described, sources
from awsaudit_checks.codepipeline.trigger import TRIGGERS, broken, is_about, starting
from awsaudit_checks.events.delivery import Break
from awsaudit_checks.iam.certain import certain


_REGISTER: Final = "aws codepipeline register-webhook-with-third-party --region {region} --webhook-name {webhook}"


@check(
    "codepipeline-trigger-delivers",
    title="The change-detection rule exists and may start the pipeline",
    severity=Severity.HIGH,
    uses=(
        *TRIGGERS, Webhook.name, Webhook.arn, Webhook.target_pipeline, Webhook.target_action, Webhook.error_code,
        Schedule.name, Schedule.target_arn, Schedule.state,
    ),
    remediation=Remediation(
        text="Make a rule on the default bus that asks for changes of the source, with the pipeline as its target and a role "
        "that EventBridge may assume and that may start the pipeline. The command does what is missing of it.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/change-detection-methods.html",
    ),
)  # fmt: skip
def trigger_delivers(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    A pipeline that does not look for changes itself has to be told: a rule that is missing, disabled, asks for another
    branch, or has a role that may not start the pipeline leaves fixes undeployed, and nothing fails. Followed is an event
    of each source: bucket or trail, rule, target, role. GitHub's first version needs a webhook. Pipelines that a schedule,
    another event or another pipeline starts need no rule. Medium where another source starts the pipeline.
    """
    waiting = tuple(_attempts(pipeline, account))
    if not waiting:
        raise NotApplicable("no source waits for events: CodePipeline or a connection looks for changes")
    well: list[Callable[[], Problem | None]] = []

    def judged(attempt: Callable[[], Problem | None]) -> Problem | None:
        problem = attempt()
        if problem is None:
            well.append(attempt)
        return problem

    problems = certain(waiting, judged)
    otherwise = _started_otherwise(pipeline, account) if problems else None
    if otherwise and all(problem.found == _NOTHING for problem in problems):
        raise NotApplicable(f"it is started by {otherwise}")
    beside = bool(well) or any(_is_told(place) for place in sources(pipeline))
    for problem in problems:
        if not (otherwise and problem.found == _NOTHING):
            yield evolve(problem, severity=Severity.MEDIUM if beside else None)


_NOTHING: Final = "nothing that tells"


def _attempts(pipeline: Pipeline, account: Inventory) -> Iterator[Callable[[], Problem | None]]:
    for place in sources(pipeline):
        if is_github(place.action) and not is_polled(place.action):
            yield partial(_unhooked, place, pipeline, account)
        elif waits_for_events(place.action):
            yield partial(_untold, place, pipeline, account)


def _is_told(place: Place) -> bool:
    """Tell whether changes of the source at *place* start the pipeline without a rule or a webhook."""
    action = place.action
    if action.provider == "CodeStarSourceConnection":
        return (action.configured("DetectChanges") or "true").lower() != "false"

    return not waits_for_events(action) and is_polled(action)


def _untold(place: Place, pipeline: Pipeline, account: Inventory) -> Problem | None:
    change = change_of(place, pipeline)
    found = broken(change, pipeline, account)

    return _problem(found, place, _begin(change), pipeline, account) if found else None


def _begin(change: Change) -> Hop:
    return Hop(change.source, change.type, described(change.place.action))


def _unhooked(place: Place, pipeline: Pipeline, account: Inventory) -> Problem | None:
    """Return what is wrong with the webhook of a source in GitHub; None if nothing is."""
    name = place.action.name
    hooks = [
        w for w in account.every(Webhook, pipeline.region)
        if w.target_pipeline == pipeline.name and w.target_action == name
    ]  # fmt: skip
    if any(hook.error_code is None for hook in hooks):
        return None
    begin = Hop(f"{place.stage.name}/{name}", "source", described(place.action))
    if not hooks:
        hop = Hop("no webhook", Webhook.type, "none speaks for the source", holds=False)
        return _problem(Break(f"no webhook speaks for {name}", (hop,), "a webhook"), place, begin, pipeline, account)
    hook = hooks[0]
    what = f"could not be registered with GitHub: {hook.error_code}"
    hop = Hop(hook.arn, Webhook.type, f"it {what}", holds=False)
    found = Break(f"the webhook {hook.name} {what}", (hop,), "a webhook", _REGISTER, {"webhook": hook.name})

    return _problem(found, place, begin, pipeline, account)


def _problem(found: Break, place: Place, begin: Hop, pipeline: Pipeline, account: Inventory) -> Problem:
    name = place.action.name
    nothing = found.path[-1].resource in {"no rule", "no webhook"}
    universal = _universal(pipeline, account) if nothing else None
    remark = f"; the schedule {universal.name} starts some pipeline, perhaps this one" if universal else ""

    return Problem(
        f"changes of {name} start nothing: {found.message}{remark}",
        expected=found.expected,
        found=_NOTHING if nothing else found.message,
        sub_key=f"{place.stage.name}.{name}",
        fill=found.fill,
        cli=found.cli,
        path=(begin, *found.path),
    )


_ANY_START: Final = ":scheduler:::aws-sdk:codepipeline:startPipelineExecution"


def _universal(pipeline: Pipeline, account: Inventory) -> Schedule | None:
    """Return a schedule that starts a pipeline of which its listing does not tell the name."""
    schedules = (s for s in account.seen(Schedule, pipeline.region) if s.state != "DISABLED")
    return next((s for s in schedules if s.target_arn.endswith(_ANY_START)), None)


def _started_otherwise(pipeline: Pipeline, account: Inventory) -> str | None:
    """Return what starts *pipeline* besides changes of its sources, in words; None if nothing does."""
    rules = [rule for rule, _ in starting(pipeline, account) if rule.state != "DISABLED"]
    services = {f"aws.{place.action.provider.lower()}" for place in sources(pipeline)}
    for rule in rules:
        if rule.schedule or not is_about(rule, services):
            return f"the rule {rule.name}"
    for other in account.every(Pipeline):
        if other.region == pipeline.region and _starts(other, pipeline.name):
            return f"the pipeline {other.name}"
    schedule = account.first(
        Schedule, lambda s: s.target_arn == pipeline.arn and s.state != "DISABLED", pipeline.region
    )

    return f"the schedule {schedule.name}" if schedule else None


def _starts(other: Pipeline, name: str) -> bool:
    actions = (action for stage in other.stages for action in stage.actions)
    return any(a.category == "Invoke" and a.configured("PipelineName") == name for a in actions)

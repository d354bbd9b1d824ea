from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.stage import (
    PUT_CHANGED,
    Place,
    changed,
    is_approved,
    production_places,
    rules_before,
    stages_path,
)


_LONGEST: Final = 100


@check(
    "codepipeline-manual-approval",
    title="Production deployment waits for approval",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Put a stage with a manual approval before the stage, or an entry condition on it. Say in the approval's "
        "NotificationArn who is asked.",
        cli=PUT_CHANGED,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/approvals-action-add.html",
    ),
)
def manual_approval(pipeline: Pipeline, account: Inventory) -> Iterator[Problem | Note]:
    """
    Without anything that waits, whoever can push to the branch changes production within minutes, and nobody else has
    seen it. An approval in an earlier stage passes, or one of smaller run order in the same stage: actions of one run
    order run side by side. Entry conditions of the stage pass as a gate that nobody has to open, and so does a disabled
    transition. Builds, commands and functions deploy if they or their stages are called so.
    """
    production = production_places(pipeline, account)
    if not production:
        raise NotApplicable("no action of the pipeline deploys to production")
    open_ = [place for place in production if not is_approved(place, pipeline)]
    asked = [place for place in open_ if rules_before(place)]
    for place in asked:
        yield Note(f"{place.stage.name} is entered on {', '.join(rules_before(place))}, and nobody approves")
    unasked = [place for place in open_ if not rules_before(place)]
    shut = {name for name in (pipeline.disabled_transitions if unasked else ()) if name}
    stages = {place.stage.name: place for place in unasked}
    for name, place in stages.items():
        if shut & {stage.name for stage in pipeline.stages[: place.index + 1]}:
            yield Note(f"{name} is not entered: somebody disabled the transition into it, or into a stage before it")
        else:
            yield _problem(pipeline, place, [p.action.name for p in unasked if p.index == place.index])


def _problem(pipeline: Pipeline, place: Place, actions: list[str]) -> Problem:
    name = place.stage.name
    action = "{name: 'Approve', runOrder: `1`, actionTypeId: {category: 'Approval', owner: 'AWS', provider: 'Manual', version: '1'}}"
    before = f"[{{name: '{_free_name(pipeline, name)}', actions: [{action}]}}, @]"

    return Problem(
        f"{', '.join(dict.fromkeys(actions))} in {name} deploys to production, and nobody approves before",
        expected="an approval or an entry condition before it",
        found="neither",
        sub_key=name,
        fill=changed(pipeline, name, before),
        path=stages_path(pipeline, gap=name, missing="nobody approves before"),
    )


def _free_name(pipeline: Pipeline, stage: str) -> str:
    taken = {other.name for other in pipeline.stages}
    wanted = f"Approve-{stage}"[:_LONGEST]

    return next(n for n in (wanted, *(f"{wanted[:90]}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)

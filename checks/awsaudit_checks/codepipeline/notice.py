"""Who hears what happens to a pipeline: by notification rules, or by rules of EventBridge."""

from __future__ import annotations

import json
import re

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from awsaudit import Inventory, Undecided
from awsaudit.errors import EvidenceMissing, PatternError
from awsaudit.event_pattern import matches
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.codestar_notifications import NotificationRule
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.codepipeline.stage import Place, places


HEARING: Final = (
    NotificationRule.arn,
    NotificationRule.resource,
    NotificationRule.enabled,
    NotificationRule.event_types,
    NotificationRule.targets,
    Rule.arn,
    Rule.name,
    Rule.bus_name,
    Rule.state,
    Rule.event_pattern,
    Target.id,
)
"""What the functions here look at; for a check's uses=."""

CREATE_RULE: Final = (
    "aws codestar-notifications create-notification-rule --region {region} --name {rule_name} --resource {arn} "
    "--event-type-ids {event_type} --detail-type BASIC --targets {targets}"
)
"""Tells a topic of one kind of event."""


def is_told(pipeline: Pipeline, event_types: Iterable[str], account: Inventory) -> bool:
    """
    Tell whether an enabled notification rule tells somebody of one of *event_types* of *pipeline*.

    Raises:
        EvidenceMissing: None was found, and not all rules could be seen.
    """
    wanted = {*event_types}

    def tells(rule: NotificationRule) -> bool:
        if rule.resource != pipeline.arn or not rule.enabled or wanted.isdisjoint(rule.event_types):
            return False
        return any(target.status == "ACTIVE" for target in rule.targets)

    return account.first(NotificationRule, tells, pipeline.region) is not None


def is_handed_on(events: Iterable[Mapping[str, Any]], region: str, account: Inventory) -> bool:
    """
    Tell whether rules of the default bus in *region* hand on every one of *events*.

    Raises:
        EvidenceMissing: It was not found, and not all rules or targets could be seen.
        Undecided: It was not found, and the pattern of a rule is not understood.
    """
    return all(_one_handed_on(event, region, account) for event in events)


def _one_handed_on(event: Mapping[str, Any], region: str, account: Inventory) -> bool:
    unread: list[str] = []

    def hands_on(rule: Rule) -> bool:
        # AWS services send to the default bus only.
        if rule.bus_name != "default" or rule.state == "DISABLED" or rule.event_pattern is None:
            return False
        try:
            fits = matches(json.loads(rule.event_pattern), event)
        except PatternError:
            unread.append(rule.name)
            return False

        return fits and bool(account.children(rule, Target))

    if account.first(Rule, hands_on, region) is not None:
        return True
    if unread:
        raise Undecided(f"the event pattern of {unread[0]} is not understood")

    return False


def pipeline_failed(pipeline: Pipeline) -> dict[str, Any]:
    """Return the event of a failed run of *pipeline*."""
    return _event(pipeline, "CodePipeline Pipeline Execution State Change", state="FAILED")


def stages_failed(pipeline: Pipeline) -> tuple[dict[str, Any], ...]:
    """Return the events of failed stages of *pipeline*, one a stage."""
    what = "CodePipeline Stage Execution State Change"
    return tuple(_event(pipeline, what, state="FAILED", stage=stage.name) for stage in pipeline.stages)


def actions_failed(pipeline: Pipeline) -> tuple[dict[str, Any], ...]:
    """Return the events of failed actions of *pipeline*, one an action."""
    return tuple(_action_event(pipeline, place, "FAILED") for place in places(pipeline))


def approval_waits(pipeline: Pipeline, place: Place) -> dict[str, Any]:
    """Return the event of the approval at *place* that waits for somebody."""
    return _action_event(pipeline, place, "STARTED")


def _action_event(pipeline: Pipeline, place: Place, state: str) -> dict[str, Any]:
    action = place.action
    type_ = {
        "owner": action.owner,
        "category": action.category,
        "provider": action.provider,
        "version": action.version,
    }
    what = "CodePipeline Action Execution State Change"

    return _event(pipeline, what, state=state, stage=place.stage.name, action=action.name, type=type_)


# https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
def _event(pipeline: Pipeline, detail_type: str, **detail: Any) -> dict[str, Any]:
    about = {"pipeline": pipeline.name, "execution-id": "01234567-0123-0123-0123-012345678901", "version": 1.0}
    region = {} if "action" not in detail else {"region": pipeline.region}

    return {
        "version": "0",
        "source": "aws.codepipeline",
        "detail-type": detail_type,
        "account": pipeline.account,
        "region": pipeline.region,
        "resources": [pipeline.arn],
        "detail": {**about, **region, **detail},
    }


def topic_told(pipeline: Pipeline, account: Inventory) -> str | None:
    """Return a topic that notification rules of the region tell already, most of them first; None if none was seen."""
    told: dict[str, int] = {}
    for rule in account.seen(NotificationRule, pipeline.region):
        try:
            targets = rule.targets if rule.enabled else ()
        except EvidenceMissing:
            continue
        for target in targets:
            if target.type == "SNS" and target.status == "ACTIVE":
                told[target.address] = told.get(target.address, 0) + 1

    return max(sorted(told), key=lambda address: told[address], default=None)


def rule_fill(pipeline: Pipeline, event_type: str, account: Inventory) -> dict[str, str]:
    """Return what `CREATE_RULE` is filled with; empty where no topic is known that people are told by."""
    topic = topic_told(pipeline, account)
    if topic is None:
        return {}
    kind = event_type.removeprefix("codepipeline-pipeline-")

    return {
        "rule_name": f"{_UNNAMED.sub('-', pipeline.name)[:_NAMED]}-{kind}",
        "event_type": event_type,
        "targets": f"TargetType=SNS,TargetAddress={topic}",
    }


# Names of rules have 64 characters at most, and fewer kinds of them than those of pipelines.
# https://docs.aws.amazon.com/codestar-notifications/latest/APIReference/API_CreateNotificationRule.html
_NAMED: Final = 38
_UNNAMED: Final = re.compile(r"[^A-Za-z0-9_-]")


def one_holds(*ways: Callable[[], bool]) -> bool:
    """
    Tell whether one of *ways* is known to hold.

    Raises:
        EvidenceMissing, Undecided: None is, and of some it could not be told.
    """
    unknown: EvidenceMissing | Undecided | None = None
    for way in ways:
        try:
            if way():
                return True
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
    if unknown:
        raise unknown

    return False

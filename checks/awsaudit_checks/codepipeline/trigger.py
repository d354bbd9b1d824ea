"""Whether the event of a change gets to a pipeline: by which rule, target and role; and how it is made to."""

from __future__ import annotations

import json
import re

from collections.abc import Collection, Iterable
from typing import Final

from attrs import evolve

from awsaudit import Hop, Inventory, Undecided
from awsaudit.access import CONTROL, IDENTITY, Question
from awsaudit.errors import EvidenceMissing, PatternError
from awsaudit.event_pattern import matches
from awsaudit.resources.cloudtrail import Trail
from awsaudit.resources.codepipeline import Pipeline
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.iam import Role
from awsaudit.resources.s3 import Bucket
from awsaudit_checks.codepipeline.change import Change, Event, recording
from awsaudit_checks.events.delivery import Break, Sender, asks, assuming, granted, repair, why_not
from awsaudit_checks.events.permission import EVENTS, PUT_ROLE_POLICY, holds, role_policy
from awsaudit_checks.events.rule import PUT_CHANGED


TRIGGERS: Final = (
    Rule.arn, Rule.name, Rule.bus_name, Rule.state, Rule.event_pattern, Rule.schedule, Rule.role_arn, Target.id,
    Target.destination, Target.role_arn, Bucket.name, Bucket.event_bridge, Trail.arn, Trail.logging,
    Trail.object_selectors, Trail.advanced_selectors, *IDENTITY, *CONTROL,
)  # fmt: skip
"""What `broken` looks at."""

START: Final = "codepipeline:StartPipelineExecution"
_CREATE_ROLE: Final = (
    "aws iam create-role --region {region} --role-name {role} --assume-role-policy-document {trust} && "
    f"{PUT_ROLE_POLICY}"
)
_NEW: Final = (
    f"{_CREATE_ROLE} && "
    "aws events put-rule --region {region} --name {rule} --event-pattern {pattern} && "
    "aws events put-targets --region {region} --rule {rule} --targets {targets}"
)
_WITH_ROLE: Final = f"{_CREATE_ROLE} && {PUT_CHANGED}"
_ENABLE: Final = "aws events enable-rule --region {region} --name {name} --event-bus-name {bus_name}"
_NOTIFY: Final = (
    "CONFIGURATION=$(aws s3api get-bucket-notification-configuration --region {bucket_region} --bucket {bucket} "
    "--query {changed} --output json) && "
    "aws s3api put-bucket-notification-configuration --region {bucket_region} --bucket {bucket} "
    '--notification-configuration "$CONFIGURATION"'
)


def starting(pipeline: Pipeline, account: Inventory) -> tuple[tuple[Rule, Target], ...]:
    """
    Return the rules that have *pipeline* as a target, with that target.

    Raises:
        EvidenceMissing: Rules or targets could not be listed.
    """
    return tuple(
        (rule, target)
        for rule in account.every(Rule, pipeline.region)
        for target in account.children(rule, Target)
        if target.destination == pipeline.arn
    )


def asks_for(rule: Rule, events: Iterable[Event]) -> bool:
    """
    Tell whether one of *events* matches the pattern of *rule*.

    Raises:
        Undecided: The pattern has something that is not understood.
    """
    pattern = json.loads(rule.event_pattern or "{}")
    try:
        return any(matches(pattern, event) for event in events)
    except PatternError as wrong:
        raise Undecided(f"the event pattern of the rule {rule.name} is not understood: {wrong}") from wrong


def is_about(rule: Rule, services: Collection[str]) -> bool:
    """
    Tell whether *rule* may be meant for events of one of *services*, such as ``aws.ecr``.

    Raises:
        Undecided: Its pattern is not understood.
    """
    if rule.bus_name != "default" or rule.event_pattern is None:
        return False
    pattern = json.loads(rule.event_pattern)
    wanted = {"source": pattern["source"]} if isinstance(pattern, dict) and pattern.get("source") else {}
    try:
        return not wanted or any(matches(wanted, {"source": service}) for service in services)
    except PatternError as wrong:
        raise Undecided(f"the event pattern of the rule {rule.name} is not understood: {wrong}") from wrong


def broken(change: Change, pipeline: Pipeline, account: Inventory) -> Break | None:
    """
    Return where the way from *change* to *pipeline* breaks, the longest way if there are several; None if one does not.

    Raises:
        EvidenceMissing, Undecided: It hangs on what could not be read, or happens in another account.
    """
    longest: Break | None = None
    unknown: EvidenceMissing | Undecided | None = None
    for rule, target in starting(pipeline, account):
        try:
            if not is_about(rule, {change.service}):
                continue
            found = _along(rule, target, change, pipeline, account)
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
            continue
        if found is None:
            _refuse_elsewhere(change, pipeline)
            return None
        if longest is None or len(found.path) > len(longest.path):
            longest = found
    if unknown:
        raise unknown

    return longest or _no_rule(change, pipeline, account)


def _refuse_elsewhere(change: Change, pipeline: Pipeline) -> None:
    if change.account != pipeline.account:
        raise Undecided(
            f"{change.what} happens in the account {change.account}, which has to send its events here; that cannot be seen"
        )


def _along(rule: Rule, target: Target, change: Change, pipeline: Pipeline, account: Inventory) -> Break | None:
    """Return where the way by *rule* breaks; None if nowhere."""
    direct, recorded = asks_for(rule, change.events), asks_for(rule, change.recorded)
    if rule.state == "DISABLED" and (direct or recorded):
        hop = Hop(rule.arn, Rule.type, f"it asks for {change.what}, and is disabled", holds=False)
        fill = {"name": rule.name, "bus_name": rule.bus_name}
        return Break(f"the rule {rule.name} is disabled", (hop,), "an enabled rule", _ENABLE, fill)
    if not (direct or recorded):
        hop = Hop(rule.arn, Rule.type, f"it starts the pipeline, and does not ask for {change.what}", holds=False)
        missing = _no_rule(change, pipeline, account)
        return evolve(missing, message=f"the rule {rule.name} does not ask for {change.what}", path=(hop,))
    unsent = _unsent(change, pipeline, account, direct=direct, recorded=recorded)
    at_rule = Hop(rule.arn, Rule.type, f"it asks for {change.what}")
    found = unsent or _refused(rule, target, pipeline, account)

    return evolve(found, path=(*(() if unsent else (at_rule,)), *found.path)) if found else None


def _unsent(change: Change, pipeline: Pipeline, account: Inventory, *, direct: bool, recorded: bool) -> Break | None:
    """Return why the event does not come about; None where it does."""
    if not change.recorded:
        return None
    if recorded and recording(change, pipeline.region, account):
        return None
    name = change.source.rpartition(":")[2]
    bucket = account.first(Bucket, lambda b: b.name == name)
    if direct:
        if bucket is None:
            raise Undecided(f"whether the bucket {name} sends events cannot be seen: it is another account's, or none")
        if bucket.event_bridge:
            return None
        hop = Hop(change.source, Bucket.type, "it does not send its events to EventBridge", holds=False)
        changed = "merge(@, {EventBridgeConfiguration: `{}`})"
        fill = {"bucket": name, "bucket_region": bucket.region, "changed": changed}
        return Break(
            f"the bucket {name} does not send its events to EventBridge", (hop,), "a bucket that does", _NOTIFY, fill
        )
    hop = Hop("no trail", Trail.type, f"no trail records what is written to {name}", holds=False)

    return Break(f"no trail records what is written to {name}", (hop,), "a trail that records writes of the object")


def _refused(rule: Rule, target: Target, pipeline: Pipeline, account: Inventory) -> Break | None:
    """Return where EventBridge is kept from starting *pipeline* by *target*; None if nowhere."""
    arn = target.role_arn or rule.role_arn
    if arn is None:
        hop = Hop(pipeline.arn, Pipeline.type, "EventBridge starts it by a role, and has none", holds=False)
        name, fill = _new_role(pipeline, account)
        role_arn = f"arn:{pipeline.partition}:iam::{pipeline.account}:role/{name}"
        changed = f"Targets[?Id=='{target.id}'].merge(@, {{RoleArn: '{role_arn}'}})"
        fill |= {"name": rule.name, "bus_name": rule.bus_name, "changed": changed}
        expected = "a role that EventBridge may assume"
        return Break(f"the target of the rule {rule.name} has no role", (hop,), expected, _WITH_ROLE, fill)
    sender = Sender(rule.arn, rule.account, (rule.arn,))
    role, found = assuming(arn, sender, account)
    if found or role is None:
        return found
    decision = asks(evolve(sender, role=role), Question(START, pipeline.arn, pipeline.account), account)
    if holds(decision):
        return None
    cli, values = repair(decision, PUT_ROLE_POLICY, granted(role, rule.arn, [START], pipeline.arn))
    steps = (
        Hop(role.arn, Role.type, "EventBridge assumes it"),
        Hop(pipeline.arn, Pipeline.type, f"{START}: {why_not(decision)}", holds=False),
    )

    return Break(f"the role {role.name} may not start the pipeline", steps, "a role that may start it", cli, values)


def _no_rule(change: Change, pipeline: Pipeline, account: Inventory) -> Break:
    hop = Hop("no rule", Rule.type, f"no rule on the default bus starts the pipeline on {change.what}", holds=False)
    role, fill = _new_role(pipeline, account)
    taken = {rule.name for rule in account.seen(Rule, pipeline.region)}
    target = {
        "Id": "pipeline",
        "Arn": pipeline.arn,
        "RoleArn": f"arn:{pipeline.partition}:iam::{pipeline.account}:role/{role}",
    }
    fill |= {
        "rule": _free(f"{pipeline.name}-{change.place.action.name}", taken),
        "pattern": json.dumps(change.pattern, separators=(",", ":")),
        "targets": json.dumps([target], separators=(",", ":")),
    }

    return Break(
        f"no rule starts the pipeline on {change.what}",
        (hop,),
        "an enabled rule with the pipeline as its target",
        _NEW,
        fill,
    )


def _new_role(pipeline: Pipeline, account: Inventory) -> tuple[str, dict[str, str]]:
    name = _free(f"start-{pipeline.name}", {role.name for role in account.seen(Role)})
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": EVENTS},
        "Action": "sts:AssumeRole",
        "Condition": {"StringEquals": {"aws:SourceAccount": pipeline.account}},
    }
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]}, separators=(",", ":"))
    policy = role_policy([START], pipeline.arn)

    return name, {"role": name, "trust": trust, "policy_name": "start-pipeline", "role_policy": policy}


_LONGEST: Final = 64


def _free(wanted: str, taken: set[str]) -> str:
    base = re.sub(r"[^A-Za-z0-9._-]", "-", wanted)
    names = (base[:_LONGEST], *(f"{base[: _LONGEST - 4]}-{number}" for number in range(2, len(taken) + 3)))

    return next(name for name in names if name not in taken)

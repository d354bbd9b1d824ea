from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.events import EventBus, Rule, Target
from awsaudit.resources.logs import LogGroup, LogResourcePolicy
from awsaudit.resources.sns import Topic
from awsaudit_checks.events.place import account_of, kind_of
from awsaudit_checks.health.forwarding import leaves
from awsaudit_checks.health.log_group import CREATE_GROUP, PUT_POLICY, admitting
from awsaudit_checks.health.rule import RULES, health_rules, refuse_other_bus
from awsaudit_checks.sns.audience import AUDIENCE, hearers


_GROUP: Final = "/aws/events/health"
_ADD: Final = "aws events put-targets --region {region} --rule {rule_name} --targets {targets}"
# These may keep what they get, or may not.
_PERHAPS: Final = frozenset({"lambda", "states", "kinesis", "ecs", "event-bus", "batch", "api-destination"})


@check(
    "health-events-logged",
    title="Health events are kept in CloudWatch Logs or S3",
    severity=Severity.LOW,
    uses=(
        *RULES, Target.id, Target.destination, *AUDIENCE, LogGroup.arn, LogResourcePolicy.name,
    ),
    remediation=Remediation(
        text="Give the rule a log group as another target; its resource policy has to let EventBridge write.",
        cli=f"{CREATE_GROUP} && {PUT_POLICY} && {_ADD}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html",
    ),
)  # fmt: skip
def events_logged(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    AWS shows events for 90 days and then forgets them; after an outage nobody can say what was announced and when. A log
    group passes that exists and that an enabled rule of the region sends to, and so does Firehose, be it a target or a
    subscriber of a topic. What functions and other accounts do with an event cannot be seen.
    """
    refuse_other_bus(bus)
    rules = health_rules(account, bus.region)
    if not rules:
        raise NotApplicable("the region has no enabled rule for events of AWS Health")
    perhaps: list[str] = []
    unknown: EvidenceMissing | Undecided | None = None
    for rule in rules:
        try:
            if _keeps(rule, account, perhaps):
                return
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
    account.every(Rule, bus.region)
    if unknown:
        raise unknown
    if perhaps:
        raise Undecided(f"whether {perhaps[0]} keeps them is not seen")
    own = next((rule for rule in rules if not rule.managed_by), None)
    cli, fill = _recording(own, account) if own else (None, {})
    yield Problem(
        "the events of AWS Health of the region are kept nowhere",
        expected="a log group or Firehose among the targets",
        found="none",
        fill=fill,
        cli=cli,
    )


def _keeps(rule: Rule, account: Inventory, perhaps: list[str]) -> bool:
    """Tell whether a target of *rule* keeps events; those that may are added to *perhaps*."""
    unknown: EvidenceMissing | None = None
    # What User Notifications keeps, it keeps for 90 days as well.
    for target, _ in () if rule.managed_by else leaves(rule, account):
        try:
            if _is_record(target, account, perhaps):
                return True
        except EvidenceMissing as hidden:
            unknown = unknown or hidden
    if unknown:
        raise unknown

    return False


def _is_record(target: Target, account: Inventory, perhaps: list[str]) -> bool:
    arn, kind = target.destination, kind_of(target.destination)
    if kind == "firehose":
        return True
    if kind == "logs":
        return account.by_arn(LogGroup, arn.removesuffix(":*")) is not None
    if kind in _PERHAPS or account_of(arn) not in {"", target.account}:
        perhaps.append(arn)
    elif kind == "sns":
        topic = account.by_arn(Topic, arn)
        subscribers = hearers(topic, account) if topic else ()
        perhaps += [each.subscription_arn for each in subscribers if each.protocol == "lambda"]
        return any(each.protocol == "firehose" for each in subscribers)

    return False


def _recording(rule: Rule, account: Inventory) -> tuple[str, Mapping[str, str]]:
    """Return the command that gives *rule* a log group as a target, with its values."""
    arn = f"arn:{rule.partition}:logs:{rule.region}:{rule.account}:log-group:{_GROUP}"
    there = account.by_arn(LogGroup, arn) is not None
    taken = {target.id for target in account.children(rule, Target)}
    names = ("record", *(f"record-{number}" for number in range(2, len(taken) + 3)))
    target = next(name for name in names if name not in taken)
    fill = {"group": _GROUP, "rule_name": rule.name, "targets": f"Id={target},Arn={arn}"}

    return (
        " && ".join([*([] if there else [CREATE_GROUP]), PUT_POLICY, _ADD]),
        {**fill, **admitting(arn, account, rule.region)},
    )

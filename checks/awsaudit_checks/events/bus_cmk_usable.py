from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import KEYS, Decision, key_named, key_question
from awsaudit.access.request import DIRECT
from awsaudit.resources.events import EventBus
from awsaudit.resources.kms import Key
from awsaudit_checks.events.delivery import PUT_KEY_POLICY, Sender, asks, key_fault, repair, why_not
from awsaudit_checks.events.permission import holds, letting


_ACTIONS: Final = ("kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt")


@check(
    "events-bus-cmk-usable",
    title="The bus key lets EventBridge use it",
    severity=Severity.HIGH,
    uses=(*KEYS, Key.state),
    remediation=Remediation(
        text="Enable the key, and let events.amazonaws.com describe it, generate data keys and decrypt for this bus. Where "
        "the key is no more, give the bus another.",
        cli=PUT_KEY_POLICY,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-key-policy.html",
    ),
)
def bus_cmk_usable(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    A bus whose key is disabled or refuses EventBridge can neither keep nor match events: they go to the dead-letter queue of
    the bus, or are lost. The key has to be enabled, and its policy has to let the service do ``DescribeKey``,
    ``GenerateDataKey`` and ``Decrypt`` for this bus; conditions on its ARN, its account and the encryption context fit.
    """
    if bus.kms_key_id is None:
        raise NotApplicable("AWS owns the key of the bus")
    fault = key_fault(bus.kms_key_id, bus, account)
    if fault:
        what, cli, fill = fault
        yield _problem(bus, bus.kms_key_id, what, cli, fill)
        return
    key = key_named(bus.kms_key_id, bus.region, account)
    if key is None:
        return
    for action in _ACTIONS:
        decision = _decision(action, bus, key, account, bus.arn)
        if not holds(decision):
            _refuse_other_source(action, bus, key, account)
            policy = letting(key.policy, "EventBridge", _ACTIONS, "*", _sharing(bus, account))
            command, values = repair(decision, PUT_KEY_POLICY, {"key": key.arn, "key_policy": policy})
            yield _problem(bus, key.arn, f"does not let EventBridge do {action}: {why_not(decision)}", command, values)
            return


def _decision(action: str, bus: EventBus, key: Key, account: Inventory, source: str) -> Decision:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
    context = DIRECT.with_({"kms:EncryptionContext:aws:events:event-bus:arn": bus.arn})
    return asks(Sender(source, bus.account, (source,)), key_question(action, key, context), account)


def _refuse_other_source(action: str, bus: EventBus, key: Key, account: Inventory) -> None:
    """Raise where the policy would admit EventBridge for a rule of the bus: AWS documents the bus as the source."""
    path = "" if bus.name == "default" else f"{bus.name}/"
    rule = f"{bus.arn.partition(':event-bus/')[0]}:rule/{path}awsaudit"
    if _decision(action, bus, key, account, rule).allowed:
        raise Undecided("the key policy names rules as the source where AWS documents the bus")


def _sharing(bus: EventBus, account: Inventory) -> Iterator[str]:
    """Yield the ARNs of the buses with the same key, so that the command for one keeps the others."""
    for other in account.seen(EventBus, bus.region):
        if other.know("kms_key_id") == bus.kms_key_id:
            yield other.arn


def _problem(bus: EventBus, key: str, what: str, cli: str | None, fill: Mapping[str, str]) -> Problem:
    return Problem(
        f"the bus's key {what}",
        expected="an enabled key that lets EventBridge use it",
        found=what,
        path=(Hop(bus.arn, EventBus.type), Hop(key, Key.type, f"it {what}", holds=False)),
        fill=fill,
        cli=cli,
    )

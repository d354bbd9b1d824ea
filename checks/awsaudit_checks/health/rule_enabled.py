from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.events import EventBus
from awsaudit_checks.health.rule import RULES, health_rules, is_enabled, refuse_other_bus


@check(
    "health-rule-enabled",
    title="The Health rule is enabled",
    severity=Severity.HIGH,
    uses=RULES,
    remediation=Remediation(
        text="Enable the rule, or delete it where the events of the region need not be known.",
        cli="aws events enable-rule --region {region} --name {rule_name}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-delete-rule.html",
    ),
)
def rule_enabled(bus: EventBus, account: Inventory) -> Iterator[Problem | Note]:
    """
    A rule that was disabled for a quiet night and stayed so looks like one that works, and what AWS announces for the
    region is dropped. One enabled rule for events of AWS Health passes, whatever stands disabled beside it. A region without
    such a rule is not judged here.
    """
    refuse_other_bus(bus)
    every = health_rules(account, bus.region, lambda _: True)
    if not every:
        raise NotApplicable("the region has no rule for events of AWS Health")
    disabled = sorted((rule for rule in every if not is_enabled(rule)), key=lambda rule: rule.name)
    if health_rules(account, bus.region):
        if disabled:
            yield Note(f"the rule {disabled[0].name} is disabled")
        return
    own = next((rule for rule in disabled if not rule.managed_by), None)
    names = ", ".join(rule.name for rule in disabled)
    yield Problem(
        f"every rule for events of AWS Health in the region is disabled: {names}",
        expected="one that is enabled",
        found="DISABLED",
        # The rules of an AWS service are not the account's to enable.
        fill={"rule_name": own.name} if own else {},
    )

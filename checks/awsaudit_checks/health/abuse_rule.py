import json

from collections.abc import Iterator, Mapping

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.events import Rule
from awsaudit.resources.health import Account
from awsaudit_checks.health.event import ABUSE, HEALTH, TYPES, takes_abuse
from awsaudit_checks.health.pattern import REWRITING, rewritten
from awsaudit_checks.health.place import FOOTPRINT, global_region, is_used
from awsaudit_checks.health.rule import CREATE, RULES, created, health_rules, is_enabled, lets


@check(
    "health-abuse-rule",
    title="Abuse reports are routed",
    severity=Severity.MEDIUM,
    uses=(*RULES, *REWRITING, *FOOTPRINT),
    remediation=Remediation(
        text="Let the rules for events of AWS Health take the detail-type AWS Health Abuse Event too, in us-east-1 and in the "
        "regions in use.",
        cli=CREATE,
        url="https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html",
    ),
)
def abuse_rule(account: Account, inventory: Inventory) -> Iterator[Problem]:
    """
    That one of your machines attacks somebody, AWS reports with a detail-type of its own; a rule that asks for ``AWS Health
    Event`` never sees it, and AWS stops what nobody answers for. An enabled rule passes that takes these reports in us-east-1,
    or one in each region in use. Accounts without any rule for events of AWS Health are not judged.
    """
    home = global_region(account.partition)
    taking = {rule.region for rule in health_rules(inventory, None, _takes_abuse, TYPES)}
    if home in taking:
        return
    if not taking and not health_rules(inventory, None, lambda _: True, TYPES):
        raise NotApplicable("no region has a rule for events of AWS Health")
    lacking = [region for region in inventory.regions if region not in taking]
    without = next((region for region in lacking if not taking or is_used(region, inventory)), None)
    if without is None:
        return
    where = home or without
    if where not in inventory.regions:
        raise Undecided(f"no rule that takes them was seen, and {where} was not scanned")
    # What could not be seen may take them.
    health_rules(inventory, where, _takes_abuse, TYPES)
    cli, fill = _adding(where, inventory)
    yield Problem(
        f"no enabled rule in {where} takes reports of abuse"
        + (f", while {', '.join(sorted(taking))} has one" if taking else ""),
        expected=f"a rule that takes {ABUSE}",
        found=", ".join(sorted(taking)) or "none",
        fill=fill,
        cli=cli,
    )


def _takes_abuse(rule: Rule) -> bool:
    return is_enabled(rule) and lets(rule, lambda pattern: takes_abuse(pattern, rule.account, rule.region))


def _adding(region: str, inventory: Inventory) -> tuple[str, Mapping[str, str]]:
    """Return the command that lets the rule for the other events take them, or makes one where that would not help."""
    for rule in health_rules(inventory, region, types=(HEALTH,)):
        pattern = {**json.loads(rule.event_pattern or "{}"), "detail-type": [*TYPES]}
        if not rule.managed_by and takes_abuse(pattern, rule.account, rule.region):
            return rewritten(rule, pattern)

    return CREATE, created(inventory, region, (ABUSE,))

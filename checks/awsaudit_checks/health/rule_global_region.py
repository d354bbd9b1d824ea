from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.events import Rule
from awsaudit.resources.health import Account
from awsaudit_checks.health.event import takes_global
from awsaudit_checks.health.place import backup_region, global_region
from awsaudit_checks.health.rule import CREATE, RULES, created, health_rules, is_enabled, lets


@check(
    "health-rule-global-region",
    title="Global Health events are received in us-east-1",
    severity=Severity.MEDIUM,
    uses=RULES,
    remediation=Remediation(
        text="Make a rule for events of AWS Health in us-east-1 (us-gov-west-1 in GovCloud), and give it the target that the "
        "rules of other regions have.",
        cli=CREATE,
        url="https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html",
    ),
)
def rule_global_region(account: Account, inventory: Inventory) -> Iterator[Problem | Note]:
    """
    Events of services without regions, such as IAM, CloudFront and Route 53, arrive in one region alone: us-east-1, and
    us-gov-west-1 in GovCloud. An enabled rule there passes that does not ask for events of other regions only, and one in
    us-west-2, which gets their copies. For China AWS names no such region.
    """
    home = global_region(account.partition)
    if home is None:
        raise NotApplicable("AWS names no region for global events in this partition")
    if home not in inventory.regions:
        raise Undecided(f"{home} was not scanned")
    if health_rules(inventory, home, _takes_global):
        return
    backup = backup_region({home})
    if home != backup and backup in inventory.regions and health_rules(inventory, backup, _takes_global):
        yield Note(f"no rule in {home} takes them, but one in {backup} takes their copies")
        return
    yield Problem(
        f"no enabled rule in {home} takes events of services without regions",
        expected=f"a rule in {home}",
        found="none",
        fill=created(inventory, home),
    )


def _takes_global(rule: Rule) -> bool:
    return is_enabled(rule) and lets(rule, lambda pattern: takes_global(pattern, rule.account, rule.region))

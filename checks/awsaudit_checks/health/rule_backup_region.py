from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.health import Account
from awsaudit_checks.health.place import backup_region
from awsaudit_checks.health.rule import CREATE, RULES, created, health_rules


@check(
    "health-rule-backup-region",
    title="A backup-region Health rule exists",
    severity=Severity.LOW,
    uses=RULES,
    remediation=Remediation(
        text="Make the same rule in us-west-2, and let whatever reads the events drop those that it has had already: "
        "detail.backupEvent and detail.communicationId tell.",
        cli=CREATE,
        url="https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html",
    ),
)
def rule_backup_region(account: Account, inventory: Inventory) -> Iterator[Problem]:
    """
    When a region fails, EventBridge there may not tell of it. AWS sends public events to a second region too: to us-west-2,
    and to us-east-1 those of us-west-2; in China, Beijing and Ningxia stand in for each other. An enabled rule there passes.
    Accounts without any rule for events of AWS Health are not judged, nor is GovCloud, for which AWS names no such region.
    """
    if account.partition not in {"aws", "aws-cn"}:
        raise NotApplicable("AWS names no backup region in this partition")
    regions = {rule.region for rule in health_rules(inventory, None)}
    if not regions:
        raise NotApplicable("no region has an enabled rule for events of AWS Health")
    wanted = backup_region(regions)
    if wanted not in inventory.regions:
        raise Undecided(f"{wanted} was not scanned")
    if health_rules(inventory, wanted):
        return
    yield Problem(
        f"no enabled rule in {wanted} takes the copies of events of AWS Health",
        expected=f"a rule in {wanted}",
        found=", ".join(sorted(regions)),
        fill=created(inventory, wanted),
    )

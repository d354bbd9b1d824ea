from collections.abc import Callable, Iterator
from functools import partial

from awsaudit import Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.health import Account
from awsaudit_checks.health.notice import NOTICES, notices
from awsaudit_checks.health.place import global_region
from awsaudit_checks.health.rule import CREATE, RULES, created, health_rules, sought


@check(
    "health-rule-exists",
    title="An EventBridge rule receives AWS Health events",
    severity=Severity.HIGH,
    uses=(*RULES, *NOTICES),
    remediation=Remediation(
        text="Make a rule for the source aws.health in us-east-1 and in each region that you use, and give it a target that "
        "somebody reads.",
        cli=CREATE,
        url="https://docs.aws.amazon.com/health/latest/ug/creating-event-bridge-events-rule-for-aws-health.html",
    ),
)
def rule_exists(account: Account, inventory: Inventory) -> Iterator[Problem]:
    """
    AWS announces that an instance is retired, a certificate changes or a zone fails by AWS Health; whoever does not look
    at the dashboard hears of it from a rule of EventBridge, or not at all. One rule passes in any region and state, and so
    does User Notifications with a channel. What AWS writes to the account's contacts by itself leaves out public events.
    """
    ways: tuple[Callable[[], object], ...] = (
        partial(health_rules, inventory, None, lambda _: True),
        partial(notices, inventory),
    )
    if sought(ways, lambda way: bool(way())):
        return
    home = global_region(account.partition)
    if home and home not in inventory.regions:
        raise Undecided(f"no region that was scanned has a rule for them, and {home} was not scanned")
    where = home or inventory.regions[0]
    yield Problem(
        "no rule hands on the events of AWS Health",
        expected="a rule whose pattern matches them",
        found="none",
        fill=created(inventory, where),
    )

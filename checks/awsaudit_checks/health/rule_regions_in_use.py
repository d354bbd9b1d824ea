from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.events import EventBus
from awsaudit.resources.organizations import Organization
from awsaudit_checks.health.place import FOOTPRINT, global_region, is_used
from awsaudit_checks.health.rule import CREATE, RULES, created, health_rules, refuse_other_bus


@check(
    "health-rule-regions-in-use",
    title="Every region in use has a Health rule",
    severity=Severity.MEDIUM,
    uses=(*RULES, *FOOTPRINT, Organization.management_account),
    remediation=Remediation(
        text="Make the rule in every region that you use, as a StackSet does, and give it the target that the others have.",
        cli=CREATE,
        url="https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html",
    ),
)
def rule_regions_in_use(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    What AWS announces for a resource arrives in the resource's region alone, and a region without a rule drops it. A region
    is in use that has an instance, a database, a cluster of EKS or ECS, a function, a repository of images, a topic or a
    queue: these cost one listing each, and no account has them by default. An enabled rule passes; copies in a backup region
    do not, as only public events are sent there. A member of an organization without any rule of its own may be told by the
    organizational view, and is not judged.
    """
    refuse_other_bus(bus)
    if bus.region == global_region(bus.partition):
        raise NotApplicable("judged by health-rule-global-region")
    if health_rules(account, bus.region):
        return
    if not is_used(bus.region, account):
        raise NotApplicable("nothing was found in the region")
    if not health_rules(account, None):
        _refuse_member(account)
    yield Problem(
        "the region is in use, and no enabled rule takes its events of AWS Health",
        expected="an enabled rule",
        found="none",
        fill=created(account, bus.region),
    )


def _refuse_member(account: Inventory) -> None:
    management = next((each.management_account for each in account.every(Organization)), None)
    if management not in {None, account.account}:
        raise Undecided(
            f"the account has no such rule at all; {management} may have one for the organization, by the organizational view"
        )

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.health import Account
from awsaudit.resources.organizations import Organization
from awsaudit_checks.health.place import global_region


@check(
    "health-org-view-enabled",
    title="Organizational Health view is on",
    severity=Severity.LOW,
    uses=(Organization.management_account,),
    remediation=Remediation(
        text="Turn on the organizational view of AWS Health in the management account.",
        cli="aws health enable-health-service-access-for-organization --region {where}",
        url="https://docs.aws.amazon.com/health/latest/ug/aggregate-events.html",
    ),
)
def org_view_enabled(account: Account, inventory: Inventory) -> Iterator[Problem]:
    """
    What AWS announces to a member account is often read by nobody: its mail goes to a list that was set up once. With the
    organizational view the management account sees the events of all, and can hand them on by one rule. Only the management
    account is judged, which alone may ask, and only with a support plan that includes the API.
    """
    management = next((each.management_account for each in inventory.every(Organization)), None)
    if management is None:
        raise NotApplicable("the account is in no organization")
    if management != account.account:
        raise NotApplicable(f"a member of an organization; {management} decides")
    if account.organizational_view is None:
        raise NotApplicable("the account's support plan does not include the API of AWS Health")
    if account.organizational_view == "PENDING":
        raise Undecided("it is being turned on or off")
    if account.organizational_view != "ENABLED":
        where = global_region(account.partition)
        yield Problem(
            "the organizational view of AWS Health is off",
            expected="ENABLED",
            found=account.organizational_view,
            fill={"where": where} if where else {},
        )

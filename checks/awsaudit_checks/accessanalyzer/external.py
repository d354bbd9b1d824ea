from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.accessanalyzer import EXTERNAL, Region
from awsaudit.resources.organizations import Organization
from awsaudit_checks.health.place import FOOTPRINT, is_used


@check(
    "accessanalyzer-external",
    title="An external-access analyzer is active per region",
    severity=Severity.LOW,
    equivalents=("prowler:accessanalyzer_enabled",),
    uses=(*FOOTPRINT, Organization.id, Organization.management_account),
    remediation=Remediation(
        text="Make an analyzer of the account, or one of the organization in its delegated administrator. It is free.",
        cli="aws accessanalyzer create-analyzer --region {region} --analyzer-name account --type ACCOUNT",
        terraform='resource "aws_accessanalyzer_analyzer" "this" {\n  analyzer_name = "account"\n  type          = "ACCOUNT"\n}',
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-external.html",
    ),
)
def external(region: Region, account: Inventory) -> Iterator[Problem]:
    """
    A policy that lets strangers in is written in a minute; an analyzer tells of it within the hour, between two audits. One
    that works, for the account or the organization, passes. In a member of an organization that has none of its own the
    organization's may look, which is listed elsewhere: unknown. Judged in regions that the account uses.
    """
    if set(region.working) & set(EXTERNAL):
        return
    if not is_used(region.region, account):
        raise NotApplicable("nothing of the account was found in the region")
    if set(region.starting) & set(EXTERNAL):
        raise NotApplicable("one is being made")
    (organization,) = account.every(Organization)
    if organization.id and organization.management_account != region.account:
        raise Undecided("an analyzer of the organization may look at the account; it is listed in another one")
    yield Problem("no analyzer looks for access from outside", expected="an active analyzer", found="none")

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.organizations import DelegatedAdministrator, Organization


@check(
    "organizations-delegated-admins",
    title="Delegated administrators are known",
    severity=Severity.MEDIUM,
    uses=(DelegatedAdministrator,),
    equivalents=("prowler:organizations_delegated_administrators",),
    remediation=Remediation(
        text="Take the delegation back from the management account, or name the account in *known*.",
        cli="printf %s {services} | xargs -n 1 aws organizations deregister-delegated-administrator "
        "--account-id {administrator} --service-principal",
        url="https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html",
    ),
)
def delegated_admins(
    organization: Organization, account: Inventory, *, known: tuple[str, ...] = ()
) -> Iterator[Problem | Note]:
    """
    A delegated administrator rules a service in all accounts at once: it deploys stacks to them, or decides what GuardDuty
    keeps to itself. With *known*, the ids of accounts, every other one that is active fails. Without it nobody can tell which
    are meant to be, and they are listed in a remark.
    """
    if not organization.id:
        raise NotApplicable("the account is in no organization")
    administrators = account.every(DelegatedAdministrator)
    active = [each for each in administrators if each.state in {None, "ACTIVE"}]
    if not known:
        for each in active:
            yield Note(f"{each.id} ({each.name}) administers {', '.join(each.services) or 'no service'}")
        return
    for each in (each for each in active if each.id not in known):
        yield Problem(
            f"{each.id} ({each.name}) administers {', '.join(each.services) or 'no service'}",
            expected=f"one of {', '.join(known)}",
            found=each.id,
            sub_key=each.id,
            fill={"administrator": each.id, **({"services": " ".join(each.services)} if each.services else {})},
        )

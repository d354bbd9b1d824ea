from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.inventory import Inventory
from awsaudit.resources.organizations import OrganizationAccount
from awsaudit.resources.rds import DBClusterSnapshot, DBSnapshot
from awsaudit_checks.rds.snapshot import UNSHARE, unshare


@check(
    "rds-snapshot-cross-account",
    title="Snapshots are shared only with known accounts",
    severity=Severity.HIGH,
    uses=(OrganizationAccount,),
    remediation=Remediation(
        text="Stop sharing the snapshot with the account, or name the account in the option known_accounts if it is yours.",
        cli=UNSHARE,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
    ),
)
def snapshot_cross_account(
    snapshot: DBSnapshot | DBClusterSnapshot, account: Inventory, *, known_accounts: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    An account that a snapshot is shared with can restore the whole database from it, keep its copy after the sharing ends,
    and share that on. Accounts of the organization and those in the option ``known_accounts`` pass. Whether an account is in
    the organization can be told in its management account and in delegated administrators' only.
    """
    shared = snapshot.shared_with
    if "all" in shared:
        raise NotApplicable("shared with everyone, which rds-snapshot-public reports")
    foreign = set(shared) - {snapshot.account, *known_accounts}
    if foreign:
        foreign -= {member.id for member in account.every(OrganizationAccount)}
    for id_ in sorted(foreign):
        yield Problem(
            f"account {id_}, which is not in the organization, may restore it",
            expected="shared only with known accounts",
            found=f"shared with {id_}",
            sub_key=id_,
            fill={"sharer": id_},
            cli=unshare(snapshot),
        )

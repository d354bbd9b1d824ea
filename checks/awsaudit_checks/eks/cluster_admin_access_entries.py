from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.eks import AccessEntry, AccessPolicy, Cluster
from awsaudit.resources.iam import Role
from awsaudit_checks.eks.cluster import refuse_connected, refuse_unsettled


ADMIN_POLICIES = ("/AmazonEKSClusterAdminPolicy", "/AmazonEKSAdminPolicy")


@check(
    "eks-cluster-admin-access-entries",
    title="Cluster-admin access entries are for known principals",
    severity=Severity.MEDIUM,
    uses=(AccessEntry, Role),
    remediation=Remediation(
        text=(
            "Take the admin policy from the access entry; give it to a role that people assume with a second factor, "
            "or narrow it to namespaces."
        ),
        cli=(
            "aws eks disassociate-access-policy --region {region} --cluster-name {name} "
            "--principal-arn {principal} --policy-arn {policy}"
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/access-policies.html",
    ),
)
def cluster_admin_access_entries(
    cluster: Cluster,
    account: Inventory,
    *,
    admins: tuple[str, ...] = (),
    known_accounts: tuple[str, ...] = (),
    max_admins: int = 3,
) -> Iterator[Problem | Note]:
    """
    Who holds a cluster-admin policy reads every secret and runs anything on every node. Users have keys that do not
    expire, the root user answers for nobody, an unknown account decides for itself who comes, and a deleted role can be
    made anew by whoever may create roles. Roles of this account and of known ones pass, if they are on the list of
    admins where there is one.
    """
    refuse_connected(cluster)
    refuse_unsettled(cluster, "CREATING", "DELETING", "FAILED")
    if cluster.authentication_mode in {None, "CONFIG_MAP"}:
        raise Undecided("admins are named in the aws-auth ConfigMap, which cannot be read over the AWS API")
    entries = account.children(cluster, AccessEntry)
    wrong = account.those_of(entries, lambda e: bool(_wrong(e, account, admins, known_accounts)))
    for entry in wrong:
        severity, why = _wrong(entry, account, admins, known_accounts)[0]
        for policy in _admin_policies(entry):
            yield Problem(
                f"{entry.principal_arn} {why} and holds {policy.arn.rpartition('/')[2]}",
                expected="a known role",
                found=entry.principal_arn,
                sub_key=f"{entry.principal_arn} {policy.arn}",
                severity=severity,
                fill={"principal": entry.principal_arn, "policy": policy.arn},
            )
    if wrong:
        return
    holders = [entry for entry in entries if _admin_policies(entry)]
    if not admins and len(holders) > max_admins:
        yield Note(f"{len(holders)} principals are cluster admins")
    if cluster.authentication_mode == "API_AND_CONFIG_MAP":
        yield Note("the aws-auth ConfigMap may name more admins; it cannot be read over the AWS API")


def _admin_policies(entry: AccessEntry) -> tuple[AccessPolicy, ...]:
    if entry.entry_type != "STANDARD" or ":role/aws-service-role/" in entry.principal_arn:
        return ()

    return tuple(p for p in entry.policies if p.arn.endswith(ADMIN_POLICIES) and p.scope == "cluster")


def _wrong(
    entry: AccessEntry, account: Inventory, admins: tuple[str, ...], known_accounts: tuple[str, ...]
) -> list[tuple[Severity, str]]:
    """Return what is wrong with an admin entry, and how bad; nothing if it is none, or all is well."""
    if not _admin_policies(entry):
        return []
    principal = entry.principal_arn
    owner, kind = _owner_and_kind(principal)
    if kind in {"root", "user"}:
        return [(Severity.HIGH, f"is {'the root' if kind == 'root' else 'an IAM'} user")]
    if kind == "role" and owner not in {account.account, *known_accounts}:
        return [(Severity.HIGH, f"is a role of the unknown account {owner}")]
    if kind is None or (owner == account.account and kind == "role" and account.by_arn(Role, principal) is None):
        return [(Severity.HIGH, "no longer exists in IAM")]
    if admins and principal not in admins:
        return [(Severity.MEDIUM, "is not on the list of admins")]

    return []


def _owner_and_kind(principal: str) -> tuple[str, str | None]:
    # The ARN of a principal that was deleted may have become a bare id, such as AROAEXAMPLE.
    parts = principal.split(":", 5)
    return (parts[4], parts[5].partition("/")[0]) if len(parts) == 6 else ("", None)  # noqa: PLR2004 - parts of an ARN

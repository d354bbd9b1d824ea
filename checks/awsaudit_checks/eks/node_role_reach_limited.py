from collections.abc import Iterator

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import is_administrator
from awsaudit.resources.eks import Nodegroup
from awsaudit.resources.iam import Role
from awsaudit_checks.denial import denial
from awsaudit_checks.eks.reach import REACH, reached, told


@check(
    "eks-node-role-reach-limited",
    title="Node roles reach no secrets, keys or data of the account",
    severity=Severity.HIGH,
    uses=REACH,
    remediation=Remediation(
        text="Give the rights to the workload that needs them, by EKS Pod Identity or a role for its service account, and "
        "take them from the node role. Until then the command denies them to the nodes.",
        cli="aws iam put-role-policy --role-name {role} --region {region} --policy-name deny-node-reach "
        "--policy-document {document}",
        url="https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    ),
)
def node_role_reach_limited(group: Nodegroup, account: Inventory) -> Iterator[Problem]:
    """
    Whoever breaks out of one pod acts with the node's role: what that role reaches is what a single bad image costs. The
    account's own secrets, customer keys, buckets and repositories are asked for one by one, with their policies. Pulling
    images passes: every node does. High for secrets, keys and pushing images, medium for buckets.
    """
    role = account.by_arn(Role, group.node_role_arn) if group.node_role_arn else None
    if role is None:
        raise NotApplicable(f"its role {group.node_role_arn} does not exist")
    if is_administrator(role, account):
        yield Problem(
            f"its role {role.name} may do everything in the account",
            expected="node rights only",
            found="administrator",
            severity=Severity.CRITICAL,
            fill={"role": role.name, "document": _denial(["*"], ["*"])},
            cli=_DETACH if _has_administrator_access(role) else None,
        )
        return
    found = reached(role, account)
    if found:
        grave = [thing for thing in found if thing.noun != "bucket"]
        actions = sorted({thing.hop.by.partition(": ")[0] for thing in found})
        yield Problem(
            f"its role {role.name} {told(found)}",
            expected="node rights only",
            found=f"{len(found)} resources",
            severity=None if grave else Severity.MEDIUM,
            path=(
                Hop(group.arn, Nodegroup.type),
                Hop(role.arn, Role.type, "its nodes run with the role"),
                found[0].hop,
            ),
            fill={"role": role.name, "document": _denial(actions, [thing.hop.resource for thing in found])},
        )


_ADMINISTRATOR = "AdministratorAccess"
_DETACH = (
    "aws iam detach-role-policy --role-name {role} --region {region} "
    "--policy-arn arn:aws:iam::aws:policy/AdministratorAccess"
)


def _has_administrator_access(role: Role) -> bool:
    return any(policy.name == _ADMINISTRATOR for policy in role.attached)


def _denial(actions: list[str], resources: list[str]) -> str:
    return denial("NodesDoNotReach", actions, resources)

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import Policy, Statement
from awsaudit.resources.eks import Cluster
from awsaudit.resources.iam import Attached, InlinePolicy, ManagedPolicy, Role
from awsaudit_checks.eks.cluster import refuse_connected
from awsaudit_checks.eks.rights import managed, policy_of


# https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html and auto-cluster-iam-role.html
ACCEPTED: Final = frozenset(
    {
        "AmazonEKSClusterPolicy",
        "AmazonEKSServicePolicy",
        "AmazonEKSVPCResourceController",
        "AmazonEKSComputePolicy",
        "AmazonEKSBlockStoragePolicy",
        "AmazonEKSLoadBalancingPolicy",
        "AmazonEKSNetworkingPolicy",
        "AmazonEKSLocalOutpostClusterPolicy",
    }
)
KEY_ACTIONS: Final = frozenset({"kms:encrypt", "kms:decrypt", "kms:listgrants", "kms:describekey", "kms:creategrant"})

DELETE_INLINE: Final = "aws iam delete-role-policy --region {region} --role-name {role} --policy-name {policy}"


@check(
    "eks-cluster-role-minimal",
    title="The cluster role holds only EKS policies",
    severity=Severity.MEDIUM,
    uses=(Role, ManagedPolicy.arn, ManagedPolicy.document),
    remediation=Remediation(
        text="Take the policy from the cluster's role; give it to the workload that needs it, by EKS Pod Identity.",
        cli="aws iam detach-role-policy --region {region} --role-name {role} --policy-arn {policy}",
        terraform=(
            'resource "aws_iam_role_policy_attachments_exclusive" "cluster" {\n  role_name   = {role}\n'
            '  policy_arns = ["arn:aws:iam::aws:policy/AmazonEKSClusterPolicy"]\n}'
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/cluster-iam-role.html",
    ),
)
def cluster_role_minimal(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    """
    The control plane acts in the account with this role, and whoever may pass it to a cluster of their own does too.
    AWS's policies for clusters pass, and so does the use of the key that encrypts the secrets.
    """
    refuse_connected(cluster)
    role = account.by_arn(Role, cluster.role_arn) if cluster.role_arn else None
    if role is None:
        raise NotApplicable(f"the role {cluster.role_arn} does not exist")
    keys = frozenset(entry.key_arn for entry in cluster.encryption if entry.key_arn)
    held: list[InlinePolicy | Attached] = [*role.inline, *role.attached]
    for policy in account.those_of(held, lambda p: _is_more(p, keys, account)):
        inline = isinstance(policy, InlinePolicy)
        called = policy.name if isinstance(policy, InlinePolicy) else policy.arn
        yield Problem(
            f"the role {role.name} {'has the inline policy' if inline else 'has attached'} {policy.name}",
            expected="EKS policies only",
            found=policy.name,
            sub_key=called,
            fill={"role": role.name, "policy": called},
            cli=DELETE_INLINE if inline else None,
        )


def _is_more(policy: InlinePolicy | Attached, keys: frozenset[str], account: Inventory) -> bool:
    """Tell whether a policy allows anything that EKS does not ask for."""
    if isinstance(policy, InlinePolicy):
        return _allows_more(policy_of(policy.document, policy.name), keys)
    if ":iam::aws:policy/" in policy.arn:
        return policy.name not in ACCEPTED

    return _allows_more(managed(policy.arn, account), keys)


def _allows_more(policy: Policy, keys: frozenset[str]) -> bool:
    return any(statement.allow and not _uses_key(statement, keys) for statement in policy.statements)


def _uses_key(statement: Statement, keys: frozenset[str]) -> bool:
    actions, resources = statement.actions, statement.resources
    if not actions or not {action.lower() for action in actions} <= KEY_ACTIONS:
        return False
    if resources and set(resources) <= keys:
        return True
    if any(":alias/" in key for key in keys) and all(":key/" in resource for resource in resources):
        raise Undecided("the secrets' key is named by an alias: whether a policy is about that key cannot be told")

    return False

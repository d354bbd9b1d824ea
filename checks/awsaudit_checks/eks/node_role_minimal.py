from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import Statement
from awsaudit.resources.eks import AccessEntry, Cluster, FargateProfile, Nodegroup
from awsaudit.resources.iam import ManagedPolicy, Role
from awsaudit_checks.eks.cluster import refuse_connected
from awsaudit_checks.eks.node import some
from awsaudit_checks.eks.rights import Held, allowed, held_by, stays_within


# https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html, auto-create-node-role.html,
# pod-execution-role.html
ACCEPTED: Final = frozenset(
    {
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKSWorkerNodeMinimalPolicy",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEKS_CNI_Policy",
        "AmazonSSMManagedInstanceCore",
        "CloudWatchAgentServerPolicy",
        "AmazonEKSFargatePodExecutionRolePolicy",
    }
)
# What those policies allow, as far as a policy of the customer's own may allow it in their stead.
NODE_ACTIONS: Final = (
    "ec2:Describe*",
    "ec2:AssignPrivateIpAddresses",
    "ec2:UnassignPrivateIpAddresses",
    "ec2:AssignIpv6Addresses",
    "ec2:UnassignIpv6Addresses",
    "eks:DescribeCluster",
    "eks-auth:AssumeRoleForPodIdentity",
    "ecr:GetAuthorizationToken",
    "ecr:BatchCheckLayerAvailability",
    "ecr:GetDownloadUrlForLayer",
    "ecr:BatchGetImage",
    "ecr:BatchImportUpstreamImage",
    "ecr:Describe*",
    "ecr:List*",
    "logs:Create*",
    "logs:PutLogEvents",
    "logs:PutRetentionPolicy",
    "logs:Describe*",
    "cloudwatch:PutMetricData",
    "ssm:UpdateInstanceInformation",
    "ssmmessages:*",
    "ec2messages:*",
)
# On network interfaces only: the CNI's IPv6 policy.
# https://docs.aws.amazon.com/eks/latest/userguide/cni-iam-role.html
TAGGING: Final = ("ec2:CreateTags",)
GRAVE: Final = (
    "iam:PassRole",
    "iam:CreateAccessKey",
    "iam:CreatePolicyVersion",
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
    "sts:AssumeRole",
    "secretsmanager:GetSecretValue",
    "ssm:GetParameter",
    "ssm:GetParameters",
    "ssm:GetParametersByPath",
    "kms:Decrypt",
    "s3:PutObject",
    "s3:DeleteObject",
    "s3:PutBucketPolicy",
    "ecr:PutImage",
    "ecr:BatchDeleteImage",
    "ecr:DeleteRepository",
    "ecr:SetRepositoryPolicy",
    "ec2:RunInstances",
)
Holder: TypeAlias = Cluster | Nodegroup | FargateProfile | AccessEntry

NODE_ENTRIES: Final = frozenset({"EC2", "EC2_LINUX", "EC2_WINDOWS", "FARGATE_LINUX"})
DELETE_INLINE: Final = "aws iam delete-role-policy --region {region} --role-name {role} --policy-name {policy}"


@check(
    "eks-node-role-minimal",
    title="Node roles hold only node policies",
    severity=Severity.MEDIUM,
    uses=(Nodegroup, FargateProfile, AccessEntry, Role, ManagedPolicy.arn, ManagedPolicy.document),
    remediation=Remediation(
        text=(
            "Give the rights to the one workload that needs them, by EKS Pod Identity or a role for its service "
            "account, then take the policy from the node role."
        ),
        cli="aws iam detach-role-policy --region {region} --role-name {role} --policy-arn {policy}",
        url="https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html",
    ),
)
def node_role_minimal(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    """
    Every pod that reaches the instance's metadata, and whoever breaks out of one, acts with the node's role. What one
    add-on needs is then everybody's. AWS's policies for nodes, pulling images, Session Manager and logs pass, and so do
    policies of your own that allow no more.
    """
    refuse_connected(cluster)
    holders: list[Holder] = [
        cluster,
        *(g for g in account.seen(Nodegroup, cluster.region) if g.parent_resource is cluster),
        *(p for p in account.seen(FargateProfile, cluster.region) if p.parent_resource is cluster),
        *(e for e in account.seen(AccessEntry, cluster.region) if e.parent_resource is cluster),
    ]
    too_mighty = account.those_of(holders, lambda holder: bool(_excess(holder, account)))
    if not too_mighty:
        account.children(cluster, Nodegroup)
        account.children(cluster, FargateProfile)
        account.children(cluster, AccessEntry)
        _refuse_without_role(cluster, holders)
    for role, users in _by_role(too_mighty, account).items():
        yield from _problems(role, users, account)


def _refuse_without_role(cluster: Cluster, holders: list[Holder]) -> None:
    if any(_role_arn(holder) for holder in holders):
        return
    if cluster.authentication_mode == "CONFIG_MAP":
        raise Undecided("the roles of its nodes stand in the cluster's own aws-auth map, which AWS does not tell")
    raise NotApplicable("it has no node role")


def _role_arn(holder: Holder) -> str | None:
    if isinstance(holder, Nodegroup):
        return holder.node_role_arn
    if isinstance(holder, FargateProfile):
        return holder.pod_role_arn
    if isinstance(holder, AccessEntry):
        return holder.principal_arn if holder.entry_type in NODE_ENTRIES else None

    return holder.auto_node_role_arn


def _excess(holder: Holder, account: Inventory) -> tuple[Held, ...]:
    """Return the policies of the holder's role that are more than a node needs."""
    arn = _role_arn(holder)
    role = account.by_arn(Role, arn) if arn else None
    return _beyond_node(role, account) if role else ()


def _beyond_node(role: Role, account: Inventory) -> tuple[Held, ...]:
    return tuple(p for p in held_by(role, account, ACCEPTED) if _allows_more(p))


def _allows_more(policy: Held) -> bool:
    return any(statement.allow and not _is_of_node(statement) for statement in policy.policy.statements)


def _is_of_node(statement: Statement) -> bool:
    if stays_within(statement, NODE_ACTIONS):
        return True
    interfaces = bool(statement.resources) and all(":network-interface/" in r for r in statement.resources)

    return interfaces and stays_within(statement, (*NODE_ACTIONS, *TAGGING))


def _by_role(holders: tuple[Holder, ...], account: Inventory) -> Mapping[Role, list[str]]:
    roles: dict[Role, list[str]] = {}
    for holder in holders:
        role = account.by_arn(Role, _role_arn(holder) or "")
        if role:
            roles.setdefault(role, []).append(_use(holder))

    return roles


def _use(holder: Holder) -> str:
    if isinstance(holder, Nodegroup):
        return f"node group {holder.name}"
    if isinstance(holder, FargateProfile):
        return f"Fargate profile {holder.name}"

    return "an access entry" if isinstance(holder, AccessEntry) else "Auto Mode"


def _problems(role: Role, users: list[str], account: Inventory) -> Iterator[Problem]:
    held = tuple(held_by(role, account, ACCEPTED))
    for policy in _beyond_node(role, account):
        grave = allowed(held, policy, GRAVE)
        verb = "allows more by its inline policy" if policy.arn is None else "has attached"
        yield Problem(
            f"the role {role.name} ({some(dict.fromkeys(users))}) {verb} {policy.name}"
            + (f", which allows {some(grave)}" if grave else ""),
            expected="node policies only",
            found=policy.name,
            sub_key=f"{role.name} {policy.arn or policy.name}",
            severity=Severity.HIGH if grave else Severity.MEDIUM,
            fill={"role": role.name, "policy": policy.arn or policy.name},
            cli=DELETE_INLINE if policy.arn is None else None,
        )

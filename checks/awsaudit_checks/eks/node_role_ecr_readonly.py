from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.eks import Nodegroup
from awsaudit.resources.iam import Role


_PULL_ONLY: Final = "AmazonEC2ContainerRegistryPullOnly"
_READ_ONLY: Final = "AmazonEC2ContainerRegistryReadOnly"
_MIGHTY: Final = ("AmazonEC2ContainerRegistryFullAccess", "AmazonEC2ContainerRegistryPowerUser")


@check(
    "eks-node-role-ecr-readonly",
    title="Node role ECR rights are pull-only",
    severity=Severity.LOW,
    uses=(Role.arn, Role.name, Role.attached),
    remediation=Remediation(
        text="Attach AWS's policy for pulling, then take the wider one away.",
        cli="aws iam attach-role-policy --region {region} --role-name {role} --policy-arn {narrow} "
        "&& aws iam detach-role-policy --region {region} --role-name {role} --policy-arn {wide}",
        url="https://docs.aws.amazon.com/AmazonECR/latest/userguide/security-iam-awsmanpol.html",
    ),
)
def node_role_ecr_readonly(group: Nodegroup, account: Inventory) -> Iterator[Problem]:
    """
    A kubelet pulls images and does nothing else with a registry. ReadOnly also lists every repository and its findings,
    which tells whoever breaks out of a pod where to look; PowerUser and FullAccess let it push, and are high. What
    policies of your own allow beyond pulling is told by eks-node-role-minimal and ecr-push-permissions-limited.
    """
    role = account.by_arn(Role, group.node_role_arn) if group.node_role_arn else None
    if role is None:
        raise NotApplicable("it has no node role in the account")
    names = {policy.arn.rpartition("/")[2]: policy.arn for policy in role.attached}
    for name in (*_MIGHTY, _READ_ONLY):
        if name in names:
            yield Problem(
                f"the node role {role.name} has {name}",
                expected=_PULL_ONLY,
                found=name,
                sub_key=name,
                severity=Severity.HIGH if name in _MIGHTY else None,
                fill={
                    "role": role.name,
                    "wide": names[name],
                    "narrow": f"arn:{group.partition}:iam::aws:policy/{_PULL_ONLY}",
                },
            )

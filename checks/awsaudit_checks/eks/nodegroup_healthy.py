from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.eks import Nodegroup
from awsaudit_checks.eks.nodegroup import OWN_AMI, UPDATE_TEMPLATE, UPDATE_VERSION, refuse_passing


BROKEN: Final = frozenset({"DEGRADED", "CREATE_FAILED", "DELETE_FAILED"})
DELETE: Final = "aws eks delete-nodegroup --region {region} --cluster-name {cluster_name} --nodegroup-name {name}"
# The issue's resources are the subnets. https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html
ASSIGN_IPV6: Final = (
    "printf %s {subnets} | xargs -n 1 aws ec2 modify-subnet-attribute --region {region} "
    "--assign-ipv6-address-on-creation --subnet-id"
)


@check(
    "eks-nodegroup-healthy",
    title="Managed node groups are healthy",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text=(
            "Mend what the issue names: bring back the role, security group, launch template or subnet, free addresses, "
            "or raise the quota. Then update the node group, so that EKS tries again."
        ),
        cli=None,
        url="https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html",
    ),
)
def nodegroup_healthy(group: Nodegroup) -> Iterator[Problem]:
    """
    A degraded node group neither replaces nodes that die nor takes patches, while its running nodes hide it. Each issue
    that EKS reports is a problem of its own; an active group without issues passes.
    """
    refuse_passing(group)
    for issue in group.health_issues:
        about = ", ".join(issue.resource_ids)
        subnets = issue.code == "Ec2SubnetMissingIpv6Assignment" and " ".join(issue.resource_ids)
        yield Problem(
            f"{issue.code}{f' ({about})' if about else ''}: {issue.message or 'AWS says no more'}",
            expected="no issue",
            found=issue.code,
            sub_key=" ".join((issue.code, *sorted(issue.resource_ids))),
            fill={"subnets": subnets} if subnets else _target(group),
            cli=ASSIGN_IPV6 if subnets else _command(group),
        )
    if group.status in BROKEN and not group.health_issues:
        yield Problem(
            f"the node group is {group.status}, and EKS names no issue",
            expected="ACTIVE",
            found=group.status,
            sub_key=group.status,
            fill=_target(group),
            cli=_command(group),
        )


def _command(group: Nodegroup) -> str:
    """Return what makes EKS try again."""
    if group.status in {"CREATE_FAILED", "DELETE_FAILED"}:
        return DELETE

    return UPDATE_TEMPLATE if group.ami_type == OWN_AMI else UPDATE_VERSION


def _target(group: Nodegroup) -> Mapping[str, str]:
    values = {
        "cluster_name": group.cluster_name,
        "target_version": group.version,
        "launch_template_id": group.launch_template_id,
        "launch_template_version": group.launch_template_version,
    }

    return {name: value for name, value in values.items() if value}

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.eks import Nodegroup, VersionSupport
from awsaudit_checks.eks.cluster import minor, next_minor
from awsaudit_checks.eks.nodegroup import (
    AMAZON_LINUX_2,
    OWN_AMI,
    SUCCEED,
    UPDATE_VERSION,
    cluster_of,
    refuse_passing,
    succession,
)


# https://kubernetes.io/releases/version-skew-policy/: a kubelet may be three minor versions older than the API server.
MOST_BEHIND: Final = 3
UPGRADE_CLUSTER: Final = (
    "aws eks update-cluster-version --region {region} --name {cluster_name} --kubernetes-version {target_version} && "
    f"aws eks wait cluster-active --region {{region}} --name {{cluster_name}} && {UPDATE_VERSION}"
)


@check(
    "eks-nodegroup-supported-version",
    title="Node groups run a supported Kubernetes version",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text=(
            "Update the node group to the cluster's version; where that is out of support, upgrade the cluster first. "
            "With an AMI of your own, build it for that version and put it into a new version of the launch template."
        ),
        cli=None,
        terraform=(
            'resource "aws_eks_node_group" "this" {\n  node_group_name = {name}\n  version         = {target_version}\n}'
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/update-managed-node-group.html",
    ),
)
def nodegroup_supported_version(group: Nodegroup) -> Iterator[Problem]:
    """
    Nodes out of support get no more security patches, and nodes three minor versions behind the control plane keep it
    from being upgraded. Nodes in standard support, not that far behind, pass, and so do nodes in extended support beside
    a control plane that is in it too: that is the cluster's finding.
    """
    refuse_passing(group)
    cluster = cluster_of(group)
    if group.version is None or cluster.version is None:
        raise Undecided("AWS does not tell the version of the node group or of its cluster")
    status, behind = _status(group.support, group.version), minor(cluster.version) - minor(group.version)
    if status == "UNSUPPORTED":
        yield _problem(group, f"Kubernetes {group.version} is no longer supported", Severity.HIGH)
    elif status == "EXTENDED_SUPPORT" and _status(cluster.support, cluster.version) == "STANDARD_SUPPORT":
        yield _problem(group, f"Kubernetes {group.version} is in extended support, the cluster's version is not")
    elif behind >= MOST_BEHIND:
        yield _problem(group, f"Kubernetes {group.version} is {behind} minor versions behind the cluster")
    elif status is None:
        raise Undecided(f"AWS does not tell how long it supports Kubernetes {group.version}")


def _status(support: tuple[VersionSupport, ...], version: str) -> str | None:
    return next((known.status for known in support if known.version == version), None)


def _problem(group: Nodegroup, message: str, severity: Severity | None = None) -> Problem:
    cluster = cluster_of(group)
    return Problem(
        message,
        expected=f"Kubernetes {cluster.version}",
        found=group.version,
        severity=severity,
        fill=_fill(group),
        cli=_command(group),
    )


def _fill(group: Nodegroup) -> Mapping[str, str]:
    target = cluster_of(group).version or ""
    if target == group.version:
        target = next_minor(target)
    successor = succession(group, "al2023") if group.ami_type in AMAZON_LINUX_2 else {}

    return {"target_version": target, **successor}


def _command(group: Nodegroup) -> str | None:
    if group.ami_type == OWN_AMI:
        return None
    if cluster_of(group).version == group.version:
        return UPGRADE_CLUSTER

    return SUCCEED if group.ami_type in AMAZON_LINUX_2 else UPDATE_VERSION

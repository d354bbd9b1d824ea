import datetime

from collections.abc import Iterator

from awsaudit import Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.eks import Cluster
from awsaudit_checks.eks.cluster import next_minor, refuse_connected


@check(
    "eks-supported-version",
    title="EKS runs a version in standard support",
    severity=Severity.HIGH,
    equivalents=("prowler:eks_cluster_uses_a_supported_version",),
    remediation=Remediation(
        text=(
            "Upgrade the control plane, one minor version at a time, and the nodes after it. "
            "`aws eks list-insights` names what would break first. Repeat until the version is in standard support."
        ),
        cli="aws eks update-cluster-version --region {region} --name {name} --kubernetes-version {next_version}",
        terraform='resource "aws_eks_cluster" "this" {\n  name    = {name}\n  version = {next_version}\n}',
        url="https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html",
    ),
)
def supported_version(cluster: Cluster, *, warn_days: int = 90) -> Iterator[Problem | Note]:
    """
    A version that AWS no longer supports gets no security patches, and AWS upgrades it at a time of its own choosing.
    Extended support brings patches, at six times the price of the control plane. Standard support passes; its coming
    end is remarked on.
    """
    refuse_connected(cluster)
    if cluster.version is None:
        raise Undecided("AWS does not tell the cluster's version")
    fill = {"next_version": next_minor(cluster.version)}
    support = next((s for s in cluster.support if s.version == cluster.version), None)
    if support is None and cluster.outpost_arns:
        raise Undecided(f"AWS does not tell how long it supports {cluster.version} on Outposts")
    if support is None or support.status == "UNSUPPORTED":
        yield Problem(
            f"Kubernetes {cluster.version} is no longer supported",
            expected="a version in standard support",
            found=f"{cluster.version}, {'unknown to AWS' if support is None else 'unsupported'}",
            fill=fill,
        )
    elif support.status == "EXTENDED_SUPPORT":
        yield Problem(
            f"Kubernetes {cluster.version} is in extended support{_until(support.extended_until)}, which costs extra",
            expected="a version in standard support",
            found=f"{cluster.version}, extended support",
            severity=Severity.MEDIUM,
            fill=fill,
        )
    elif support.status != "STANDARD_SUPPORT":
        raise Undecided(f"AWS says {support.status} of {cluster.version}")
    elif support.standard_until and -cluster.age(support.standard_until) <= datetime.timedelta(days=warn_days):
        yield Note(f"standard support of Kubernetes {cluster.version} ends on {support.standard_until:%Y-%m-%d}")


def _until(moment: datetime.datetime | None) -> str:
    return f" until {moment:%Y-%m-%d}" if moment else ""

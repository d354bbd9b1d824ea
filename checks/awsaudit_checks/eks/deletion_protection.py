from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.eks import Cluster
from awsaudit_checks.eks.cluster import refuse_connected, refuse_unsettled


@check(
    "eks-deletion-protection",
    title="EKS deletion protection is on",
    severity=Severity.MEDIUM,
    equivalents=("prowler:eks_cluster_deletion_protection_enabled",),
    remediation=Remediation(
        text="Switch deletion protection on. Whoever means to delete the cluster switches it off first.",
        cli="aws eks update-cluster-config --region {region} --name {name} --deletion-protection",
        terraform='resource "aws_eks_cluster" "this" {\n  name                = {name}\n  deletion_protection = true\n}',
        url="https://docs.aws.amazon.com/eks/latest/userguide/deletion-protection.html",
    ),
)
def deletion_protection(cluster: Cluster) -> Iterator[Problem]:
    """
    One call deletes a cluster with all that runs in it, and nothing brings its state back. With deletion protection,
    a slip or a wrong pipeline run is refused.
    """
    refuse_connected(cluster)
    refuse_unsettled(cluster, "CREATING", "DELETING", "FAILED", "PENDING")
    if not cluster.deletion_protection:
        yield Problem("the cluster can be deleted with one call", expected="on", found="off")

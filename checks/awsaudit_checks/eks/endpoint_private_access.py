from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.eks import Cluster
from awsaudit_checks.eks.cluster import refuse_local


@check(
    "eks-endpoint-private-access",
    title="EKS private endpoint access is on",
    severity=Severity.MEDIUM,
    equivalents=("prowler:eks_cluster_private_nodes_enabled",),
    remediation=Remediation(
        text="Switch the private endpoint on; the public one can stay or go.",
        cli=(
            "aws eks update-cluster-config --region {region} --name {name} "
            "--resources-vpc-config endpointPrivateAccess=true"
        ),
        terraform=(
            'resource "aws_eks_cluster" "this" {\n  name = {name}\n\n  vpc_config {\n'
            "    endpoint_private_access = true\n  }\n}"
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    ),
)
def endpoint_private_access(cluster: Cluster) -> Iterator[Problem]:
    """
    Without a private endpoint, nodes talk to the control plane over its public address: the public endpoint cannot be
    closed, and nodes need a way out to the internet.
    """
    refuse_local(cluster)
    if not cluster.private_endpoint:
        yield Problem("the API has no private endpoint", expected="on", found="off")

import ipaddress

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.network import is_public, network
from awsaudit.resources.eks import Cluster
from awsaudit_checks.eks.cluster import refuse_local, refuse_unsettled


@check(
    "eks-endpoint-public-cidr",
    title="EKS API endpoint is private or CIDR-restricted",
    severity=Severity.HIGH,
    equivalents=("prowler:eks_cluster_not_publicly_accessible",),
    remediation=Remediation(
        text=(
            "Switch the public endpoint off and reach the API from the VPC. "
            "Where it must stay public, name the networks that may reach it in publicAccessCidrs instead."
        ),
        cli=(
            "aws eks update-cluster-config --region {region} --name {name} "
            "--resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true"
        ),
        terraform=(
            'resource "aws_eks_cluster" "this" {\n  name = {name}\n\n  vpc_config {\n'
            "    endpoint_public_access  = false\n    endpoint_private_access = true\n  }\n}"
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    ),
)
def endpoint_public_cidr(cluster: Cluster) -> Iterator[Problem]:
    """
    Behind an endpoint that everybody reaches, a leaked token or the next hole in the API server is all it takes to hold
    the cluster. A private endpoint passes, and so does a public one for named networks narrower than /8 (IPv4) or
    /16 (IPv6).
    """
    refuse_local(cluster)
    refuse_unsettled(cluster, "CREATING", "DELETING", "FAILED")
    if cluster.public_endpoint is None:
        raise Undecided("AWS does not tell whether the endpoint is public")
    wide = [cidr for cidr in cluster.public_cidrs if _is_wide(cidr)]
    if cluster.public_endpoint and (wide or not cluster.public_cidrs):
        reached_from = ", ".join(wide) or "0.0.0.0/0, AWS's default"
        yield Problem(
            f"the public endpoint answers {reached_from}",
            expected="a private endpoint, or narrow CIDR blocks",
            found=reached_from,
        )


def _is_wide(cidr: str) -> bool:
    block = network(cidr)
    return is_public(cidr) and block.prefixlen < (8 if isinstance(block, ipaddress.IPv4Network) else 16)

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import Addon, Cluster, FargateProfile, Nodegroup
from awsaudit_checks.eks.cluster import refuse_local


ENGINES = ("cilium", "calico", "tigera", "isovalent")


@check(
    "eks-network-policy",
    title="The cluster can enforce network policies",
    severity=Severity.MEDIUM,
    uses=(Addon.name, Nodegroup.name, FargateProfile.name, Instance.tags),
    remediation=Remediation(
        text=(
            "Switch network policies on in the VPC CNI add-on; policies that exist already hold from then on. "
            "The command needs jq: it keeps the add-on's other settings."
        ),
        cli=(
            "VALUES=$(aws eks describe-addon --region {region} --cluster-name {name} --addon-name vpc-cni --output json "
            '| jq -ce \'(.addon.configurationValues // "{}" | fromjson) + {"enableNetworkPolicy": "true"}\') && '
            "aws eks update-addon --region {region} --cluster-name {name} --addon-name vpc-cni "
            '--resolve-conflicts PRESERVE --configuration-values "$VALUES"'
        ),
        terraform=(
            'resource "aws_eks_addon" "vpc_cni" {\n  cluster_name         = {name}\n  addon_name           = "vpc-cni"\n'
            '  configuration_values = jsonencode({ enableNetworkPolicy = "true" })\n}'
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html",
    ),
)
def network_policy(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    """
    Without an engine that enforces them, network policies are accepted and do nothing: every pod reaches every other,
    and one that is taken over reaches the signer. The VPC CNI with its setting on passes, and so does another engine
    that is installed as an add-on.
    """
    refuse_local(cluster)
    if cluster.auto_mode:
        raise Undecided("EKS Auto Mode switches network policies inside the cluster, out of sight of the AWS API")
    if cluster.vpc_cni and cluster.network_policy:
        return
    addons = [addon.name for addon in account.children(cluster, Addon)]
    if any(engine in name for name in addons for engine in ENGINES):
        return
    if not _has_nodes(cluster, account):
        if cluster.hybrid_networks:
            raise Undecided("hybrid nodes bring a network of their own, out of sight of the AWS API")
        if account.children(cluster, FargateProfile):
            raise NotApplicable("all pods run on Fargate, which has no network policies")
    if cluster.vpc_cni is None:
        raise Undecided("the VPC CNI is not managed as an EKS add-on; its settings cannot be read over the AWS API")
    yield Problem(
        "the VPC CNI does not enforce network policies, and no other engine is installed",
        expected="enableNetworkPolicy",
        found="off",
    )


def _has_nodes(cluster: Cluster, account: Inventory) -> bool:
    """Tell whether the cluster has EC2 nodes: managed groups, or instances that are tagged with it."""
    if account.children(cluster, Nodegroup):
        return True
    tag = f"kubernetes.io/cluster/{cluster.name}"

    return account.first(Instance, lambda instance: tag in instance.tags, cluster.region) is not None

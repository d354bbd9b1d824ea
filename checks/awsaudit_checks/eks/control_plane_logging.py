from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.eks import Cluster
from awsaudit_checks.eks.cluster import refuse_local


TYPES = ("api", "audit", "authenticator", "controllerManager", "scheduler")
EVIDENCE = frozenset({"audit", "authenticator"})


@check(
    "eks-control-plane-logging",
    title="All control-plane log types are enabled",
    severity=Severity.MEDIUM,
    equivalents=("prowler:eks_control_plane_logging_all_types_enabled",),
    remediation=Remediation(
        text="Switch on the missing log types; CloudWatch Logs charges for what they write.",
        cli=(
            "aws eks update-cluster-config --region {region} --name {name} --logging "
            '\'{"clusterLogging":[{"types":["api","audit","authenticator","controllerManager","scheduler"],'
            '"enabled":true}]}\''
        ),
        terraform=(
            'resource "aws_eks_cluster" "this" {\n  name = {name}\n\n'
            '  enabled_cluster_log_types = ["api", "audit", "authenticator", "controllerManager", "scheduler"]\n}'
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    ),
)
def control_plane_logging(cluster: Cluster) -> Iterator[Problem]:
    """
    The audit and authenticator logs are the only record of who did what in the cluster, and logs that were off during
    an incident cannot be had afterwards. The other three explain outages.
    """
    refuse_local(cluster)
    on = {kind for setup in cluster.log_setups if setup.enabled for kind in setup.types}
    missing = [kind for kind in TYPES if kind not in on]
    if missing:
        yield Problem(
            f"log types that are off: {', '.join(missing)}",
            expected="all five on",
            found=", ".join(kind for kind in TYPES if kind in on) or "none on",
            severity=Severity.MEDIUM if EVIDENCE & set(missing) else Severity.LOW,
        )

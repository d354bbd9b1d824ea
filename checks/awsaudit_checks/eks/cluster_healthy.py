import json

from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.eks import Cluster, HealthIssue
from awsaudit_checks.eks.cluster import refuse_connected, refuse_unsettled


# The cluster cannot be recovered or upgraded. https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html
FATAL: Final = frozenset(
    {
        "KmsKeyDisabled",
        "KmsKeyMarkedForDeletion",
        "KmsKeyNotFound",
        "KmsGrantRevoked",
        "IamRoleNotFound",
        "Ec2SecurityGroupNotFound",
        "VpcNotFound",
        "UnsupportedVersion",
    }
)
ENABLE_KEY: Final = "aws kms enable-key --region {region} --key-id {key}"
COMMANDS: Final[Mapping[str, str]] = {
    "KmsKeyDisabled": ENABLE_KEY,
    "KmsKeyMarkedForDeletion": f"aws kms cancel-key-deletion --region {{region}} --key-id {{key}} && {ENABLE_KEY}",
    "IamRoleNotFound": (
        "aws iam create-role --region {region} --role-name {role} --path {path} "
        "--assume-role-policy-document {trust} && "
        "aws iam attach-role-policy --region {region} --role-name {role} --policy-arn {policy}"
    ),
}


@check(
    "eks-cluster-healthy",
    title="Clusters report no health issues",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Bring back the key, role, group or network that the issue names; AWS looks again by itself.",
        cli=None,
        url="https://docs.aws.amazon.com/eks/latest/userguide/troubleshooting.html",
    ),
)
def cluster_healthy(cluster: Cluster) -> Iterator[Problem]:
    """
    A cluster whose key, role or network is gone keeps running until it has to be repaired or upgraded, and then cannot
    be. AWS says so in the cluster's health, where nobody looks.
    """
    refuse_connected(cluster)
    refuse_unsettled(cluster, "CREATING", "DELETING")
    if cluster.status == "FAILED":
        yield Problem("the cluster has FAILED", expected="ACTIVE", found="FAILED", sub_key="FAILED")
    for issue in cluster.health_issues:
        about = ", ".join(issue.resource_ids)
        yield Problem(
            f"{issue.code}{f' ({about})' if about else ''}: {issue.message or 'AWS says no more'}",
            expected="no issue",
            found=issue.code,
            sub_key=" ".join((issue.code, *sorted(issue.resource_ids))),
            severity=Severity.HIGH if issue.code in FATAL else Severity.MEDIUM,
            fill=_fill(cluster, issue),
            cli=COMMANDS.get(issue.code),
        )


def _fill(cluster: Cluster, issue: HealthIssue) -> Mapping[str, str]:
    ids = (*issue.resource_ids, *(entry.key_arn or "" for entry in cluster.encryption))
    keys = [id_ for id_ in ids if ":kms:" in id_ and ":key/" in id_]
    _, _, rest = (cluster.role_arn or "").partition(":role/")
    path, _, role = rest.rpartition("/")
    service = {"Effect": "Allow", "Principal": {"Service": "eks.amazonaws.com"}, "Action": "sts:AssumeRole"}

    return {
        **({"key": keys[0]} if keys else {}),
        **({"role": role} if role else {}),
        "path": f"/{path}/" if path else "/",
        "trust": json.dumps({"Version": "2012-10-17", "Statement": [service]}),
        "policy": f"arn:{cluster.partition}:iam::aws:policy/AmazonEKSClusterPolicy",
    }

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.eks import Cluster
from awsaudit_checks.eks.cluster import minor, refuse_local


# https://docs.aws.amazon.com/eks/latest/userguide/envelope-encryption.html
ENCRYPTED_BY_DEFAULT_SINCE = 28


@check(
    "eks-secrets-encryption",
    title="Kubernetes secrets are encrypted with a customer key",
    severity=Severity.LOW,
    equivalents=("prowler:eks_cluster_kms_cmk_encryption_in_secrets_enabled",),
    remediation=Remediation(
        text=(
            "Encrypt secrets with a KMS key of your own. This cannot be taken back, "
            "and a cluster whose key is deleted cannot be recovered."
        ),
        cli=(
            "KEY=$(aws kms create-key --region {region} --query KeyMetadata.Arn --output text) && "
            "aws eks associate-encryption-config --region {region} --cluster-name {name} "
            '--encryption-config "resources=secrets,provider={keyArn=$KEY}"'
        ),
        terraform=(
            'resource "aws_eks_cluster" "this" {\n  name = {name}\n\n  encryption_config {\n'
            '    resources = ["secrets"]\n\n    provider {\n      key_arn = aws_kms_key.this.arn\n    }\n  }\n}'
        ),
        url="https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    ),
)
def secrets_encryption(cluster: Cluster) -> Iterator[Problem]:
    """
    With a key of your own you decide who decrypts the cluster's secrets, and can see in CloudTrail that it happened.
    Since Kubernetes 1.28 AWS encrypts them with a key that it owns; before, they lie in etcd in plain text.
    """
    refuse_local(cluster)
    if any("secrets" in entry.resources and entry.key_arn for entry in cluster.encryption):
        return
    if cluster.version is None:
        raise Undecided("AWS does not tell the cluster's version")
    if minor(cluster.version) >= ENCRYPTED_BY_DEFAULT_SINCE:
        yield Problem("secrets are encrypted with a key that AWS owns", expected="a customer key", found="AWS's key")
    else:
        yield Problem(
            f"secrets lie in etcd in plain text: Kubernetes {cluster.version}, and no customer key",
            expected="a customer key",
            found="none",
            severity=Severity.HIGH,
        )

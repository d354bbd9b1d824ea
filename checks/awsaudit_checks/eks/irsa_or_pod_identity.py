from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.eks import Cluster, FargateProfile, Nodegroup, PodIdentityAssociation
from awsaudit.resources.iam import OidcProvider
from awsaudit_checks.eks.cluster import refuse_connected


@check(
    "eks-irsa-or-pod-identity",
    title="Workloads get credentials from IRSA or Pod Identity",
    severity=Severity.MEDIUM,
    uses=(OidcProvider.url, PodIdentityAssociation.arn, Nodegroup.arn, FargateProfile.arn),
    remediation=Remediation(
        text="Install the Pod Identity agent and associate roles with service accounts, or let IAM trust the cluster's tokens "
        "(the command) and give service accounts roles by annotation.",
        cli="aws iam create-open-id-connect-provider --region {region} --url {issuer_url} --client-id-list sts.amazonaws.com",
        url="https://docs.aws.amazon.com/eks/latest/userguide/service-accounts.html",
    ),
)
def irsa_or_pod_identity(cluster: Cluster, account: Inventory) -> Iterator[Problem]:
    """
    Without either way to a role of its own, a pod that calls AWS has the node's role or a stored key, and every other pod
    on the node has it, too. A provider for the cluster's tokens passes, and so does one Pod Identity association. Pulling
    images needs neither: the kubelet does that with the node's role.
    """
    refuse_connected(cluster)
    if account.children(cluster, PodIdentityAssociation):
        return
    if cluster.issuer and account.first(OidcProvider, lambda provider: provider.url == cluster.issuer):
        return
    if not account.children(cluster, Nodegroup) and not account.children(cluster, FargateProfile):
        raise NotApplicable("it has neither node groups nor Fargate profiles")
    yield Problem(
        "its pods cannot have roles of their own: IAM trusts no tokens of the cluster, and no service account is associated "
        "with a role",
        expected="an OIDC provider for the cluster, or Pod Identity associations",
        found="neither",
        fill={"issuer_url": f"https://{cluster.issuer}"} if cluster.issuer else {},
    )

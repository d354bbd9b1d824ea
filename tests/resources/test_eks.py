import pytest

from awsaudit.resources.eks import DESCRIBE, DESCRIBE_POD_IDENTITY, LIST_POD_IDENTITIES, Cluster, PodIdentityAssociation
from awsaudit.testing import fake


ARN = "arn:aws:eks:eu-west-1:111122223333:podidentityassociation/ledger/a-1"
LISTED = {
    "associationArn": ARN,
    "associationId": "a-1",
    "clusterName": "ledger",
    "namespace": "payments",
    "serviceAccount": "signer",
}


@pytest.mark.parametrize(
    ("identity", "issuer"),
    [
        (
            {"oidc": {"issuer": "https://oidc.eks.eu-west-1.amazonaws.com/id/0A1B"}},
            "oidc.eks.eu-west-1.amazonaws.com/id/0A1B",
        ),
        (None, None),
    ],
)
def test_issuer_is_named_as_in_trust_policies(identity, issuer):
    """
    IAM leaves the scheme out of an issuer's name.
    """
    assert issuer == fake(Cluster, {DESCRIBE: {"identity": identity}}).issuer


def test_pod_identity_is_read():
    """
    Namespace and account come with the listing, the roles and what narrows them with the details.
    """
    details = {
        "roleArn": "arn:role",
        "targetRoleArn": "arn:other",
        "externalId": "eu-west-1/111122223333/x",
        "disableSessionTags": True,
        "policy": '{"Statement": []}',
    }
    full = fake(PodIdentityAssociation, {LIST_POD_IDENTITIES: LISTED, DESCRIBE_POD_IDENTITY: details})
    bare = fake(PodIdentityAssociation, {LIST_POD_IDENTITIES: LISTED, DESCRIBE_POD_IDENTITY: {"roleArn": "arn:role"}})

    assert (ARN, "ledger", "payments", "signer") == (full.arn, full.cluster_name, full.namespace, full.service_account)
    assert ("arn:role", "arn:other", "eu-west-1/111122223333/x") == (
        full.role_arn,
        full.target_role_arn,
        full.external_id,
    )
    assert (True, {"Statement": []}) == (full.disable_session_tags, full.policy)
    assert (None, None, False, None, None) == (
        bare.target_role_arn,
        bare.external_id,
        bare.disable_session_tags,
        bare.policy,
        bare.owner_arn,
    )

"""Clusters of the example account, through the real pipeline."""

import pytest

from awsaudit import Status


CHECKS = (
    "eks-cluster-admin-access-entries",
    "eks-cluster-healthy",
    "eks-cluster-role-minimal",
    "eks-cluster-security-group",
    "eks-control-plane-logging",
    "eks-deletion-protection",
    "eks-endpoint-private-access",
    "eks-endpoint-public-cidr",
    "eks-network-policy",
    "eks-secrets-encryption",
    "eks-supported-version",
)


@pytest.mark.parametrize("check_id", CHECKS)
def test_the_sound_cluster_passes_and_another_fails(recording, check_id):
    """
    Each check passes on the validators' cluster and fails on another.
    """
    found = {}
    for finding in recording.findings:
        if finding.check_id == check_id:
            found.setdefault(finding.resource.name, set()).add(finding.status)

    assert {Status.PASS} == found["validators"]
    assert Status.FAIL in set().union(*found.values())

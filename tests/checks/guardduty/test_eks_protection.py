from awsaudit import Status
from awsaudit.resources.eks import LIST, Cluster
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.guardduty.eks_protection import eks_protection


CLUSTER = fake(Cluster, {LIST: "validators"})


def test_flags_clusters_that_are_not_watched(detector):
    """
    The feature is off; the command switches it on.
    """
    (finding,) = run_check(eks_protection, detector("S3_DATA_EVENTS"), CLUSTER)

    assert Status.FAIL is finding.status
    assert finding.fix.endswith("--features Name=EKS_AUDIT_LOGS,Status=ENABLED")


def test_passes_where_they_are(detector):
    """
    The feature is on.
    """
    assert [Status.PASS] == statuses(run_check(eks_protection, detector("EKS_AUDIT_LOGS"), CLUSTER))


def test_needs_a_cluster_and_a_detector(detector):
    """
    Without either there is nothing to judge; hidden clusters are unknown.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(eks_protection, detector()))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(eks_protection, detector(id_=None), CLUSTER))
    assert [Status.UNKNOWN] == statuses(run_check(eks_protection, detector(), unlisted=[Cluster]))

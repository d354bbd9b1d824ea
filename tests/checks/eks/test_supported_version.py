import pytest

from awsaudit import Severity, Status
from awsaudit.resources.eks import VERSION, Cluster
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.eks.supported_version import supported_version


def version(status, **dates):
    return {VERSION: [{"clusterVersion": "1.33", "versionStatus": status, **dates}]}


@pytest.mark.parametrize(
    ("calls", "severity", "message"),
    [
        (version("UNSUPPORTED"), Severity.HIGH, "Kubernetes 1.33 is no longer supported"),
        ({VERSION: []}, Severity.HIGH, "Kubernetes 1.33 is no longer supported"),
        (
            version("EXTENDED_SUPPORT", endOfExtendedSupportDate="2027-07-29T00:00:00Z"),
            Severity.MEDIUM,
            "Kubernetes 1.33 is in extended support until 2027-07-29, which costs extra",
        ),
        (
            version("EXTENDED_SUPPORT"),
            Severity.MEDIUM,
            "Kubernetes 1.33 is in extended support, which costs extra",
        ),
    ],
)
def test_flags_what_is_out_of_standard_support(make_cluster, calls, severity, message):
    """
    No support, or a version that AWS does not know, is worse than paid support; the command goes up one minor.
    """
    (finding,) = run_check(supported_version, make_cluster(calls))

    assert (Status.FAIL, severity, message) == (finding.status, finding.severity, finding.message)
    assert (
        "aws eks update-cluster-version --region eu-west-1 --name validators --kubernetes-version 1.34" == finding.fix
    )


@pytest.mark.parametrize(
    ("end", "options", "notes"),
    [
        ("2027-07-29T00:00:00Z", {}, ()),
        ("2027-01-29T00:00:00Z", {}, ("standard support of Kubernetes 1.33 ends on 2027-01-29",)),
        ("2027-01-29T00:00:00Z", {"warn_days": 30}, ()),
    ],
)
def test_accepts_standard_support_and_remarks_on_its_end(make_cluster, end, options, notes):
    """
    Standard support passes, with a remark when it ends soon.
    """
    cluster = make_cluster(version("STANDARD_SUPPORT", endOfStandardSupportDate=end))
    (finding,) = run_check(supported_version, cluster, **options)

    assert (Status.PASS, notes) == (finding.status, finding.notes)


def test_does_not_guess(make_cluster, local):
    """
    Unlisted versions of local clusters, new statuses, untold versions and refused look-ups are unknown.
    """
    listed_elsewhere = make_cluster({VERSION: []}, outpostConfig={"outpostArns": ["arn:aws:outposts:x"]})
    new = make_cluster(version("LIMITED_SUPPORT"))
    untold = make_cluster({VERSION: None}, version=None)
    hidden = make_cluster({VERSION: refused(Cluster, VERSION)})

    for cluster in (listed_elsewhere, new, untold, hidden, local):
        assert [Status.UNKNOWN] == statuses(run_check(supported_version, cluster))


def test_leaves_connected_clusters_alone(connected):
    """
    AWS does not support what it does not run.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(supported_version, connected))

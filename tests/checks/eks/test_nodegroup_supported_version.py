import pytest

from awsaudit import Severity, Status
from awsaudit.resources.eks import NODEGROUP_VERSION, VERSION
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.nodegroup_supported_version import nodegroup_supported_version


@pytest.fixture
def make(make_cluster, make_group):
    """
    Return a function that makes a node group beside a cluster, each with a version and how AWS supports it.
    """

    def make(own, cluster, **described):
        version, status = own
        above = make_cluster({VERSION: _support(*cluster)}, version=cluster[0])
        return make_group({NODEGROUP_VERSION: _support(version, status)}, above, version=version, **described)

    return make


def _support(version, status):
    return [{"clusterVersion": version, "versionStatus": status}] if status else []


UPDATE = "aws eks update-nodegroup-version --region eu-west-1 --cluster-name validators --nodegroup-name signer"


@pytest.mark.parametrize(
    ("own", "cluster", "severity", "message"),
    [
        (("1.28", "UNSUPPORTED"), ("1.33", "STANDARD_SUPPORT"), Severity.HIGH, "1.28 is no longer supported"),
        (("1.32", "EXTENDED_SUPPORT"), ("1.33", "STANDARD_SUPPORT"), Severity.MEDIUM, "1.32 is in extended support"),
        (
            ("1.31", "EXTENDED_SUPPORT"),
            ("1.34", "EXTENDED_SUPPORT"),
            Severity.MEDIUM,
            "1.31 is 3 minor versions behind",
        ),
        (("1.30", None), ("1.34", "STANDARD_SUPPORT"), Severity.MEDIUM, "1.30 is 4 minor versions behind"),
    ],
)
def test_flags_old_versions(make, own, cluster, severity, message):
    """
    Nodes fail that are out of support, in extended support beside a newer cluster, or three minor versions behind.
    """
    (finding,) = run_check(nodegroup_supported_version, make(own, cluster))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert message in finding.message
    assert f"{UPDATE} --kubernetes-version {cluster[0]}" == finding.fix


@pytest.mark.parametrize(
    ("own", "cluster"),
    [
        (("1.33", "STANDARD_SUPPORT"), ("1.34", "STANDARD_SUPPORT")),
        (("1.31", "EXTENDED_SUPPORT"), ("1.31", "EXTENDED_SUPPORT")),
        (("1.31", "STANDARD_SUPPORT"), ("1.33", "STANDARD_SUPPORT")),
    ],
)
def test_accepts_the_rest(make, own, cluster):
    """
    Standard support passes, and extended support beside a cluster that is in it too.
    """
    assert [Status.PASS] == statuses(run_check(nodegroup_supported_version, make(own, cluster)))


def test_upgrades_the_cluster_first_where_both_are_out_of_support(make):
    """
    Nodes cannot be newer than the control plane, which goes up one minor version at a time.
    """
    (finding,) = run_check(nodegroup_supported_version, make(("1.28", "UNSUPPORTED"), ("1.28", "UNSUPPORTED")))

    assert (
        "aws eks update-cluster-version --region eu-west-1 --name validators --kubernetes-version 1.29 && "
        f"aws eks wait cluster-active --region eu-west-1 --name validators && {UPDATE} --kubernetes-version 1.29"
        == finding.fix
    )


def test_amazon_linux_2_is_succeeded(make):
    """
    There is no Amazon Linux 2 AMI for newer versions: the command starts a group with Amazon Linux 2023.
    """
    group = make(("1.28", "UNSUPPORTED"), ("1.33", "STANDARD_SUPPORT"), amiType="AL2_x86_64")
    (finding,) = run_check(nodegroup_supported_version, group)

    assert finding.fix.startswith("aws eks create-nodegroup --region eu-west-1 --cli-input-json ")
    assert "AL2023_x86_64_STANDARD" in finding.fix


def test_own_amis_have_no_command(make):
    """
    An AMI of the user's own has to be built first.
    """
    template = {"id": "lt-1", "version": "1"}
    group = make(("1.28", "UNSUPPORTED"), ("1.33", "STANDARD_SUPPORT"), amiType="CUSTOM", launchTemplate=template)
    (finding,) = run_check(nodegroup_supported_version, group)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize("own", [("1.33", None), (None, None)])
def test_says_unknown_where_aws_does_not_tell(make, own):
    """
    A version that AWS does not know, or does not tell, is no pass.
    """
    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_supported_version, make(own, ("1.33", "STANDARD_SUPPORT"))))


def test_leaves_groups_that_come_or_go(make):
    """
    A group that is being deleted is not judged.
    """
    group = make(("1.28", "UNSUPPORTED"), ("1.33", "STANDARD_SUPPORT"), status="DELETING")

    assert [Status.NOT_APPLICABLE] == statuses(run_check(nodegroup_supported_version, group))

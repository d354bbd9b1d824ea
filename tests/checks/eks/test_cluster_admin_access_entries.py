import pytest

from awsaudit import Severity, Status
from awsaudit.resources.eks import (
    ACCESS_POLICIES,
    DESCRIBE_ACCESS_ENTRY,
    LIST_ACCESS_ENTRIES,
    AccessEntry,
)
from awsaudit.resources.iam import ROLES, Role
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.eks.cluster_admin_access_entries import cluster_admin_access_entries


HERE = "arn:aws:iam::111122223333"
ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
VIEW = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"


@pytest.fixture
def cluster(make_cluster):
    """
    Return a cluster that lets people in by access entries alone.
    """
    return make_cluster(accessConfig={"authenticationMode": "API"})


def entry(cluster, principal, *, policy=ADMIN, scope="cluster", kind="STANDARD", policies=None):
    given = [{"policyArn": policy, "accessScope": {"type": scope, "namespaces": []}}]
    results = {
        LIST_ACCESS_ENTRIES: principal,
        DESCRIBE_ACCESS_ENTRY: {"type": kind, "accessEntryArn": f"arn:aws:eks:eu-west-1:111122223333:{principal}"},
        ACCESS_POLICIES: policies or (given if kind == "STANDARD" else None),
    }
    return fake(AccessEntry, results, parent=cluster)


def role(name):
    return fake(Role, {ROLES: {"Arn": f"{HERE}:role/{name}", "RoleName": name, "Path": "/"}})


@pytest.mark.parametrize(
    ("principal", "why"),
    [
        (f"{HERE}:user/anna", "is an IAM user"),
        (f"{HERE}:root", "is the root user"),
        ("arn:aws:iam::999988887777:root", "is the root user"),
        ("arn:aws:iam::999988887777:role/ops", "is a role of the unknown account 999988887777"),
        (f"{HERE}:role/gone", "no longer exists in IAM"),
        ("AROAEXAMPLE", "no longer exists in IAM"),
    ],
)
def test_flags_admins_that_should_be_none(cluster, principal, why):
    """
    Users, root, unknown accounts and deleted roles are high, with the command that takes the policy away.
    """
    (finding,) = run_check(cluster_admin_access_entries, cluster, entry(cluster, principal), role("ops"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"{principal} {why} and holds AmazonEKSClusterAdminPolicy" == finding.message
    assert (
        "aws eks disassociate-access-policy --region eu-west-1 --cluster-name validators "
        f"--principal-arn {principal} --policy-arn {ADMIN}" == finding.fix
    )


def test_flags_admins_that_are_not_on_the_list(cluster):
    """
    Where admins are named, others are medium; those on the list pass.
    """
    entries = [entry(cluster, f"{HERE}:role/{name}") for name in ("ops", "dev")]
    found = run_check(
        cluster_admin_access_entries, cluster, *entries, role("ops"), role("dev"), admins=(f"{HERE}:role/ops",)
    )

    assert [Severity.MEDIUM] == [finding.severity for finding in found]
    assert f"{HERE}:role/dev is not on the list of admins and holds AmazonEKSClusterAdminPolicy" == found[0].message


def test_accepts_roles(cluster):
    """
    Roles of this account and of known ones pass.
    """
    entries = [entry(cluster, f"{HERE}:role/ops"), entry(cluster, "arn:aws:iam::999988887777:role/ops")]
    found = run_check(cluster_admin_access_entries, cluster, *entries, role("ops"), known_accounts=("999988887777",))

    assert [Status.PASS] == statuses(found)
    assert () == found[0].notes


@pytest.mark.parametrize(
    "more",
    [
        {"policy": VIEW},
        {"scope": "namespace"},
        {"kind": "EC2_LINUX"},
    ],
)
def test_looks_at_cluster_admins_only(cluster, more):
    """
    Other policies, namespaces and entries of nodes are no concern.
    """
    found = run_check(cluster_admin_access_entries, cluster, entry(cluster, f"{HERE}:user/anna", **more))

    assert [Status.PASS] == statuses(found)


def test_skips_service_linked_roles(cluster):
    """
    AWS's own roles are AWS's business.
    """
    principal = f"{HERE}:role/aws-service-role/eks.amazonaws.com/AWSServiceRoleForAmazonEKS"

    assert [Status.PASS] == statuses(run_check(cluster_admin_access_entries, cluster, entry(cluster, principal)))


@pytest.mark.parametrize(("options", "notes"), [({}, ("4 principals are cluster admins",)), ({"max_admins": 4}, ())])
def test_remarks_on_many_admins(cluster, options, notes):
    """
    More admins than one expects are said, not failed.
    """
    names = ("a", "b", "c", "d")
    entries = [entry(cluster, f"{HERE}:role/{name}") for name in names]
    (finding,) = run_check(cluster_admin_access_entries, cluster, *entries, *map(role, names), **options)

    assert (Status.PASS, notes) == (finding.status, finding.notes)


def test_remarks_on_a_config_map_beside_the_entries(make_cluster):
    """
    What only the cluster knows is said.
    """
    cluster = make_cluster(accessConfig={"authenticationMode": "API_AND_CONFIG_MAP"})
    (finding,) = run_check(cluster_admin_access_entries, cluster)

    assert ("the aws-auth ConfigMap may name more admins; it cannot be read over the AWS API",) == finding.notes


@pytest.mark.parametrize("access", [None, {"authenticationMode": "CONFIG_MAP"}])
def test_does_not_guess_what_a_config_map_says(make_cluster, access):
    """
    Without access entries nobody knows the admins.
    """
    found = run_check(cluster_admin_access_entries, make_cluster(accessConfig=access))

    assert [Status.UNKNOWN] == statuses(found)


def test_one_known_problem_settles_it(cluster):
    """
    A user among the admins fails whatever else is hidden; without one, what is hidden leaves it open.
    """
    denied = refused(AccessEntry, ACCESS_POLICIES)
    hidden = entry(cluster, f"{HERE}:role/x", policies=denied)
    user = entry(cluster, f"{HERE}:user/anna")
    known = entry(cluster, f"{HERE}:role/ops")

    def verdict(*entries, **more):
        return statuses(run_check(cluster_admin_access_entries, cluster, *entries, **more))

    assert [Status.FAIL] == verdict(hidden, known, user, unlisted=[Role])
    assert [Status.UNKNOWN] == verdict(hidden)
    assert [Status.UNKNOWN] == verdict(known, unlisted=[Role])
    assert [Status.UNKNOWN] == verdict(unlisted=[AccessEntry])


def test_leaves_foreign_and_unsettled_clusters_alone(make_cluster, connected):
    """
    What comes or goes, or is run elsewhere, is not judged.
    """
    for cluster in (connected, *(make_cluster(status=s) for s in ("CREATING", "DELETING", "FAILED"))):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(cluster_admin_access_entries, cluster))

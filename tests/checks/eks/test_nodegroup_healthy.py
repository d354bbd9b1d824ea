import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.eks.nodegroup_healthy import nodegroup_healthy


LAUNCH = {"code": "AsgInstanceLaunchFailures", "message": "no capacity", "resourceIds": ["eks-signer"]}


def test_names_each_issue(make_group):
    """
    Each issue is a problem with AWS's own words, and the command makes EKS try again with the same version.
    """
    group = make_group(status="DEGRADED", health={"issues": [LAUNCH, {"code": "Ec2SecurityGroupNotFound"}]})
    launch, lost = run_check(nodegroup_healthy, group)

    assert "AsgInstanceLaunchFailures (eks-signer): no capacity" == launch.message
    assert "Ec2SecurityGroupNotFound: AWS says no more" == lost.message
    assert (
        "aws eks update-nodegroup-version --region eu-west-1 --cluster-name validators --nodegroup-name signer "
        "--kubernetes-version 1.33" == launch.fix
    )


@pytest.mark.parametrize(
    ("status", "command"),
    [
        ("DEGRADED", "update-nodegroup-version"),
        ("CREATE_FAILED", "delete-nodegroup"),
        ("DELETE_FAILED", "delete-nodegroup"),
    ],
)
def test_flags_a_broken_group_without_an_issue(make_group, status, command):
    """
    A broken state fails by itself; what was never made, or is to go, is deleted.
    """
    (finding,) = run_check(nodegroup_healthy, make_group(status=status))

    assert Status.FAIL is finding.status
    assert f"the node group is {status}, and EKS names no issue" == finding.message
    assert f"aws eks {command} --region eu-west-1" in finding.fix


def test_an_issue_of_an_active_group_fails(make_group):
    """
    Issues count whatever the state.
    """
    assert [Status.FAIL] == statuses(run_check(nodegroup_healthy, make_group(health={"issues": [LAUNCH]})))


def test_a_group_of_own_amis_is_updated_by_its_template(make_group):
    """
    EKS refuses a version for an AMI of the user's own.
    """
    group = make_group(status="DEGRADED", amiType="CUSTOM", launchTemplate={"id": "lt-1", "version": "3"})
    (finding,) = run_check(nodegroup_healthy, group)

    assert finding.fix.endswith("--nodegroup-name signer --launch-template id=lt-1,version=3")


def test_subnets_without_ipv6_are_named_in_the_command(make_group):
    """
    What EKS says the subnets lack is switched on, in each of them.
    """
    issue = {"code": "Ec2SubnetMissingIpv6Assignment", "resourceIds": ["subnet-a", "subnet-b"]}
    (finding,) = run_check(nodegroup_healthy, make_group(health={"issues": [issue]}))

    assert (
        "printf %s 'subnet-a subnet-b' | xargs -n 1 aws ec2 modify-subnet-attribute --region eu-west-1 "
        "--assign-ipv6-address-on-creation --subnet-id" == finding.fix
    )


@pytest.mark.parametrize("status", ["ACTIVE", "UPDATING"])
def test_accepts_a_group_without_issues(make_group, status):
    """
    A running group passes, and so does one that is being updated.
    """
    assert [Status.PASS] == statuses(run_check(nodegroup_healthy, make_group(status=status)))


@pytest.mark.parametrize("status", ["CREATING", "DELETING"])
def test_leaves_groups_that_come_or_go(make_group, status):
    """
    A group that is being made or deleted is not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(nodegroup_healthy, make_group(status=status)))

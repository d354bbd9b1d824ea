import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import NODE_IMAGE, Instance
from awsaudit.resources.eks import NODEGROUP_IMAGE
from awsaudit.testing import refused, run_check, statuses
from awsaudit_checks.eks.nodegroup_ami_current import nodegroup_ami_current


BOTTLEROCKET = {"amiType": "BOTTLEROCKET_x86_64", "releaseVersion": "1.48.0-20261101"}
OWN = {"amiType": "CUSTOM", "releaseVersion": "ami-own", "launchTemplate": {"id": "lt-1", "version": "1"}}
OLD, YOUNG = "2026-08-01T00:00:00.000Z", "2026-11-01T00:00:00.000Z"


def test_flags_an_old_release(make_group):
    """
    A release older than 90 days fails; the command keeps the Kubernetes version.
    """
    (finding,) = run_check(nodegroup_ami_current, make_group(releaseVersion="1.33.1-20260601"))

    assert "the AMI of 2026-06-01 is 176 days old (1.33.1-20260601)" == finding.message
    assert (
        "aws eks update-nodegroup-version --region eu-west-1 --cluster-name validators --nodegroup-name signer "
        "--kubernetes-version 1.33" == finding.fix
    )


def test_flags_amazon_linux_2(make_group):
    """
    Amazon Linux 2 fails however young its AMI is; the command starts the group that takes its place.
    """
    (finding,) = run_check(nodegroup_ami_current, make_group(amiType="AL2_ARM_64", labels={"role": "signer"}))

    assert "AL2_ARM_64" == finding.found
    assert (
        "aws eks create-nodegroup --region eu-west-1 --cli-input-json "
        '\'{"clusterName": "validators", "nodegroupName": "signer-al2023", '
        '"nodeRole": "arn:aws:iam::111122223333:role/node", "subnets": ["subnet-a", "subnet-b"], '
        '"scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2}, "instanceTypes": ["m7i.large"], '
        '"amiType": "AL2023_ARM_64_STANDARD", "capacityType": "ON_DEMAND", "diskSize": 20, '
        '"labels": {"role": "signer"}}\' && aws eks wait nodegroup-active --region eu-west-1 '
        "--cluster-name validators --nodegroup-name signer-al2023" == finding.fix
    )


@pytest.mark.parametrize(
    ("ami_type", "release"),
    [("AL2023_x86_64_STANDARD", "1.33.5-20260904"), ("WINDOWS_CORE_2022_x86_64", "1.33-2026.09.10")],
)
def test_reads_the_date_in_the_release(make_group, ami_type, release):
    """
    A young release passes, and fails a stricter option.
    """
    group = make_group(amiType=ami_type, releaseVersion=release)

    assert [Status.PASS] == statuses(run_check(nodegroup_ami_current, group))
    assert [Status.FAIL] == statuses(run_check(nodegroup_ami_current, group, max_age_days=30))


def test_reads_the_image_of_own_amis(make_group):
    """
    The AMI's own date counts; an old one has no command, since it has to be built.
    """
    young = make_group({NODEGROUP_IMAGE: {"CreationDate": YOUNG}}, **OWN)
    old = make_group({NODEGROUP_IMAGE: {"CreationDate": OLD}}, **OWN)
    gone = make_group({NODEGROUP_IMAGE: None}, **OWN)
    (finding,) = run_check(nodegroup_ami_current, old)

    assert [Status.PASS] == statuses(run_check(nodegroup_ami_current, young))
    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_ami_current, gone))


def test_reads_bottlerockets_age_off_its_nodes(make_group, make_node):
    """
    Bottlerocket's releases end in a hash, which is no date even if it looks like one.
    """
    group = make_group(**BOTTLEROCKET)
    young, old = make_node("i-1", image_created=YOUNG), make_node("i-2", image_created=OLD)
    foreign = make_node("i-3", group="beacon", image_created=OLD)

    assert [Status.PASS] == statuses(run_check(nodegroup_ami_current, group, young, foreign))
    assert [Status.FAIL] == statuses(run_check(nodegroup_ami_current, group, young, old))


def test_an_old_node_settles_it(make_group, make_node):
    """
    One old AMI fails, whatever cannot be seen of the others.
    """
    hidden = make_node("i-1", image_created=refused(Instance, NODE_IMAGE))
    old = make_node("i-2", image_created=OLD)

    assert [Status.FAIL] == statuses(run_check(nodegroup_ami_current, make_group(**BOTTLEROCKET), hidden, old))


def test_says_unknown_where_no_date_is_known(make_group, make_node):
    """
    No node, a hidden or deregistered AMI beside a young one, and a release without a date are no pass.
    """
    young = make_node("i-1", image_created=YOUNG)
    hidden = make_node("i-2", image_created=refused(Instance, NODE_IMAGE))
    gone = make_node("i-3")
    group = make_group(**BOTTLEROCKET)

    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_ami_current, group))
    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_ami_current, group, young, hidden))
    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_ami_current, group, young, gone))
    assert [Status.UNKNOWN] == statuses(run_check(nodegroup_ami_current, make_group(releaseVersion=None)))


def test_leaves_groups_that_come_or_go(make_group):
    """
    A group that is being made is not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(nodegroup_ami_current, make_group(status="CREATING")))

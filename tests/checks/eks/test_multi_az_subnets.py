import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.eks import (
    DESCRIBE_FARGATE_PROFILE,
    LIST_FARGATE_PROFILES,
    FargateProfile,
    Nodegroup,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.multi_az_subnets import multi_az_subnets


@pytest.fixture
def subnets(make_subnet):
    """
    Return subnets a and a2 in one zone, and b in another.
    """
    return make_subnet("subnet-a"), make_subnet("subnet-a2"), make_subnet("subnet-b", "euw1-az2")


def profile(cluster, *subnets):
    described = {"fargateProfileArn": "arn:aws:eks:eu-west-1:111122223333:fargateprofile/v/p/1", "subnets": subnets}
    return fake(FargateProfile, {LIST_FARGATE_PROFILES: "p", DESCRIBE_FARGATE_PROFILE: described}, parent=cluster)


def test_flags_one_zone(make_cluster, make_group, subnets):
    """
    Two subnets in one zone fail; the command starts a group like the largest in the cluster's other zones.
    """
    cluster = make_cluster(resourcesVpcConfig={"subnetIds": ["subnet-a", "subnet-b"]})
    small = make_group(cluster=cluster, name="beacon", subnets=["subnet-a"], scalingConfig={"maxSize": 1})
    group = make_group(cluster=cluster, subnets=["subnet-a", "subnet-a2"])
    (finding,) = run_check(multi_az_subnets, cluster, small, group, *subnets)

    assert "all nodes are in one availability zone, euw1-az1" == finding.message
    assert finding.fix.startswith("aws eks create-nodegroup --region eu-west-1 --cli-input-json ")
    assert '"nodegroupName": "signer-other-zone"' in finding.fix
    assert '"subnets": ["subnet-b"]' in finding.fix
    assert finding.fix.endswith("--cluster-name validators --nodegroup-name signer-other-zone")


def test_a_fargate_profile_in_one_zone_fails_without_a_command(make_cluster, subnets):
    """
    What a profile selects is not known, so no command could make another one.
    """
    cluster = make_cluster()
    (finding,) = run_check(multi_az_subnets, cluster, profile(cluster, "subnet-a"), *subnets)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_accepts_one_group_a_zone(make_cluster, make_group, subnets):
    """
    Groups and profiles count together, and one group may have both zones.
    """
    cluster = make_cluster()
    one, other = (make_group(cluster=cluster, name=name, subnets=[f"subnet-{name}"]) for name in "ab")
    both = make_group(cluster=cluster)

    assert [Status.PASS] == statuses(run_check(multi_az_subnets, cluster, one, other, *subnets))
    assert [Status.PASS] == statuses(run_check(multi_az_subnets, cluster, both, *subnets, unlisted=(Instance,)))
    assert [Status.PASS] == statuses(run_check(multi_az_subnets, cluster, one, profile(cluster, "subnet-b"), *subnets))


def test_nodes_outside_groups_count_where_they_run(make_cluster, make_group, make_node, subnets):
    """
    A small group for Karpenter in one zone passes if Karpenter's nodes run in another.
    """
    cluster = make_cluster()
    group = make_group(cluster=cluster, subnets=["subnet-a"])
    node = make_node(group=None, SubnetId="subnet-b")

    assert [Status.PASS] == statuses(run_check(multi_az_subnets, cluster, group, node, *subnets))


def test_judges_running_nodes_where_there_is_no_group(make_cluster, make_node, subnets):
    """
    Self-managed nodes in one zone fail, in two they pass; a single one tells nothing.
    """
    one, two = make_node("i-1", group=None), make_node("i-2", group=None)
    other = make_node("i-3", group=None, SubnetId="subnet-b")

    assert [Status.FAIL] == statuses(run_check(multi_az_subnets, make_cluster(), one, two, *subnets))
    assert [Status.PASS] == statuses(run_check(multi_az_subnets, make_cluster(), one, other, *subnets))
    assert [Status.UNKNOWN] == statuses(run_check(multi_az_subnets, make_cluster(), one, *subnets))
    assert [Status.UNKNOWN] == statuses(run_check(multi_az_subnets, make_cluster(), *subnets))


def test_auto_mode_without_nodes_is_unknown(make_cluster, make_group, subnets):
    """
    The subnets of Auto Mode stand in the cluster.
    """
    cluster = make_cluster(computeConfig={"enabled": True})
    group = make_group(cluster=cluster, subnets=["subnet-a"])

    assert [Status.UNKNOWN] == statuses(run_check(multi_az_subnets, cluster, group, *subnets))


def test_leaves_clusters_that_cannot_span_zones(make_cluster, make_group, local, subnets):
    """
    Outposts, hybrid nodes, and groups of one node are not judged.
    """
    hybrid = make_cluster(remoteNetworkConfig={"remoteNodeNetworks": [{"cidrs": ["10.80.0.0/16"]}]})
    cluster = make_cluster()
    single = make_group(cluster=cluster, subnets=["subnet-a"], scalingConfig={"maxSize": 1})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(multi_az_subnets, local))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(multi_az_subnets, hybrid))
    assert [Status.NOT_APPLICABLE] == statuses(run_check(multi_az_subnets, cluster, single, *subnets))


def test_says_unknown_where_evidence_is_hidden(make_cluster, make_group, subnets):
    """
    Hidden groups, lost subnets, and hidden instances beside one zone are no verdict.
    """
    cluster = make_cluster()
    group = make_group(cluster=cluster, subnets=["subnet-a"])

    assert [Status.UNKNOWN] == statuses(run_check(multi_az_subnets, cluster, *subnets, unlisted=(Nodegroup,)))
    assert [Status.UNKNOWN] == statuses(run_check(multi_az_subnets, cluster, group))
    assert [Status.UNKNOWN] == statuses(run_check(multi_az_subnets, cluster, group, *subnets, unlisted=(Instance,)))

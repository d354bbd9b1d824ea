import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.resources.eks import (
    LIST_ADDONS,
    LIST_FARGATE_PROFILES,
    LIST_NODEGROUPS,
    VPC_CNI,
    Addon,
    FargateProfile,
    Nodegroup,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.eks.network_policy import network_policy


def cni(values=None):
    return {VPC_CNI: {"addonName": "vpc-cni"} | ({} if values is None else {"configurationValues": values})}


def group(cluster):
    return fake(Nodegroup, {LIST_NODEGROUPS: "validators"}, parent=cluster)


def node():
    tags = [{"Key": "kubernetes.io/cluster/validators", "Value": "owned"}]
    return fake(Instance, {INSTANCES: {"InstanceId": "i-1", "Tags": tags}})


@pytest.mark.parametrize(
    "values", [None, "", "{}", '{"enableNetworkPolicy": "false"}', '{"env": {"A": "b"}}', "env:\n  A: b\n"]
)
def test_flags_a_network_plugin_that_enforces_nothing(make_cluster, values):
    """
    Off is the default; the command keeps the add-on's other settings.
    """
    cluster = make_cluster(cni(values))
    (finding,) = run_check(network_policy, cluster, group(cluster))

    assert Status.FAIL is finding.status
    assert (
        "VALUES=$(aws eks describe-addon --region eu-west-1 --cluster-name validators --addon-name vpc-cni "
        '--output json | jq -ce \'(.addon.configurationValues // "{}" | fromjson) + {"enableNetworkPolicy": "true"}\')'
        " && aws eks update-addon --region eu-west-1 --cluster-name validators --addon-name vpc-cni "
        '--resolve-conflicts PRESERVE --configuration-values "$VALUES"' == finding.fix
    )


def test_flags_self_managed_nodes_beside_fargate(make_cluster):
    """
    Instances that are tagged with the cluster are nodes.
    """
    cluster = make_cluster(cni())
    profile = fake(FargateProfile, {LIST_FARGATE_PROFILES: "beacon"}, parent=cluster)

    assert [Status.FAIL] == statuses(run_check(network_policy, cluster, profile, node()))


@pytest.mark.parametrize(
    "values",
    ['{"enableNetworkPolicy": "true"}', '{"enableNetworkPolicy": true}', "enableNetworkPolicy: 'true'\nenv:\n  A: b\n"],
)
def test_accepts_the_setting(make_cluster, values):
    """
    On passes, in JSON and in YAML, as text and as a boolean; nothing else has to be seen.
    """
    kinds = [Addon, Nodegroup, FargateProfile, Instance]

    assert [Status.PASS] == statuses(run_check(network_policy, make_cluster(cni(values)), unlisted=kinds))


@pytest.mark.parametrize("calls", [cni(), {VPC_CNI: None}])
@pytest.mark.parametrize("name", ["tigera_calico-operator", "isovalent_cilium-enterprise"])
def test_accepts_another_engine(make_cluster, calls, name):
    """
    Another engine that is installed as an add-on passes.
    """
    cluster = make_cluster(calls)
    addon = fake(Addon, {LIST_ADDONS: name}, parent=cluster)

    assert [Status.PASS] == statuses(run_check(network_policy, cluster, addon, group(cluster)))


def test_does_not_guess_what_only_the_cluster_knows(make_cluster):
    """
    Self-managed plugins, Auto Mode, hybrid nodes, and unreadable settings are unknown.
    """
    self_managed = make_cluster({VPC_CNI: None})
    auto = make_cluster(cni('{"enableNetworkPolicy": "true"}'), computeConfig={"enabled": True})
    hybrid = make_cluster(cni(), remoteNetworkConfig={"remoteNodeNetworks": [{"cidrs": ["10.80.0.0/16"]}]})

    assert [Status.UNKNOWN] == statuses(run_check(network_policy, self_managed, group(self_managed)))
    assert [Status.UNKNOWN] == statuses(run_check(network_policy, auto))
    assert [Status.UNKNOWN] == statuses(run_check(network_policy, hybrid))
    for hidden in ([Addon], [Nodegroup], [Instance]):
        assert [Status.UNKNOWN] == statuses(run_check(network_policy, make_cluster(cni()), unlisted=hidden))


def test_leaves_clusters_without_nodes_of_its_own_alone(make_cluster, connected, local):
    """
    Fargate has no network policies; connected and local clusters have networks of their own.
    """
    cluster = make_cluster(cni())
    profile = fake(FargateProfile, {LIST_FARGATE_PROFILES: "beacon"}, parent=cluster)

    assert [Status.NOT_APPLICABLE] == statuses(run_check(network_policy, cluster, profile))
    for foreign in (connected, local):
        assert [Status.NOT_APPLICABLE] == statuses(run_check(network_policy, foreign))

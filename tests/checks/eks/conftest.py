import pytest

from awsaudit import Gap
from awsaudit.resources.ec2 import INSTANCES, NODE_IMAGE, SUBNETS, Instance, Subnet
from awsaudit.resources.eks import (
    DESCRIBE,
    DESCRIBE_NODEGROUP,
    LIST,
    LIST_NODEGROUPS,
    NODEGROUP_IMAGE,
    NODEGROUP_TEMPLATE,
    Cluster,
    Nodegroup,
)
from awsaudit.testing import fake


@pytest.fixture
def make_cluster():
    """
    Return a function that makes the cluster "validators" out of what DescribeCluster says and other calls' results.
    """

    def make(calls=None, **described):
        described = {"status": "ACTIVE", "version": "1.33", **described}
        return fake(Cluster, {LIST: "validators", DESCRIBE: described, **(calls or {})})

    return make


CONNECTED = {"connectorConfig": {"provider": "OTHER", "activationCode": "x"}}
LOCAL = {"outpostConfig": {"outpostArns": ["arn:aws:outposts:eu-west-1:111122223333:outpost/op-1"]}}


@pytest.fixture
def connected(make_cluster):
    """
    Return a cluster that AWS only shows.
    """
    return make_cluster(**CONNECTED)


@pytest.fixture
def local(make_cluster):
    """
    Return a cluster on an Outpost.
    """
    return make_cluster(**LOCAL)


@pytest.fixture
def make_group(make_cluster):
    """
    Return a function that makes the node group "signer" out of what DescribeNodegroup says and other calls' results.
    """

    def make(calls=None, cluster=None, name="signer", **described):
        described = {
            "clusterName": "validators",
            "nodegroupName": name,
            "nodegroupArn": f"arn:aws:eks:eu-west-1:111122223333:nodegroup/validators/{name}/1",
            "status": "ACTIVE",
            "version": "1.33",
            "releaseVersion": "1.33.5-20261101",
            "amiType": "AL2023_x86_64_STANDARD",
            "capacityType": "ON_DEMAND",
            "scalingConfig": {"minSize": 1, "maxSize": 3, "desiredSize": 2},
            "instanceTypes": ["m7i.large"],
            "subnets": ["subnet-a", "subnet-b"],
            "nodeRole": "arn:aws:iam::111122223333:role/node",
            "diskSize": 20,
            "health": {"issues": []},
            **described,
        }
        if "launchTemplate" not in described:
            calls = {NODEGROUP_TEMPLATE: None, **(calls or {})}
        calls = {LIST_NODEGROUPS: name, DESCRIBE_NODEGROUP: described, NODEGROUP_IMAGE: None, **(calls or {})}
        return fake(Nodegroup, calls, parent=cluster or make_cluster())

    return make


@pytest.fixture
def make_node():
    """
    Return a function that makes a running node of the node group "signer", or of none.
    """

    def make(id_="i-1", *, group="signer", cluster="validators", image_created=None, **described):
        tags = {"kubernetes.io/cluster/" + cluster: "owned"}
        if group:
            tags |= {"eks:cluster-name": cluster, "eks:nodegroup-name": group}
        item = {
            "InstanceId": id_,
            "ImageId": "ami-1",
            "State": {"Name": "running"},
            "SubnetId": "subnet-a",
            "LaunchTime": "2026-11-01T00:00:00+00:00",
            "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": "required", "HttpPutResponseHopLimit": 1},
            "Tags": [{"Key": key, "Value": value} for key, value in tags.items()],
            **described,
        }
        image = image_created if isinstance(image_created, Gap) else {"CreationDate": image_created}
        return fake(Instance, {INSTANCES: item, NODE_IMAGE: None if image_created is None else image})

    return make


@pytest.fixture
def make_subnet():
    """
    Return a function that makes a subnet.
    """

    def make(id_, zone="euw1-az1", **described):
        item = {"SubnetId": id_, "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a", "AvailabilityZoneId": zone}
        return fake(Subnet, {SUBNETS: {**item, **described}})

    return make

import pytest

from awsaudit.resources.eks import DESCRIBE, LIST, Cluster
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

from awsaudit.resources.ec2 import ENDPOINTS, INSTANCES, LAUNCH_IMAGE, Instance, VpcEndpoint
from awsaudit.testing import fake


def test_endpoint_has_its_policy():
    """
    The policy is JSON as text; a kind of endpoint that takes none has none.
    """
    endpoint = {"VpcEndpointId": "vpce-1", "PolicyDocument": '{"Statement": []}'}

    assert {"Statement": []} == fake(VpcEndpoint, {ENDPOINTS: endpoint}).policy
    assert fake(VpcEndpoint, {ENDPOINTS: {"VpcEndpointId": "vpce-2"}}).policy is None


def test_instance_tells_whether_it_may_run_an_enclave():
    """
    AWS leaves the option out at times.
    """
    assert fake(Instance, {INSTANCES: {"InstanceId": "i-1", "EnclaveOptions": {"Enabled": True}}}).enclave
    assert not fake(Instance, {INSTANCES: {"InstanceId": "i-2"}}).enclave


def test_instance_tells_whose_image_it_was_started_from():
    """
    AWS leaves out an alias for owners that have none, and everything where it cannot tell.
    """
    owned = {"ImageMetadata": {"OwnerId": "137112412989", "ImageOwnerAlias": "amazon", "IsPublic": True}}
    told = fake(Instance, {INSTANCES: {"InstanceId": "i-1"}, LAUNCH_IMAGE: owned})
    untold = fake(Instance, {INSTANCES: {"InstanceId": "i-2"}, LAUNCH_IMAGE: {}})

    assert ("137112412989", "amazon", True) == (told.image_owner, told.image_owner_alias, told.image_public)
    assert (None, None, None) == (untold.image_owner, untold.image_owner_alias, untold.image_public)

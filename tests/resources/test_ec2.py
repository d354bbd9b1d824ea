from awsaudit.resources.ec2 import ENDPOINTS, INSTANCES, Instance, VpcEndpoint
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

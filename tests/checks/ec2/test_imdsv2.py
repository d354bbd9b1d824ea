import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.imdsv2 import imdsv2


def look(endpoint="enabled", tokens="optional", **more):
    options = {"HttpEndpoint": endpoint, "HttpTokens": tokens}
    described = {"InstanceId": "i-1", "State": {"Name": "stopped"}, "MetadataOptions": options, **more}
    return run_check(imdsv2, fake(Instance, {INSTANCES: described}))


def test_flags_version_1():
    """
    A stopped instance comes back as it was.
    """
    (finding,) = look()

    assert (Status.FAIL, "IMDSv1 is allowed") == (finding.status, finding.message)
    assert "--instance-id i-1 --http-tokens required" in finding.fix


def test_says_that_a_host_of_an_enclave_is_worth_more():
    """
    Its role is what the enclave asks for keys with.
    """
    (finding,) = look(EnclaveOptions={"Enabled": True})

    assert "it may run an enclave" in finding.message


@pytest.mark.parametrize(("endpoint", "tokens"), [("enabled", "required"), ("disabled", "optional")])
def test_passes_version_2_and_no_metadata_at_all(endpoint, tokens):
    """
    Nothing is to be had without a token.
    """
    assert [Status.PASS] == statuses(look(endpoint, tokens))


def test_does_not_judge_what_aws_runs():
    """
    Auto Mode's nodes are not their owner's to change.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(Operator={"Managed": True}))


def test_says_unknown_where_aws_does_not_tell():
    """
    No default is assumed.
    """
    assert [Status.UNKNOWN] == statuses(look(None, None))

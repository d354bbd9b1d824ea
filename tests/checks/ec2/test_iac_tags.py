import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import VPCS, Vpc
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.iac_tags import iac_tags
from tests.checks.ec2.nodes import node


OWNED = {"Owner": "nodes", "environment": "production"}


@pytest.mark.parametrize(
    "key", ["aws:cloudformation:stack-name", "ManagedBy", "Terraform", "pulumi:project", "eks:nodegroup-name"]
)
def test_passes_a_tag_for_the_origin(key):
    """
    In whatever case, of each tool.
    """
    assert [Status.PASS] == statuses(run_check(iac_tags, node(tags={**OWNED, key: "x"})))


def test_flags_what_is_missing():
    """
    VPCs are judged, too.
    """
    (bare,) = run_check(iac_tags, fake(Vpc, {VPCS: {"VpcId": "vpc-1", "Tags": [{"Key": "owner", "Value": "x"}]}}))
    (owner,) = run_check(iac_tags, node(tags={"ManagedBy": "terraform", "environment": "production"}))

    assert "no tag tells what made it; the tag environment is missing" == bare.message
    assert (Status.FAIL, "the tag owner is missing") == (owner.status, owner.message)


def test_asks_for_the_keys_of_the_configuration():
    """
    None may be asked for.
    """
    assert [Status.PASS] == statuses(run_check(iac_tags, node(tags={"ManagedBy": "terraform"}), required=()))

import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import METADATA_DEFAULTS, Instance, MetadataDefaults
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.imds_account_default import imds_account_default
from tests.checks.ec2.nodes import node


def look(*others, **described):
    more = {"unlisted": described.pop("unlisted")} if "unlisted" in described else {}
    return run_check(imds_account_default, fake(MetadataDefaults, {METADATA_DEFAULTS: described}), *others, **more)


@pytest.mark.parametrize(("described", "found"), [({}, "no preference"), ({"HttpTokens": "optional"}, "optional")])
def test_flags_regions_where_version_1_is_possible(described, found):
    """
    No preference leaves it to the AMI.
    """
    (finding,) = look(node(), **described)

    assert (Status.FAIL, found) == (finding.status, finding.found)


def test_passes_required_tokens():
    """
    That it is not enforced is a remark.
    """
    (loose,) = look(node(), HttpTokens="required")
    (policy,) = look(node(), HttpTokens="required", HttpTokensEnforced="enabled", ManagedBy="declarative-policy")

    assert (Status.PASS, Status.PASS) == (loose.status, policy.status)
    assert "not enforced" in loose.notes[0]
    assert "declarative policy" in policy.notes[0]


def test_judges_regions_with_instances():
    """
    Where there is none, and where that could not be seen.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look())
    assert [Status.UNKNOWN] == statuses(look(unlisted=[Instance]))

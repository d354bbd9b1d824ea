import pytest

from awsaudit import Status
from awsaudit.resources.ec2 import Instance
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_egress_unrestricted_signer import sg_egress_unrestricted_signer
from tests.net import instance, interface, rule, security_group


FREE = rule(None, "0.0.0.0/0")


def look(*out, name="web3signer-1", **more):
    group = security_group(name="node", IpPermissionsEgress=list(out))
    return run_check(sg_egress_unrestricted_signer, group, interface(), instance(Name=name), **more)


@pytest.mark.parametrize("entry", [FREE, rule(0, "::/0", to=65535), rule(1, "0.0.0.0/0", "10.0.0.0/8", to=65535)])
def test_flags_a_signer_that_may_talk_to_everybody(entry):
    """
    All traffic, or all ports, to everywhere.
    """
    (finding,) = look(entry)

    assert Status.FAIL is finding.status
    assert "it lets a host with signing keys out to " in finding.message
    assert finding.fix.startswith("aws ec2 revoke-security-group-egress --region eu-west-1 --group-id sg-1 ")


@pytest.mark.parametrize("entry", [rule(443, "0.0.0.0/0"), rule(None, "10.0.0.0/8"), rule(443, lists=("pl-1",))])
def test_passes_named_ports_and_destinations(entry):
    """
    HTTPS to everywhere, everything to a private range, and prefix lists are fine.
    """
    assert [Status.PASS] == statuses(look(entry))


def test_hosts_without_keys_are_not_judged():
    """
    Neither tags nor name call the host a signer or validator; a tag of its role goes before its name.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(FREE, name="web-1"))
    group = security_group(name="node", IpPermissionsEgress=[FREE])
    told = instance(Name="web3signer", role="execution")
    assert [Status.NOT_APPLICABLE] == statuses(run_check(sg_egress_unrestricted_signer, group, interface(), told))


def test_is_unknown_where_hosts_cannot_be_seen():
    """
    What they do decides.
    """
    group = security_group(IpPermissionsEgress=[FREE])

    assert [Status.UNKNOWN] == statuses(
        run_check(sg_egress_unrestricted_signer, group, interface(), unlisted=[Instance])
    )

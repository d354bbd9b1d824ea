import json
import shlex

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_eth_engine_api_open import sg_eth_engine_api_open
from tests.net import instance, interface, open_network, rule, security_group


def look(*rules, others=()):
    return run_check(sg_eth_engine_api_open, security_group(*rules), interface(), *open_network(), *others)


def test_flags_what_the_internet_reaches():
    """
    High, with the way.
    """
    (finding,) = look(rule(8551, "0.0.0.0/0"))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert finding.message.startswith("it opens 8551 (Engine API) to 0.0.0.0/0; ")


def test_flags_wide_private_ranges():
    """
    More than a handful of hosts are medium; the command revokes that rule.
    """
    (finding,) = look(rule(8551, "10.0.0.0/16"))

    assert (Severity.MEDIUM, "8551:ranges") == (finding.severity, finding.sub_key)
    assert "it admits 10.0.0.0/16 to port 8551" == finding.message
    assert [{"CidrIp": "10.0.0.0/16"}] == json.loads(shlex.split(finding.fix)[-1])[0]["IpRanges"]


def test_flags_groups_of_hosts_that_do_something_else():
    """
    A group of monitoring hosts has no business there; only its part of the rule is revoked.
    """
    other = security_group(id_="sg-2", name="obs")
    members = (other, interface(id_="eni-2", groups=("sg-2",), instance="i-2"), instance("i-2", role="monitoring"))
    (finding,) = look(rule(8551, "10.0.0.1/32", groups=("sg-2", "sg-1")), others=(*members, instance()))

    assert "it admits the group sg-2 (monitoring) to port 8551" == finding.message
    assert [{"GroupId": "sg-2"}] == json.loads(shlex.split(finding.fix)[-1])[0]["UserIdGroupPairs"]


def test_passes_the_consensus_client():
    """
    Its group, the own group, single hosts, and groups of which nothing is known.
    """
    other = security_group(id_="sg-2", name="obs")
    members = (other, interface(id_="eni-2", groups=("sg-2",), instance="i-2"), instance("i-2", Name="lighthouse-1"))

    assert [Status.PASS] == statuses(look(rule(8551, "10.0.0.16/28", groups=("sg-1", "sg-2")), others=members))
    assert [Status.PASS] == statuses(look(rule(8551, groups=("sg-3",)), others=(security_group(id_="sg-3", name="x"),)))
    assert [Status.PASS] == statuses(look(rule(443, "0.0.0.0/0")))

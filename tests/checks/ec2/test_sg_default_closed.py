import json
import shlex

from awsaudit import Severity, Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.sg_default_closed import sg_default_closed
from tests.net import interface, rule, security_group


def default(*rules, out=(), **more):
    return security_group(*rules, name="default", IpPermissionsEgress=list(out), **more)


def test_flags_the_rules_that_aws_makes():
    """
    What AWS gives a new default group, everything from its members in and everything out, is told of, and revoked.
    """
    group = default(rule(None, groups=("sg-1",)), out=[rule(None, "0.0.0.0/0")])
    (finding,) = run_check(sg_default_closed, group, interface())

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "the default group has 1 inbound rule and 1 outbound rule; 1 network interface uses it" == finding.message
    first, second = finding.fix.split(" && ")
    assert [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1"}]}] == json.loads(shlex.split(first)[-1])
    assert [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}] == json.loads(shlex.split(second)[-1])


def test_is_low_while_nothing_uses_it():
    """
    A default group on no interface is milder, and only the rules that there are get revoked.
    """
    (finding,) = run_check(sg_default_closed, default(out=[rule(None, "0.0.0.0/0")]), interface(groups=()))

    assert Severity.LOW is finding.severity
    assert finding.fix.startswith("aws ec2 revoke-security-group-egress ")
    assert " && " not in finding.fix


def test_passes_one_without_rules():
    """
    Nothing in, nothing out.
    """
    assert [Status.PASS] == statuses(run_check(sg_default_closed, default()))


def test_leaves_other_groups_and_shared_ones_alone():
    """
    Groups of another name, and that of a VPC which another account shares, are not judged.
    """
    others = (security_group(rule(22, "0.0.0.0/0")), default(rule(22, "0.0.0.0/0"), OwnerId="444455556666"))

    assert [Status.NOT_APPLICABLE] * 2 == [s for group in others for s in statuses(run_check(sg_default_closed, group))]

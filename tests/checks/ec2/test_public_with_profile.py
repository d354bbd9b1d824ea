import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import INSTANCES, Instance, NetworkAcl, NetworkInterface
from awsaudit.resources.iam import Role
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ENCRYPTION,
    LIST,
    POLICY,
    PUBLIC_ACCESS,
    TAGGING,
    AccountPublicAccess,
    Bucket,
)
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.public_with_profile import public_with_profile
from tests.estate import OWN, allow, alone, key, role, secret
from tests.net import (
    block_public_access,
    interface,
    listener,
    load_balancer,
    network_acl,
    open_network,
    route_table,
    rule,
    security_group,
    target_group,
)


PROFILE = f"arn:aws:iam::{OWN}:instance-profile/web"
STATE = fake(
    Bucket,
    {
        LIST: {"Name": "team-tfstate", "BucketRegion": "eu-west-1"},
        POLICY: None,
        PUBLIC_ACCESS: None,
        ENCRYPTION: {"SSEAlgorithm": "AES256"},
        TAGGING: [],
    },
)
THINGS = (
    secret("payments/api-key"),
    key("k-sign", usage="SIGN_VERIFY"),
    STATE,
    fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None}),
    *alone(),
)
OPEN = security_group(rule(443, "0.0.0.0/0"))


def host(**more):
    return fake(
        Instance,
        {
            INSTANCES: {
                "InstanceId": "i-1",
                "State": {"Name": "running"},
                "IamInstanceProfile": {"Arn": PROFILE},
                **more,
            }
        },
    )


def web(*statements):
    return role("web", *statements, InstanceProfileList=[{"Arn": PROFILE}])


def look(holder, *network, instance=None, **more):
    place = network or (OPEN, interface(), *open_network())
    return run_check(public_with_profile, instance or host(), holder, *place, *THINGS, **more)


@pytest.mark.parametrize(
    ("statement", "said", "severity"),
    [
        (allow("*"), "may do everything in the account", Severity.CRITICAL),
        (allow("secretsmanager:GetSecretValue"), "reads the secret payments/api-key", Severity.HIGH),
        (allow("kms:Sign"), "signs with the key k-sign", Severity.HIGH),
        (allow("s3:GetObject"), "reads the Terraform state in team-tfstate", Severity.HIGH),
        (allow("iam:PutRolePolicy"), "can give itself more rights, with iam:PutRolePolicy", Severity.HIGH),
    ],
)
def test_flags_a_powerful_role_behind_an_open_port(statement, said, severity):
    """
    The way from the internet to what the role reaches is in the finding, hop by hop.
    """
    (finding,) = look(web(statement))

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert "the internet reaches it on port 443, as it has the public address 203.0.113.10" in finding.message
    assert said in finding.message
    assert ["internet", "subnet-a", "sg-1", "eni-1"] == [hop.resource for hop in finding.path[:4]]
    assert finding.fix


def test_passes_a_role_that_reads_nothing_of_worth():
    """
    Writing metrics harms nobody.
    """
    assert [Status.PASS] == statuses(look(web(allow("cloudwatch:PutMetricData"))))


def test_follows_a_load_balancer():
    """
    A private host behind one that faces the internet is reached by what its group lets in.
    """
    edge = load_balancer()
    network = (
        security_group(rule(9000, "0.0.0.0/0", to=9010)),
        interface(public_ip=None),
        *open_network(),
        edge,
        listener(edge),
        target_group(edge, ("i-1", 9005)),
    )
    (finding,) = look(web(allow("*")), *network)

    assert "on port 9005, as it is a target of the load balancer edge" in finding.message


@pytest.mark.parametrize(
    "network",
    [
        (security_group(rule(443, "10.0.0.0/8")), interface(), *open_network()),
        (OPEN, interface(public_ip=None), *open_network()),
        (OPEN, interface(), route_table("nat-1"), network_acl(), block_public_access()),
        (OPEN, interface(), route_table(), network_acl("deny"), block_public_access()),
        (OPEN, interface(), route_table(), network_acl(), block_public_access("block-ingress")),
        (OPEN, interface(instance="i-2"), *open_network()),
    ],
)
def test_does_not_judge_what_the_internet_does_not_reach(network):
    """
    Group, address, route, network ACL and Block Public Access each bar the way.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(web(allow("*")), *network))


def test_does_not_judge_hosts_without_a_role():
    """
    Nothing is to be had on them; nor on stopped ones.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(web(allow("*")), instance=host(IamInstanceProfile=None)))
    assert [Status.NOT_APPLICABLE] == statuses(look(web(allow("*")), instance=host(State={"Name": "stopped"})))
    assert [Status.NOT_APPLICABLE] == statuses(look(role("other")))


@pytest.mark.parametrize("kind", [NetworkInterface, NetworkAcl, Role])
def test_refused_evidence_is_unknown(kind):
    """
    Neither the network nor the role is guessed at.
    """
    place = [each for each in (OPEN, interface(), *open_network()) if not isinstance(each, kind)]
    holder = [] if kind is Role else [web(allow("*"))]
    found = run_check(public_with_profile, host(), *holder, *place, *THINGS, unlisted=[kind])

    assert [Status.UNKNOWN] == statuses(found)

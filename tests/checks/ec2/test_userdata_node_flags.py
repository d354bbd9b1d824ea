import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ec2.userdata_node_flags import userdata_node_flags
from tests.launch import group, host, of_template, started_from, template, version
from tests.net import interface, open_network, rule, security_group


BOUND = "geth --http --http.addr 0.0.0.0\n"
SOUND = "geth --http --http.addr 127.0.0.1\n"
ADMIN = "geth --http --http.addr 10.0.0.5 --http.api eth,admin\n"


def open_to_the_internet():
    return (security_group(rule(8545, "0.0.0.0/0")), interface(), *open_network())


def test_flags_what_is_bound_on_all_addresses():
    """
    Medium as long as the internet does not get there.
    """
    (finding,) = run_check(userdata_node_flags, host(BOUND))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "geth binds its HTTP RPC, port 8545, on all addresses (--http.addr=0.0.0.0)" == finding.message


def test_follows_the_way_of_the_internet():
    """
    A public address, a route and a security group that admits it.
    """
    (finding,) = run_check(userdata_node_flags, host(BOUND), *open_to_the_internet())

    assert Severity.HIGH == finding.severity
    assert finding.message.endswith("the internet gets to it, as i-1 has the public address 203.0.113.10")


def test_does_not_guess_that_way():
    """
    The flag fails all the same.
    """
    (finding,) = run_check(userdata_node_flags, host(BOUND), interface(), unlisted=[SecurityGroup])

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert finding.message.endswith("could not be told")


@pytest.mark.parametrize(
    ("script", "severity"),
    [
        (ADMIN, Severity.HIGH),
        ("besu --engine-jwt-disabled\n", Severity.CRITICAL),
        ("besu --rpc-http-enabled --host-allowlist=*\n", Severity.LOW),
    ],
)
def test_grades_what_flags_open(script, severity):
    """
    As bad as what somebody can do who gets there.
    """
    assert [severity] == [finding.severity for finding in run_check(userdata_node_flags, host(script))]


def test_passes_loopback():
    """
    Nobody but the host itself gets there.
    """
    assert [Status.PASS] == statuses(run_check(userdata_node_flags, host(SOUND)))


@pytest.mark.parametrize("instance", [host(), host("apt-get install geth\n"), host(BOUND, Operator={"Managed": True})])
def test_needs_a_client(instance):
    """
    In the user data of a host of the owner's.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(userdata_node_flags, instance))


@pytest.mark.parametrize(
    "script", ["besu --config-file=/etc/besu.toml\n", "geth $ARGS\n", "systemctl start geth\n", b"\xff\xfe\x00\x80"]
)
def test_does_not_guess_flags(script):
    """
    Files, variables and units that are not there, and what cannot be read.
    """
    assert [Status.UNKNOWN] == statuses(run_check(userdata_node_flags, host(script)))


def test_flags_versions_of_templates():
    """
    The default one and those in use, once for each flag, with the way to their hosts.
    """
    parent = template(default=1, latest=3)
    versions = (version(parent, 1, BOUND), version(parent, 2, BOUND), version(parent, 3, ADMIN))
    member = host(BOUND, started_from(2, by_group=True))
    (finding,) = run_check(userdata_node_flags, parent, *versions, group(**of_template("2")), member)
    (reached,) = run_check(
        userdata_node_flags, parent, *versions, group(**of_template("2")), member, *open_to_the_internet()
    )

    assert finding.message.startswith(
        "in version 1 (its default version), version 2 (the one of the group nodes) geth binds"
    )
    assert (Severity.MEDIUM, Severity.HIGH) == (finding.severity, reached.severity)


def test_passes_templates_without_such_flags():
    """
    Without a client they are not judged; old versions are not, either.
    """
    sound, bare = template(default=2, latest=2), template()

    assert [Status.PASS] == statuses(
        run_check(userdata_node_flags, sound, version(sound, 1, BOUND), version(sound, 2, SOUND))
    )
    assert [Status.NOT_APPLICABLE] == statuses(run_check(userdata_node_flags, bare, version(bare)))


def test_leaves_hosts_of_groups_to_their_templates():
    """
    One flag is told once.
    """
    parent = template()
    instance = host(BOUND, started_from(by_group=True))

    assert [Status.NOT_APPLICABLE] == statuses(
        run_check(userdata_node_flags, instance, parent, version(parent, 1, BOUND))
    )

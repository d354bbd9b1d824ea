import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS, NetworkInterface, SecurityGroup, Subnet
from awsaudit.resources.ecs import DESCRIBE_INSTANCES, INSTANCES, ContainerInstance, Service
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.taskdef_node_flags import taskdef_node_flags
from tests.fleet import CLUSTER, ECS, container, definition, family, schedule, service, task
from tests.net import (
    VPC,
    block_public_access,
    interface,
    listener,
    load_balancer,
    network_acl,
    open_network,
    rule,
    security_group,
    target_group,
)


OPEN = security_group(rule(8545, "0.0.0.0/0"))
CLOSED = security_group(rule(8545, "10.0.0.0/8"))
SUBNET = fake(Subnet, {SUBNETS: {"SubnetId": "subnet-a", "VpcId": VPC}})
HOST = f"{ECS}:container-instance/main/1f2e"
ATTACHED = [{"type": "ElasticNetworkInterface", "details": [{"name": "networkInterfaceId", "value": "eni-1"}]}]


def geth(*flags, **more):
    return container("geth", "ethereum/client-go:stable", command=["--http", *flags], **more)


BOUND = geth("--http.addr=0.0.0.0")
SOUND = geth("--http.addr", "127.0.0.1")


def started(*containers, mode="awsvpc"):
    return definition(*containers, networkMode=mode)


def placed(public="ENABLED", **more):
    network = {"subnets": ["subnet-a"], "securityGroups": ["sg-1"], "assignPublicIp": public}
    return {"networkConfiguration": {"awsvpcConfiguration": network}, **more}


def behind(name="edge"):
    group = {"targetGroupArn": target_group(load_balancer(name), name="nodes").arn}
    return {"loadBalancers": [{**group, "containerName": "geth", "containerPort": 8545}]}


def balanced(scheme="internet-facing"):
    balancer = load_balancer(scheme=scheme)
    return balancer, listener(balancer), target_group(balancer)


def host(*, instance="i-1"):
    described = {"containerInstanceArn": HOST, "ec2InstanceId": instance}
    return fake(ContainerInstance, {INSTANCES: HOST, DESCRIBE_INSTANCES: described}, parent=CLUSTER)


def look(revision, *others, unlisted=()):
    return run_check(taskdef_node_flags, family(), *others or (service(revision, **placed()),), unlisted=unlisted)


def test_flags_what_the_internet_gets_to():
    """
    By the addresses that a service gives its tasks, a route and a security group.
    """
    revision = started(BOUND)
    [finding] = look(revision, service(revision, **placed()), SUBNET, OPEN, *open_network())

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert (
        "in api:7, which the service api starts, geth binds its HTTP RPC, port 8545, on all addresses "
        "(--http.addr=0.0.0.0) in the container geth; the internet gets to it: the service api gives its tasks public "
        "addresses, and sg-1 opens it to 0.0.0.0/0" == finding.message
    )
    assert ["internet", "subnet-a", "sg-1"] == [hop.resource for hop in finding.path[:3]]


@pytest.mark.parametrize(
    ("public", "held"),
    [
        ("DISABLED", open_network()),
        ("ENABLED", ()),
        ("ENABLED", (open_network()[0], network_acl("deny"))),
        ("ENABLED", (*open_network()[:2], block_public_access("block-bidirectional"))),
    ],
)
def test_an_open_group_is_medium_where_something_else_bars_the_way(public, held):
    """
    No address, no route, a network ACL, or VPC Block Public Access.
    """
    revision = started(BOUND)
    [finding] = look(revision, service(revision, **placed(public)), SUBNET, OPEN, *held)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "sg-1 opens it to 0.0.0.0/0, but" in finding.message
    assert not finding.path[-1].holds


def test_a_load_balancer_leads_there_too():
    """
    One that faces the internet; an internal one does not, nor one for another port.
    """
    revision = started(BOUND)
    judged = service(revision, **placed("DISABLED", **behind()))
    [finding] = look(revision, judged, SUBNET, CLOSED, *balanced())

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "the load balancer edge sends it to the service api" in finding.message
    assert [Status.PASS] == statuses(look(revision, judged, SUBNET, CLOSED, *balanced("internal")))


def test_passes_what_only_some_get_to():
    """
    A container that bound to loopback would serve nobody.
    """
    bound, sound = started(BOUND), started(SOUND)

    assert [Status.PASS] == statuses(look(bound, service(bound, **placed()), SUBNET, CLOSED, *open_network()))
    assert [Status.PASS] == statuses(look(sound, service(sound, **placed()), SUBNET, OPEN, *open_network()))


def test_follows_tasks_that_were_started_by_hand():
    """
    By their own interfaces.
    """
    revision = started(BOUND)
    running = task(revision, attachments=ATTACHED)
    [finding] = look(revision, running, interface(instance=None), OPEN, *open_network())

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "the interface eni-1 of the task 0a1b has the public address 203.0.113.10" in finding.message
    assert [Status.PASS] == statuses(look(revision, running, interface(instance=None), CLOSED, *open_network()))
    assert [Status.UNKNOWN] == statuses(look(revision, running, OPEN, *open_network()))


@pytest.mark.parametrize(
    ("mode", "ports", "bound"),
    [
        ("host", [], []),
        ("bridge", [{"containerPort": 8545, "hostPort": 18545}], [{"containerPort": 8545, "hostPort": 18545}]),
        (None, [{"containerPort": 8545}], [{"containerPort": 8545, "hostPort": 40001, "protocol": "tcp"}]),
    ],
)
def test_follows_tasks_to_their_hosts(mode, ports, bound):
    """
    Where they have no interface of their own: by the host's port.
    """
    revision = started({**BOUND, "portMappings": ports}, mode=mode)
    containers = [{"name": "geth", "networkBindings": bound}]
    running = task(revision, containerInstanceArn=HOST, containers=containers)
    outside = bound[0]["hostPort"] if bound else 8545
    admits = security_group(rule(outside, "0.0.0.0/0"))
    others = security_group(rule(outside + 1, "0.0.0.0/0"))
    [finding] = look(revision, service(revision), running, host(), interface(), admits, *open_network())

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert [Status.PASS] == statuses(look(revision, service(revision), running, host(), interface(), others))
    assert [Status.UNKNOWN] == statuses(look(revision, service(revision)))


@pytest.mark.parametrize(("mode", "ports"), [("bridge", [{"containerPort": 30303}]), ("none", [])])
def test_ports_that_are_not_published_pass(mode, ports):
    """
    Docker lets nobody in from outside; a port of UDP is another one.
    """
    udp = {"containerPort": 8545, "hostPort": 8545, "protocol": "udp"}
    revision = started({**BOUND, "portMappings": [*ports, udp]}, mode=mode)

    assert [Status.PASS] == statuses(look(revision, service(revision)))


@pytest.mark.parametrize(
    ("flagged", "severity"),
    [
        (geth("--http.addr", "10.0.0.5", "--http.api", "eth,admin"), Severity.HIGH),
        (geth("--http.addr=127.0.0.1", "--http.api=eth,debug"), Severity.LOW),
        (geth("--http.vhosts=*"), Severity.LOW),
        (container("el", "hyperledger/besu:25", command=["--engine-jwt-disabled"]), Severity.CRITICAL),
        (
            container("el", "hyperledger/besu:25", environment=[{"name": "BESU_ENGINE_JWT_DISABLED", "value": "true"}]),
            Severity.CRITICAL,
        ),
        (
            container("vc", f"{ECS}/own", entryPoint=["sh", "-c"], command=["exec lodestar validator --keymanager --keymanager.auth false"]),
            Severity.HIGH,
        ),
    ],
)  # fmt: skip
def test_grades_what_else_flags_open(flagged, severity):
    """
    As in user data; whoever gets there.
    """
    revision = started(flagged)

    assert [severity] == [finding.severity for finding in look(revision, service(revision), SUBNET)]


def test_needs_a_client():
    """
    Other containers have other flags.
    """
    revision = started(container(command=["--http.addr=0.0.0.0"]))

    assert [Status.NOT_APPLICABLE] == statuses(look(revision))


@pytest.mark.parametrize(
    "hidden",
    [
        container("el", "hyperledger/besu:25", command=["--config-file=/etc/besu.toml"]),
        {**SOUND, "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::config/geth.env"}]},
    ],
)
def test_does_not_guess_flags(hidden):
    """
    Files are not read.
    """
    assert [Status.UNKNOWN] == statuses(look(started(hidden)))


def test_does_not_guess_who_gets_there():
    """
    Nobody saw the security groups, or nothing runs that would have some.
    """
    revision = started(BOUND)
    judged = service(revision, **placed())

    assert [Status.UNKNOWN] == statuses(look(revision, judged, SUBNET, unlisted=[SecurityGroup]))
    assert [Status.UNKNOWN] == statuses(look(revision, judged, SUBNET))
    assert [Status.UNKNOWN] == statuses(look(revision, schedule(revision)))
    assert [Status.UNKNOWN] == statuses(look(revision, task(revision), unlisted=[NetworkInterface]))


def test_a_family_that_nothing_uses_gets_a_remark():
    """
    Flags that are bad wherever they run; that nobody knows where its ports would be is no matter.
    """
    risky, bound = started(geth("--http.vhosts=*")), started(BOUND)
    [finding] = run_check(taskdef_node_flags, family(risky))

    assert Status.PASS is finding.status
    assert "nothing uses it; in its newest revision geth lets its HTTP RPC be called by any name" in finding.message
    assert [Status.PASS] == statuses(run_check(taskdef_node_flags, family(bound)))
    assert [Status.UNKNOWN] == statuses(run_check(taskdef_node_flags, family(risky), unlisted=[Service]))

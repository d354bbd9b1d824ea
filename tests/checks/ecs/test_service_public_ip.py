import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS, RouteTable, SecurityGroup, Subnet
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.service_public_ip import service_public_ip
from tests.fleet import container, definition, service
from tests.net import VPC, prefix_list, route_table, rule, security_group


SUBNET = fake(Subnet, {SUBNETS: {"SubnetId": "subnet-a", "VpcId": VPC}})


def place(public="ENABLED", **more):
    network = {"subnets": ["subnet-a"], "securityGroups": ["sg-1"], "assignPublicIp": public, **more}
    return {"networkConfiguration": {"awsvpcConfiguration": {k: v for k, v in network.items() if v}}}


def look(given, *others, unlisted=(), **more):
    judged = service(definition(container()), **given, **more)
    held = others or (SUBNET, route_table(), security_group(rule(443, "10.0.0.0/8")))
    return run_check(service_public_ip, judged, *held, unlisted=unlisted)


def test_flags_public_addresses():
    """
    Medium as long as no group lets the internet in.
    """
    [finding] = look(place())

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "its tasks get public addresses" == finding.message


@pytest.mark.parametrize(
    ("opened", "said"),
    [
        (rule(443, "0.0.0.0/0"), "port 443"),
        (rule(None, "0.0.0.0/1", "128.0.0.0/1"), "every port"),
        (rule(8000, "0.0.0.0/0", to=9000), "ports 8000-9000"),
        (rule(443, lists=("pl-1",)), "port 443"),
    ],
)
def test_what_the_internet_gets_to_is_high(opened, said):
    """
    By a route and an entry of a group, be it a prefix list.
    """
    held = SUBNET, route_table(), security_group(opened), prefix_list("0.0.0.0/0")
    [finding] = look(place(), *held)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"sg-1 lets everybody in on {said}" in finding.message


def test_without_a_route_nobody_gets_there():
    """
    The address leads nowhere.
    """
    held = SUBNET, route_table("nat-1"), security_group(rule(443, "0.0.0.0/0"))
    [finding] = look(place(), *held)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


def test_the_default_group_counts_where_none_is_named():
    """
    ECS takes that of the VPC.
    """
    held = SUBNET, route_table(), security_group(rule(443, "0.0.0.0/0"), name="default")
    [finding] = look(place(securityGroups=None), *held)

    assert Severity.HIGH is finding.severity


@pytest.mark.parametrize("hidden", [RouteTable, SecurityGroup, Subnet])
def test_what_cannot_be_seen_does_not_hide_the_address(hidden):
    """
    It only leaves open how bad that is.
    """
    [finding] = look(place(), unlisted=[hidden])

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)


@pytest.mark.parametrize("where", ["taskSets", "deployments"])
def test_task_sets_and_deployments_count(where):
    """
    Of them there is no command: they go by themselves.
    """
    [finding] = look({**place("DISABLED"), where: [{"id": "ecs-svc/1", **place()}]})

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert "by ecs-svc/1" in finding.message


def test_the_command_keeps_subnets_and_groups():
    """
    And passes.
    """
    [finding] = look(place())
    network = json.loads(shlex.split(finding.fix)[-1])

    assert {"subnets": ["subnet-a"], "securityGroups": ["sg-1"], "assignPublicIp": "DISABLED"} == network[
        "awsvpcConfiguration"
    ]
    assert [Status.PASS] == statuses(look({"networkConfiguration": network}))


def test_what_another_deploys_gets_no_command():
    """
    Its network is set elsewhere.
    """
    [finding] = look({**place(), "deploymentController": {"type": "CODE_DEPLOY"}})

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize("public", ["DISABLED", None])
def test_private_tasks_pass(public):
    """
    It is off by default.
    """
    assert [Status.PASS] == statuses(look(place(public)))


@pytest.mark.parametrize("given", [{}, {**place(), "status": "DRAINING"}])
def test_does_not_concern_hosts_and_what_is_deleted(given):
    """
    Hosts have checks of their own.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(given))

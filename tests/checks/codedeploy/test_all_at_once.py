import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codedeploy.all_at_once import all_at_once


WEB = {"Key": "role", "Value": "web", "Type": "KEY_AND_VALUE"}


def server(id_, state="running", region="eu-west-1", **tags):
    item = {"InstanceId": id_, "State": {"Name": state}, "Tags": [{"Key": k, "Value": v} for k, v in tags.items()]}
    return fake(Instance, {INSTANCES: item}, region=region)


def of_platform(platform, config, **more):
    return {"computePlatform": platform, "deploymentConfigName": config, **more}


@pytest.mark.parametrize(
    ("platform", "config", "slower"),
    [
        ("Lambda", "CodeDeployDefault.LambdaAllAtOnce", "CodeDeployDefault.LambdaCanary10Percent5Minutes"),
        ("ECS", "CodeDeployDefault.ECSAllAtOnce", "CodeDeployDefault.ECSCanary10Percent5Minutes"),
    ],
)
def test_flags_traffic_that_moves_at_once(group, platform, config, slower):
    """
    Functions and services; the fix is a configuration of AWS's own for the platform.
    """
    [finding] = run_check(all_at_once, group("production", **of_platform(platform, config)))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert finding.fix.endswith(f"--deployment-config-name {slower}")


@pytest.mark.parametrize(
    ("pace", "status"),
    [
        ({"trafficRoutingConfig": {"type": "AllAtOnce"}}, Status.FAIL),
        ({"trafficRoutingConfig": {"type": "TimeBasedLinear"}}, Status.PASS),
        (None, Status.UNKNOWN),
        ({}, Status.UNKNOWN),
    ],
)
def test_configurations_of_ones_own_are_read(group, pace, status):
    """
    Their names say nothing; one that was deleted, or says nothing either, is unknown.
    """
    assert [status] == statuses(
        run_check(all_at_once, group("production", config=pace, **of_platform("Lambda", "AllAtOnceNot")))
    )


@pytest.mark.parametrize(
    "chosen",
    [
        {"ec2TagFilters": [WEB]},
        {"ec2TagFilters": [{"Key": "role", "Type": "KEY_ONLY"}]},
        {"ec2TagFilters": [{"Value": "web", "Type": "VALUE_ONLY"}]},
        {
            "ec2TagSet": {
                "ec2TagSetList": [[WEB, {"Key": "x", "Type": "KEY_ONLY"}], [{"Key": "role", "Type": "KEY_ONLY"}]]
            }
        },
        {"autoScalingGroups": [{"name": "web"}]},
    ],
)
def test_flags_servers_that_are_replaced_at_once(group, chosen):
    """
    However they are chosen, two are enough; a single one has no steps, and stopped ones do not count.
    """
    fleet = group("production", **of_platform("Server", "CodeDeployDefault.AllAtOnce", **chosen))
    scaled = {"aws:autoscaling:groupName": "web"}
    one, two = server("i-1", role="web", **scaled), server("i-2", role="web", **scaled)
    others = (server("i-3", "stopped", role="web", **scaled), server("i-4", region="us-east-1", role="web", **scaled))

    assert [Status.FAIL] == statuses(run_check(all_at_once, fleet, one, two))
    assert [Status.PASS] == statuses(run_check(all_at_once, fleet, one, *others, server("i-5", purpose="db")))


def test_a_set_of_tags_wants_one_of_every_list(group):
    """
    A server that has the tag of one list only does not belong to the group.
    """
    lists = {"ec2TagSet": {"ec2TagSetList": [[WEB], [{"Key": "stage", "Type": "KEY_ONLY"}]]}}
    fleet = group("production", **of_platform("Server", "CodeDeployDefault.AllAtOnce", **lists))

    assert [Status.PASS] == statuses(
        run_check(all_at_once, fleet, server("i-1", role="web"), server("i-2", role="web", stage="live"))
    )


@pytest.mark.parametrize(
    ("pace", "status"),
    [
        ({"minimumHealthyHosts": {"type": "FLEET_PERCENT", "value": 0}}, Status.FAIL),
        ({"minimumHealthyHosts": {"type": "HOST_COUNT", "value": 1}}, Status.PASS),
        ({"minimumHealthyHosts": {"type": "HOST_COUNT", "value": 0}, "zonalConfig": {}}, Status.FAIL),
        (
            {
                "minimumHealthyHosts": {"type": "HOST_COUNT", "value": 0},
                "zonalConfig": {"monitorDurationInSeconds": 60},
            },
            Status.PASS,
        ),
    ],
)
def test_servers_that_keep_running_make_steps(group, pace, status):
    """
    Some servers, or a zone after the other.
    """
    fleet = group("production", config=pace, **of_platform("Server", "own", ec2TagFilters=[WEB]))

    assert [status] == statuses(run_check(all_at_once, fleet, server("i-1", role="web"), server("i-2", role="web")))


def test_servers_outside_of_ec2_cannot_be_counted(group):
    """
    One instance and some others may be many.
    """
    outside = {"onPremisesInstanceTagFilters": [WEB]}
    fleet = group("production", **of_platform("Server", "CodeDeployDefault.AllAtOnce", **outside))

    assert [Status.UNKNOWN] == statuses(run_check(all_at_once, fleet))


def test_instances_that_cannot_be_listed_are_unknown(group):
    """
    How many there are decides.
    """
    fleet = group("production", **of_platform("Server", "CodeDeployDefault.AllAtOnce", ec2TagFilters=[WEB]))

    assert [Status.UNKNOWN] == statuses(run_check(all_at_once, fleet, unlisted=[Instance]))


@pytest.mark.parametrize(
    ("name", "application", "trust"),
    [
        ("prod", "api", Trust()),
        ("green", "api-production", Trust()),
        ("live-1", "api", Trust(production=("name=live-*",))),
    ],
)
def test_production_is_told_by_name(group, name, application, trust):
    """
    That of the group or of the application, or as the configuration says.
    """
    judged = group(name, application, **of_platform("Lambda", "CodeDeployDefault.LambdaAllAtOnce"))

    assert [Status.FAIL] == statuses(run_check(all_at_once, judged, trust=trust))


def test_others_are_judged_if_asked_for(group):
    """
    Where nothing is at stake, all at once is quicker.
    """
    judged = group("dev", **of_platform("Lambda", "CodeDeployDefault.LambdaAllAtOnce"))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(all_at_once, judged))
    assert [Status.FAIL] == statuses(run_check(all_at_once, judged, everywhere=True))


def test_services_behind_a_network_load_balancer_have_no_steps(group):
    """
    CodeDeploy offers nothing else there.
    """
    arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/net/api/1/2"
    pair = {"targetGroupPairInfoList": [{"prodTrafficRoute": {"listenerArns": [arn]}}]}
    judged = group("production", **of_platform("ECS", "CodeDeployDefault.ECSAllAtOnce", loadBalancerInfo=pair))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(all_at_once, judged))

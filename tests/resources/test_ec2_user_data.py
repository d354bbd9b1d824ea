"""Whose user data is asked for, and that its text goes nowhere."""

from awsaudit.collect import Collector
from awsaudit.inventory import Inventory, Target
from awsaudit.live import Live, Tuning
from awsaudit.plan import plan_facts
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.launch_template import LaunchTemplate, LaunchTemplateVersion
from awsaudit.testing import AS_OF
from tests.launch import LEAK, encoded, started_from
from tests.test_collect import Session


def collect(session, *facts):
    """Return an inventory of what *facts* need and no more."""
    plan, target = plan_facts(facts), Target("111122223333", "aws", ("eu-west-1",), AS_OF)
    inventory = Inventory(target)
    for collected in Collector(plan, Live(session, plan, Tuning(workers=1)), target, workers=1):
        inventory.add(collected)
    return inventory


def listed(id_, tags=None, **more):
    described = {"InstanceId": id_, "Tags": [{"Key": key, "Value": value} for key, value in (tags or {}).items()]}
    return {**described, **more}


def test_hosts_of_groups_and_of_aws_are_not_asked():
    """
    What a group starts has its template's user data; somebody else's host may have its own.
    """
    session = Session()
    ec2 = session.stub("ec2")
    hosts = [
        listed("i-plain"),
        listed("i-group", started_from(by_group=True)),
        listed("i-old", {"aws:autoscaling:groupName": "old"}),
        listed("i-aws", Operator={"Managed": True}),
    ]
    ec2.add_response("describe_instances", {"Reservations": [{"Instances": hosts}]})
    for id_, data in (("i-plain", {"Value": encoded(LEAK + "geth --http\n")}), ("i-old", {})):
        ec2.add_response(
            "describe_instance_attribute",
            {"InstanceId": id_, "UserData": data},
            {"InstanceId": id_, "Attribute": "userData"},
        )

    found = {
        each.id: each.values["user_data"] for each in collect(session, Instance.id, Instance.user_data).every(Instance)
    }

    assert {"i-plain", "i-group", "i-old", "i-aws"} == set(found)
    assert [None] * 3 == [found[id_] for id_ in ("i-group", "i-old", "i-aws")]
    assert ["github-token"] == [hit.detector for hit in found["i-plain"].hits]
    assert ["geth"] == [command.client for command in found["i-plain"].commands]
    assert "a1B2" not in str(found)
    ec2.assert_no_pending_responses()


def test_versions_are_listed_by_template():
    """
    A template that is deleted meanwhile has none.
    """
    session = Session()
    ec2 = session.stub("ec2")
    templates = [
        {"LaunchTemplateId": id_, "LaunchTemplateName": id_, "DefaultVersionNumber": 1, "LatestVersionNumber": 2}
        for id_ in ("lt-1", "lt-2")
    ]
    versions = [
        {"LaunchTemplateId": "lt-1", "VersionNumber": number, "LaunchTemplateData": {"UserData": encoded(LEAK)}}
        for number in (2, 1)
    ]
    ec2.add_response(
        "describe_launch_templates",
        {"LaunchTemplates": templates},
        {"IncludeManagedResources": True, "MaxResults": 200},
    )
    ec2.add_response("describe_launch_template_versions", {"LaunchTemplateVersions": versions})
    ec2.add_client_error("describe_launch_template_versions", "InvalidLaunchTemplateId.NotFound")

    inventory = collect(session, LaunchTemplateVersion.number, LaunchTemplateVersion.user_data)

    assert 2 == len(inventory.every(LaunchTemplate))
    assert {1, 2} == {version.number for version in inventory.every(LaunchTemplateVersion)}

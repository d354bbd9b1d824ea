from awsaudit import Severity, Status
from awsaudit.resources.ec2 import SUBNETS, Subnet
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.launch_template_public_ip import launch_template_public_ip
from tests.launch import group, of_template, template, version


PUBLIC = {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": True}]}
PRIVATE = {"NetworkInterfaces": [{"DeviceIndex": 0, "AssociatePublicIpAddress": False}]}


def subnet(id_="subnet-a", *, public):
    return fake(Subnet, {SUBNETS: {"SubnetId": id_, "VpcId": "vpc-1", "MapPublicIpOnLaunch": public}})


def look(data, *others, **options):
    parent = template(**options.pop("of", {}))
    return run_check(launch_template_public_ip, parent, version(parent, 1, **data), *others, **options)


def test_flags_what_asks_for_an_address():
    """
    In the default version, and in one that a group names.
    """
    (finding,) = look(PUBLIC)
    parent = template(default=2, latest=2)
    versions = version(parent, 1, **PUBLIC), version(parent, 2, **PRIVATE)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert [Status.FAIL] == statuses(run_check(launch_template_public_ip, parent, *versions, group(**of_template("1"))))
    assert [Status.PASS] == statuses(run_check(launch_template_public_ip, parent, *versions))


def test_passes_what_asks_for_none():
    """
    And an interface that is there already.
    """
    assert [Status.PASS] == statuses(look(PRIVATE))
    assert [Status.PASS] == statuses(look({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}]}))


def test_asks_the_subnets():
    """
    Those of the version's interface, else those of the groups.
    """
    user = group(**of_template())
    own = {"NetworkInterfaces": [{"DeviceIndex": 0, "SubnetId": "subnet-b"}]}

    assert [Status.FAIL] == statuses(look({}, user, subnet(public=True)))
    assert [Status.PASS] == statuses(look({}, user, subnet(public=False)))
    assert [Status.FAIL] == statuses(look(own, user, subnet(public=False), subnet("subnet-b", public=True)))


def test_does_not_guess_the_subnet():
    """
    No group, or a subnet that cannot be seen.
    """
    assert [Status.UNKNOWN] == statuses(look({}))
    assert [Status.UNKNOWN] == statuses(look({}, group(**of_template())))
    assert [Status.UNKNOWN] == statuses(look({}, group(**of_template()), unlisted=[Subnet]))


def test_remarks_on_nodes_that_peers_come_to():
    """
    Their tags say so.
    """
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "role", "Value": "execution"}]}]
    (finding,) = look({**PUBLIC, "TagSpecifications": tags})

    assert Severity.INFO == finding.severity


def test_leaves_out_what_is_to_be_public():
    """
    By the configuration, or as AWS runs it.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(PUBLIC, allowed=("nod*",)))
    assert [Status.NOT_APPLICABLE] == statuses(look(PUBLIC, of={"Operator": {"Managed": True}}))

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.autoscaling import Group
from awsaudit.resources.ec2 import METADATA_DEFAULTS, MetadataDefaults
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.launch_template_imdsv2 import launch_template_imdsv2
from tests.launch import group, host, node_group, of_template, started_from, template, version


V1 = {"HttpTokens": "optional", "HttpEndpoint": "enabled", "HttpPutResponseHopLimit": 2}
V2 = {"HttpTokens": "required"}
AMI = "ami-0123456789abcdef0"


def defaults(tokens=None):
    return fake(MetadataDefaults, {METADATA_DEFAULTS: {"HttpTokens": tokens} if tokens else {}})


def look(options=None, *others, image=None, number=1, **data):
    parent = template()
    more = {**data, **({"MetadataOptions": options} if options else {})}
    return run_check(launch_template_imdsv2, parent, version(parent, number, image=image, **more), *others)


def test_flags_version_1_and_makes_a_new_default():
    """
    What else the version says of metadata stays.
    """
    (finding,) = look(V1)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "version 1 (its default version) allows IMDSv1: tokens are optional" == finding.message
    assert "--source-version 1" in finding.fix
    assert '"HttpPutResponseHopLimit": 2' in finding.fix
    assert '"HttpTokens": "required"' in finding.fix


@pytest.mark.parametrize("options", [V2, {"HttpEndpoint": "disabled", "HttpTokens": "optional"}])
def test_passes_version_2_and_no_metadata_at_all(options):
    """
    Nothing is to be had without a token.
    """
    assert [Status.PASS] == statuses(look(options))


@pytest.mark.parametrize(
    ("tokens", "image", "status"),
    [
        ("required", None, Status.PASS),
        ("optional", {"ImageId": AMI, "ImdsSupport": "v2.0"}, Status.FAIL),
        (None, {"ImageId": AMI, "ImdsSupport": "v2.0"}, Status.PASS),
        (None, {"ImageId": AMI}, Status.FAIL),
        (None, None, Status.UNKNOWN),
    ],
)
def test_asks_the_region_then_the_ami(tokens, image, status):
    """
    Where the version leaves tokens open; an AMI that nobody sees tells nothing.
    """
    assert [status] == statuses(look(None, defaults(tokens), image=image, ImageId=AMI))


@pytest.mark.parametrize("user", [group(**of_template("1")), node_group("1")])
def test_flags_versions_in_use(user):
    """
    There is no one command where somebody names a version by its number.
    """
    parent = template(default=2, latest=2)
    versions = version(parent, 1, MetadataOptions=V1), version(parent, 2, MetadataOptions=V2)
    (finding,) = run_check(launch_template_imdsv2, parent, *versions, user)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_passes_old_versions():
    """
    What was started from them is judged itself.
    """
    parent = template(default=2, latest=2)
    versions = version(parent, 1, MetadataOptions=V1), version(parent, 2, MetadataOptions=V2)

    assert [Status.PASS] == statuses(
        run_check(launch_template_imdsv2, parent, *versions, host(tags=started_from(1)), group(**of_template()))
    )
    assert [Status.UNKNOWN] == statuses(run_check(launch_template_imdsv2, parent, *versions, unlisted=[Group]))


def test_leaves_templates_of_aws_alone():
    """
    Their owner cannot change them.
    """
    parent = template(Operator={"Managed": True})

    assert [Status.NOT_APPLICABLE] == statuses(run_check(launch_template_imdsv2, parent, version(parent)))

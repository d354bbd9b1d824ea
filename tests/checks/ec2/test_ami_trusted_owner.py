import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ec2 import INSTANCES, LAUNCH_IMAGE, Instance
from awsaudit.resources.organizations import Organization
from awsaudit.testing import ACCOUNT, fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.ec2.ami_trusted_owner import ami_trusted_owner
from tests.estate import FOREIGN, alone, member_of


def instance(image, **more):
    listed = {"InstanceId": "i-0123456789abcdef0", "ImageId": "ami-0123456789abcdef0", **more}
    return fake(Instance, {INSTANCES: listed, LAUNCH_IMAGE: {"ImageMetadata": image}})


@pytest.mark.parametrize(
    ("public", "severity"), [(True, Severity.HIGH), (False, Severity.MEDIUM), (None, Severity.MEDIUM)]
)
def test_a_strangers_image_fails(public, severity):
    """
    One that everybody may start is worse than one that was shared with the account.
    """
    image = {"OwnerId": FOREIGN, **({} if public is None else {"IsPublic": public})}
    (finding,) = run_check(ami_trusted_owner, instance(image), *alone())

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert f"it is of account {FOREIGN}" in finding.message
    assert ("may be started by everybody" in finding.message) is (public is True)


@pytest.mark.parametrize(
    "image",
    [
        {"OwnerId": "137112412989", "ImageOwnerAlias": "amazon", "IsPublic": True},
        {"OwnerId": "679593333241", "ImageOwnerAlias": "aws-marketplace", "IsPublic": True},
        {"OwnerId": "679593333241", "ImageOwnerAlias": "aws-backup-vault"},
        {"OwnerId": ACCOUNT},
    ],
)
def test_images_of_aws_and_own_ones_pass(image):
    """
    So do those of the marketplace.
    """
    assert [Status.PASS] == statuses(run_check(ami_trusted_owner, instance(image), *alone()))


def test_images_of_the_organization_and_of_known_accounts_pass():
    """
    By the organization, or by the zone of trust.
    """
    judged = instance({"OwnerId": FOREIGN})

    assert [Status.PASS] == statuses(run_check(ami_trusted_owner, judged, *member_of("o-exampleorgid", FOREIGN)))
    assert [Status.PASS] == statuses(run_check(ami_trusted_owner, judged, *alone(), trust=Trust(vendors=(FOREIGN,))))


def test_an_owner_that_is_not_told_is_unknown():
    """
    AWS leaves it out at times.
    """
    (finding,) = run_check(ami_trusted_owner, instance({}), *alone())

    assert finding.status is Status.UNKNOWN
    assert "AWS does not tell who owns the AMI ami-0123456789abcdef0" == finding.message


def test_unknown_where_the_organization_could_not_be_seen():
    """
    The owner may be one of its accounts; AWS's images are known all the same.
    """
    hidden = {"unlisted": [Organization]}
    own = instance({"OwnerId": "137112412989", "ImageOwnerAlias": "amazon"})

    assert [Status.UNKNOWN] == statuses(run_check(ami_trusted_owner, instance({"OwnerId": FOREIGN}), **hidden))
    assert [Status.PASS] == statuses(run_check(ami_trusted_owner, own, **hidden))


def test_instances_that_aws_runs_are_not_judged():
    """
    Their owner cannot choose the AMI.
    """
    found = run_check(ami_trusted_owner, instance({"OwnerId": FOREIGN}, Operator={"Managed": True}), *alone())

    assert [Status.NOT_APPLICABLE] == statuses(found)


def test_refused_evidence_is_unknown():
    """
    What it was started from was not told.
    """
    blind = fake(Instance, {INSTANCES: {"InstanceId": "i-0123456789abcdef0", "ImageId": "ami-1"}})

    assert [Status.UNKNOWN] == statuses(run_check(ami_trusted_owner, blind, *alone()))

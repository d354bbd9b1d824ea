from awsaudit import Severity, Status
from awsaudit.resources.ec2 import IMAGES, Image
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ec2.ami_public import ami_public


def image(**more):
    return fake(Image, {IMAGES: {"ImageId": "ami-1", "Name": "relay", **more}})


def test_flags_a_public_image():
    """
    The image is named, and the command quoted.
    """
    (finding,) = run_check(ami_public, image(Public=True))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "everybody may start the image relay" == finding.message
    assert finding.fix.endswith("--image-id ami-1 --launch-permission 'Remove=[{Group=all}]'")


def test_passes_private_images():
    """
    Shared with accounts or with nobody.
    """
    assert [Status.PASS] == statuses(run_check(ami_public, image(Public=False)))

from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Image


@check(
    "ec2-ami-public",
    title="No AMI is public",
    severity=Severity.CRITICAL,
    equivalents=("prowler:ec2_ami_public",),
    remediation=Remediation(
        text="Take the permission back, and share the image with accounts or the organization where others need it.",
        cli="aws ec2 modify-image-attribute --region {region} --image-id {id} "
        "--launch-permission 'Remove=[{Group=all}]'",
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/sharingamis-intro.html",
    ),
)
def ami_public(image: Image) -> Iterator[Problem]:
    """
    Everybody starts a public image and reads its disk: configuration, history of shells, keys of the build. An image that
    is meant for all belongs into an account of its own.
    """
    if image.public:
        yield Problem(f"everybody may start the image {image.name or image.id}", expected="private", found="public")

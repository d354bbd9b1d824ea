from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import EbsSettings, Instance, Volume


@check(
    "ebs-default-encryption",
    title="EBS encrypts by default",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_ebs_default_encryption",),
    uses=(Volume.id, Instance.id),
    remediation=Remediation(
        text="Encrypt new volumes and copies by default; those that are there stay as they are.",
        cli="aws ec2 enable-ebs-encryption-by-default --region {region}",
        terraform='resource "aws_ebs_encryption_by_default" "this" {\n  enabled = true\n}',
        url="https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html",
    ),
)
def default_encryption(settings: EbsSettings, account: Inventory, *, strict: bool = False) -> Iterator[Problem]:
    """
    Encryption of a volume is chosen when it is made and never after; by default everybody forgets it sooner or later.
    Regions without volumes and instances are not judged, unless *strict* is set.
    """
    if settings.encrypts:
        return
    used = account.first(Volume, lambda _: True, settings.region) or account.first(
        Instance, lambda _: True, settings.region
    )
    if not strict and used is None:
        raise NotApplicable("the region has no volumes and no instances")
    yield Problem("new volumes are not encrypted by default", expected="on", found="off")

from collections.abc import Iterator
from typing import Final

from awsaudit import EvidenceMissing, Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.access import ZONE, zone_of
from awsaudit.resources.ec2 import Instance


ALIASES: Final = frozenset({"amazon", "aws-marketplace", "aws-backup-vault"})


@check(
    "ec2-ami-trusted-owner",
    title="Instances launch from trusted AMI owners",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Start the instance again from an AMI of AWS, of a supplier that you know, or of your own. Allowed AMIs keep "
        "others from being started: try them in audit mode first (aws ec2 enable-allowed-images-settings).",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-allowed-amis.html",
    ),
)
def ami_trusted_owner(instance: Instance, account: Inventory) -> Iterator[Problem]:
    """
    Whoever built the AMI was root on the instance before its owner. Public AMIs with the name of a distribution and
    something else inside are found time and again, by those who ask for the newest of a name and no owner. AMIs of AWS and
    its marketplace pass, and those of the account, its organization and known accounts.
    """
    if instance.managed:
        raise NotApplicable("AWS runs the instance, and chooses its AMI")
    if instance.image_owner_alias in ALIASES:
        return
    owner, zone = instance.image_owner, zone_of(account)
    if owner is None:
        raise Undecided(f"AWS does not tell who owns the AMI {instance.image_id}")
    trusted = zone.has(owner)
    if trusted is None and zone.unseen:
        raise EvidenceMissing(zone.unseen)
    if not trusted:
        shared = "may be started by everybody" if instance.image_public else "was shared with the account"
        yield Problem(
            f"{instance.image_id}, which it was started from, {shared}; it is of account {owner}, which nothing says you know",
            expected="an AMI of AWS, of the account or of a known one",
            found=f"an AMI of {owner}",
            severity=Severity.HIGH if instance.image_public else None,
        )

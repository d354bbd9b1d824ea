from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance, Volume
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, role_of


_KEYS: Final = frozenset({NodeRole.VALIDATOR, NodeRole.SIGNER})


@check(
    "ebs-volume-encrypted",
    title="Volumes are encrypted",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_ebs_volume_encryption",),
    uses=ROLE_USES,
    remediation=Remediation(
        text="A volume cannot be encrypted in place: take a snapshot, copy it encrypted, make a volume of the copy and swap the "
        "two while the instance is stopped. Never run two copies of a validator's volume at once.",
        cli=None,
        url="https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    ),
)
def volume_encrypted(volume: Volume, account: Inventory) -> Iterator[Problem]:
    """
    What is on an unencrypted volume goes along with each snapshot, copy and image of it, and no key policy stands in the
    way. High on hosts that their tags call signers or validators, medium where a volume is in use, low where it is not.
    """
    if volume.managed:
        raise NotApplicable("AWS runs it")
    if volume.encrypted:
        return
    hosts = [host for host in account.every(Instance, volume.region) if host.id in volume.instance_ids]
    grave = any(role_of(host) in _KEYS for host in hosts)
    in_use = volume.state == "in-use"
    where = f", on {', '.join(volume.instance_ids)}" if volume.instance_ids else ""
    yield Problem(
        f"the volume is not encrypted{where}",
        expected="encrypted",
        found="not encrypted",
        severity=Severity.HIGH if grave else None if in_use else Severity.LOW,
    )

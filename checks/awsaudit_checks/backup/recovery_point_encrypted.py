from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.backup import RecoveryPoint


_USABLE: Final = frozenset({"COMPLETED", "AVAILABLE"})


@check(
    "backup-recovery-point-encrypted",
    title="Recovery points are encrypted",
    severity=Severity.MEDIUM,
    equivalents=("prowler:backup_recovery_point_encrypted",),
    remediation=Remediation(
        text="Encrypt what is backed up; its later backups are encrypted, too. Copy this one to an encrypted vault where the "
        "kind of resource allows it, then delete it.",
        cli=None,
        url="https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html",
    ),
)
def recovery_point_encrypted(point: RecoveryPoint) -> Iterator[Problem]:
    """
    A backup is the whole database in one piece: unencrypted, no key policy stands between it and whoever may restore it.
    Recovery points that are not complete, or that expired, are not judged.
    """
    if point.status not in _USABLE:
        raise NotApplicable(f"the recovery point is {point.status}")
    if point.encrypted is None:
        raise Undecided("AWS does not tell whether it is encrypted")
    if not point.encrypted:
        yield Problem(
            f"the backup of {point.of or 'a resource'} is not encrypted", expected="encrypted", found="not encrypted"
        )

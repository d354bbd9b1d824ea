import datetime
import json

from collections.abc import Iterator
from typing import Final

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned, refuse_replica


_DELETE: Final = "aws secretsmanager delete-secret --region {region} --secret-id {arn} --recovery-window-in-days 30"
# A secret with copies cannot be deleted.
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html
_WITH_COPIES: Final = (
    "aws secretsmanager remove-regions-from-replication --region {region} --secret-id {arn} "
    f"--remove-replica-regions {{copies}} && {_DELETE}"
)


@check(
    "secretsmanager-unused",
    title="Secrets are used",
    severity=Severity.LOW,
    equivalents=("prowler:secretsmanager_secret_unused",),
    remediation=Remediation(
        text="Ask its owner, then delete it; within the recovery window it can be restored.",
        cli=_DELETE,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_delete-secret.html",
    ),
)
def unused(secret: Secret, *, max_unused_days: int = 90) -> Iterator[Problem]:
    """
    A credential that nobody reads any more mostly still works, and nobody would miss it if it leaked; it costs every month
    besides. Uses are counted in days, those of copies in other regions too; a rotation is a use. Secrets younger than
    *max_unused_days* pass; those that an AWS service made for itself are that service's business.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    refuse_owned(secret)
    longest = datetime.timedelta(days=max_unused_days)
    if secret.age(secret.accessed or secret.created) <= longest or secret.age(secret.created) <= longest:
        return
    last = max([*secret.copies_accessed, *([secret.accessed] if secret.accessed else [])], default=None)
    if last and secret.age(last) <= longest:
        return
    copies = sorted(secret.copy_regions)
    yield Problem(
        f"it was used last on {last:%Y-%m-%d}"
        if last
        else f"it was never used since it was made on {secret.created:%Y-%m-%d}",
        expected=f"used within {max_unused_days} days",
        found=f"{secret.age(last).days} days ago" if last else "never used",
        fill={"copies": json.dumps(copies)} if copies else {},
        cli=_WITH_COPIES if copies else None,
    )

"""Which secrets are judged where."""

from __future__ import annotations

from awsaudit import NotApplicable
from awsaudit.resources.secretsmanager import Secret


def refuse_deleted(secret: Secret) -> None:
    """Raise NotApplicable for a secret that is to be deleted."""
    if secret.deleted:
        raise NotApplicable("it is scheduled for deletion")


def refuse_replica(secret: Secret) -> None:
    """Raise NotApplicable for the copy of a secret in another region."""
    if secret.is_replica:
        raise NotApplicable(f"it is a replica, judged at its primary in {secret.primary_region}")


def refuse_owned(secret: Secret) -> None:
    """Raise NotApplicable for a secret that an AWS service made for itself."""
    if secret.owner:
        raise NotApplicable(f"the AWS service {secret.owner} made it and looks after it")

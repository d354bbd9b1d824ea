import datetime

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.schedule import longest_interval
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_replica


_DAY = datetime.timedelta(days=1)
_ROTATE = "aws secretsmanager rotate-secret --region {region} --secret-id {secret}"
# While AWSPENDING is on a version of its own, AWS takes a rotation to be under way and refuses another one.
# https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html
_UNBLOCK = (
    "aws secretsmanager update-secret-version-stage --region {region} --secret-id {secret} --version-stage AWSPENDING "
    f"--remove-from-version-id {{version}} && {_ROTATE}"
)


@check(
    "secretsmanager-rotation-succeeds",
    title="Scheduled rotations succeed",
    severity=Severity.HIGH,
    remediation=Remediation(
        text="Read the logs of the rotation function, mend what it says (mostly the network to Secrets Manager or to the "
        "database, or a permission), then rotate again; a version that is still AWSPENDING has to lose that label first. "
        "The rotation of a secret that an AWS service owns is mended at that service.",
        cli=_ROTATE,
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html",
    ),
)
def rotation_succeeds(secret: Secret) -> Iterator[Problem]:
    """
    A rotation that fails leaves the old credential in place while everybody believes that it changes; one that stops
    half-way can lock the application out. What passes is a secret whose next rotation is not overdue by more than a day
    and that has no rotation hanging for longer than that.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    if not secret.rotates:
        raise NotApplicable("its rotation is off")
    pending = _pending(secret)
    found = _overdue(secret) or (_hanging(secret) if pending else None)
    if found:
        yield Problem(
            f"{found}{f' ({secret.owner} owns it)' if secret.owner else ''}",
            cli=_UNBLOCK if pending else None,
            fill={} if secret.owner else {"secret": secret.arn, "version": pending or ""},
        )


def _pending(secret: Secret) -> str | None:
    """Return the version that a rotation is making; None if there is none."""
    stages = secret.stages.items()
    return next((id_ for id_, labels in stages if "AWSPENDING" in labels and "AWSCURRENT" not in labels), None)


def _overdue(secret: Secret) -> str | None:
    if secret.next_rotation:
        late = secret.age(secret.next_rotation) > _DAY
        return f"the rotation due on {secret.next_rotation:%Y-%m-%d} did not succeed" if late else None
    if secret.last_rotated:
        return None
    interval = longest_interval(secret)
    if interval is None or secret.age(secret.created) <= interval + _DAY:
        return None

    return f"it has never been rotated since {secret.created:%Y-%m-%d}, although that is due every {interval.days} days"


def _hanging(secret: Secret) -> str | None:
    since = secret.pending_since
    if since is None:
        raise Undecided("a rotation is under way that has made no value yet; AWS does not say since when")
    if secret.age(since) <= _DAY:
        return None

    return f"the rotation that began on {since:%Y-%m-%d} has not come to an end: its version is still AWSPENDING"

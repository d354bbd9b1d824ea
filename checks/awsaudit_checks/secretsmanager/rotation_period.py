import datetime

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.secretsmanager import Secret
from awsaudit_checks.secretsmanager.schedule import longest_interval
from awsaudit_checks.secretsmanager.scope import refuse_deleted, refuse_owned, refuse_replica


_MONTH = 30


@check(
    "secretsmanager-rotation-period",
    title="Secret values are at most 90 days old",
    severity=Severity.MEDIUM,
    equivalents=("prowler:secretsmanager_secret_rotated_periodically",),
    remediation=Remediation(
        text="Rotate the secret now and at least every 90 days. Where nothing rotates it, renew the credential at the "
        "system that it opens, store it with `aws secretsmanager put-secret-value`, and turn on rotation.",
        cli="aws secretsmanager rotate-secret --region {region} --secret-id {arn} "
        "--rotation-rules AutomaticallyAfterDays={days}",
        url="https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html",
    ),
)
def rotation_period(secret: Secret, *, max_age_days: int = 90) -> Iterator[Problem]:
    """
    The longer a credential lives, the more copies of it there are in logs, laptops and former colleagues' heads. Judged
    is the age of the current value, whoever changed it, and the longest gap in the rotation schedule: quarterly is 92
    days. *max_age_days* is the limit.
    """
    refuse_deleted(secret)
    refuse_replica(secret)
    refuse_owned(secret)
    if not any("AWSCURRENT" in stages for stages in secret.stages.values()):
        raise NotApplicable("it has no value yet")
    fill = {"days": str(min(max_age_days, _MONTH))} if secret.rotates or secret.rotation_function else {}
    limit = datetime.timedelta(days=max_age_days)
    interval = longest_interval(secret) if secret.rotates else None
    if interval is not None and interval > limit:
        yield Problem(
            f"rotations are scheduled up to {interval.days} days apart",
            expected=f"at most {max_age_days} days",
            found=f"{interval.days} days",
            fill=fill,
        )
        return
    age = _age(secret, limit)
    if age > limit:
        yield Problem(
            f"the current value is {age.days} days old",
            expected=f"at most {max_age_days} days",
            found=f"{age.days} days",
            fill=fill,
        )


def _age(secret: Secret, limit: datetime.timedelta) -> datetime.timedelta:
    if secret.last_rotated and secret.age(secret.last_rotated) <= limit:
        return secret.age(secret.last_rotated)
    since = secret.current_since
    if since is None:
        raise Undecided("AWS does not say when its current value was made")

    return secret.age(since)

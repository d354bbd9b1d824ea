from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import User
from awsaudit_checks.iam.credential import REPORT, born, credentials_of, key_id, key_words, older, used_words


@check(
    "iam-user-access-key-rotated",
    title="Active access keys are under 90 days old",
    severity=Severity.MEDIUM,
    uses=REPORT,
    equivalents=("prowler:iam_rotate_access_key_90_days",),
    remediation=Remediation(
        text="Make a second key, give it to whoever uses the first, make the first inactive, and delete it once nobody "
        "misses it. A role needs none of that.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
    ),
)
def user_access_key_rotated(user: User, account: Inventory, *, max_age_days: int = 90) -> Iterator[Problem]:
    """
    A key that was copied works for the thief as long as for its owner, and keys get copied: into builds, images, tickets
    and the laptops of those who have left. Its age bounds how long. Users without an active key are not judged.
    """
    found = credentials_of(user, account)
    if not found.active_keys:
        raise NotApplicable("it has no active access key")
    for key in found.active_keys:
        if older(user, born(key), max_age_days):
            yield Problem(
                f"{key_words(key)} is active, {used_words(key)}",
                expected=f"a key of at most {max_age_days} days",
                found=f"{user.age(born(key)).days} days",
                sub_key=key_id(key),
            )

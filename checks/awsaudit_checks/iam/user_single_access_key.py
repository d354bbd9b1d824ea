from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import User
from awsaudit_checks.iam.credential import DEACTIVATE, REPORT, born, credentials_of, key_words, older, used_words, which


_PAIR: Final = 2


@check(
    "iam-user-single-access-key",
    title="A user has at most one active access key",
    severity=Severity.LOW,
    uses=REPORT,
    equivalents=("prowler:iam_user_two_active_access_key",),
    remediation=Remediation(
        text="Find out who uses the older key, give them the newer one, and make the older one inactive. There is a command "
        "where one of the two has not been used of late.",
        cli=None,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id-credentials-access-keys-update.html",
    ),
)
def user_single_access_key(user: User, account: Inventory, *, days: int = 14) -> Iterator[Problem]:
    """
    Two keys are there to replace one by the other. If both stay, the old one was never withdrawn, or two parties share a
    user and nobody can tell who did what. A second key that is younger than two weeks passes: it is being rolled out.
    """
    found = credentials_of(user, account)
    keys = sorted(found.active_keys, key=born)
    if not keys:
        raise NotApplicable("it has no active access key")
    if len(keys) < _PAIR or not older(user, born(keys[-1]), days):
        return
    idle = [key for key in keys if older(user, key.used or born(key), days)]
    yield Problem(
        "; ".join(f"{key_words(key)} is active, {used_words(key)}" for key in keys),
        expected="one active access key",
        found="two",
        cli=DEACTIVATE if idle else None,
        fill=which(idle[0], found) if idle else {},
    )

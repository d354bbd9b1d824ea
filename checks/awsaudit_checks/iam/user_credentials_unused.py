import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.iam import Credentials, User
from awsaudit_checks.iam.credential import (
    DEACTIVATE,
    REPORT,
    born,
    credentials_of,
    key_id,
    key_words,
    older,
    used_words,
    which,
)


_NO_PASSWORD: Final = "aws iam delete-login-profile --user-name {name}"  # noqa: S105 - a command


@check(
    "iam-user-credentials-unused",
    title="Credentials unused for 45 days are disabled",
    severity=Severity.MEDIUM,
    uses=REPORT,
    equivalents=("prowler:iam_user_accesskey_unused", "prowler:iam_user_console_access_unused"),
    remediation=Remediation(
        text="Make the key inactive, or delete the password; both can be undone or made anew. Once nobody has missed it, "
        "delete the key, and a user without any credentials.",
        cli=DEACTIVATE,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_finding-unused.html",
    ),
)
def user_credentials_unused(user: User, account: Inventory, *, days: int = 45) -> Iterator[Problem]:
    """
    What nobody uses nobody misses when it is stolen, and nobody looks at what it does. A password or active key fails
    that was used last longer ago, or was never used and is older than that. The root user is another check's.
    """
    found = credentials_of(user, account)
    if not found.password and not found.active_keys:
        raise NotApplicable("it has neither a password nor an active access key")
    expected = f"a use in the last {days} days"
    if found.password and older(user, _since(found), days):
        used = f"used last on {found.password_used:%Y-%m-%d}" if found.password_used else "never used"
        yield Problem(f"the password was {used}", expected=expected, found=used, sub_key="password", cli=_NO_PASSWORD)
    for key in found.active_keys:
        if older(user, key.used or born(key), days):
            used = used_words(key)
            message = f"{key_words(key)} is active, {used}"
            yield Problem(message, expected=expected, found=used, sub_key=key_id(key), fill=which(key, found))


def _since(found: Credentials) -> datetime.datetime:
    """Return since when the password was not used."""
    since = found.password_used or found.password_changed
    if since is None:
        raise Undecided("the credential report does not tell when its password was set")

    return since

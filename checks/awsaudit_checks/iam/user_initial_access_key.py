import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.iam import User
from awsaudit_checks.iam.credential import DELETE, REPORT, born, credentials_of, key_id, key_words, which


_AT_ONCE: Final = datetime.timedelta(minutes=10)


@check(
    "iam-user-initial-access-key",
    title="No access key created at user setup lies unused",
    severity=Severity.LOW,
    uses=REPORT,
    equivalents=("prowler:iam_user_no_setup_initial_access_key",),
    remediation=Remediation(
        text="Delete the key: nobody has used it. Who needs one can make one.",
        cli=DELETE,
        url="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html",
    ),
)
def user_initial_access_key(user: User, account: Inventory) -> Iterator[Problem]:
    """
    A key that was made together with a user of the console was made because a box was ticked. It lies in a mail or a file
    that was handed over, and works. It fails as long as it is active and nobody has used it.
    """
    found = credentials_of(user, account)
    if not found.password or not found.active_keys:
        raise NotApplicable("it has no password" if not found.password else "it has no active access key")
    for key in found.active_keys:
        if key.used is None and born(key) - found.created <= _AT_ONCE:
            yield Problem(
                f"{key_words(key)} was made with the user, is active, and was never used",
                expected="no key, or one in use",
                found="an unused key",
                sub_key=key_id(key),
                fill=which(key, found),
            )

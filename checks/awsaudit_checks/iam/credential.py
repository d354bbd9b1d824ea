"""What users sign in with, as the credential report tells."""

from __future__ import annotations

import datetime

from typing import Final

from awsaudit import Inventory, NotApplicable, Undecided
from awsaudit.resources.iam import AccessKey, AccountCredentials, Credentials, User


REPORT: Final = (AccountCredentials.rows, AccountCredentials.report_made)
"""What `credentials_of` looks at."""


def credentials_of(user: User, account: Inventory) -> Credentials:
    """
    Return what *user* signs in with.

    Raises:
        EvidenceMissing: The credential report was refused.
        Undecided: It is older than the user.
    """
    for known in account.every(AccountCredentials):
        found = known.rows.get(user.arn)
        if found:
            return found
        if known.report_made:
            raise Undecided(f"the credential report of {known.report_made:%Y-%m-%d %H:%M} UTC does not tell of it yet")
    raise Undecided("the credential report does not tell of it")


def passwordless(user: User, account: Inventory) -> Credentials:
    """
    Return what *user* signs in with, who has no password, and so is a machine.

    Raises:
        NotApplicable: It has a password, and so is a person.
        EvidenceMissing, Undecided: As `credentials_of`.
    """
    found = credentials_of(user, account)
    if found.password:
        raise NotApplicable("it signs in with a password, as people do")

    return found


def people_of(account: Inventory) -> tuple[str, ...]:
    """
    Return the names of the users with a password, sorted.

    Raises:
        EvidenceMissing: The credential report was refused.
    """
    return tuple(
        sorted(
            arn.rpartition("/")[2]
            for known in account.every(AccountCredentials)
            for arn, row in known.rows.items()
            if ":user/" in arn and row.password
        )
    )


def root_of(credentials: AccountCredentials) -> Credentials:
    """
    Return what the root user signs in with.

    Raises:
        NotApplicable: The report has no row of it, as where its credentials were removed.
        EvidenceMissing: The credential report was refused.
    """
    found = credentials.rows.get(credentials.arn)
    if found is None:
        raise NotApplicable("the credential report has no row of the root user")

    return found


def born(key: AccessKey) -> datetime.datetime:
    """
    Return when *key* was made.

    Raises:
        Undecided: The report does not tell.
    """
    if key.changed is None:
        raise Undecided("the credential report does not tell when its access key was made")

    return key.changed


def key_id(key: AccessKey) -> str:
    """Return what tells *key* from the user's other one, for good: the report gives the moment it was made, and no id."""
    return f"access-key-{key.changed:%Y%m%dT%H%M%SZ}" if key.changed else "access-key"


def key_words(key: AccessKey) -> str:
    """Return *key* in words."""
    made = f" of {key.changed:%Y-%m-%d}" if key.changed else ""
    return f"the access key{made}"


def used_words(key: AccessKey) -> str:
    """Return in words when *key* was used last."""
    if key.used is None:
        return "never used"

    return f"used last on {key.used:%Y-%m-%d}" + (f" for {key.service}" if key.service else "")


def older(user: User | AccountCredentials, moment: datetime.datetime | None, days: int) -> bool:
    """Tell whether *moment* was more than *days* days before the scan; false for none."""
    return moment is not None and user.age(moment) > datetime.timedelta(days=days)


# The report tells no ids of keys: the command looks for the one that is active, or was made at that moment.
_NAMED: Final = '--access-key-id "$(aws iam list-access-keys --user-name {name} --output text --query {which})"'
DEACTIVATE: Final = f"aws iam update-access-key --user-name {{name}} --status Inactive {_NAMED}"
DELETE: Final = f"aws iam delete-access-key --user-name {{name}} {_NAMED}"


def which(key: AccessKey, found: Credentials) -> dict[str, str]:
    """Return what fills the commands on *key*, one of those in *found*."""
    if len(found.active_keys) == 1:
        test = 'Status == `"Active"`'
    else:
        test = f'starts_with(CreateDate, `"{born(key):%Y-%m-%dT%H:%M:%S}"`)'

    return {"which": f"AccessKeyMetadata[?{test}].AccessKeyId | [0]"}

"""What the account asks of passwords, and the command that changes it."""

from __future__ import annotations

import json

from typing import Final

from awsaudit.resources.iam import PasswordPolicy


# A change has to name everything again: what it leaves out goes back to a default.
UPDATE: Final = "aws iam update-account-password-policy --cli-input-json {policy}"
# Without a policy AWS asks for three of these four. One of the account's own that named none would ask for less.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
_CHARACTERS: Final = {
    "RequireSymbols": True,
    "RequireNumbers": True,
    "RequireUppercaseCharacters": True,
    "RequireLowercaseCharacters": True,
}
_DEFAULT_LENGTH: Final = 8


def length_of(policy: PasswordPolicy) -> int:
    """Return how many characters a password has at least."""
    return _DEFAULT_LENGTH if policy.minimum_length is None else policy.minimum_length


def changed(policy: PasswordPolicy, setting: str, value: int) -> dict[str, str]:
    """Return what fills `UPDATE` so that *setting* is *value*, and all else stays as it is."""
    now = policy.settings or {"MinimumPasswordLength": _DEFAULT_LENGTH, **_CHARACTERS}
    # AWS takes no 0 for settings that are off, only their absence.
    kept = {name: each for name, each in now.items() if isinstance(each, bool) or each}

    return {"policy": json.dumps({**kept, setting: value})}

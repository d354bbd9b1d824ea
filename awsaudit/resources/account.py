"""
AWS Account Management.

https://docs.aws.amazon.com/accounts/latest/reference/API_Operations.html
"""

from __future__ import annotations

from typing import Any, ClassVar

from awsaudit.declare import Call, Fact, Resource, Scope


def _contact(kind: str) -> Call:
    # Without AccountId it is the caller's own account; naming that one is refused outside the management account.
    # https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html
    return Call(
        "GetAlternateContact",
        result="AlternateContact",
        params={"AlternateContactType": kind},
        absent=("ResourceNotFoundException",),
    )


SECURITY = _contact("SECURITY")
OPERATIONS = _contact("OPERATIONS")


def _is_set(value: Any) -> bool:
    return value is not None


class AlternateContacts(Resource):
    """Whom AWS writes to besides the address of the root user."""

    service: ClassVar[str] = "account"
    type: ClassVar[str] = "AWS::Account::AlternateContacts"
    scope: ClassVar[Scope] = Scope.GLOBAL

    # Name, mail address and phone number are personal. A contact has them all, so that its type tells that there is one.
    # https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html
    security = Fact(SECURITY, "AlternateContactType", _is_set, "Whether there is a contact for security.")
    operations = Fact(OPERATIONS, "AlternateContactType", _is_set, "Whether there is a contact for operations.")

    @property
    def arn(self) -> str:
        """The account's ARN."""
        return f"arn:{self.partition}:account::{self.account}:account"

    @property
    def name(self) -> str:
        """The account's id."""
        return self.account

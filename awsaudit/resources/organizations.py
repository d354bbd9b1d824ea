"""
AWS Organizations.

https://docs.aws.amazon.com/organizations/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource, Scope
from awsaudit.parser import text


# Only the management account and delegated administrators may list the accounts; others are refused, and whose an account is
# stays unknown there.
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
ACCOUNTS = Call("ListAccounts", result="Accounts[]", absent=("AWSOrganizationsNotInUseException",))


class OrganizationAccount(Resource):
    """An account of the organization that the scanned account belongs to; there is none outside an organization."""

    service: ClassVar[str] = "organizations"
    type: ClassVar[str] = "AWS::Organizations::Account"
    listing: ClassVar[Call] = ACCOUNTS
    scope: ClassVar[Scope] = Scope.GLOBAL
    label: ClassVar[str] = "id"

    id = Fact(ACCOUNTS, "Id", text, "The account's id, 12 digits.")
    arn = Fact(ACCOUNTS, "Arn", text, "The account's ARN, which names the organization.")
    name = Fact(ACCOUNTS, "Name", text, "The account's name.")

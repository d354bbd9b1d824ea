"""
AWS Organizations.

https://docs.aws.amazon.com/organizations/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from awsaudit.declare import Call, Fact, Resource, Scope
from awsaudit.parser import document, optional_text, text, texts


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
    state = Fact(
        ACCOUNTS,
        "State",
        optional_text,
        "``ACTIVE``, ``SUSPENDED``, ``CLOSED`` and so on; unset where AWS does not tell.",
    )


_NONE = ("AWSOrganizationsNotInUseException",)
ORGANIZATION = Call("DescribeOrganization", result="Organization", absent=_NONE)


class Organization(Resource):
    """The organization of the account, if it is in one."""

    service: ClassVar[str] = "organizations"
    type: ClassVar[str] = "AWS::Organizations::Organization"
    scope: ClassVar[Scope] = Scope.GLOBAL

    id = Fact(ORGANIZATION, "Id", optional_text, "The organization's id, ``o-…``; unset outside an organization.")
    management_account = Fact(
        ORGANIZATION,
        "MasterAccountId",
        optional_text,
        "The id of its management account; unset outside an organization.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one an account at most."""
        return f"arn:{self.partition}:organizations::{self.account}:organization"


# The same may ask, and no other member.
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html
DELEGATED = Call("ListDelegatedAdministrators", result="DelegatedAdministrators[]", absent=_NONE)
DELEGATED_SERVICES = Call(
    "ListDelegatedServicesForAccount",
    result="DelegatedServices[]",
    params={"AccountId": "$Id"},
    gone=("AccountNotRegisteredException",),
)


class DelegatedAdministrator(Resource):
    """An account that administers services for the whole organization."""

    service: ClassVar[str] = "organizations"
    type: ClassVar[str] = "AWS::Organizations::DelegatedAdministrator"
    listing: ClassVar[Call] = DELEGATED
    scope: ClassVar[Scope] = Scope.GLOBAL
    label: ClassVar[str] = "id"

    id = Fact(DELEGATED, "Id", text, "The account's id, 12 digits.")
    arn = Fact(DELEGATED, "Arn", text, "The account's ARN, which names the organization.")
    name = Fact(DELEGATED, "Name", optional_text, "The account's name.")
    # Status is deprecated, and older answers have nothing else.
    state = Fact(
        DELEGATED, "State || Status", optional_text, "``ACTIVE``, ``SUSPENDED``, ``CLOSED`` and so on; unset if untold."
    )
    services = Fact(DELEGATED_SERVICES, "[].ServicePrincipal", texts, "The services that it administers.")


# The management account and delegated administrators may ask; members are refused, and what binds them stays unknown there.
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeAccount.html
PLACE = Call("DescribeAccount", result="Account", params={"AccountId": "$scan:account"}, absent=_NONE)


def _ancestors(value: Any) -> tuple[str, ...] | None:
    """Parse the path of an account, ``o-…/r-…/ou-…/…/account/``, into the ids from the root to the account."""
    if value is None:
        return None
    (path,) = texts(value["Paths"])
    organization, *ids = [part for part in path.split("/") if part]
    if not organization.startswith("o-") or not ids or not ids[0].startswith("r-"):
        raise ValueError(f"expected the path of an account, got {path!r}")
    account = text(value["Id"])

    return tuple(ids) if ids[-1] == account else (*ids, account)


class OrganizationPlace(Resource):
    """Where in the organization the account is."""

    service: ClassVar[str] = "organizations"
    type: ClassVar[str] = "AWS::Organizations::AccountPlace"
    scope: ClassVar[Scope] = Scope.GLOBAL

    ancestors = Fact(
        PLACE,
        "{Id: Id, Paths: Paths}",
        _ancestors,
        "The ids from the root over the organizational units to the account, which is last; unset outside an organization.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one an account."""
        return f"arn:{self.partition}:organizations::{self.account}:place"


# AWS lists policies of a type that is not enabled, too: they hang on nothing then.
# https://docs.aws.amazon.com/organizations/latest/userguide/disable-policy-type.html
SERVICE_CONTROL = Call("ListPolicies", result="Policies[]", params={"Filter": "SERVICE_CONTROL_POLICY"}, absent=_NONE)
RESOURCE_CONTROL = Call("ListPolicies", result="Policies[]", params={"Filter": "RESOURCE_CONTROL_POLICY"}, absent=_NONE)
_GONE = ("PolicyNotFoundException",)
CONTENT = Call("DescribePolicy", result="Policy.Content", params={"PolicyId": "$Id"}, gone=_GONE)
TARGETS = Call("ListTargetsForPolicy", result="Targets[]", params={"PolicyId": "$Id"}, gone=_GONE)


class ServiceControlPolicy(Resource):
    """What bounds the principals of the accounts that it hangs on."""

    service: ClassVar[str] = "organizations"
    type: ClassVar[str] = "AWS::Organizations::ServiceControlPolicy"
    listing: ClassVar[Call] = SERVICE_CONTROL
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(SERVICE_CONTROL, "Arn", text, "The policy's ARN.")
    name = Fact(SERVICE_CONTROL, "Name", text, "The policy's name.")
    document = Fact(CONTENT, "@", document, "The policy.")
    target_ids = Fact(TARGETS, "[].TargetId", texts, "The ids of the root, units and accounts that it hangs on.")


class ResourceControlPolicy(Resource):
    """What bounds access to the resources of the accounts that it hangs on."""

    service: ClassVar[str] = "organizations"
    type: ClassVar[str] = "AWS::Organizations::ResourceControlPolicy"
    listing: ClassVar[Call] = RESOURCE_CONTROL
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(RESOURCE_CONTROL, "Arn", text, "The policy's ARN.")
    name = Fact(RESOURCE_CONTROL, "Name", text, "The policy's name.")
    document = Fact(CONTENT, "@", document, "The policy.")
    target_ids = Fact(TARGETS, "[].TargetId", texts, "The ids of the root, units and accounts that it hangs on.")

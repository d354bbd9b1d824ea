"""
AWS Identity and Access Management.

https://docs.aws.amazon.com/IAM/latest/APIReference/
"""

from __future__ import annotations

import csv
import datetime
import io

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Poll, Resource, Scope
from awsaudit.parser import (
    document,
    integer,
    many,
    moment,
    optional,
    optional_integer,
    optional_moment,
    optional_text,
    record,
    tags,
    text,
    texts,
)


# One call tells all of users, groups, roles and policies; the types below share it.
ROLES = Call("GetAccountAuthorizationDetails", result="RoleDetailList[]")
USERS = Call("GetAccountAuthorizationDetails", result="UserDetailList[]")
GROUPS = Call("GetAccountAuthorizationDetails", result="GroupDetailList[]")
POLICIES = Call("GetAccountAuthorizationDetails", result="Policies[]")


@frozen
class InlinePolicy:
    """
    A policy that is part of a user, group or role.

    Args:
        name: Its name.

        document: The policy document.
    """

    name: str
    document: Mapping[str, Any]


@frozen
class Attached:
    """
    A managed policy that is attached to a user, group or role.

    Args:
        name: Its name.

        arn: Its ARN; that of AWS's own policies has ``aws`` for an account.
    """

    name: str
    arn: str


def _document(value: Any) -> Mapping[str, Any]:
    parsed = document(value)
    if parsed is None:
        raise ValueError("a policy without a document")

    return parsed


@frozen
class PolicyVersion:
    """
    A version of a managed policy.

    Args:
        id: Its id, such as ``v3``.

        document: The policy document.
    """

    id: str
    document: Mapping[str, Any]


INLINE = many(record(InlinePolicy, name=("PolicyName", text), document=("PolicyDocument", _document)))
ATTACHED = many(record(Attached, name=("PolicyName", text), arn=("PolicyArn", text)))


class Role(Resource):
    """An IAM role."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::Role"
    listing: ClassVar[Call] = ROLES
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(ROLES, "Arn", text, "The role's ARN, path included.")
    name = Fact(ROLES, "RoleName", text, "The role's name, unique in the account.")
    path = Fact(ROLES, "Path", text, "The path; ``/aws-service-role/`` marks a service-linked role.")
    created = Fact(ROLES, "CreateDate", moment, "When it was made.")
    trust = Fact(ROLES, "AssumeRolePolicyDocument", document, "Who may assume it.")
    attached = Fact(ROLES, "AttachedManagedPolicies", ATTACHED, "The attached managed policies.")
    inline = Fact(ROLES, "RolePolicyList", INLINE, "The policies that are part of it.")
    boundary_arn = Fact(
        ROLES, "PermissionsBoundary.PermissionsBoundaryArn", optional_text, "The permissions boundary; unset without."
    )
    unique_id = Fact(ROLES, "RoleId", text, "What policies name it by once it is deleted: ``AROA…``.")
    instance_profile_arns = Fact(ROLES, "InstanceProfileList[].Arn", texts, "The instance profiles that it is in.")
    last_used = Fact(
        ROLES, "RoleLastUsed.LastUsedDate", optional_moment, "When it was used last; unset for longer than 400 days."
    )
    tags = Fact(ROLES, "Tags", tags, "The role's tags.")


class User(Resource):
    """An IAM user."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::User"
    listing: ClassVar[Call] = USERS
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(USERS, "Arn", text, "The user's ARN, path included.")
    name = Fact(USERS, "UserName", text, "The user's name, unique in the account.")
    attached = Fact(USERS, "AttachedManagedPolicies", ATTACHED, "The attached managed policies.")
    inline = Fact(USERS, "UserPolicyList", INLINE, "The policies that are part of it.")
    unique_id = Fact(USERS, "UserId", text, "What policies name it by once it is deleted: ``AIDA…``.")
    groups = Fact(USERS, "GroupList", texts, "The names of its groups.")
    boundary_arn = Fact(
        USERS, "PermissionsBoundary.PermissionsBoundaryArn", optional_text, "The permissions boundary; unset without."
    )
    tags = Fact(USERS, "Tags", tags, "The user's tags.")


class Group(Resource):
    """An IAM group, whose policies its users have."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::Group"
    listing: ClassVar[Call] = GROUPS
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(GROUPS, "Arn", text, "The group's ARN, path included.")
    name = Fact(GROUPS, "GroupName", text, "The group's name, unique in the account.")
    unique_id = Fact(GROUPS, "GroupId", text, "Its unique id: ``AGPA…``.")
    attached = Fact(GROUPS, "AttachedManagedPolicies", ATTACHED, "The attached managed policies.")
    inline = Fact(GROUPS, "GroupPolicyList", INLINE, "The policies that are part of it.")


class ManagedPolicy(Resource):
    """A managed policy: a customer's, or one of AWS's that something is attached to."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::ManagedPolicy"
    listing: ClassVar[Call] = POLICIES
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(POLICIES, "Arn", text, "The policy's ARN, path included.")
    document = Fact(
        POLICIES,
        "PolicyVersionList[?IsDefaultVersion].Document | [0]",
        document,
        "The document of the version that is in force.",
    )
    version = Fact(POLICIES, "DefaultVersionId", text, "The version that is in force, such as ``v3``.")
    other_versions = Fact(
        POLICIES,
        "PolicyVersionList[?!IsDefaultVersion]",
        many(record(PolicyVersion, id=("VersionId", text), document=("Document", _document))),
        "The versions that are not in force; there are up to four.",
    )
    boundary_uses = Fact(
        POLICIES,
        "PermissionsBoundaryUsageCount || `0`",
        integer,
        "How many users and roles it is the permissions boundary of.",
    )
    attachments = Fact(POLICIES, "AttachmentCount", integer, "How many users, groups and roles it is attached to.")

    @property
    def name(self) -> str:
        """The policy's name, without its path."""
        return self.arn.rpartition("/")[2]


PROVIDERS = Call("ListOpenIDConnectProviders", result="OpenIDConnectProviderList[]")
PROVIDER = Call(
    "GetOpenIDConnectProvider",
    params={"OpenIDConnectProviderArn": "$Arn"},
    gone=("NoSuchEntity", "NoSuchEntityException"),
)


class OidcProvider(Resource):
    """An OpenID Connect provider whose tokens roles may trust."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::OIDCProvider"
    listing: ClassVar[Call] = PROVIDERS
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(PROVIDERS, "Arn", text, "The provider's ARN.")
    url = Fact(PROVIDER, "Url", text, "The issuer, without ``https://``.")
    audiences = Fact(
        PROVIDER, "ClientIDList", texts, "The audiences that tokens may have; none is every token refused."
    )
    created = Fact(PROVIDER, "CreateDate", optional_moment, "When it was made.")
    tags = Fact(PROVIDER, "Tags", tags, "The provider's tags.")


SAML_PROVIDERS = Call("ListSAMLProviders", result="SAMLProviderList[]")


class SamlProvider(Resource):
    """A SAML provider whose assertions roles may trust."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::SAMLProvider"
    listing: ClassVar[Call] = SAML_PROVIDERS
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(SAML_PROVIDERS, "Arn", text, "The provider's ARN.")


@frozen
class ReportRow:
    """
    What the credential report says of the root user.

    Args:
        access_keys: Whether each of the two access keys is active.

        mfa: Whether a second factor is registered.
    """

    access_keys: tuple[bool, bool]
    mfa: bool


@frozen
class AccessKey:
    """
    An access key as the credential report has it, which does not tell its id.

    Args:
        active: Whether requests may be signed with it.

        changed: When it was made, or changed last; None where there is no key.

        used: When a request was signed with it last; None for never.

        service: The service of that request; None for never, or where it is not told.
    """

    active: bool
    changed: datetime.datetime | None
    used: datetime.datetime | None
    service: str | None


@frozen
class Credentials:
    """
    What the credential report says of a user, or of the root user.

    Args:
        created: When the user was made; the account, for the root user.

        password: Whether the user has a password; None where it is not told, as for the root user at times.

        password_used: When somebody signed in with it last; None for never.

        password_changed: When it was set; None without one, and for the root user.

        mfa: Whether a second factor is registered.

        keys: The two places for access keys.

        certificates: Whether each of the two signing certificates is active.
    """

    created: datetime.datetime
    password: bool | None
    password_used: datetime.datetime | None
    password_changed: datetime.datetime | None
    mfa: bool
    keys: tuple[AccessKey, ...]
    certificates: tuple[bool, ...]

    @property
    def active_keys(self) -> tuple[AccessKey, ...]:
        """The access keys that requests may be signed with."""
        return tuple(key for key in self.keys if key.active)


REPORT = Call(
    "GetCredentialReport",
    result="{Content: Content, GeneratedTime: GeneratedTime}",
    poll=Poll("GenerateCredentialReport", done="State == 'COMPLETE'"),
)
SUMMARY = Call("GetAccountSummary", result="SummaryMap")
VIRTUAL_MFA = Call("ListVirtualMFADevices", result="VirtualMFADevices[]", params={"AssignmentStatus": "Assigned"})


@frozen
class VirtualMfa:
    """
    A second factor that is an application, on a phone or elsewhere.

    Args:
        serial: Its serial number, which is an ARN.

        user_arn: Whose it is; None where AWS does not tell.
    """

    serial: str
    user_arn: str | None


def _root_row(value: Any) -> ReportRow | None:
    rows = csv.DictReader(io.StringIO(text(value)))
    root = next((row for row in rows if row["user"] == "<root_account>"), None)
    if root is None:
        return None

    return ReportRow(
        (root["access_key_1_active"] == "true", root["access_key_2_active"] == "true"), root["mfa_active"] == "true"
    )


# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
_NOTHING = frozenset({"", "N/A", "no_information", "not_supported"})


def _all_rows(value: Any) -> Mapping[str, Credentials]:
    return {row["arn"]: _credentials(row) for row in csv.DictReader(io.StringIO(text(value)))}


def _credentials(row: Mapping[str, str]) -> Credentials:
    return Credentials(
        created=moment(row["user_creation_time"]),
        password=None if row["password_enabled"] in _NOTHING else _is_true(row["password_enabled"]),
        password_used=_when(row["password_last_used"]),
        password_changed=_when(row["password_last_changed"]),
        mfa=_is_true(row["mfa_active"]),
        keys=tuple(_access_keys(row)),
        certificates=tuple(_is_true(row[f"cert_{number}_active"]) for number in (1, 2)),
    )


def _access_keys(row: Mapping[str, str]) -> Iterator[AccessKey]:
    for number in (1, 2):
        key = f"access_key_{number}"
        service = row[f"{key}_last_used_service"]
        yield AccessKey(
            active=_is_true(row[f"{key}_active"]),
            changed=_when(row[f"{key}_last_rotated"]),
            used=_when(row[f"{key}_last_used_date"]),
            service=None if service in _NOTHING else service,
        )


def _is_true(word: str) -> bool:
    return word.lower() == "true"


def _when(word: str) -> datetime.datetime | None:
    return None if word in _NOTHING else moment(word)


def flag_number(value: Any) -> bool:
    """Parse 1 for yes and 0 for no."""
    return bool(integer(value))


class AccountCredentials(Resource):
    """The account's own credentials, those of its root user, and the report on everybody's."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::RootUser"
    scope: ClassVar[Scope] = Scope.GLOBAL

    root_row = Fact(REPORT, "Content", _root_row, "The root user's row; unset where the report has none.")
    rows = Fact(REPORT, "Content", _all_rows, "What the report says of every user, and of the root user, by ARN.")
    report_made = Fact(REPORT, "GeneratedTime", optional(moment), "When the report was made; up to four hours ago.")
    root_access_keys = Fact(SUMMARY, "AccountAccessKeysPresent", integer, "How many access keys the root user has.")
    root_password = Fact(
        SUMMARY,
        "AccountPasswordPresent",
        optional(flag_number),
        "Whether the root user has a password; unset if untold.",
    )
    root_mfa = Fact(SUMMARY, "AccountMFAEnabled", flag_number, "Whether the root user has a second factor.")
    root_certificates = Fact(
        SUMMARY, "AccountSigningCertificatesPresent", integer, "How many signing certificates the root user has."
    )
    virtual_mfa = Fact(
        VIRTUAL_MFA,
        "@",
        many(record(VirtualMfa, serial=("SerialNumber", text), user_arn="User.Arn")),
        "The virtual second factors that users and the root user have.",
    )

    @property
    def arn(self) -> str:
        """The root user's ARN."""
        return f"arn:{self.partition}:iam::{self.account}:root"


class Account(Resource):
    """The account, as IAM has it."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::Account"
    scope: ClassVar[Scope] = Scope.GLOBAL

    users = Fact(SUMMARY, "Users", integer, "How many users it has.")

    @property
    def name(self) -> str:
        """The account's id."""
        return self.account

    @property
    def arn(self) -> str:
        """What stands for the account in policies."""
        return f"arn:{self.partition}:iam::{self.account}:root"


PASSWORD_POLICY = Call(
    "GetAccountPasswordPolicy", result="PasswordPolicy", absent=("NoSuchEntity", "NoSuchEntityException")
)


# What UpdateAccountPasswordPolicy takes. What a request leaves out goes back to its default.
# https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html
_SETTINGS = (
    "MinimumPasswordLength",
    "RequireSymbols",
    "RequireNumbers",
    "RequireUppercaseCharacters",
    "RequireLowercaseCharacters",
    "AllowUsersToChangePassword",
    "MaxPasswordAge",
    "PasswordReusePrevention",
    "HardExpiry",
)


def _settings(value: Any) -> Mapping[str, bool | int]:
    return {text(name): setting for name, setting in (value or {}).items() if setting is not None}


class PasswordPolicy(Resource):
    """What the account asks of its users' passwords."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::AccountPasswordPolicy"
    scope: ClassVar[Scope] = Scope.GLOBAL

    minimum_length = Fact(
        PASSWORD_POLICY,
        "MinimumPasswordLength",
        optional_integer,
        "Characters, at least; unset where the account has no policy of its own, and AWS's default holds: 8.",
    )
    remembered = Fact(
        PASSWORD_POLICY,
        "PasswordReusePrevention",
        optional_integer,
        "How many of a user's old passwords cannot be used again, 1 to 24; unset for none.",
    )
    settings = Fact(
        PASSWORD_POLICY,
        "{" + ", ".join(f"{name}: {name}" for name in _SETTINGS) + "}",
        _settings,
        "All that it sets, in AWS's spelling, as a change has to name it again; empty without a policy of its own.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one an account."""
        return f"arn:{self.partition}:iam::{self.account}:account-password-policy"


SERVER_CERTIFICATES = Call("ListServerCertificates", result="ServerCertificateMetadataList[]")


class ServerCertificate(Resource):
    """A certificate for TLS that was uploaded to IAM."""

    service: ClassVar[str] = "iam"
    type: ClassVar[str] = "AWS::IAM::ServerCertificate"
    listing: ClassVar[Call] = SERVER_CERTIFICATES
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(SERVER_CERTIFICATES, "Arn", text, "The certificate's ARN, path included.")
    name = Fact(SERVER_CERTIFICATES, "ServerCertificateName", text, "The certificate's name, unique in the account.")
    expires = Fact(SERVER_CERTIFICATES, "Expiration", moment, "When it expires, or did.")

"""
Who asks for what, and what is known of the circumstances.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
"""

from __future__ import annotations

import enum
import functools

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeAlias

from attrs import evolve, field, frozen


class PrincipalKind(enum.Enum):
    """What sort of principal it is; the value is CloudFormation's name of its type, or a word."""

    __hash__ = object.__hash__  # each member is there once, and that of Enum is slow

    USER = "AWS::IAM::User"
    ROLE = "AWS::IAM::Role"
    ROOT = "root user"
    FEDERATED_USER = "federated user"
    SERVICE = "service"
    WEB_IDENTITY = "web identity"
    SAML = "SAML identity"
    ANONYMOUS = "anonymous"


@frozen(cache_hash=True)
class Principal:
    """
    Who makes a request.

    Args:
        kind: The sort.

        arn: Of a user, or of the role whose session it is; the name of a service; the ARN of an identity provider.

        account: The account's id, 12 digits; None for services and for anonymous callers.

        session: The name of the role's session; None where any may be meant.

        organization: The id of the account's organization; empty for an account in none; None where that is not known.

        tags: The tags of the user or role; None where they are not known.

        parent: The ARN of the user behind a federated user's session.

        service_linked: Whether it is a service-linked role.
    """

    kind: PrincipalKind
    arn: str
    account: str | None = None
    session: str | None = field(default=None, kw_only=True)
    organization: str | None = field(default=None, kw_only=True)
    tags: Mapping[str, str] | None = field(default=None, kw_only=True, hash=False)
    parent: str | None = field(default=None, kw_only=True)
    service_linked: bool = field(default=False, kw_only=True)
    heard: dict[object, Any] = field(factory=dict, init=False, eq=False, repr=False)
    """What policies say of it where it calls AWS itself; they that say it keep it here."""

    @property
    def name(self) -> str:
        """What people call it: the last part of its ARN, the service, or anybody."""
        return self.arn.rpartition("/")[2] or self.arn


def user(arn: str) -> Principal:
    """Return the IAM user with *arn*."""
    return Principal(PrincipalKind.USER, arn, _account(arn))


def role(arn: str, session: str | None = None) -> Principal:
    """Return a session of the role with *arn*; without a name, any of its sessions."""
    linked = ":role/aws-service-role/" in arn
    return Principal(PrincipalKind.ROLE, arn, _account(arn), session=session, service_linked=linked)


def root_user(account: str, partition: str = "aws") -> Principal:
    """Return the root user of *account*."""
    return Principal(PrincipalKind.ROOT, f"arn:{partition}:iam::{account}:root", account)


def service(name: str) -> Principal:
    """Return the AWS service *name*, such as ``events.amazonaws.com``."""
    return Principal(PrincipalKind.SERVICE, name)


def web_identity(provider: str) -> Principal:
    """Return somebody with a token of the OIDC provider with the ARN *provider*."""
    return Principal(PrincipalKind.WEB_IDENTITY, provider, _account(provider))


def saml_identity(provider: str) -> Principal:
    """Return somebody with an assertion of the SAML provider with the ARN *provider*."""
    return Principal(PrincipalKind.SAML, provider, _account(provider))


def anonymous() -> Principal:
    """Return a caller who signs nothing."""
    return Principal(PrincipalKind.ANONYMOUS, "*")


@functools.lru_cache(maxsize=16_384)
def _account(arn: str) -> str | None:
    parts = arn.split(":")
    return (parts[4] or None) if len(parts) > 4 else None  # noqa: PLR2004 - the account is the fifth component


Value: TypeAlias = "str | tuple[str, ...]"
"""The value of a context key: text, or a tuple for a key that has several."""

# Keys that have several values; with them a plain operator does not match.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
MULTIVALUED: Final = frozenset(
    {
        "aws:calledvia",
        "aws:principalorgpaths",
        "aws:principalservicenameslist",
        "aws:resourceorgpaths",
        "aws:sourceorgpaths",
        "aws:tagkeys",
        "dynamodb:attributes",
        "dynamodb:leadingkeys",
        "kms:encryptioncontextkeys",
        "kms:grantoperations",
        "lambda:securitygroupids",
        "lambda:subnetids",
        "s3:requestobjecttagkeys",
        "sns:attributes",
        "sts:transitivetagkeys",
    }
)
_SOURCE_KEYS: Final = ("aws:sourcearn", "aws:sourceaccount", "aws:sourceorgid", "aws:sourceorgpaths")
_VIA_KEYS: Final = ("aws:calledvia", "aws:calledviafirst", "aws:calledvialast", "kms:viaservice")


def _folded(values: Mapping[str, Value]) -> Mapping[str, Value]:
    return {key.lower(): value for key, value in values.items()}


def _folded_names(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key.lower() for key in keys)


@frozen
class Context:
    """
    What is known of the context keys of a request.

    Args:
        known: Values by key; names of keys are the same in upper and lower case.

        absent: Keys that the request is known not to have.

        open_world: Whether any other key may have any value; where not, the request does not have it.
    """

    known: Mapping[str, Value] = field(factory=dict, converter=_folded)
    absent: frozenset[str] = field(default=frozenset(), converter=_folded_names)
    open_world: bool = True

    def with_(self, known: Mapping[str, Value] | None = None, absent: Iterable[str] = ()) -> Context:
        """Return the context with more *known* and more *absent*; they win over what was there."""
        more, gone = _folded(known or {}), _folded_names(absent)
        kept = {key: value for key, value in self.known.items() if key not in gone}

        return evolve(self, known={**kept, **more}, absent=(self.absent | gone) - more.keys())


DIRECT: Final = Context(
    {"aws:SecureTransport": "true", "aws:ViaAWSService": "false"},
    frozenset({*_SOURCE_KEYS, *_VIA_KEYS, "aws:principalservicename", "aws:principalservicenameslist"}),
)
"""A principal that calls AWS itself, over TLS."""


@frozen
class Request:
    """
    A request to AWS.

    Args:
        principal: Who asks.

        action: The action, such as ``sqs:SendMessage``, without wildcards.

        resource: The ARN that it is about. It may have wildcards: then all that they match are meant.

        resource_account: The account of the resource; unset means the one in the ARN. S3's ARNs have none.

        context: What is known of the circumstances besides what follows from the principal and the resource.
    """

    principal: Principal
    action: str
    resource: str
    resource_account: str | None = None
    context: Context = DIRECT
    _keys: dict[str, Value | None] = field(factory=dict, init=False, eq=False, repr=False)

    @property
    def owner(self) -> str | None:
        """The account of the resource; None where nobody says."""
        return self.resource_account or _account(self.resource)

    @property
    def service(self) -> str:
        """The service of the action, such as ``sqs``."""
        return self.action.partition(":")[0].lower()

    def look_up(self, key: str) -> Value | None:
        """
        Return the value of the context key *key*, in lower case; None where the request has it not.

        Raises:
            KeyError: It is not known.
        """
        known = self._keys or self._derived()
        if key in known:
            return known[key]
        if self._may_have(key):
            raise KeyError(key)

        return None

    def known_of(self, keys: Iterable[str]) -> tuple[object, ...]:
        """Return what is known of *keys*: the same for two requests of which the same is known."""
        known = self._keys or self._derived()
        return tuple([known[k] if k in known else _UNKNOWN if self._may_have(k) else None for k in keys])

    def _may_have(self, key: str) -> bool:
        tagged = self.principal.tags is not None and key.startswith("aws:principaltag/")
        return self.context.open_world and not tagged

    def _derived(self) -> Mapping[str, Value | None]:
        """Find out what is known of context keys; None stands for "known not to be there"."""
        context = self.context
        self._keys.update(
            {
                **dict.fromkeys(context.absent),
                **_of_principal(self.principal),
                **_of_resource(self.resource, self.owner),
                **context.known,
            }
        )

        return self._keys


_UNKNOWN: Final = object()


@functools.lru_cache(maxsize=16_384)
def _of_principal(principal: Principal) -> Mapping[str, Value | None]:
    kind = principal.kind
    found: dict[str, Value | None] = {"aws:principalisawsservice": "true" if kind is PrincipalKind.SERVICE else "false"}
    if kind is PrincipalKind.SERVICE:
        return found | {"aws:principalservicename": principal.arn} | dict.fromkeys(_PRINCIPAL_KEYS)
    if kind is PrincipalKind.ANONYMOUS:
        return found | dict.fromkeys(_PRINCIPAL_KEYS) | {"aws:userid": "anonymous", "aws:principaltype": "Anonymous"}
    if kind in {PrincipalKind.WEB_IDENTITY, PrincipalKind.SAML}:
        # Who has no AWS credentials yet is no principal of an account.
        return found | dict.fromkeys(_PRINCIPAL_KEYS)
    account = principal.account or ""
    found |= {
        "aws:principalarn": principal.arn,
        "aws:principalaccount": account,
        "kms:calleraccount": account,
        "aws:sourceowner": account,
        "aws:principaltype": _TYPES[kind],
    }
    found["aws:username"] = principal.name if kind is PrincipalKind.USER else None
    if kind is PrincipalKind.ROOT:
        found["aws:userid"] = account
    if principal.organization is not None:
        found["aws:principalorgid"] = principal.organization or None
        if not principal.organization:
            found["aws:principalorgpaths"] = None
    found |= {f"aws:principaltag/{key.lower()}": value for key, value in (principal.tags or {}).items()}

    return found


_TYPES: Final = {
    PrincipalKind.USER: "User",
    PrincipalKind.ROLE: "AssumedRole",
    PrincipalKind.ROOT: "Account",
    PrincipalKind.FEDERATED_USER: "FederatedUser",
}
_PRINCIPAL_KEYS: Final = (
    "aws:principalarn",
    "aws:principalaccount",
    "aws:principalorgid",
    "aws:principalorgpaths",
    "aws:sourceowner",
    "aws:userid",
    "aws:username",
    "kms:calleraccount",
)


OF_RESOURCES: Final = frozenset({"aws:resourceaccount", "aws:requestedregion"})
"""The keys whose values follow from the resource."""


@functools.lru_cache(maxsize=16_384)
def _of_resource(resource: str, owner: str | None) -> Mapping[str, Value | None]:
    found: dict[str, Value | None] = {}
    if owner:
        found["aws:resourceaccount"] = owner
    parts = resource.split(":")
    if len(parts) > 5 and parts[3] and "*" not in parts[3]:  # noqa: PLR2004 - the region is the fourth of six
        found["aws:requestedregion"] = parts[3]

    return found

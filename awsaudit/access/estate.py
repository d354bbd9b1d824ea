"""
The policies of a scanned account, put together for the engine: whose they are, what they hang on, whom the account trusts.

Everything here is a function of the inventory. What could not be read becomes `Unread`, so that an answer that hangs on it is
conditional. The constants name what a check that uses a function lists under ``uses=``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import evolve

from awsaudit.access.evaluate import Layer, Level, PolicySet
from awsaudit.access.policy import Policy, PolicyKind, Unread, parse_policy, read_policy
from awsaudit.access.request import Principal, PrincipalKind
from awsaudit.access.zone import TrustZone
from awsaudit.errors import EvidenceMissing, Undecided
from awsaudit.inventory import Inventory
from awsaudit.resources.iam import Attached, Group, InlinePolicy, ManagedPolicy, Role, User
from awsaudit.resources.kms import Alias, Grant, Key
from awsaudit.resources.organizations import (
    Organization,
    OrganizationAccount,
    OrganizationPlace,
    ResourceControlPolicy,
    ServiceControlPolicy,
)


ZONE: Final = (Organization.id, OrganizationAccount.id)
"""What `zone_of` looks at."""

IDENTITY: Final = (
    Role.arn, Role.name, Role.path, Role.tags, Role.trust, Role.attached, Role.inline, Role.boundary_arn,
    User.arn, User.name, User.tags, User.attached, User.inline, User.boundary_arn, User.groups,
    Group.name, Group.attached, Group.inline, ManagedPolicy.arn, ManagedPolicy.document,
)  # fmt: skip
"""What `identity_of`, `principal_of` and the other functions about users and roles look at."""

CONTROL: Final = (
    Organization.id, Organization.management_account, OrganizationPlace.ancestors,
    ServiceControlPolicy.document, ServiceControlPolicy.name, ServiceControlPolicy.target_ids,
    ResourceControlPolicy.document, ResourceControlPolicy.name, ResourceControlPolicy.target_ids,
)  # fmt: skip
"""What `control_policies` looks at."""

KEYS: Final = (Key.arn, Key.id, Key.policy, Key.grants, Key.manager, Alias.name, Alias.key_id)
"""What `key_named` and the policies of keys look at."""


def zone_of(account: Inventory) -> TrustZone:
    """Return whom the account trusts: its organization, as far as that could be seen, and whom its owner named."""
    return account.once("access.zone", lambda: _zone(account))


def _zone(account: Inventory) -> TrustZone:
    trust = account.target.trust
    accounts = {account.account, *trust.accounts, *trust.vendors}
    organizations = set(trust.organizations)
    unseen = None
    try:
        for organization in account.every(Organization):
            if organization.id:
                organizations.add(organization.id)
        accounts |= {member.id for member in account.every(OrganizationAccount)}
    except EvidenceMissing as missing:
        unseen = missing.gap

    return TrustZone(
        frozenset(accounts), frozenset(organizations), trust.networks, unseen, _own_organization(account) or None
    )


def principal_of(holder: Role | User, account: Inventory) -> Principal:
    """Return *holder* as one who makes requests; of a role, any session."""
    return account.once(("access.principal", holder.arn), lambda: _principal(holder, account))


def _principal(holder: Role | User, account: Inventory) -> Principal:
    kind = PrincipalKind.ROLE if isinstance(holder, Role) else PrincipalKind.USER
    linked = isinstance(holder, Role) and holder.path.startswith("/aws-service-role/")
    try:
        tags: Mapping[str, str] | None = holder.tags
    except EvidenceMissing:
        tags = None
    # A session may bring tags of its own: those of the role that are known are not all.
    known = tags if kind is PrincipalKind.USER else None

    return Principal(
        kind, holder.arn, holder.account, organization=_own_organization(account), tags=known, service_linked=linked
    )


def _own_organization(account: Inventory) -> str | None:
    """Return the id of the account's organization; empty for none, None where that could not be seen."""
    try:
        found = [organization.id or "" for organization in account.every(Organization)]
    except EvidenceMissing:
        return None

    return found[0] if found else None


def identity_of(holder: Role | User, account: Inventory) -> Level:
    """Return the policies that *holder* has, by itself and by its groups."""
    return account.once(("access.identity", holder.arn), lambda: tuple(_identity(holder, account)))


def _identity(holder: Role | User, account: Inventory) -> Iterator[Layer]:
    yield from _held(holder, f"of {holder.name}", account)
    if isinstance(holder, User):
        try:
            for name in holder.groups:
                yield from _of_group(name, account)
        except EvidenceMissing as missing:
            yield Unread(f"the groups of {holder.name}", PolicyKind.IDENTITY, missing.gap)


def _of_group(name: str, account: Inventory) -> Iterator[Layer]:
    group = account.first(Group, lambda g: g.name == name)
    if group is None:
        yield Unread(f"the group {name}", PolicyKind.IDENTITY, reason="AWS does not list it")
    else:
        yield from _held(group, f"of the group {name}", account)


def _held(holder: Role | User | Group, whose: str, account: Inventory) -> Iterator[Layer]:
    yield from _readable(lambda: _inline(holder.inline, whose), f"the inline policies {whose}")
    yield from _readable(lambda: _attached(holder.attached, account), f"the attached policies {whose}")


def _readable(read: Callable[[], Iterable[Layer]], name: str) -> Iterator[Layer]:
    try:
        yield from tuple(read())
    except EvidenceMissing as missing:
        yield Unread(name, PolicyKind.IDENTITY, missing.gap)


def _inline(policies: Iterable[InlinePolicy], whose: str) -> Iterator[Layer]:
    for policy in policies:
        yield read_policy(policy.document, PolicyKind.IDENTITY, f"the inline policy {policy.name} {whose}")


def _attached(policies: Iterable[Attached], account: Inventory) -> Iterator[Layer]:
    for policy in policies:
        yield managed_policy(policy.arn, PolicyKind.IDENTITY, account)


def managed_policy(arn: str, kind: PolicyKind, account: Inventory) -> Layer:
    """Return the managed policy with *arn*, in the version that is in force."""
    return account.once(("access.managed", arn, kind), lambda: _managed(arn, kind, account))


def _managed(arn: str, kind: PolicyKind, account: Inventory) -> Layer:
    name = f"the {kind.value} {arn.rpartition('/')[2]}"
    try:
        found = _managed_index(account).get(arn) or account.first(ManagedPolicy, lambda policy: policy.arn == arn)
        document = found.document if found else None
    except EvidenceMissing as missing:
        return Unread(name, kind, missing.gap)
    if document is None:
        return Unread(name, kind, reason="AWS does not tell what it says")

    return read_policy(document, kind, name)


def _managed_index(account: Inventory) -> Mapping[str, ManagedPolicy]:
    return account.once("access.managed", lambda: {policy.arn: policy for policy in account.seen(ManagedPolicy)})


def boundary_of(holder: Role | User, account: Inventory) -> Layer | None:
    """Return the permissions boundary of *holder*; None without one."""
    try:
        arn = holder.boundary_arn
    except EvidenceMissing as missing:
        return Unread(f"the permissions boundary of {holder.name}", PolicyKind.BOUNDARY, missing.gap)

    return managed_policy(arn, PolicyKind.BOUNDARY, account) if arn else None


def control_policies(account: Inventory, kind: PolicyKind) -> tuple[Level, ...]:
    """
    Return the service or resource control policies that bind the account, a tuple a level from the root to the account.

    Empty where none bind it: outside an organization, and in the management account. Where they could not be read, which
    is usual in a member account, one level holds the one `Unread`.
    """
    return account.once(("access.control", kind), lambda: _controls(account, kind))


def _controls(account: Inventory, kind: PolicyKind) -> tuple[Level, ...]:
    try:
        organization = next(iter(account.every(Organization)), None)
        if organization is None or not organization.id or organization.management_account == account.account:
            return ()
        place = next(iter(account.every(OrganizationPlace)), None)
        ancestors = place.ancestors if place else ()
        policies: tuple[ServiceControlPolicy | ResourceControlPolicy, ...] = (
            account.every(ServiceControlPolicy) if kind is PolicyKind.SCP else account.every(ResourceControlPolicy)
        )
        levels = [
            tuple(
                read_policy(p.document, kind, f"the {kind.value} {p.name}")
                for p in policies
                if p.document is not None and target in p.target_ids
            )
            for target in ancestors or ()
        ]
    except EvidenceMissing as missing:
        return ((Unread(f"the {_many(kind)} of the organization", kind, missing.gap),),)

    # A level without policies is one where the policy type is not enabled: it binds nobody.
    return tuple(level for level in levels if level)


def _many(kind: PolicyKind) -> str:
    return kind.value.replace("policy", "policies")


def unread_controls(account: Inventory) -> Unread | None:
    """Return what stands for the organization's service control policies where they could not be read; None if they could."""
    levels = control_policies(account, PolicyKind.SCP)
    return next((layer for level in levels for layer in level if isinstance(layer, Unread)), None)


def policies_of(  # noqa: PLR0913 - the layers
    holder: Role | User, account: Inventory, *, resource: Layer | None = None, key: Layer | None = None,
    grants: tuple[Grant | Unread, ...] = (), unread_controls: bool = False,
) -> PolicySet:  # fmt: skip
    """
    Return the policies that decide on requests of *holder*.

    Args:
        holder: Who asks.

        account: Where the policies are.

        resource: The policy of the resource.

        key: The key policy, for requests to KMS.

        grants: The grants on the key.

        unread_controls:
            Whether service control policies that could not be read make answers conditional. They can only take rights
            away; most member accounts may not read them.
    """
    return PolicySet(
        identity=identity_of(holder, account),
        boundary=boundary_of(holder, account),
        scps=_as_far_as(control_policies(account, PolicyKind.SCP), keep=unread_controls),
        rcps=_as_far_as(control_policies(account, PolicyKind.RCP), keep=unread_controls),
        resource=resource,
        key=key,
        grants=grants,
    )


def foreign_policies(
    principal: Principal, account: Inventory, policies: PolicySet, *, unread_controls: bool = False
) -> PolicySet:
    """
    Return *policies* with those of the organization that bind *principal*, who is no role or user of the account.

    Args:
        principal: Who asks. Resource control policies bind whoever comes from outside, too; service control policies bind
            the account's own root user.

        account: Where the policies are.

        policies: What else decides.

        unread_controls: Whether control policies that could not be read make answers conditional.
    """
    own = control_policies(account, PolicyKind.SCP) if principal.account == account.account else ()
    return evolve(
        policies,
        scps=_as_far_as(own, keep=unread_controls),
        rcps=_as_far_as(control_policies(account, PolicyKind.RCP), keep=unread_controls),
    )


def _as_far_as(levels: tuple[Level, ...], *, keep: bool) -> tuple[Level, ...]:
    if keep:
        return levels

    return tuple(level for level in levels if not any(isinstance(layer, Unread) for layer in level))


def trust_of(role: Role) -> Layer:
    """Return the trust policy of *role*."""
    name = f"the trust policy of {role.name}"
    try:
        document = role.trust
    except EvidenceMissing as missing:
        return Unread(name, PolicyKind.TRUST, missing.gap)
    if document is None:
        return Unread(name, PolicyKind.TRUST, reason="AWS does not tell it")

    return read_policy(document, PolicyKind.TRUST, name)


def attached_to(document: Mapping[str, Any] | None, what: str, kind: PolicyKind = PolicyKind.RESOURCE) -> Layer | None:
    """
    Return the policy that hangs on a resource, out of its `policy` fact; None without one.

    Args:
        document: The fact's value.

        what: The resource in words, such as ``the queue orders``.

        kind: What the policy decides.
    """
    return None if document is None else read_policy(document, kind, f"the {kind.value} of {what}")


def readable(layer: Layer | None) -> Policy | None:
    """
    Return *layer* if it could be read.

    Raises:
        EvidenceMissing: It was refused.
        Undecided: It is no policy.
    """
    if isinstance(layer, Unread):
        raise_unread(layer)

    return layer if isinstance(layer, Policy) else None


def raise_unread(unread: Unread) -> None:
    """
    Raise what a check raises for a policy that could not be read.

    Raises:
        EvidenceMissing: It was refused.
        Undecided: It is no policy.
    """
    if unread.gap:
        raise EvidenceMissing(unread.gap)
    raise Undecided(f"{unread.name} cannot be read: {unread.reason}")


def holders(account: Inventory) -> tuple[Role | User, ...]:
    """
    Return all roles and users of the account.

    Raises:
        EvidenceMissing: They could not be listed.
    """
    return (*account.every(Role), *account.every(User))


def key_named(reference: str, region: str, account: Inventory) -> Key | None:
    """
    Return the key that *reference* names: an id, an ARN, an alias or its ARN; None if the account has none such.

    Raises:
        EvidenceMissing: It is another account's, or could not be seen.
    """
    if reference.startswith("arn:") and ":key/" in reference:
        return account.by_arn(Key, reference)
    name = reference.rpartition(":")[2]
    if name.startswith("alias/"):
        # The same alias of another account is another key.
        whole = reference.startswith("arn:")
        alias = account.by_arn(Alias, reference) if whole else account.first(Alias, lambda a: a.name == name, region)
        name = (alias.key_id or "") if alias else ""

    return account.first(Key, lambda k: k.id == name, region) if name else None


def key_layers(key: Key) -> tuple[Layer, tuple[Grant | Unread, ...]]:
    """Return the policy of *key* and the grants on it."""
    name = f"the key {key.id}"
    return _key_policy(key, name), _grants(key, name)


def _key_policy(key: Key, name: str) -> Layer:
    try:
        if key.manager == "AWS":
            return policy_of_aws_key(key.account, name)
        document = key.policy
    except EvidenceMissing as missing:
        return Unread(f"the key policy of {name}", PolicyKind.KEY, missing.gap)
    if document is None:
        return Unread(f"the key policy of {name}", PolicyKind.KEY, reason="AWS does not tell it")

    return read_policy(document, PolicyKind.KEY, f"the key policy of {name}")


def _grants(key: Key, name: str) -> tuple[Grant | Unread, ...]:
    try:
        return key.grants
    except EvidenceMissing as missing:
        return (Unread(f"the grants on {name}", PolicyKind.KEY, missing.gap),)


def policy_of_aws_key(account: str, name: str) -> Policy:
    """
    Return what the policy of an AWS managed key says: anybody in the account uses it, and only through the service.

    https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key

    Args:
        account: The account that the key is in.

        name: How the key is called in a sentence.
    """
    statement = {
        "Sid": "through the service",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"kms:CallerAccount": account}, "StringLike": {"kms:ViaService": "*"}},
    }

    return parse_policy(
        {"Version": "2012-10-17", "Statement": [statement]},
        PolicyKind.KEY,
        f"the key policy of {name}, which AWS manages",
    )

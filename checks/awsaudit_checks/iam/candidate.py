"""What the ways to more rights may work on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from attrs import evolve, frozen

from awsaudit import Inventory
from awsaudit.access import (
    RIGHTS,
    Context,
    Decision,
    Policy,
    PolicyKind,
    PolicySet,
    Question,
    answer,
    answer_outsider,
    parse_policy,
    policies_of,
    read_policy,
    service,
    trust_of,
)
from awsaudit.access.estate import managed_policy
from awsaudit.access.policy import Form
from awsaudit.access.way import by_what
from awsaudit.resources.iam import Group, ManagedPolicy, Role, User
from awsaudit.resources.lambda_ import Function
from awsaudit_checks.iam.recipe import Recipe, Target
from awsaudit_checks.iam.somewhere import made_up, patterns_of, speaks_of
from awsaudit_checks.iam.strength import ADMINISTRATOR_ACCESS, Strength, ask, holds, strength_of, strength_with, tags_of


CANDIDATES: Final = (
    *RIGHTS, Group.arn, ManagedPolicy.other_versions, ManagedPolicy.attachments, Role.instance_profile_arns,
    Function.arn, Function.name, Function.role_arn,
)  # fmt: skip
"""What `candidates` looks at."""

_ALL: Final = parse_policy(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]},
    PolicyKind.IDENTITY,
    "a policy of its own making",
)


@frozen
class Candidate:
    """
    Something that a recipe may work on.

    Args:
        arn: Its ARN.

        type: CloudFormation's name of its type, or a word.

        words: What it is, in a sentence.

        gained: What whoever has it may do.

        known: Context keys of the request; None for one that it has not.

        opens: Tells what else opens the way to it, in words; None if that is closed.

        also: Further actions that are done to it.
    """

    arn: str
    type: str
    words: str
    gained: Callable[[], Strength]
    known: Mapping[str, str | None]
    opens: Callable[[], str | None] = lambda: ""
    also: tuple[str, ...] = ()


def candidates(recipe: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    """
    Yield what *recipe* may work on in the hands of *holder*.

    Raises:
        EvidenceMissing: Not everything could be seen; after what could.
    """
    return _BY_TARGET[recipe.target](recipe, holder, account)


def _with_all(who: Role | User, account: Inventory) -> Callable[[], Strength]:
    """Return what tells what *who* could do with a policy that allows all, within its boundary."""
    return lambda: account.once(
        ("iam.with-all", who.arn),
        lambda: _own_making(who, evolve(policies_of(who, account), identity=(_ALL,)), account),
    )


def _own_making(who: Role | User, policies: PolicySet, account: Inventory) -> Strength:
    found = strength_with(who, policies, account)
    return Strength(dict.fromkeys(found.by, _ALL.name), found.unknown)


def _itself(holder: Role | User, account: Inventory) -> Candidate:
    return Candidate(holder.arn, type(holder).type, "itself", _with_all(holder, account), _of(holder, account))


def _of(thing: Role | User, account: Inventory) -> Mapping[str, str | None]:
    """Return what is known of requests about *thing*: its tags, its boundary; the policy is any that there is."""
    return {
        **tags_of(thing),
        "iam:PolicyARN": f"arn:{account.target.partition}:{ADMINISTRATOR_ACCESS}",
        "iam:PermissionsBoundary": thing.boundary_arn,
    }


def _user_itself(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    if isinstance(holder, User):
        yield _itself(holder, account)


def _roles_at_hand(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    if isinstance(holder, Role):
        yield _itself(holder, account)
    for role in _other_roles(holder, account):
        yield Candidate(
            role.arn, Role.type, f"the role {role.name}", _with_all(role, account), _of(role, account),
            lambda role=role: _assuming(holder, role, account),  # type: ignore[misc]
        )  # fmt: skip


def _other_roles(holder: Role | User, account: Inventory) -> Iterator[Role]:
    for role in account.every(Role):
        if role.arn != holder.arn and not role.path.startswith(("/aws-service-role/", "/aws-reserved/")):
            yield role


def _assuming(holder: Role | User, role: Role, account: Inventory) -> str | None:
    asked = Question("sts:AssumeRole", role.arn, role.account, own=trust_of(role))
    return _opened(answer(asked, holder, account), "it may assume the role")


def _opened(decision: Decision, words: str) -> str | None:
    return f"{words}: {by_what(decision)}" if holds(decision) else None


def _own_groups(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    if isinstance(holder, User):
        for group in _groups(account, holder.groups):
            known = {"iam:PolicyARN": f"arn:{account.target.partition}:{ADMINISTRATOR_ACCESS}"}
            yield Candidate(group.arn, Group.type, f"its group {group.name}", _with_all(holder, account), known)


def _groups(account: Inventory, names: Iterable[str]) -> Iterator[Group]:
    wanted = set(names)
    yield from (group for group in account.every(Group) if group.name in wanted)


def _other_groups(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    if isinstance(holder, User):
        for group in account.every(Group):
            if group.name not in holder.groups:
                yield Candidate(group.arn, Group.type, f"the group {group.name}", _in_group(holder, group, account), {})


def _in_group(holder: User, group: Group, account: Inventory) -> Callable[[], Strength]:
    def gained() -> Strength:
        policies = policies_of(holder, account)
        whose = f"of the group {group.name}"
        more = [
            read_policy(p.document, PolicyKind.IDENTITY, f"the inline policy {p.name} {whose}") for p in group.inline
        ]
        more += [managed_policy(p.arn, PolicyKind.IDENTITY, account) for p in group.attached]

        return strength_with(holder, evolve(policies, identity=(*policies.identity, *more)), account)

    return gained


def _policies(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    for policy, who in _policies_at_hand(holder, account):
        name = policy.arn.rpartition("/")[2]
        yield Candidate(
            policy.arn, ManagedPolicy.type, f"the policy {name}", _with_all(who, account), {},
            _as_holder(holder, who, account),
        )  # fmt: skip


def _old_versions(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    for policy, who in _policies_at_hand(holder, account):
        name = policy.arn.rpartition("/")[2]
        for version in policy.other_versions:
            read = read_policy(version.document, PolicyKind.IDENTITY, f"the version {version.id} of the policy {name}")
            if isinstance(read, Policy):
                yield Candidate(
                    policy.arn, ManagedPolicy.type, f"the version {version.id} of the policy {name}",
                    _with_version(who, read, account), {}, _as_holder(holder, who, account),
                )  # fmt: skip


def _with_version(who: Role | User, version: Policy, account: Inventory) -> Callable[[], Strength]:
    policies = policies_of(who, account)
    return lambda: strength_with(who, evolve(policies, identity=(*policies.identity, version)), account)


def _as_holder(holder: Role | User, who: Role | User, account: Inventory) -> Callable[[], str | None]:
    if who.arn == holder.arn or not isinstance(who, Role):
        return lambda: ""

    return lambda: _assuming(holder, who, account)


def _policies_at_hand(holder: Role | User, account: Inventory) -> Iterator[tuple[ManagedPolicy, Role | User]]:
    """Yield the customer's policies that *holder* has, and those of other roles with the role."""
    own = {attached.arn for attached in holder.attached}
    if isinstance(holder, User):
        own |= {attached.arn for group in _groups(account, holder.groups) for attached in group.attached}
    roles = account.once("iam.roles-of-policy", lambda: _roles_of_policy(account))
    for policy in account.every(ManagedPolicy):
        if ":iam::aws:policy/" in policy.arn or not policy.attachments:
            continue
        if policy.arn in own:
            yield policy, holder
        for role in roles.get(policy.arn, ()):
            if role.arn != holder.arn:
                yield policy, role


def _roles_of_policy(account: Inventory) -> Mapping[str, list[Role]]:
    found: dict[str, list[Role]] = {}
    for role in account.seen(Role):
        for attached in role.attached:
            found.setdefault(attached.arn, []).append(role)

    return found


def _other_users(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    for user in account.every(User):
        if user.arn != holder.arn:
            yield Candidate(
                user.arn, User.type, f"the user {user.name}",
                lambda user=user: strength_of(user, account), tags_of(user),  # type: ignore[misc]
            )  # fmt: skip


def _roles_to_open(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    for role in _other_roles(holder, account):
        yield Candidate(
            role.arn, Role.type, f"the role {role.name}", lambda role=role: strength_of(role, account),  # type: ignore[misc]
            tags_of(role), lambda role=role: _once_trusted(holder, role.arn, account),  # type: ignore[misc]
        )  # fmt: skip


def _once_trusted(holder: Role | User, role: str, account: Inventory) -> str | None:
    """Tell whether *holder* may assume *role* once the role's trust policy names it."""
    statement = {"Effect": "Allow", "Principal": {"AWS": holder.arn}, "Action": "sts:AssumeRole"}
    trust = parse_policy({"Version": "2012-10-17", "Statement": statement}, PolicyKind.TRUST, "its trust policy")
    asked = Question("sts:AssumeRole", role, account.account, own=trust)

    return "it may then assume it" if holds(answer(asked, holder, account)) else None


def _boundary(recipe: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    kind = "User" if isinstance(holder, User) else "Role"
    if holder.boundary_arn and kind in recipe.actions[0]:
        policies = evolve(policies_of(holder, account), boundary=None)
        known = {**tags_of(holder), "iam:PermissionsBoundary": holder.boundary_arn}
        yield Candidate(
            holder.arn, type(holder).type, "itself", lambda: strength_with(holder, policies, account), known
        )


def _new(recipe: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    """Yield what the principal may make, without a boundary, and give policies."""
    is_role = recipe.target is Target.NEW_ROLE
    kind, word = (Role, "role") if is_role else (User, "user")
    everything = evolve(policies_of(holder, account), identity=(_ALL,), boundary=None)
    policy = f"arn:{account.target.partition}:{ADMINISTRATOR_ACCESS}"
    known: Mapping[str, str | None] = {"iam:PolicyARN": policy, "iam:PermissionsBoundary": None}
    patterns = patterns_of(holder, recipe.actions[0], account)
    arns = {made_up(pattern, recipe.actions[0], account, kind=word) for pattern in patterns}
    for action in (a for actions in recipe.starts for a in actions if speaks_of(holder, a, account)):
        for arn in sorted(filter(None, arns)):
            given = ask(holder, action, arn, account, known)
            yield Candidate(
                arn, kind.type, f"a {word}", lambda: _own_making(holder, everything, account), known,
                lambda arn=arn, given=given: _made(holder, arn, given, account, is_role=is_role),  # type: ignore[misc]
                (action,),
            )  # fmt: skip


def _made(holder: Role | User, arn: str, given: Decision, account: Inventory, *, is_role: bool) -> str | None:
    policy = _opened(given, "it may give it any policy")
    if policy is None or not is_role:
        return policy
    assumed = _once_trusted(holder, arn, account)

    return f"{policy}; {assumed}" if assumed else None


def _passed(recipe: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    del holder
    account.every(Role)
    for role, by in _trusting(recipe.service, account):
        if recipe.service == "ec2.amazonaws.com" and not role.instance_profile_arns:
            continue
        yield Candidate(
            role.arn, Role.type, f"the role {role.name}", lambda role=role: strength_of(role, account),  # type: ignore[misc]
            {**tags_of(role), "iam:PassedToService": recipe.service}, lambda by=by: by,  # type: ignore[misc]
        )  # fmt: skip


def _trusting(name: str, account: Inventory) -> tuple[tuple[Role, str], ...]:
    """Return the roles that a service may assume for somebody in the account, with the statements by which."""
    return account.once(("iam.trusting", name), lambda: tuple(_trusting_anew(name, account)))


def _trusting_anew(name: str, account: Inventory) -> Iterator[tuple[Role, str]]:
    context = Context({"aws:SecureTransport": "true", "aws:SourceAccount": account.account})
    for role in account.seen(Role):
        trust = trust_of(role)
        if not isinstance(trust, Policy) or not _names_service(trust) or role.path.startswith("/aws-service-role/"):
            continue
        asked = Question("sts:AssumeRole", role.arn, role.account, context, trust)
        decision = answer_outsider(asked, service(name))
        if decision.possible:
            trusted = ", ".join(reason.statement for reason in decision.allowed_by if reason.kind is PolicyKind.TRUST)
            yield role, f"{name} may assume it: {trust.name}, {trusted}"


def _names_service(trust: Policy) -> bool:
    return any(e.form is Form.SERVICE for s in trust.statements for e in s.principals or ())


def _functions(_: Recipe, holder: Role | User, account: Inventory) -> Iterator[Candidate]:
    del holder
    roles = {role.arn: role for role in account.every(Role)}
    for function in account.seen(Function):
        role = roles.get(function.role_arn)
        if role:
            yield Candidate(
                function.arn, Function.type, f"the function {function.name}, which acts as the role {role.name}",
                lambda role=role: strength_of(role, account), {},  # type: ignore[misc]
            )  # fmt: skip
    account.every(Function)


_Candidates = Callable[[Recipe, "Role | User", Inventory], Iterator[Candidate]]
_BY_TARGET: Final[Mapping[Target, _Candidates]] = {
    Target.USER_ITSELF: _user_itself,
    Target.ROLE_ITSELF: _roles_at_hand,
    Target.OWN_GROUP: _own_groups,
    Target.OTHER_GROUP: _other_groups,
    Target.POLICY: _policies,
    Target.OLD_VERSION: _old_versions,
    Target.OTHER_USER: _other_users,
    Target.OTHER_ROLE: _roles_to_open,
    Target.BOUNDED: _boundary,
    Target.NEW_ROLE: _new,
    Target.NEW_USER: _new,
    Target.PASSED: _passed,
    Target.FUNCTION: _functions,
}

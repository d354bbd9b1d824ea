"""
Who can do something, by which path; and what somebody can reach.

A path begins with whoever acts at its start, goes through the roles that are assumed on the way, and ends at the resource.
Each hop names the policy and the statement that opens it.
"""

from __future__ import annotations

import enum

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from attrs import frozen

from awsaudit.access.entry import ENTRIES, entries_of
from awsaudit.access.estate import CONTROL, IDENTITY, ZONE, holders, identity_of, trust_of, zone_of
from awsaudit.access.evaluate import Decision, Reason, Verdict
from awsaudit.access.exposure import exposure
from awsaudit.access.policy import Form, Policy, PolicyKind, Unread
from awsaudit.access.question import (
    BUCKETS,
    BUSES,
    FUNCTIONS,
    QUEUES,
    REPOSITORIES,
    SECRETS,
    TOPICS,
    Asked,
    Question,
    answer,
    answer_outsider,
    question,
)
from awsaudit.access.request import PrincipalKind, root_user
from awsaudit.check import Hop
from awsaudit.errors import EvidenceMissing
from awsaudit.inventory import Inventory
from awsaudit.resources.ecr import Repository
from awsaudit.resources.events import EventBus
from awsaudit.resources.iam import Role, User
from awsaudit.resources.kms import Key
from awsaudit.resources.lambda_ import Function
from awsaudit.resources.s3 import Bucket
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.sns import Topic
from awsaudit.resources.sqs import Queue


PRINCIPALS: Final = (*IDENTITY, *CONTROL, *ZONE)
"""What answers about users and roles look at."""

CHAINS: Final = (*PRINCIPALS, *ENTRIES)
"""What `ways_into` looks at."""

EVERYTHING: Final = (*CHAINS, *SECRETS, *QUEUES, *TOPICS, *BUCKETS, *REPOSITORIES, *FUNCTIONS, *BUSES)
"""What `who_can` and `reach` look at."""


class Through(enum.Enum):
    """Which paths are wanted."""

    NONE = "none"
    """Those who may do it themselves."""

    ROLES = "roles"
    """And who may become them by assuming roles, in this account and from outside."""

    ALL = "all"
    """And the machines, functions, builds and pods that act as these roles."""


@frozen
class Access:
    """
    That somebody may do something.

    Args:
        origin: The ARN or name of who acts at the start of the path.

        type: What it is: CloudFormation's name of its type, or a word.

        action: What they may do.

        resource: To what: its ARN.

        verdict: Allow, or conditional.

        depends_on: What a conditional answer hangs on, in words.

        path: From the origin to the resource.

        outside: Whether the origin is outside the account.

        unread: The policies that could not be read and that the answer hangs on.
    """

    origin: str
    type: str
    action: str
    resource: str
    verdict: Verdict
    depends_on: tuple[str, ...]
    path: tuple[Hop, ...]
    outside: bool = False
    unread: tuple[Unread, ...] = ()

    @property
    def roles(self) -> int:
        """How many roles are assumed on the way."""
        return sum(hop.type == PrincipalKind.ROLE.value for hop in self.path[1:])


def who_can(action: str, resource: str, account: Inventory, *, through: Through = Through.ALL) -> Iterator[Access]:
    """
    Yield who may do *action* to *resource*, those first who may do it themselves.

    Args:
        action: The action, such as ``secretsmanager:GetSecretValue``, without wildcards.

        resource: The ARN of a resource of the account; of a bucket, ``/*`` and the like may follow.

        account: What was collected: all of `EVERYTHING`.

        through: Which paths to look for.

    Raises:
        LookupError: The account has no such resource, or awsaudit reads no policies of its kind.
        EvidenceMissing: It could not be seen whether the account has it, or who there is.
    """
    found, below = resource_named(resource, account)
    yield from able(question(action, found, account, below=below), type(found).type, account, through=through)


def able(
    asked: Question, kind: str, account: Inventory, *, through: Through = Through.NONE, unread_controls: bool = True
) -> Iterator[Access]:
    """
    Yield who may do what *asked* asks.

    Args:
        asked: The question.

        kind: CloudFormation's name of the resource's type.

        account: What was collected.

        through: Which paths to look for.

        unread_controls: Whether service control policies that could not be read make answers conditional.
    """
    roles: list[tuple[Role, Access]] = []
    for holder in holders(account):
        decision = answer(asked, holder, account, unread_controls=unread_controls)
        if decision.possible:
            found = _access(holder, asked, kind, decision)
            yield found
            if isinstance(holder, Role):
                roles.append((holder, found))
    yield from _root(asked, kind, account)
    yield from _outsiders(asked, kind, account)
    if through is not Through.NONE:
        for role, found in roles:
            for way in ways_into(role, account, through=through):
                yield _joined(way, found)


def _access(holder: Role | User, asked: Question, kind: str, decision: Decision) -> Access:
    start = Hop(holder.arn, type(holder).type)
    end = Hop(asked.resource, kind, _by(decision), holds=decision.allowed or None)
    return Access(
        holder.arn, type(holder).type, asked.action, asked.resource, decision.verdict, _hangs_on(decision),
        (start, end), unread=decision.unread,
    )  # fmt: skip


def _hangs_on(decision: Decision) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(doubt) for doubt in decision.depends_on))


def _by(decision: Decision) -> str:
    """Return the deciding statements in words."""
    granting = [reason for reason in decision.allowed_by if reason.kind not in _BOUNDING]
    return _phrase(granting) or "a policy that could not be read"


_BOUNDING: Final = frozenset({PolicyKind.SCP, PolicyKind.RCP, PolicyKind.BOUNDARY, PolicyKind.SESSION})
_SHOWN: Final = 3


def _phrase(reasons: Iterable[Reason]) -> str:
    said = [str(reason) for reason in reasons]
    rest = len(said) - _SHOWN

    return "; ".join(said[:_SHOWN]) + (f"; and {rest} more" if rest > 0 else "")


def _root(asked: Question, kind: str, account: Inventory) -> Iterator[Access]:
    """Yield the account's root user; of it nobody can take away more than resource policies do."""
    root = root_user(account.account, account.target.partition)
    decision = answer_outsider(asked, root)
    if decision.possible:
        path = (Hop(root.arn, root.kind.value), Hop(asked.resource, kind, "it is the account's own root user"))
        yield Access(root.arn, root.kind.value, asked.action, asked.resource, decision.verdict, (), path)


def _outsiders(asked: Question, kind: str, account: Inventory) -> Iterator[Access]:
    """Yield who gets in from outside, as far as every request that is needed lets them."""
    if not isinstance(asked.own, Policy):
        return
    zone = zone_of(account)
    found = exposure(asked.own, owner=asked.owner, trusted=zone, resource=asked.resource, actions=[asked.action])
    for opening in (o for o in found.openings if not o.deputy and o.service is None):
        decision = answer_outsider(asked, opening.witness.principal)
        if decision.possible:
            by = f"{asked.own.name}, {opening.statement.label}"
            path = (Hop(opening.who, "outside"), Hop(asked.resource, kind, by, holds=decision.allowed or None))
            yield Access(
                opening.who, "outside", asked.action, asked.resource, decision.verdict, _hangs_on(decision), path,
                outside=True, unread=decision.unread,
            )  # fmt: skip


def _joined(way: Way, end: Access) -> Access:
    verdict = Verdict.ALLOW if way.certain and end.verdict is Verdict.ALLOW else Verdict.CONDITIONAL
    start = way.hops[0]
    return Access(
        start.resource, start.type, end.action, end.resource, verdict,
        tuple(dict.fromkeys((*way.depends_on, *end.depends_on))), (*way.hops, *end.path[1:]),
        outside=way.outside, unread=end.unread,
    )  # fmt: skip


@frozen
class Way:
    """
    A way to become a role.

    Args:
        hops: From whoever comes to the role; the role is the last hop.

        certain: Whether it hangs on nothing.

        depends_on: What it hangs on, in words.

        outside: Whether it begins outside the account.
    """

    hops: tuple[Hop, ...]
    certain: bool = True
    depends_on: tuple[str, ...] = ()
    outside: bool = False


_LONGEST: Final = 6


def ways_into(role: Role, account: Inventory, *, through: Through = Through.ALL) -> Iterator[Way]:
    """
    Yield the ways to become *role*, short ones first; each origin once.

    Args:
        role: The role.

        account: What was collected: all of `CHAINS`.

        through: Which paths to look for.
    """
    seen = {role.arn}
    pending = [(role, Way((Hop(role.arn, type(role).type),)))]
    for target, tail in pending:
        for step in steps_into(target, account, through=through):
            if step.origin in seen:
                continue
            seen.add(step.origin)
            way = _before(step, tail)
            yield way
            if isinstance(step.holder, Role) and len(way.hops) < _LONGEST:
                pending.append((step.holder, way))


def _before(step: Step, tail: Way) -> Way:
    first = Hop(step.origin, step.type)
    turned = Hop(tail.hops[0].resource, tail.hops[0].type, step.by, holds=True if step.certain else None)
    return Way(
        (first, turned, *tail.hops[1:]),
        certain=step.certain and tail.certain,
        depends_on=(*step.depends_on, *tail.depends_on),
        outside=step.outside or tail.outside,
    )


@frozen
class Step:
    """
    One way to become a role, without what comes before.

    Args:
        origin: Who becomes it.

        type: What they are.

        by: What opens the way, in words.

        certain: Whether it hangs on nothing.

        depends_on: What it hangs on, in words.

        holder: The role or user, where it is one of the account.

        outside: Whether it is outside the account.
    """

    origin: str
    type: str
    by: str
    certain: bool = True
    depends_on: tuple[str, ...] = ()
    holder: Role | User | None = None
    outside: bool = False


def steps_into(role: Role, account: Inventory, *, through: Through = Through.ALL) -> tuple[Step, ...]:
    """Return who may become *role* at once: by assuming it, from outside, or because they run with it."""
    steps = account.once(("access.steps", role.arn), lambda: tuple(_assuming(role, account)))
    if through is Through.ALL:
        steps += account.once(("access.entries", role.arn), lambda: tuple(_entering(role, account)))

    return steps


def _assuming(role: Role, account: Inventory) -> Iterator[Step]:
    trust = trust_of(role)
    asked = Question("sts:AssumeRole", role.arn, role.account, own=trust)
    for holder in _who_might(trust, account):
        if holder.arn != role.arn:
            decision = answer(asked, holder, account)
            if decision.possible:
                yield Step(
                    holder.arn, type(holder).type, f"assumes it: {_by(decision)}", decision.allowed,
                    _hangs_on(decision), holder,
                )  # fmt: skip
    if isinstance(trust, Policy):
        yield from _from_outside(role, trust, account)


def _who_might(trust: Policy | Unread, account: Inventory) -> Iterator[Role | User]:
    """Yield the roles and users that *trust* could let in: it has to name them, their account, or anybody."""
    if isinstance(trust, Unread):
        return
    entries = [e for s in trust.about("sts:AssumeRole") if s.allow for e in s.principals or ()]
    whole = any(e.form in {Form.ANYONE, Form.SESSION} or _is_own_account(e.account, e.form, account) for e in entries)
    whole = whole or any(s.not_principals is not None for s in trust.about("sts:AssumeRole"))
    named = {e.text for e in entries}
    for holder in holders(account):
        if holder.arn in named or (whole and _asks_to_assume(holder, account)) or (whole and holder.arn in named):
            yield holder


def _is_own_account(owner: str | None, form: Form, account: Inventory) -> bool:
    return form is Form.ACCOUNT and owner == account.account


def _asks_to_assume(holder: Role | User, account: Inventory) -> bool:
    """Tell whether a policy of *holder* speaks of assuming roles, or could not be read."""
    return account.once(
        ("access.assumes", holder.arn),
        lambda: any(
            isinstance(layer, Unread) or any(s.allow for s in layer.about("sts:AssumeRole"))
            for layer in identity_of(holder, account)
        ),
    )


def _from_outside(role: Role, trust: Policy, account: Inventory) -> Iterator[Step]:
    found = exposure(trust, owner=role.account, trusted=zone_of(account), resource=role.arn, actions=["sts:AssumeRole"])
    for opening in found.openings:
        if not opening.deputy and opening.service is None:
            yield Step(
                opening.who, "outside", f"assumes it: {trust.name}, {opening.statement.label}", outside=True,
                certain=not opening.depends_on, depends_on=tuple(map(str, opening.depends_on)),
            )  # fmt: skip


def _entering(role: Role, account: Inventory) -> Iterator[Step]:
    for entry in entries_of(role, account):
        yield Step(
            entry.origin,
            entry.type,
            entry.by,
            certain=entry.certain,
            depends_on=entry.depends_on,
            outside=entry.outside,
        )


def resource_named(  # noqa: C901 - a kind each
    arn: str, account: Inventory
) -> tuple[Asked, str]:
    """
    Return the resource of the account that *arn* names, and what of it is meant.

    Raises:
        LookupError: The account has no such resource, or awsaudit reads no policies of its kind.
        EvidenceMissing: It could not be seen whether the account has it.
    """
    service = [*arn.split(":"), "", "", ""][2]
    found: Asked | None
    below = ""
    if service == "s3":
        whole, slash, rest = arn.partition("/")
        found, below = account.first(Bucket, lambda bucket: bucket.arn == whole), f"{slash}{rest}"
    elif service == "secretsmanager":
        found = account.by_arn(Secret, arn)
    elif service == "kms":
        found = account.by_arn(Key, arn)
    elif service == "sqs":
        found = account.by_arn(Queue, arn)
    elif service == "sns":
        found = account.by_arn(Topic, arn)
    elif service == "ecr":
        found = account.by_arn(Repository, arn)
    elif service == "lambda":
        found = account.by_arn(Function, arn)
    elif service == "events":
        found = account.by_arn(EventBus, arn)
    elif service == "iam":
        found = account.by_arn(Role, arn)
    else:
        raise LookupError(
            f"awsaudit reads no policies of {service or 'such resources'}; it answers for secrets, keys, queues, topics, "
            "buckets, repositories, functions, event buses and roles"
        )
    if found is None:
        raise LookupError(f"the account has no {arn}")

    return found, below


# What a thief would want of each kind of resource.
REACHED: Final[Mapping[type, tuple[tuple[str, str], ...]]] = {
    Secret: (("secretsmanager:GetSecretValue", ""), ("secretsmanager:PutSecretValue", "")),
    Key: (("kms:Decrypt", ""), ("kms:Sign", ""), ("kms:ScheduleKeyDeletion", "")),
    Bucket: (("s3:GetObject", "/*"), ("s3:PutObject", "/*")),
    Repository: (("ecr:BatchGetImage", ""), ("ecr:PutImage", "")),
    Queue: (("sqs:ReceiveMessage", ""), ("sqs:SendMessage", "")),
    Topic: (("sns:Publish", ""),),
    Function: (("lambda:InvokeFunction", ""), ("lambda:UpdateFunctionCode", "")),
    EventBus: (("events:PutEvents", ""),),
}


def reach(principal: str, account: Inventory, *, through: Through = Through.ALL) -> Iterator[Access]:
    """
    Yield what *principal* may do to the resources of the account, by itself and by roles that it may assume.

    Args:
        principal: The ARN of a role or user; or of an identity provider, an instance, a function or whatever else acts as a
            role.

        account: What was collected: all of `EVERYTHING`.

        through: Which paths to look for.

    Raises:
        LookupError: The account has no such principal.
        EvidenceMissing: It could not be seen who there is.
    """
    for holder, way in _reached_roles(principal, account, through):
        for kind, wanted in REACHED.items():
            for action, below in wanted:
                yield from _reached(holder, way, kind, action, below, account)


def _reached(  # noqa: PLR0913, PLR0917 - whom, how, what
    holder: Role | User, way: Way, kind: type, action: str, below: str, account: Inventory
) -> Iterator[Access]:
    for resource in account.seen(kind):
        if isinstance(resource, Key) and not _fits(action, resource):
            continue
        asked = account.once(
            ("access.question", action, resource.arn), lambda r=resource: question(action, r, account, below=below)
        )
        decision = answer(asked, holder, account, unread_controls=True)
        if decision.possible:
            yield _joined(way, _access(holder, asked, kind.type, decision))


def _fits(action: str, key: Key) -> bool:
    try:
        return (key.usage == "SIGN_VERIFY") == (action == "kms:Sign") or action == "kms:ScheduleKeyDeletion"
    except EvidenceMissing:
        return True


def _reached_roles(principal: str, account: Inventory, through: Through) -> Iterator[tuple[Role | User, Way]]:
    everyone = holders(account)
    start = next((h for h in everyone if h.arn == principal), None)
    roles = [h for h in everyone if isinstance(h, Role)]
    seen = {principal}
    pending: list[tuple[str, Way]] = []
    if start is not None:
        way = Way((Hop(start.arn, type(start).type),))
        yield start, way
        pending.append((principal, way))
    else:
        pending.append((principal, Way((Hop(principal, "principal"),))))
    found = start is not None
    if through is Through.NONE and found:
        return
    for origin, way in pending:
        for role in roles:
            step = next((s for s in steps_into(role, account) if s.origin == origin), None)
            if step is None or role.arn in seen:
                continue
            found = True
            seen.add(role.arn)
            onward = _after(way, step, role)
            yield role, onward
            if len(onward.hops) < _LONGEST:
                pending.append((role.arn, onward))
    if not found:
        raise LookupError(f"nobody in the account is {principal}, and no role is trusted to it")


def _after(way: Way, step: Step, role: Role) -> Way:
    first = way.hops if len(way.hops) > 1 or way.hops[0].type != "principal" else (Hop(step.origin, step.type),)
    arrived = Hop(role.arn, type(role).type, step.by, holds=True if step.certain else None)
    return Way(
        (*first, arrived),
        certain=way.certain and step.certain,
        depends_on=(*way.depends_on, *step.depends_on),
        outside=way.outside or step.outside,
    )

"""
Who can do something, by which path; and what somebody can reach.

A path begins with whoever acts at its start, goes through the roles that are assumed on the way, and ends at the resource.
Each hop names the policy and the statement that opens it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from awsaudit.access.entry import PROVIDER, UNKNOWN, federated
from awsaudit.access.estate import holders, zone_of
from awsaudit.access.evaluate import Decision, Verdict
from awsaudit.access.exposure import exposure
from awsaudit.access.lookup import LOOKED_UP, Kind, fitting, resource_named
from awsaudit.access.policy import Policy, Unread
from awsaudit.access.question import Asked, Question, answer, answer_outsider, question
from awsaudit.access.request import PrincipalKind, root_user
from awsaudit.access.truth import Doubt
from awsaudit.access.way import (
    CHAINS,
    FENCES,
    Place,
    Step,
    Through,
    Way,
    best_first,
    by_what,
    in_words,
    steps_into,
    ways_into,
)
from awsaudit.check import Hop
from awsaudit.declare import Fact
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


EVERYTHING: Final[tuple[Fact[Any], ...]] = tuple(dict.fromkeys((*CHAINS, *LOOKED_UP)))
"""What `who_can` and `reach` look at."""


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

        doubts: What a conditional answer hangs on.

        path: From the origin to the resource.

        outside: Whether the origin is outside the account.
    """

    origin: str
    type: str
    action: str
    resource: str
    verdict: Verdict
    doubts: tuple[Doubt, ...]
    path: tuple[Hop, ...]
    outside: bool = False

    @property
    def roles(self) -> int:
        """How many roles are assumed on the way."""
        return sum(hop.type == PrincipalKind.ROLE.value for hop in self.path[1:-1])

    @property
    def depends_on(self) -> tuple[str, ...]:
        """What a conditional answer hangs on, in words."""
        return in_words(self.doubts)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The policies that could not be read and that the answer hangs on."""
        return tuple(dict.fromkeys(doubt.unread for doubt in self.doubts if doubt.unread))

    @property
    def fenced(self) -> bool:
        """Whether it hangs on nothing but control policies of the organization, which could not be read."""
        unread = [doubt.unread for doubt in self.doubts]
        return bool(unread) and all(each is not None and each.kind in FENCES for each in unread)


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
    asked = question(action, found, account, below=below)
    yield from able(asked, type(found).type, account, through=through)
    if isinstance(found, Role) and isinstance(asked.own, Policy):
        for entry in federated(found, asked.own, account, _spelt(action)):
            path = (Hop(entry.origin, entry.type), Hop(found.arn, Role.type, entry.by, holds=entry.certain or None))
            yield _entering(asked.action, path, entry.doubts)


def _spelt(action: str) -> str:
    """Return *action* as AWS spells it, where it takes tokens."""
    return next((each for each in (_BY_WEB_IDENTITY, _BY_ASSERTION) if each.lower() == action.lower()), action)


def entrances(role: Role, account: Inventory, *, through: Through = Through.ALL) -> Iterator[Access]:
    """
    Yield who outside the account may become *role*, by other roles too: those first who may for certain, and directly.

    Args:
        role: The role.

        account: What was collected: all of `CHAINS`.

        through: Which paths to look for.
    """
    if through is Through.NONE:
        return
    for way in ways_into(role, account, through=through):
        if way.outside:
            direct = len(way.hops) == 2 and way.hops[0].type == PROVIDER  # noqa: PLR2004 - who, and the role
            token = _BY_ASSERTION if ":saml-provider/" in way.hops[0].resource else _BY_WEB_IDENTITY
            yield _entering(token if direct else "sts:AssumeRole", way.hops, way.doubts)


_BY_WEB_IDENTITY: Final = "sts:AssumeRoleWithWebIdentity"
_BY_ASSERTION: Final = "sts:AssumeRoleWithSAML"


def _entering(action: str, path: tuple[Hop, ...], doubts: tuple[Doubt, ...]) -> Access:
    verdict = Verdict.CONDITIONAL if doubts else Verdict.ALLOW
    return Access(path[0].resource, path[0].type, action, path[-1].resource, verdict, doubts, path, outside=True)


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
    yield from _root(asked, kind, account, unread_controls=unread_controls)
    yield from _outsiders(asked, kind, account, unread_controls=unread_controls)
    if through is not Through.NONE:
        for role, found in roles:
            for way in ways_into(role, account, through=through):
                yield _joined(way, found)


def _access(holder: Role | User, asked: Question, kind: str, decision: Decision) -> Access:
    start = Hop(holder.arn, type(holder).type)
    end = Hop(asked.resource, kind, by_what(decision), holds=decision.allowed or None)
    return Access(
        holder.arn, type(holder).type, asked.action, asked.resource, decision.verdict, decision.depends_on, (start, end)
    )


def _root(asked: Question, kind: str, account: Inventory, *, unread_controls: bool) -> Iterator[Access]:
    """Yield the account's root user, whom policies of the resource and of the organization alone hold back."""
    root = root_user(account.account, account.target.partition)
    decision = answer_outsider(asked, root, account, unread_controls=unread_controls)
    if decision.possible:
        by = "it is the account's own root user"
        path = (Hop(root.arn, root.kind.value), Hop(asked.resource, kind, by, holds=decision.allowed or None))
        yield Access(
            root.arn, root.kind.value, asked.action, asked.resource, decision.verdict, decision.depends_on, path
        )


def _outsiders(asked: Question, kind: str, account: Inventory, *, unread_controls: bool) -> Iterator[Access]:
    """Yield who gets in from outside, as far as every request that is needed lets them."""
    if not isinstance(asked.own, Policy):
        if asked.own is not None:
            yield _somebody(asked, kind, asked.own)
        return
    zone = zone_of(account)
    found = exposure(asked.own, owner=asked.owner, trusted=zone, resource=asked.resource, actions=[asked.action])
    if found.undecided:
        yield _somebody(asked, kind, Unread(asked.own.name, asked.own.kind, reason=found.undecided))
    for opening in (o for o in found.openings if not o.deputy and o.service is None):
        decision = answer_outsider(asked, opening.witness.principal, account, unread_controls=unread_controls)
        if decision.possible:
            by = f"{asked.own.name}, {opening.statement.label}"
            path = (Hop(opening.who, "outside"), Hop(asked.resource, kind, by, holds=decision.allowed or None))
            yield Access(
                opening.who, "outside", asked.action, asked.resource, decision.verdict, decision.depends_on, path,
                outside=True,
            )  # fmt: skip


def _somebody(asked: Question, kind: str, unread: Unread) -> Access:
    """Return what stands for those whom a policy that could not be read lets in."""
    who = f"whomever {unread.name} lets in"
    doubt = Doubt(f"what the {unread.kind.value} says", unread.name, unread=unread)
    path = (Hop(who, UNKNOWN), Hop(asked.resource, kind, unread.name, holds=None))

    return Access(who, UNKNOWN, asked.action, asked.resource, Verdict.CONDITIONAL, (doubt,), path, outside=True)


def _joined(way: Way, end: Access) -> Access:
    doubts = tuple(dict.fromkeys((*way.doubts, *end.doubts)))
    verdict = Verdict.CONDITIONAL if doubts else Verdict.ALLOW
    start = way.hops[0]
    return Access(
        start.resource, start.type, end.action, end.resource, verdict, doubts, (*way.hops, *end.path[1:]),
        outside=way.outside,
    )  # fmt: skip


# What a thief would want of each kind of resource.
REACHED: Final[Mapping[Kind, tuple[tuple[str, str], ...]]] = {
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
            role, as `who_can` calls it. A provider stands for all of its subjects.

        account: What was collected: all of `EVERYTHING`.

        through: Which paths to look for.

    Raises:
        LookupError: The account has no such principal.
        EvidenceMissing: It could not be seen who there is.
    """
    starts = _starts(principal, account, through)
    if not starts:
        raise LookupError(f"nobody in the account is {principal}, and no role is trusted to it")
    for start in starts:
        for _, holder, way in best_first(start, lambda place: _onward(place, account, through)):
            if holder is not None:
                yield from _reached(holder, way, account)


def _starts(principal: str, account: Inventory, through: Through) -> list[Place]:
    own = next((h for h in holders(account) if h.arn == principal), None)
    if own is not None:
        return [(principal, own, Way((Hop(own.arn, type(own).type),)))]
    steps = {
        origin: found[0][1]
        for origin, found in _by_origin(account, through).items()
        if origin == principal or origin.startswith(f"{principal} ")
    }

    return [(origin, None, Way((Hop(origin, step.type),), outside=step.outside)) for origin, step in steps.items()]


def origins(account: Inventory, through: Through = Through.ALL) -> tuple[str, ...]:
    """
    Return everybody that `reach` answers for: roles, users, and whoever acts as a role.

    Raises:
        EvidenceMissing: It could not be seen who there is.
    """
    others = (origin for origin, found in _by_origin(account, through).items() if found[0][1].type != UNKNOWN)
    return tuple(dict.fromkeys((*(holder.arn for holder in holders(account)), *others)))


def _by_origin(account: Inventory, through: Through) -> Mapping[str, list[tuple[Role, Step]]]:
    """Return the roles that each may become at once."""
    return account.once(("access.origins", through), lambda: _indexed(account, through))


def _indexed(account: Inventory, through: Through) -> dict[str, list[tuple[Role, Step]]]:
    index: dict[str, list[tuple[Role, Step]]] = {}
    if through is Through.NONE:
        return index
    for role in account.every(Role):
        for step in steps_into(role, account, through=through):
            index.setdefault(step.origin, []).append((role, step))

    return index


def _onward(place: Place, account: Inventory, through: Through) -> Iterator[Place]:
    name, _, way = place
    for role, step in _by_origin(account, through).get(name, ()):
        arrived = Hop(role.arn, type(role).type, step.by, holds=True if step.certain else None)
        yield role.arn, role, Way((*way.hops, arrived), (*way.doubts, *step.doubts), way.outside or step.outside)


def _reached(holder: Role | User, way: Way, account: Inventory) -> Iterator[Access]:
    for kind, wanted in REACHED.items():
        for action, below in wanted:
            for resource in account.seen(kind):
                if fitting(action, resource):
                    asked = _asked(action, resource, below, account)
                    decision = answer(asked, holder, account, unread_controls=True)
                    if decision.possible:
                        yield _joined(way, _access(holder, asked, kind.type, decision))


def _asked(action: str, resource: Asked, below: str, account: Inventory) -> Question:
    return account.once(
        ("access.question", action, resource.arn), lambda: question(action, resource, account, below=below)
    )

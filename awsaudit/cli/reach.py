"""
``awsaudit reach``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Final

import click

from attrs import evolve

from awsaudit.cli.command import verb
from awsaudit.cli.question import (
    DEMO,
    EPILOG,
    EXPLAIN,
    FENCED,
    FORMAT,
    THROUGH,
    Answer,
    Row,
    administrators,
    collect,
    explained,
    keys,
    not_seen,
    one_of,
    short,
    table,
    untold,
    verdict,
    write_json,
)
from awsaudit.cli.terminal import out, plain
from awsaudit.config import SOURCE, TUNE, WHERE, Config
from awsaudit.errors import EvidenceMissing


if TYPE_CHECKING:
    from awsaudit.access import Access, Through
    from awsaudit.inventory import Inventory


@verb(
    click.Argument(["principal"]),
    FORMAT,
    EXPLAIN,
    THROUGH,
    DEMO,
    sections=(WHERE, SOURCE, TUNE),
    settings=("strict",),
    epilog=EPILOG,
)
def reach(  # noqa: PLR0913 - the verb's own flags
    config: Config, *, principal: str, form: str, explain: bool, through: str, demo: bool
) -> int | None:
    """
    Say what PRINCIPAL may do to the secrets, keys, queues, topics, buckets, repositories, functions and buses.

    PRINCIPAL is the ARN or the name of a role or user; or of an instance, a function, a build or an identity provider that
    acts as a role. Of a role it is also said who outside the account may become it.
    """
    from awsaudit import access  # noqa: PLC0415 - slow to import

    if config.dry_run:
        from awsaudit.cli.dry_run import dry_run  # noqa: PLC0415 - only needed here
        from awsaudit.plan import plan_facts  # noqa: PLC0415 - the same

        dry_run(plan_facts(access.EVERYTHING), evolve(config, format=form))
        return None
    paths = access.Through(through)
    seen = collect(config, access.EVERYTHING, demo=demo)
    try:
        who = _principal(principal, seen.account, paths)
        found = tuple(access.reach(who, seen.account, through=paths))
        entering = _entrances(who, seen.account, paths)
    except EvidenceMissing as missing:
        return untold(f"what {principal} can reach", missing, seen)
    answer = Answer({"reach": who}, found, through, seen, administrators(seen.account), entering)
    if form == "json":
        write_json(answer)
    else:
        out("\n".join(_lines(answer, config, explain=explain)) + "\n")

    return answer.code(config)


def _entrances(who: str, account: Inventory, through: Through) -> tuple[Access, ...] | None:
    """Return who outside may become the role *who*; None where it is no role, or no paths are wanted."""
    from awsaudit.access.chain import entrances  # noqa: PLC0415 - slow to import
    from awsaudit.resources.iam import Role  # noqa: PLC0415 - the same

    role = account.by_arn(Role, who) if ":role/" in who and through.value != "none" else None

    return None if role is None else tuple(entrances(role, account, through=through))


def _itself(access: Access) -> str:
    return "by a token" if access.type == "identity provider" else access.path[-1].by


def _principal(text: str, account: Inventory, through: Through) -> str:
    from awsaudit.access import origins  # noqa: PLC0415 - slow to import

    parts = text.split("/")
    if text.startswith("arn:") and ":assumed-role/" in text and len(parts) > 1:
        text = parts[1]  # a session is told by its role
    names = {origin: tuple(_names(origin)) for origin in origins(account, through)}
    if text in names:
        return text
    providers = [origin for origin in names if origin.startswith(f"{text} ")]
    found = [origin for origin, called in names.items() if text in called]

    return text if providers else one_of("principal", text, tuple(found), names)


def _names(origin: str) -> Iterator[str]:
    tail = short(origin)
    yield tail
    yield tail.rpartition("/")[2]
    if ":function:" in origin:
        yield tail.rpartition(":")[2]


def _lines(answer: Answer, config: Config, *, explain: bool) -> Iterator[str]:
    who = answer.question["reach"]
    yield plain(f"What can {short(who)} reach?")
    if who in answer.administrators:
        yield "It is an administrator: it may do all that no policy of the organization or of a resource forbids."
    yield ""
    rows = list(_rows(answer.accesses, answer.seen.account, explain=explain))
    if rows:
        yield from table(Row(("RESOURCE", "ANSWER"), "WHAT"), rows, config)
    else:
        yield "Nothing, as far as could be seen." if answer.seen.gaps else "Nothing."
    if any(access.fenced for access in answer.accesses):
        yield FENCED
    if answer.entrances is not None:
        yield from _outside(answer.entrances, answer, config, explain=explain)
    yield from not_seen(answer)


def _outside(entrances: Iterable[Access], answer: Answer, config: Config, *, explain: bool) -> Iterator[str]:
    """Yield the lines on who outside the account may become the role."""
    shown = [access for access in entrances if access.type != "unknown"]
    yield ""
    if not shown:
        seen = ", as far as could be seen" if answer.seen.gaps or answer.unread else ""
        yield f"Nobody outside the account may become it{seen}."
        return
    yield "Outside the account may become it:"
    yield ""
    rows = [
        Row(
            (short(access.origin), verdict(access)),
            (_how(access).strip() or _itself(access)) + keys(access),
            tuple(explained(access)) if explain else (),
            bool(access.doubts),
        )
        for access in shown
    ]
    yield from table(Row(("WHO", "ANSWER"), "HOW"), rows, config)


def _rows(found: Iterable[Access], account: Inventory, *, explain: bool) -> Iterator[Row]:
    """Yield a row for each resource and way to it; resources of a kind that are all reached alike are one."""
    best: dict[tuple[str, str], Access] = {}
    for access in sorted(found, key=lambda a: (bool(a.doubts), a.roles, a.depends_on)):
        best.setdefault((access.resource, access.action), access)
    of_resource: dict[str, list[Access]] = {}
    for access in best.values():
        of_resource.setdefault(access.path[-1].resource, []).append(access)
    alike: dict[tuple[str, ...], list[list[Access]]] = {}
    for accesses in of_resource.values():
        for group in _same_way(accesses):
            alike.setdefault((_kind(group[0]), *_said(group)), []).append(group)
    for (kind, answer, text), groups in sorted(alike.items()):
        doubtful = answer != "yes"
        if explain or len(groups) <= _MOST:
            for group in sorted(groups, key=lambda g: g[0].resource):
                below = tuple(line for access in group for line in explained(access)) if explain else ()
                yield Row((_name(group[0], account), answer), text, below, doubtful)
        else:
            yield Row((f"{len(groups)} {_PLURALS.get(kind, f'{kind}s')}", answer), text, (), doubtful)


_MOST: Final = 4
"""Resources that are reached alike and have a row each; --explain and JSON list all."""


def _same_way(accesses: Iterable[Access]) -> list[list[Access]]:
    ways: dict[tuple[str, str, str], list[Access]] = {}
    for access in accesses:
        ways.setdefault((verdict(access), _how(access), keys(access)), []).append(access)

    return list(ways.values())


def _said(group: Sequence[Access]) -> tuple[str, str]:
    actions = ", ".join(sorted(access.action.partition(":")[2] for access in group))
    return verdict(group[0]), f"{actions}{_how(group[0])}{keys(group[0])}"


def _how(access: Access) -> str:
    between = access.path[1:-1]
    return f" as {' → '.join(short(hop.resource) for hop in between)}" if between else ""


_NOUNS: Final = {
    "AWS::ECR::Repository": "repository",
    "AWS::Events::EventBus": "event bus",
}


_PLURALS: Final = {"repository": "repositories", "event bus": "event buses"}


def _kind(access: Access) -> str:
    kind = access.path[-1].type
    return _NOUNS.get(kind, kind.rpartition("::")[2].lower())


def _name(access: Access, account: Inventory) -> str:
    kind, tail = _kind(access), short(access.resource).removesuffix("/*")
    if kind == "key":
        return " ".join([f"key {tail.removeprefix('key/')}", *_aliases(tail, account)][:2])
    bare = tail.removeprefix("secret:").removeprefix("function:").removeprefix("repository/").removeprefix("event-bus/")

    return f"{kind} {bare}"


def _aliases(tail: str, account: Inventory) -> Iterator[str]:
    from awsaudit.resources.kms import Alias  # noqa: PLC0415 - slow to import

    for alias in account.seen(Alias):
        if alias.know("key_id") == tail.removeprefix("key/"):
            yield f"({alias.know('name')})"

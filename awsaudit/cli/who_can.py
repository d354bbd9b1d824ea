"""
``awsaudit who-can``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

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
    action_named,
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
from awsaudit.errors import ConfigError, EvidenceMissing


if TYPE_CHECKING:
    from awsaudit.access import Access
    from awsaudit.access.lookup import Kind
    from awsaudit.declare import Fact
    from awsaudit.inventory import Inventory


@verb(
    click.Argument(["action"]),
    click.Argument(["resource"]),
    FORMAT,
    EXPLAIN,
    THROUGH,
    DEMO,
    sections=(WHERE, SOURCE, TUNE),
    settings=("strict",),
    epilog=EPILOG,
)
def who_can(  # noqa: PLR0913 - the verb's own flags
    config: Config, *, action: str, resource: str, form: str, explain: bool, through: str, demo: bool
) -> int | None:
    """
    Say who may do ACTION to RESOURCE, and by which path.

    ACTION is one action, such as secretsmanager:GetSecretValue. RESOURCE is an ARN or a name: of a secret, key, queue,
    topic, bucket (an object or /* may follow), repository, function, event bus or role. Nothing but what the answer hangs
    on is read.
    """
    action = action_named(action)
    kind = _kind(action, resource)
    facts = _facts(kind, through, config)
    if config.dry_run:
        from awsaudit.cli.dry_run import dry_run  # noqa: PLC0415 - only needed here
        from awsaudit.plan import plan_facts  # noqa: PLC0415 - the same

        dry_run(plan_facts(facts), evolve(config, format=form))
        return None
    seen = collect(config, facts, demo=demo, regions=_regions(resource, through, config))
    question = f"who can {action} on {resource}"

    from awsaudit import access  # noqa: PLC0415 - slow to import

    try:
        arn = _arn(resource, kind, seen.account)
        found = tuple(access.who_can(action, arn, seen.account, through=access.Through(through)))
    except EvidenceMissing as missing:
        return untold(question, missing, seen)
    asked = {"who_can": action, "resource": arn, "type": kind.type}
    answer = Answer(asked, found, through, seen, administrators(seen.account))
    if form == "json":
        write_json(answer)
    else:
        out("\n".join(_lines(answer, config, explain=explain)) + "\n")

    return answer.code(config)


def _kind(action: str, resource: str) -> Kind:
    from awsaudit.access.lookup import OF_SERVICE  # noqa: PLC0415 - slow to import

    service = action.partition(":")[0]
    wanted = "iam" if service == "sts" else service
    own = resource.split(":")[2] if resource.startswith("arn:") and resource.count(":") > 1 else wanted
    if own != wanted:
        raise ConfigError(f"{action} is not done to resources of {own}, such as {resource}")

    return OF_SERVICE[wanted]


def _facts(kind: Kind, through: str, config: Config) -> Sequence[Fact[Any]]:
    from awsaudit.access import CHAINS, EVERYTHING, PRINCIPALS  # noqa: PLC0415 - slow to import
    from awsaudit.access.lookup import FACTS  # noqa: PLC0415 - the same

    if config.save_snapshot is not None:
        return EVERYTHING  # so that the snapshot answers other questions, too

    return (*(CHAINS if through == "all" else PRINCIPALS), *FACTS[kind])


def _regions(resource: str, through: str, config: Config) -> tuple[str, ...]:
    """Return where to look if nobody says: what runs with roles may be anywhere, the rest is where the resource is."""
    parts = resource.split(":")
    region = parts[3] if resource.startswith("arn:") and len(parts) > 5 else ""  # noqa: PLR2004 - six parts
    named = config.region and "all" not in config.region
    if named and region and region not in config.region and config.snapshot is None:
        raise ConfigError(f"the resource is in {region}, which --region leaves out: {', '.join(config.region)}")

    return (region,) if region and through != "all" and config.save_snapshot is None else ()


def _arn(text: str, kind: Kind, account: Inventory) -> str:
    from awsaudit.access.lookup import called, names_of, resource_named  # noqa: PLC0415 - slow to import

    if text.startswith("arn:"):
        owner, region = [*text.split(":"), "", ""][4], text.split(":")[3]
        if owner and owner != account.account:
            raise ConfigError(f"{text} is in the account {owner}; this one is {account.account}")
        if region and region not in account.regions:
            raise ConfigError(f"{text} is in {region}; looked at is {', '.join(account.regions)}")
        try:
            resource_named(text, account)
        except LookupError:
            pass  # it may be a shorter form
        else:
            return text
    found = called(text, kind, account)
    if not found:
        account.every(kind)  # what could not be listed is not "there is none"

    return one_of(kind.__name__.lower(), text, found, dict(names_of(kind, account)))


def _lines(answer: Answer, config: Config, *, explain: bool) -> Iterator[str]:
    yield plain(f"Who can {answer.question['who_can']} on {short(answer.question['resource'])}?")
    shown = [access for access in answer.accesses if access.type != "unknown"]
    own = [a for a in shown if _by_itself(a) and (a.origin in answer.administrators or a.type == "root user")]
    folded = {access.origin for access in own}
    rows = list(_rows([access for access in shown if access.origin not in folded], explain=explain))
    if rows:
        yield ""
        yield from table(Row(("WHO", "ANSWER"), "HOW"), rows, config)
    yield ""
    if own:
        yield _administrators(own, explain=explain)
    elif not shown:
        yield "Nobody, as far as could be seen." if answer.seen.gaps else "Nobody."
    if any(access.fenced for access in shown):
        yield FENCED
    yield from not_seen(answer)


def _by_itself(access: Access) -> bool:
    return len(access.path) == 2  # noqa: PLR2004 - who, and what


def _rows(found: Iterable[Access], *, explain: bool) -> Iterator[Row]:
    """Yield a row for each who may do it: those of the account first, those with short paths first."""
    by_origin: dict[str, list[Access]] = {}
    for access in sorted(found, key=lambda a: (a.outside, bool(a.doubts), a.roles, a.origin, a.depends_on)):
        by_origin.setdefault(access.origin, []).append(access)
    for accesses in by_origin.values():
        best = accesses[0]
        others = f", and {_ways(len(accesses) - 1)}" if len(accesses) > 1 else ""
        below = tuple(line for access in accesses for line in explained(access)) if explain else ()
        who = short(best.origin) + (" (outside)" if best.outside else "")
        yield Row((who, verdict(best)), f"{_how(best)}{others}{keys(best)}", below, bool(best.doubts))


def _ways(number: int) -> str:
    return "another way" if number == 1 else f"{number} other ways"


def _how(access: Access) -> str:
    between = access.path[1:-1]
    if not between:
        return f"by {access.path[-1].by}" if access.outside else "itself"

    return f"as {' → '.join(short(hop.resource) for hop in between)}"


def _administrators(own: Sequence[Access], *, explain: bool) -> str:
    """Return who may do it because they may do everything, as a sentence."""
    names = sorted(short(access.origin) for access in own if access.type != "root user")
    shown = names if explain else names[:_MOST]
    rest = [f"{len(names) - len(shown)} more"] if len(names) > len(shown) else []
    count = f"{len(names)} administrator{'s' if len(names) > 1 else ''}"
    parts = [f"{count} ({', '.join([*shown, *rest])})"] if names else []
    if len(names) < len(own):
        parts.append("the account's root user")
    doubtful = sum(bool(access.doubts) and not access.fenced for access in own)
    under = f", {doubtful} of them under conditions" if doubtful else ""

    return plain(f"So can {' and '.join(parts)}{under}.")


_MOST: Final = 3
"""Administrators that are named; --explain and JSON name all."""

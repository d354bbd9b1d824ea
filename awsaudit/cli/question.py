"""
What the verbs that ask about access have in common: how facts come in, and what is said of what could not be seen.
"""

from __future__ import annotations

import contextlib
import json

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import click

from attrs import evolve, frozen

from awsaudit.cli.gate import DONE, INCOMPLETE, MEANINGS, NOTHING_RAN
from awsaudit.cli.terminal import colored, columns, hanging, out, plain, say
from awsaudit.config import Config
from awsaudit.errors import ConfigError, EvidenceMissing, SelectionError
from awsaudit.report import Coverage
from awsaudit.scan import Scan, open_live, open_snapshot
from awsaudit.selection import nearest, unknown


if TYPE_CHECKING:
    from awsaudit.access import Access, Unread
    from awsaudit.declare import Fact
    from awsaudit.gap import Gap
    from awsaudit.inventory import Inventory


VERSION: Final = 1
"""The version of the JSON form; it grows when something is renamed or left out."""

FORMAT: Final = click.Option(
    ["-f", "--format", "form"],
    type=click.Choice(("table", "json")),
    default="table",
    show_default=True,
    help="How to write it.",
)
EXPLAIN: Final = click.Option(
    ["--explain"], is_flag=True, help="Show the statements that decide, and what an answer hangs on."
)
THROUGH: Final = click.Option(
    ["--through"],
    type=click.Choice(("none", "roles", "all")),
    default="all",
    show_default=True,
    metavar="PATHS",
    help="Paths to look for: none, by roles that are assumed, or all, by what runs with roles, too.",
)
DEMO: Final = click.Option(["--demo"], is_flag=True, help="Ask about the built-in example account.")

_NO_GATE: Final = (DONE, 2, INCOMPLETE, NOTHING_RAN, 130)
EPILOG: Final = "\b\nExit codes:\n" + "\n".join(f"  {code:<4} {MEANINGS[code]}" for code in _NO_GATE)


@frozen
class Seen:
    """
    What was collected to answer a question.

    Args:
        account: The inventory.

        coverage: What was seen of it, and what was not.

        silent: AWS answered nothing at all.
    """

    account: Inventory
    coverage: Coverage
    silent: bool

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What was not answered, sorted, each once."""
        return tuple(shortfall.gap for shortfall in self.coverage.shortfalls)


@frozen
class Answer:
    """
    The answer to a question.

    Args:
        question: What was asked, for the JSON form.

        accesses: Who may do what, and how.

        through: The paths that were looked for.

        seen: What was collected.

        administrators: The ARNs of those who may do everything.

        entrances: Who outside the account may become the one in question; None where that was not asked.
    """

    question: Mapping[str, str]
    accesses: tuple[Access, ...]
    through: str
    seen: Seen
    administrators: frozenset[str]
    entrances: tuple[Access, ...] | None = None

    @property
    def unread(self) -> tuple[Unread, ...]:
        """The policies that could not be read and on which it hangs, sorted, each once."""
        every = (*self.accesses, *(self.entrances or ()))
        found = dict.fromkeys(unread for access in every for unread in access.unread)
        return tuple(sorted(found, key=lambda unread: (unread.name, unread.reason)))

    def code(self, config: Config) -> int:
        """Return the exit code."""
        if self.seen.silent:
            return NOTHING_RAN
        short_of = self.seen.gaps or self.unread
        if self.seen.coverage.stopped or (config.strict and short_of):
            return INCOMPLETE

        return DONE


def collect(config: Config, facts: Iterable[Fact[Any]], *, demo: bool, regions: tuple[str, ...] = ()) -> Seen:
    """
    Collect *facts* of the account that the settings name.

    Args:
        config: The settings.

        facts: What to collect; no check runs.

        demo: Whether to look at the example account.

        regions: Regions, where the settings name none.

    Raises:
        ConfigError: The flags do not go together.
    """
    from awsaudit.cli.interrupt import Interrupt  # noqa: PLC0415 - only needed here
    from awsaudit.cli.log import configure  # noqa: PLC0415 - structlog is slow to import
    from awsaudit.cli.progress import Meter  # noqa: PLC0415 - the same

    _refuse(config, demo=demo)
    configure(config)
    running: list[Scan] = []
    before = "building the example account" if demo else "asking whose account it is"
    meter = Meter(config, lambda: running[0].progress if running else None, before)
    with Interrupt(), contextlib.ExitStack() as stack, meter:
        scan = _open(config, tuple(facts), stack, demo=demo, regions=regions)
        running.append(scan)
        account = scan.collect()
    progress = scan.progress
    silent = config.snapshot is None and 0 < progress.failed == progress.answered

    return Seen(account, scan.coverage(), silent)


def _refuse(config: Config, *, demo: bool) -> None:
    from awsaudit.cli.scan import refuse_with_snapshot  # noqa: PLC0415 - only needed here

    if config.snapshot is not None:
        refuse_with_snapshot(config)
    for name in ("snapshot", "profile", "role-arn", "external-id"):
        if demo and config.origins.get(name) == f"--{name}":
            raise ConfigError(f"--{name} chooses another account than --demo")


def _open(
    config: Config, facts: tuple[Fact[Any], ...], stack: contextlib.ExitStack, *, demo: bool, regions: tuple[str, ...]
) -> Scan:
    # What is set for single checks is none of this: to read it, all of them would be imported.
    settings = evolve(config, tables={}).settings()
    if config.snapshot is not None and not demo:
        return open_snapshot(settings, config.snapshot, facts=facts)
    settings = evolve(settings, regions=settings.regions or regions)
    if demo:
        from awsaudit.demo import account  # noqa: PLC0415 - it is not part of every install

        return open_live(settings, stack.enter_context(account()).session, facts=facts)

    from awsaudit.session import open_session  # noqa: PLC0415 - boto3 is slow to import

    return open_live(settings, open_session(config.profile, config.one_role(), config.external_id), facts=facts)


def untold(question: str, missing: EvidenceMissing, seen: Seen) -> int:
    """Say that *question* cannot be answered, and why; return the exit code."""
    say(plain(f"{question} cannot be told: {missing.gap}"), label="error: ", style="red")
    return NOTHING_RAN if seen.silent else INCOMPLETE


# Names


def action_named(text: str) -> str:
    """
    Return the action *text* as AWS spells it.

    Raises:
        ConfigError: It is no action, or of a service that awsaudit does not answer for.
    """
    from awsaudit.access.action import is_complete, known  # noqa: PLC0415 - slow to import

    service, _, name = text.partition(":")
    if service.lower() not in SERVICES:
        raise ConfigError(
            f"{text!r} is no action of {', '.join(SERVICES[:-1])} or {SERVICES[-1]}{nearest(service.lower(), SERVICES)}; "
            "an action is written like secretsmanager:GetSecretValue"
        )
    if not name or "*" in name or "?" in name:
        raise ConfigError(f"a single action is needed, such as {service}:{known(service.lower())[0]}, not {text!r}")
    service = service.lower()
    names = {*known(service), *(() if is_complete() else _operations(service))}
    spelled = {each.lower(): each for each in names}
    if name.lower() in spelled:
        return f"{service}:{spelled[name.lower()]}"
    error = unknown("action", f"{service}:{name}", (f"{service}:{each}" for each in names))
    if is_complete() or service not in _OTHER_NAMES:
        raise error
    say(f"taken as it is written: {error}", label="warning: ", style="yellow")

    return f"{service}:{name}"


SERVICES: Final = ("ecr", "events", "iam", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs", "sts")
"""The services whose actions can be asked about."""

# Of these many actions are not called as the operations that they let through.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
_OTHER_NAMES: Final = frozenset({"s3", "lambda", "iam"})


def _operations(service: str) -> Iterator[str]:
    """Yield the operations of a service, which are called as the actions that let them through, batches apart."""
    import botocore.session  # noqa: PLC0415 - slow to import

    names = botocore.session.get_session().get_service_model(service).operation_names
    return (name for name in names if not name.endswith("Batch"))


def one_of(what: str, text: str, found: tuple[str, ...], known: Mapping[str, Iterable[str]]) -> str:
    """
    Return the one ARN in *found*.

    Args:
        what: What is looked for, in a word.

        text: How it was named.

        found: The ARNs that it may mean.

        known: All there are, by ARN, with their names.

    Raises:
        SelectionError: It is none, or several.
    """
    if not found:
        names = {*known, *(name for each in known.values() for name in each)}
        raise SelectionError(f"there is no {what} {text!r}{nearest(text, names, _LIKE)}")
    if len(found) > 1:
        raise SelectionError(f"{text!r} may be {' or '.join(sorted(found))}; name one by its ARN")

    return found[0]


_LIKE: Final = 0.75
"""How like a name has to be; any two ARNs have much in common."""


# What is written


def access_to_json(access: Access, *, administrator: bool) -> dict[str, Any]:
    """Return *access* as plain JSON values."""
    return {
        "origin": access.origin,
        "type": access.type,
        "outside": access.outside,
        "administrator": administrator,
        "action": access.action,
        "resource": access.resource,
        "verdict": access.verdict.value,
        "roles": access.roles,
        "depends_on": sorted(access.depends_on),
        "path": [{"resource": h.resource, "type": h.type, "by": h.by, "holds": h.holds} for h in access.path],
    }


def write_json(answer: Answer) -> None:
    """Write *answer* as JSON: sorted, nothing folded or left out."""
    from awsaudit.native import converter, utc  # noqa: PLC0415 - only needed here

    seen = answer.seen
    target = seen.account.target
    document = {
        "schema_version": VERSION,
        "question": dict(answer.question),
        "through": answer.through,
        "account": target.account,
        "partition": target.partition,
        "regions": sorted(target.regions),
        "as_of": utc(target.as_of),
        "complete": not (seen.gaps or answer.unread or seen.coverage.stopped),
        "access": _listed(answer.accesses, answer),
        **({} if answer.entrances is None else {"entrances": _listed(answer.entrances, answer)}),
        "unread": [{"policy": u.name, "kind": u.kind.value, "reason": u.reason or str(u.gap)} for u in answer.unread],
        "gaps": [{**converter().unstructure(gap), "repair": gap.repair} for gap in seen.gaps],
    }
    out(json.dumps(document, indent=2) + "\n")


def _listed(found: Iterable[Access], answer: Answer) -> list[dict[str, Any]]:
    listed = (access_to_json(a, administrator=a.origin in answer.administrators) for a in found)
    return sorted(listed, key=_order)


def _order(access: Mapping[str, Any]) -> tuple[Any, ...]:
    named = (access["outside"], access["roles"], access["origin"], access["resource"], access["action"])
    return (*named, json.dumps(access["path"]))


@frozen
class Row:
    """
    A row of a table.

    Args:
        cells: The columns but the last.

        text: The last column, which is wrapped.

        below: Lines under it.

        doubtful: Whether the answer is not certain.
    """

    cells: tuple[str, ...]
    text: str
    below: tuple[str, ...] = ()
    doubtful: bool = False


def table(head: Row, rows: Iterable[Row], config: Config) -> Iterator[str]:
    """Yield the lines of a table that fits the terminal."""
    import sys  # noqa: PLC0415 - the stream of the moment

    listed = list(rows)
    width, color = columns(sys.stdout), colored(sys.stdout, config.color)
    widths = [max(len(plain(row.cells[i])) for row in (head, *listed)) for i in range(len(head.cells))]
    if width is not None:
        # The first column may hold long names: those that are longer have a line of their own.
        widths[0] = min(widths[0], max(width * 2 // 5, 12))
    indent = sum(widths) + 2 * len(widths)
    for row in (head, *listed):
        cells = [plain(cell) for cell in row.cells]
        lead = ""
        if len(cells[0]) > widths[0]:
            yield cells[0]
            cells[0] = ""
        for i, (cell, wide) in enumerate(zip(cells, widths, strict=True)):
            padded = f"{cell:<{wide}}  "
            marked = color and row.doubtful and i == len(cells) - 1
            lead += click.style(padded, fg="yellow") if marked else padded
        yield (lead + hanging(plain(row.text), indent, width)).rstrip()
        for line in row.below:
            yield f"    {hanging(plain(line), 8, width)}"


def not_seen(answer: Answer) -> Iterator[str]:
    """Yield the lines on what could not be seen, and what would repair it."""
    import sys  # noqa: PLC0415 - the stream of the moment

    seen = answer.seen
    where: dict[str, dict[str, None]] = {}
    for gap in seen.gaps:
        where.setdefault(str(gap), {})[gap.region] = None
    lines = [f"{', '.join(regions)}: {sentence}" for sentence, regions in where.items()]
    lines += [f"{u.name} cannot be read: {u.reason}" for u in answer.unread if u.gap is None]
    if seen.coverage.stopped:
        lines.append(f"the time was up ({seen.coverage.stopped}): what is above is not all")
    if lines:
        yield ""
        yield "Not seen, so that there may be more:"
        for line in lines:
            yield f"  {hanging(plain(line), 4, columns(sys.stdout))}"


def explained(access: Access) -> Iterator[str]:
    """Yield the hops of *access*, each with what opens it, then what it hangs on."""
    for hop in access.path[1:]:
        yield f"→ {short(hop.resource)}: {hop.by}"
    for doubt in access.depends_on:
        yield f"hangs on {doubt}"


def verdict(access: Access) -> str:
    """Return the answer in a word."""
    if access.fenced:
        return "yes*"

    return "yes" if access.verdict.value == "allow" else "maybe"


FENCED: Final = (
    "* unless a control policy of the organization forbids it: they could not be read, and can only take rights away."
)


def keys(access: Access) -> str:
    """Return in a few words what *access* hangs on; empty for nothing."""
    on = dict.fromkeys(doubt.on for doubt in access.doubts)
    return f", hangs on {', '.join(on)}" if on and not access.fenced else ""


def short(arn: str) -> str:
    """Return an ARN without what the whole account has in common; anything else as it is."""
    tail = arn.split(":", 5)[5] if arn.startswith("arn:") and arn.count(":") > 4 else arn  # noqa: PLR2004 - six parts
    return tail.removeprefix("oidc-provider/")


def administrators(account: Inventory) -> frozenset[str]:
    """Return the ARNs of those who may do everything, as far as that is certain."""
    from awsaudit.access import holders, is_administrator  # noqa: PLC0415 - slow to import
    from awsaudit.errors import EvidenceMissing, Undecided  # noqa: PLC0415 - only needed here

    found = set()
    for holder in holders(account):
        with contextlib.suppress(EvidenceMissing, Undecided):
            if is_administrator(holder, account):
                found.add(holder.arn)

    return frozenset(found)

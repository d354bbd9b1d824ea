"""
Writes the generated pages: one per check, one per resource type, the command's reference, what the articles recommend.

``python -m awsaudit.docs`` writes them, ``python -m awsaudit.docs --check`` says which are out of date.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import awsaudit.resources

from awsaudit.article import articles, coverage_page
from awsaudit.check import Check, Option
from awsaudit.cli.reference import reference
from awsaudit.declare import Call, Kind, Resource, Scope, iam_actions
from awsaudit.framework import Framework, frameworks
from awsaudit.plan import plan
from awsaudit.plugins import load_checks


COVERAGE: Final = Path("docs/coverage.toml")


def pages() -> dict[Path, str]:
    """Return every generated page by its path below the repository's root."""
    checks = load_checks()
    books = frameworks()
    found = {Path("docs/checks") / f"{c.id}.md": check_page(c, books.values()) for c in checks.values()}
    found[Path("docs/checks/README.md")] = _check_index(checks)
    for kind in kinds():
        found[Path("docs/resources") / f"{_slug(kind)}.md"] = resource_page(kind, checks)
    found[Path("docs/resources/README.md")] = _resource_index()
    found[Path("docs/cli.md")] = reference()
    if COVERAGE.exists():
        found[COVERAGE.with_suffix(".md")] = coverage_page(articles(COVERAGE), checks)

    return found


def kinds() -> tuple[Kind, ...]:
    """Return every shipped resource type, sorted by its type name."""
    found: set[Kind] = set()
    for info in pkgutil.iter_modules(awsaudit.resources.__path__, "awsaudit.resources."):
        module = importlib.import_module(info.name)
        found |= {v for v in vars(module).values() if _is_kind(v) and v.__module__ == info.name}

    return tuple(sorted(found, key=lambda kind: (kind.type, kind.__name__)))


def _is_kind(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, Resource) and value is not Resource


def check_page(check: Check[Any], books: Iterable[Framework]) -> str:
    """Return the page of *check* as Markdown."""
    fix = check.remediation
    judged = ", ".join(f"[{kind.type}](../resources/{_slug(kind)}.md)" for kind in check.resources)
    parts = [
        f"# {check.title}",
        f"`{check.id}` · {check.severity} · judges {judged}",
        check.rationale,
        "## Remediation",
        fix.text,
    ]
    if fix.cli:
        parts.append(f"```console\n$ {fix.cli}\n```")
    if fix.terraform:
        parts.append(f"```terraform\n{fix.terraform}\n```")
    parts.append(f"<{fix.url}>")
    if check.options:
        parts += ["## Options", f"In `awsaudit.toml` under `[checks.{check.id}]`:", _options(check.options)]
    behind = {book.title: book.requirements_of(check.id) for book in books}
    if any(behind.values()):
        rows = [f"- {title}: {', '.join(found)}" for title, found in sorted(behind.items()) if found]
        parts += ["## Frameworks", "\n".join(rows)]
    if check.equivalents:
        parts += ["## Equivalents", "\n".join(f"- `{e.replace(':', '`: `', 1)}`" for e in check.equivalents)]
    parts += ["## Permissions", "\n".join(f"- `{action}`" for action in plan([check]).actions())]

    return "\n\n".join(parts) + "\n"


def _options(options: Iterable[Option]) -> str:
    rows = ["| option | type | default |", "|---|---|---|"]
    rows += [f"| `{o.name}` | {o.type.__name__} | `{_toml(o.default)}` |" for o in options]

    return "\n".join(rows)


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"

    return f'"{value}"' if isinstance(value, str) else str(value)


def resource_page(kind: Kind, checks: Mapping[str, Check[Any]]) -> str:
    """Return the page of the resource type *kind* as Markdown."""
    parts = [f"# {kind.type}", _one_line(kind.__doc__ or ""), _where(kind), "## Calls", _calls(kind), "## Facts"]
    parts.append(_facts(kind))
    judging = [check.id for check in checks.values() if kind in check.resources]
    using = [check.id for check in checks.values() if kind in check.needs and kind not in check.resources]
    for heading, ids in (("## Judged by", judging), ("## Looked up by", using)):
        if ids:
            parts += [heading, "\n".join(f"- [{id_}](../checks/{id_}.md)" for id_ in ids)]

    return "\n\n".join(parts) + "\n"


def _where(kind: Kind) -> str:
    where = "once an account" if kind.scope is Scope.GLOBAL else "in every region of the scan"
    text = f"`{kind.__module__}.{kind.__name__}`, asked for {where}"
    if kind.parent:
        text += f", under each [{kind.parent.type}]({_slug(kind.parent)}.md)"

    return f"{text}."


def _calls(kind: Kind) -> str:
    rows = ["| call | IAM actions | made |", "|---|---|---|"]
    for call in kind.calls():
        actions = ", ".join(f"`{action}`" for action in iam_actions(kind.service_of(call), call))
        rows.append(f"| `{kind.service_of(call)}:{call.operation}` | {actions} | {_made(kind, call)} |")

    return "\n".join(rows)


def _made(kind: Kind, call: Call) -> str:
    if call == kind.listing:
        return "to list"
    if call.batch:
        return f"for {call.batch.size} at a time"
    once = "once" if kind.listing is None else "for each"

    return f"{once}, where it applies" if call.when or any(call.needs()) else once


def _facts(kind: Kind) -> str:
    rows = ["| fact | from | meaning |", "|---|---|---|"]
    for name, fact in kind.facts().items():
        kept = " Reduced to what the secret detectors say." if fact.sensitive else ""
        path = fact.path.replace("|", "\\|")
        rows.append(f"| `{name}` | `{fact.call.operation}`: `{path}` | {_one_line(fact.doc)}{kept} |")

    return "\n".join(rows)


def _check_index(checks: Mapping[str, Check[Any]]) -> str:
    rows = [
        "# Checks",
        f"{len(checks)} checks ship with awsaudit.",
        "| check | severity | the good state |\n|---|---|---|",
    ]
    table = "\n".join(f"| [{c.id}]({c.id}.md) | {c.severity} | {c.title} |" for c in checks.values())

    return "\n\n".join(rows) + f"\n{table}\n"


def _resource_index() -> str:
    rows = [
        "# Resource types",
        "What awsaudit can read, and which calls that takes.",
        "| type | what it is |\n|---|---|",
    ]
    table = "\n".join(f"| [{k.type}]({_slug(k)}.md) | {_one_line(k.__doc__ or '')} |" for k in kinds())

    return "\n\n".join(rows) + f"\n{table}\n"


def _slug(kind: Kind) -> str:
    return kind.type.removeprefix("AWS::").replace("::", "-").lower()


def _one_line(text: str) -> str:
    return " ".join(text.split("\n\n", maxsplit=1)[0].split())


def stale(root: Path) -> Iterator[str]:
    """Yield the pages below *root* that differ from what would be generated, and those that should not be there."""
    wanted = pages()
    for path, content in wanted.items():
        file = root / path
        if not file.exists() or file.read_text(encoding="utf-8") != content:
            yield str(path)
    for folder in {path.parent for path in wanted}:
        for file in sorted((root / folder).glob("*.md")):
            if file.relative_to(root) not in wanted and folder != Path("docs"):
                yield f"{file.relative_to(root)} (no longer generated)"


def main(arguments: list[str]) -> int:
    """Write the pages, or with ``--check`` say which are out of date; return the exit code."""
    root = Path.cwd()
    if arguments == ["--check"]:
        old = sorted(stale(root))
        for name in old:
            print(f"out of date: {name}; run `make docs`", file=sys.stderr)  # noqa: T201 - it is a command
        return 1 if old else 0
    for path, content in pages().items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(content, encoding="utf-8")

    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""
The articles that awsaudit was built to cover: what each recommends, and which checks look at it.

Their data is ``docs/coverage.toml``, and the page made of it ``docs/coverage.md``.
"""

from __future__ import annotations

import tomllib

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from attrs import frozen


@frozen
class Recommendation:
    """
    Something that an article recommends.

    Args:
        text: What.

        checks: The ids of the checks that look at it, also of those that are still to be written.

        reason: What about it no check can see, and why; empty where there is nothing.
    """

    text: str
    checks: tuple[str, ...]
    reason: str = ""


@frozen
class Article:
    """
    An article.

    Args:
        number: Its number, from 1.

        title: Its subject.

        recommendations: What it recommends, in its order.
    """

    number: int
    title: str
    recommendations: tuple[Recommendation, ...]


def articles(file: Path) -> tuple[Article, ...]:
    """
    Return the articles that *file* describes.

    Raises:
        OSError: The file cannot be read.
        tomllib.TOMLDecodeError: It is no TOML.
    """
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return tuple(
        Article(
            each["number"],
            each["title"],
            tuple(Recommendation(r["text"], tuple(r["checks"]), r.get("reason", "")) for r in each["recommendations"]),
        )
        for each in data["articles"]
    )


def coverage_page(found: Iterable[Article], installed: Collection[str]) -> str:
    """
    Return the page that says of each recommendation which checks look at it, as Markdown.

    Args:
        found: The articles.

        installed: The ids of the checks that there are; others are named as not yet written.
    """
    found = tuple(found)
    everything = [each for article in found for each in article.recommendations]
    looked_at = [each for each in everything if any(id_ in installed for id_ in each.checks)]
    unseen = [each for each in everything if not each.checks]
    counts = (
        f"What the ten articles recommend, {len(everything)} things in all, and the checks that look at it. "
        f"{len(looked_at)} have checks, {len(unseen)} no check can see, for the reason given; of the rest the checks are "
        "still to be written."
    )
    parts = ["# Coverage", counts]
    for article in found:
        parts += [f"## {article.number}. {article.title}", "\n".join(_table(article, installed))]

    return "\n\n".join(parts) + "\n"


def _table(article: Article, installed: Collection[str]) -> Iterator[str]:
    yield "| recommendation | checks | what else is to be said |"
    yield "|---|---|---|"
    for each in article.recommendations:
        links = ", ".join(f"[{id_}](checks/{id_}.md)" for id_ in each.checks if id_ in installed)
        missing = [f"`{id_}`" for id_ in each.checks if id_ not in installed]
        remarks = [each.reason] if each.reason else []
        if missing:
            remarks.append(f"Not yet: {', '.join(missing)}.")
        yield f"| {_cell(each.text)} | {links or '–'} | {_cell(' '.join(remarks))} |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")

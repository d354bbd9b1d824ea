"""
What the documents show of the example account: commands, and what they say.

``python -m tests.integration.pages`` writes anew what they say; the tests compare it.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import sys
import tempfile

from collections.abc import Iterator
from pathlib import Path

from awsaudit.cli.command import run


ROOT = Path(__file__).parents[2]
SHOWN = re.compile(
    r"```console\n\$ awsaudit (?P<verb>demo|who-can|reach|policy-check|policy) (?P<arguments>[^\n>]*)\n(?P<output>.+?)```",
    re.DOTALL,
)


# As wide as code on a page is shown without being scrolled.
_WIDTH = "132"


def pages() -> list[Path]:
    """Return the pages that show commands with what they say."""
    return [ROOT / "README.md", ROOT / "docs/access.md", *sorted((ROOT / "docs/guides").glob("*.md"))]


def examples() -> Iterator[tuple[Path, list[str], str]]:
    """Yield each example: its page, the words of the command, and what the page says that it says."""
    for page in pages():
        for found in SHOWN.finditer(page.read_text(encoding="utf-8")):
            yield page, [found["verb"], *words_of(found["arguments"])], found["output"]


def words_of(arguments: str) -> list[str]:
    """Return the words of a command line; quotes around them are left out, and comments at its end."""
    return [word.strip("'") for word in arguments.partition("  #")[0].split()]


def said(words: list[str], scanned: Path, asked: Path) -> str:
    """
    Return what a command says, asked of snapshots since the account stands already; --demo would build it again.

    Args:
        words: The command, without ``awsaudit``.

        scanned: A snapshot of a scan of the example account.

        asked: A snapshot of all that questions look at.
    """
    verb, *rest = words
    if verb == "demo":
        words = ["scan", "--snapshot", str(scanned), *rest]
    elif verb in {"who-can", "reach"}:
        words = [
            verb,
            *(part for word in rest for part in (["--snapshot", str(asked)] if word == "--demo" else [word])),
        ]
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    width = os.environ.get("COLUMNS")
    os.environ["COLUMNS"] = _WIDTH
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()), contextlib.chdir(ROOT):
        run(words)
    os.environ.pop("COLUMNS")
    if width is not None:
        os.environ["COLUMNS"] = width
    out.seek(0)

    return out.read()


def alike(text: str) -> list[str]:
    """
    Return the words of *text* without what AWS makes up anew each time.

    They are sorted, as rows are by ARN, in which there are such ids.
    """
    text = re.sub(r"(secret[: ][\w/!-]+)-\w{6}\b", r"\1", text)
    text = _UUID.sub("ID", text)
    text = re.sub(r"\b(vpc|subnet|sg|igw|rtb|i|eni|vol|snap|ami|lt|acl|vpce)-[0-9a-f]{8,17}\b", r"\1-ID", text)
    text = re.sub(r"\b54(\.[0-9]{1,3}){3}\b", "IP", text)

    return sorted(text.split())


# A narrow column breaks one anywhere.
_HEX = r"(?:[0-9a-f]\s*)"
_UUID = re.compile(rf"{_HEX}{{8}}-\s*{_HEX}{{4}}-\s*{_HEX}{{4}}-\s*{_HEX}{{4}}-\s*{_HEX}{{11}}[0-9a-f]")


def main() -> int:
    """Write anew what the pages show, where it is not what the commands say."""
    from awsaudit import Settings, demo
    from awsaudit.access import EVERYTHING
    from awsaudit.scan import open_live

    with demo.account() as company, tempfile.TemporaryDirectory() as folder:
        scanned, asked = Path(folder) / "scanned.gz", Path(folder) / "asked.gz"
        list(open_live(Settings(save_snapshot=scanned), company.session))
        open_live(Settings(save_snapshot=asked), company.session, facts=EVERYTHING).collect()
        for page in pages():
            old = page.read_text(encoding="utf-8")
            new = SHOWN.sub(lambda found: _anew(found, scanned, asked), old)
            if new != old:
                page.write_text(new, encoding="utf-8")
                sys.stdout.write(f"{page.relative_to(ROOT)}\n")

    return 0


def _anew(found: re.Match[str], scanned: Path, asked: Path) -> str:
    output = said([found["verb"], *words_of(found["arguments"])], scanned, asked)
    if alike(output) == alike(found["output"]):
        return found[0]

    return f"```console\n$ awsaudit {found['verb']} {found['arguments']}\n{output.rstrip()}\n```"


if __name__ == "__main__":
    sys.exit(main())

"""
What may be kept of a text that says something useful and may hold a secret besides.

The location of a repository tells whose code is built, and may carry a token; a build specification tells which tools it
runs, and may set variables. Of either the gist is kept: what the secret detectors say, one line of text without
credentials, and which of the words that somebody asks for occur in it.
"""

from __future__ import annotations

import re

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final

from attrs import frozen

from awsaudit.secrets import Hit, hits


@frozen
class Gist:
    """
    What is kept of a text.

    Args:
        shown: The text where it is one line or empty, without user and query of a URL; None where it is a document, or where
            a secret would be left in it.

        words: Which of the words asked for occur in it, comments left out.

        hits: What the secret detectors found.
    """

    shown: str | None
    words: tuple[str, ...]
    hits: tuple[Hit, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the plain form that evidence holds."""
        return {"shown": self.shown, "words": list(self.words), "hits": [hit.as_json() for hit in self.hits]}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Gist:
        """Return the gist that *plain* describes."""
        return cls(plain["shown"], tuple(plain["words"]), tuple(map(Hit.from_json, plain["hits"])))


_USER: Final = re.compile(r"(?<=://)[^/?#]*@")
_REST: Final = re.compile(r"(?<=.)[?#].*")
_COMMENT: Final = re.compile(r"(?m)^\s*#.*$")
# Below these keys of a build specification stand names of secrets and parameters, never their values.
# https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
_REFERRING: Final = ("secrets-manager", "parameter-store")
_REFERENCES: Final = re.compile(
    rf"(?m)^([ \t]*)(?:{'|'.join(_REFERRING)})[ \t]*:[ \t]*\n(?:(?:\1[ \t]+.*|[ \t]*)(?:\n|\Z))*"
)


def gist_of(text: str, name: str, words: Sequence[str] = (), *, allowed: Container[str] = ()) -> Gist:
    """
    Return the gist of *text*.

    Args:
        text: A location, or a document in YAML or JSON.

        name: What it is called, for the detectors.

        words: What to look for, letter case aside; a word ends where letters and digits end.

        allowed: Hashes of harmless values, as for `awsaudit.secrets.hits`.
    """
    spoken = _COMMENT.sub("", text)
    found = tuple(w for w in words if re.search(rf"(?i)(?<![a-z0-9]){re.escape(w)}(?![a-z0-9])", spoken))

    return Gist(_shown(text, name, allowed), found, tuple(dict.fromkeys(_hits(text, name, allowed))))


def without_references(text: str) -> str:
    """Return *text* without the parts of a build specification that name secrets and parameters."""
    return _REFERENCES.sub("", text)


def _shown(text: str, name: str, allowed: Container[str]) -> str | None:
    line = text.strip()
    if "\n" in line or line.startswith(("{", "version:")):
        return None
    if "://" in line:
        line = _REST.sub("", _USER.sub("", line))

    return None if hits(line, name, allowed=allowed) else line


def _hits(text: str, name: str, allowed: Container[str]) -> Iterator[Hit]:
    typed = False
    for hit in hits(without_references(text), name, allowed=allowed):
        if hit.typed or not any(f".{part}." in hit.name for part in _REFERRING):
            typed = typed or hit.typed
            yield hit
    user = _USER.search(text)
    # A user alone is a name more often than a token: Bitbucket's clone URLs have one.
    if user and not typed and ":" not in user.group():
        yield from hits(user.group().removesuffix("@"), f"{name}.token", allowed=allowed)

"""
Finds secrets in configuration values, and says so without repeating them.

Typed detectors come first: a match of theirs has the shape of one known kind of credential. What has only a telling name
and a random look is found last and marked as a guess. Values never leave this module: a `Hit` holds the name of the
value, the name of the detector and a masked stub.
"""

from __future__ import annotations

import json
import math
import re

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import frozen


@frozen
class Hit:
    """
    A secret that was found.

    Args:
        name: Where it was: the variable, header or JSON key, dotted where nested.

        detector: The kind of credential, such as ``aws-secret-access-key``; ``name-and-entropy`` for a guess.

        masked: The first characters and the length of the value, never more.

        typed: Whether a typed detector matched; False for a guess.
    """

    name: str
    detector: str
    masked: str
    typed: bool

    def as_json(self) -> dict[str, Any]:
        """Return the plain form that evidence holds."""
        return {"name": self.name, "detector": self.detector, "masked": self.masked, "typed": self.typed}

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Hit:
        """Return the hit that *plain* describes."""
        return cls(plain["name"], plain["detector"], plain["masked"], typed=plain["typed"])


_DETECTORS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("private-key", re.compile(r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----")),
    ("aws-access-key-id", re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])")),
    ("github-token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b")),
    ("gitlab-token", re.compile(r"\bgl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{20,}")),
    ("slack-token", re.compile(r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}")),
    ("slack-webhook", re.compile(r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{20,}")),
    ("stripe-key", re.compile(r"\b[rs]k_live_[A-Za-z0-9]{16,}\b")),
    ("google-api-key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")),
    ("sendgrid-key", re.compile(r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}")),
    ("npm-token", re.compile(r"\bnpm_[A-Za-z0-9]{36}\b")),
    ("pypi-token", re.compile(r"\bpypi-[A-Za-z0-9_-]{50,}")),
    ("atlassian-token", re.compile(r"\bAT(?:ATT3|BB|CTT3)[A-Za-z0-9_=-]{20,}")),
    ("json-web-token", re.compile(r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}")),
    ("bearer-token", re.compile(r"(?i)\b(?:bearer|token)\s+(?=[A-Za-z._~+/-]*[0-9])[A-Za-z0-9._~+/-]{20,}=*")),
    ("basic-credentials", re.compile(r"(?i)\bbasic\s+(?=[A-Za-z0-9+/]*[A-Z])[A-Za-z0-9+/]{16,}={0,2}")),
    ("url-credentials", re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s/:@<>{}$]*:(?P<secret>[^\s/@<>{}$]{3,})@[^\s/]")),
)

_SECRET_KEY = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_SECRET_KEY_NAME = re.compile(r"(?i)secret_?-?(?:access)?_?-?key|aws_?secret")
_TELLING_NAME = re.compile(
    r"(?i)(?:pass(?:word|wd|phrase)|secret|token|api_?-?key|private_?-?key|credential|mnemonic|seed_?phrase|auth)"
)
_REFERENCE_NAME = re.compile(r"(?i)(?:_|-|\b)(?:arn|name|id|path|url|uri|file|ref|version|ttl|type|enabled)$")
_HARMLESS = re.compile(
    r"(?xi)"
    r"arn:aws[a-z-]*:.*"
    r"|true|false|yes|no|on|off|null|none"
    r"|[0-9.,:-]+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?:.*@)?sha256:[0-9a-f]{64}"
    r"|\{\{.*\}\}|\$\{.*\}|<.*>|\$\..*"
    r"|/[a-z0-9_./-]+"
    r"|https?://[^:@]*"
    r"|\*+|x+|changeme|redacted"
)
_SHORTEST_GUESS = 12
_LOWEST_ENTROPY = 3.5


def hits(value: Any, name: str = "") -> list[Hit]:
    """
    Return the secrets that *value* holds, each place once, typed detectors first.

    Args:
        value: A string, which may be JSON, or nested mappings and lists of strings.

        name: What the value is called; keys of mappings are added to it with a dot.
    """
    found = [hit for where, text in _strings(value, name) for hit in _in_text(where, text)]
    return sorted(dict.fromkeys(found), key=lambda hit: not hit.typed)


def _strings(value: Any, name: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        nested = _nested(value)
        if nested is None:
            yield name, value
        else:
            yield from _strings(nested, name)
    elif isinstance(value, Mapping):
        yield from _named_pair(value, name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _strings(item, name)


def _named_pair(value: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    # AWS spells a variable as {"Name": ..., "Value": ...} or {"Key": ..., "Value": ...} in lists of them.
    folded = {str(k).lower(): k for k in value}
    label = folded.get("name") or folded.get("key")
    if label is not None and "value" in folded and isinstance(value[label], str):
        yield from _strings(value[folded["value"]], f"{name}.{value[label]}" if name else value[label])
        return
    for key, item in value.items():
        yield from _strings(item, f"{name}.{key}" if name else str(key))


def _nested(text: str) -> Any:
    if text[:1] not in {"{", "["}:
        return None
    try:
        nested = json.loads(text)
    except ValueError:
        return None

    return nested if isinstance(nested, dict | list) else None


def _in_text(name: str, text: str) -> Iterator[Hit]:
    typed = False
    for detector, pattern in _DETECTORS:
        match = pattern.search(text)
        if match:
            typed = True
            yield _hit(name, detector, match.groupdict().get("secret") or match.group(), typed=True)
    key = _SECRET_KEY.search(text)
    if key and (_SECRET_KEY_NAME.search(name) or _SECRET_KEY_NAME.search(text)) and _random(key.group()):
        typed = True
        yield _hit(name, "aws-secret-access-key", key.group(), typed=True)
    if not typed and _is_guess(name.rpartition(".")[2], text):
        yield _hit(name, "name-and-entropy", text, typed=False)


def _is_guess(name: str, text: str) -> bool:
    return (
        len(text) >= _SHORTEST_GUESS
        and " " not in text
        and _TELLING_NAME.search(name) is not None
        and _REFERENCE_NAME.search(name) is None
        and _HARMLESS.fullmatch(text) is None
        and _random(text)
    )


def _random(text: str) -> bool:
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts) >= _LOWEST_ENTROPY


def _hit(name: str, detector: str, secret: str, *, typed: bool) -> Hit:
    shown = secret[: min(4, len(secret) // 8)]
    return Hit(name, detector, f"{shown}… ({len(secret)} characters)", typed=typed)

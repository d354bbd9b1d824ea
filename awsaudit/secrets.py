"""
Finds secrets in configuration values, and says so without repeating them.

Typed detectors come first: a match of theirs has the shape of one known kind of credential. What has only a telling name
and a random look is found last and marked as a guess. A `Hit` holds the name of the value, the name of the detector and a
masked stub; no hash of the value either, since that of a weak password can be guessed. What the user knows to be harmless
is named by a hash that the user makes (`digest`).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen


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


def _any(_: str) -> bool:
    return True


def no_example(secret: str) -> bool:
    """Tell whether *secret* is none of the keys in AWS's documentation, which marks them so."""
    return not secret.endswith(("EXAMPLE", "EXAMPLEKEY"))


def _is_wrapped_key(secret: str) -> bool:
    return b"PRIVATE KEY" in _decoded(secret[:64])


def _is_user_and_password(secret: str) -> bool:
    user, colon, password = _decoded(secret).partition(b":")
    return bool(colon and password) and (user + password).isascii() and (user + password).decode("ascii").isprintable()


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_credential(secret: str) -> bool:
    return _random(secret) and not _worded(secret) and any(c.isdigit() for c in secret) and secret[0] not in "/."


def _is_password(secret: str) -> bool:
    return _PLACEHOLDER.fullmatch(secret) is None


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


@frozen
class _Detector:
    """
    One kind of credential.

    Args:
        name: What it is called.

        pattern: What it looks like; a group ``secret`` is the secret itself.

        sure: What else must be true of the secret.
    """

    name: str
    pattern: re.Pattern[str] = field(converter=_pattern)
    sure: Callable[[str], bool] = _any


_PLACEHOLDER: Final = re.compile(r"(?i)\*+|x{3,}|\.{3,}|redacted|%\(.*|%[a-z_]+%?|\[.*\]")

_DETECTORS: Final = (
    _Detector("private-key", r"-----BEGIN (?:[A-Z0-9]+ ){0,4}PRIVATE KEY(?: BLOCK)?-----"),
    _Detector("private-key", r"LS0tLS1CRUdJTi[A-Za-z0-9+/]{40,}", _is_wrapped_key),
    _Detector("aws-access-key-id", r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])", no_example),
    _Detector("github-token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b"),
    _Detector("gitlab-token", r"\bgl(?:pat|ptt|dt|rt|cbt)-[A-Za-z0-9_-]{20,}"),
    _Detector("slack-token", r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}|\bxapp-[0-9]-[A-Za-z0-9-]{20,}"),
    _Detector("slack-webhook", r"https://hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/]{20,}"),
    _Detector("discord-webhook", r"https://(?:\w+\.)?discord(?:app)?\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{40,}"),
    _Detector("teams-webhook", r"https://[a-z0-9-]+\.webhook\.office\.com/webhookb2/[A-Za-z0-9@/-]{40,}"),
    _Detector("stripe-key", r"\b(?:[rs]k_live_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,})"),
    _Detector("google-api-key", r"\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
    _Detector("google-client-secret", r"\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])"),
    _Detector("sendgrid-key", r"\bSG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _Detector("npm-token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    _Detector("pypi-token", r"\bpypi-[A-Za-z0-9_-]{50,}"),
    _Detector("docker-token", r"\bdckr_pat_[A-Za-z0-9_-]{20,}"),
    _Detector("atlassian-token", r"\bAT(?:ATT3|BB|CTT3)[A-Za-z0-9_=-]{20,}", _is_credential),
    _Detector("vault-token", r"\bhv[sb]\.[A-Za-z0-9_-]{24,}"),
    _Detector("databricks-token", r"\bdapi[0-9a-f]{32}\b"),
    _Detector("digitalocean-token", r"\bdo[opr]_v1_[0-9a-f]{64}\b"),
    _Detector("openai-key", r"\bsk-[A-Za-z0-9_-]{0,99}T3BlbkFJ[A-Za-z0-9_-]{16,}"),
    _Detector("anthropic-key", r"\bsk-ant-[A-Za-z0-9_-]{24,}"),
    _Detector("twilio-key", r"\bSK[0-9a-f]{32}\b"),
    _Detector("mailgun-key", r"\bkey-[0-9a-f]{32}\b"),
    _Detector("new-relic-key", r"\bNRAK-[A-Z0-9]{27}\b"),
    _Detector("telegram-token", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
    _Detector("rpc-provider-key", r"\.infura\.io/(?:ws/)?v3/(?P<secret>[0-9a-f]{32})\b"),
    _Detector("rpc-provider-key", r"\.alchemy\.com/v2/(?P<secret>[A-Za-z0-9_-]{21,})"),
    _Detector("azure-storage-key", r"\bAccountKey=(?P<secret>[A-Za-z0-9+/]{86}==)"),
    _Detector("json-web-token", r"\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}"),
    _Detector("bearer-token", r"(?i)\b(?:bearer|token)\s+(?P<secret>[A-Za-z0-9._~+/-]{20,}=*)", _is_credential),
    _Detector("basic-credentials", r"(?i)\bbasic\s+(?P<secret>[A-Za-z0-9+/]{8,}={0,2})", _is_user_and_password),
    _Detector(
        "url-credentials",
        r"(?<![a-z0-9+.-])[a-z][a-z0-9+.-]{1,30}://[^\s/:@<>{}$]{0,128}:(?P<secret>[^\s/@<>{}$]{3,256})@(?!sha256:)[^\s/]",
        _is_password,
    ),
)

_SECRET_KEY: Final = re.compile(r"(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])")
_SECRET_KEY_NAME: Final = re.compile(r"(?i)secret_?-?(?:access)?_?-?key|aws_?secret|(?<![A-Z0-9])AKIA[A-Z2-7]{16}")
_HEX_KEY: Final = re.compile(r"(?:0x)?[0-9a-fA-F]{64}")
_SEED_PHRASE: Final = re.compile(r"[a-z]{3,8}(?: [a-z]{3,8}){11,23}")

_PASSWORD_WORDS: Final = frozenset({"password", "passwd", "passphrase", "passcode", "pwd", "pass"})
_SECRET_WORDS: Final = frozenset({"secret", "token", "credential", "credentials", "auth", "authorization", "apikey"})
_SECRET_PARTS: Final = re.compile(
    r"passwo?r?d|passphrase|secret|token|(?:api|access|account|private|signing|encryption|auth|master)key"
)
_REFERENCE_WORD: Final = re.compile(
    r"""(?x)
    arn | arns | name | names | id | ids | path | url | uri | file | filename | ref | version | ttl | type |
    enabled | disabled | expiry | expires | expiration | endpoint | issuer | algorithm | alg | length | size |
    count | limit | limits | max | min | scope | scopes | audience | prefix | suffix | provider | mode | region
    | manager | store | header | field | location | from | source | strategy | policy | rotation | alias |
    parameter | param | hash | digest | checksum | fingerprint | thumbprint | sha | sha256 | status | state |
    required | days | hours | minutes | seconds | method | format | username | user | usage | address | contract
    | decimals | symbol
    """
)

_HARMLESS: Final = re.compile(
    r"(?xis)"
    r"arn:aws[a-z-]*:.*"
    r"|true|false|yes|no|on|off|null|none|enabled|disabled"
    r"|[0-9.,:+/-]+"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?:.*@)?sha(?:1|256|512):[0-9a-f]{40,}"
    r"|[^@\s]*[/:][^@\s]*@sha256:.*"
    r"|\{\{.*|\$\{.*|\#\{.*|<.*>|\$.*|%.*%?"
    r"|(?:env|ssm|ssm-secure|secretsmanager|secretmanager|vault|resolve|file|op|kms):.*"
    r"|/[a-z0-9_./*-]+"
    r"|[a-z][a-z0-9+.-]*://[^@?\s]*"
    r"|[^@\s]+@[a-z0-9-]+(?:\.[a-z0-9-]+)+"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}t.*"
    r"|0x[0-9a-f]{40}"
    r"|\*+|x+|changeme|redacted"
)
_REFERENCES: Final = re.compile(
    r"arn:aws[a-z-]*:[^\s\"',;]*|\{\{[^{}]{0,512}\}\}|\$\{[^{}]{0,512}\}|\$\([^()]{0,512}\)"
)
_PAIR: Final = re.compile(
    r"""(?ix)
    (?<![\w.-]) -{0,2} (?P<name> [a-z][\w.-]{1,60} ) ["']? (?: \s*[=:]\s* | (?<=[a-z])\s+(?=') )
    (?: "(?P<double>[^"\n]+)" | '(?P<single>[^'\n]+)' | (?!//)(?P<bare>[^\s"',;&<>]+) )
    """
)
_OPTION: Final = re.compile(r"(?<!\S)--(?P<name>[a-z][a-z0-9-]{1,60})\s+(?![-'\"])(?P<bare>\S+)")
_UNQUOTED: Final = re.compile(r"(?<=[:,\[\s])<[\w.-]+>(?=\s*[,}\]])")

# The value of such a variable of CodeBuild names a secret or a parameter.
# https://docs.aws.amazon.com/codebuild/latest/APIReference/API_EnvironmentVariable.html
_ELSEWHERE: Final = frozenset({"SECRETS_MANAGER", "PARAMETER_STORE"})

_SHORTEST_GUESS: Final = 12
_LONGEST_GUESS: Final = 1024
_SHORTEST_PASSWORD: Final = 8
_LOWEST_ENTROPY: Final = 3.5
_LOWEST_PASSWORD_ENTROPY: Final = 2.5
_SEED_PHRASE_LENGTHS: Final = frozenset({12, 15, 18, 21, 24})
_SEED_PHRASE_WORDS: Final = frozenset({"mnemonic", "seed", "phrase", "seedphrase", "recovery"})


def hits(value: Any, name: str = "", *, allowed: Container[str] = ()) -> list[Hit]:
    """
    Return the secrets that *value* holds, each place once, typed detectors first.

    Args:
        value: A string, which may be JSON, or nested mappings and lists of strings.

        name: What the value is called; keys of mappings are added to it with a dot.

        allowed: The `digest` of each secret, or of each whole text, that is known to be harmless.
    """
    if allowed and isinstance(value, str) and digest(value) in allowed:
        return []
    found = [hit for where, text in strings(value, name) for hit in _in_text(where, text, allowed)]

    return sorted(dict.fromkeys(found), key=lambda hit: not hit.typed)


def digest(value: str) -> str:
    """Return ``sha256:`` and the hash of *value*, in hexadecimal digits."""
    return f"sha256:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"


def strings(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """Yield what each string in *value* is called, and the string; arguments as for `hits`."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        nested = _nested(value)
        if nested is None:
            yield name, value
        else:
            yield from strings(nested, name)
    elif isinstance(value, Mapping):
        yield from _members(value, name)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from strings(item, name)


def _members(value: Mapping[str, Any], name: str) -> Iterator[tuple[str, str]]:
    # AWS spells a variable as {"Name": ..., "Value": ...} or {"Key": ..., "Value": ...} in lists of them.
    folded = {str(key).lower(): key for key in value}
    label = folded.get("name") or folded.get("key")
    variable = value[label] if label is not None and "value" in folded else None
    if isinstance(variable, str) and value.get(folded.get("type", "")) in _ELSEWHERE:
        return
    for key, item in value.items():
        below = str(key)
        if isinstance(variable, str):
            if key == label:
                continue
            below = variable if key == folded["value"] else below
        yield from strings(item, f"{name}.{below}" if name else below)


def _nested(text: str) -> Any:
    stripped = text.strip()
    if stripped[:1] not in {"{", "["}:
        return None
    # EventBridge's templates have placeholders such as <slot> where JSON has values.
    for form in dict.fromkeys((stripped, _UNQUOTED.sub("null", stripped))):
        try:
            nested = json.loads(form)
        except (ValueError, RecursionError):
            continue
        if isinstance(nested, dict | list):
            return nested

    return None


def _in_text(name: str, text: str, allowed: Container[str]) -> Iterator[Hit]:
    def counts(secret: str) -> bool:
        return not allowed or digest(secret) not in allowed

    if not counts(text):
        return
    typed: dict[str, str] = {}
    for detector, secret in _typed(name, text, counts):
        typed.setdefault(secret, detector)  # a vendor's token after "Bearer" is one secret
    yield from (hit_of(name, detector, secret, typed=True) for secret, detector in typed.items())
    if not typed:
        guesses = ((where, secret) for where, secret in _guesses(name, text) if counts(secret))
        yield from (hit_of(where, "name-and-entropy", secret, typed=False) for where, secret in guesses)


def _guesses(name: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield name and value of what has a telling name and a random look."""
    if _is_guess(name.rpartition(".")[2], text):
        yield name, text
        return
    plain = _REFERENCES.sub(" ", text)
    for match in (*_PAIR.finditer(plain), *_OPTION.finditer(plain)):
        groups = match.groupdict()
        value = groups.get("double") or groups.get("single") or groups["bare"]
        if _is_guess(match["name"].rpartition(".")[2], value):
            yield f"{name}.{match['name']}" if name else match["name"], value


def _typed(name: str, text: str, counts: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Yield kind and secret of each typed detector that matches, the first one that *counts*."""
    for detector in _DETECTORS:
        for match in detector.pattern.finditer(text):
            secret = match.groupdict().get("secret") or match.group()
            if detector.sure(secret) and counts(secret):
                yield detector.name, secret
                break
    keys = (match.group() for match in _SECRET_KEY.finditer(text))
    key = next((key for key in keys if _is_secret_key(key) and counts(key)), None)
    if key and (_SECRET_KEY_NAME.search(name) or _SECRET_KEY_NAME.search(text)):
        yield "aws-secret-access-key", key
    words = _words(name.rpartition(".")[2])
    if _HEX_KEY.fullmatch(text) and re.search(r"(?:private|signing|secret|validator)key|seed$", "".join(words)):
        yield "hex-private-key", text
    if len(text.split()) in _SEED_PHRASE_LENGTHS and _SEED_PHRASE.fullmatch(text) and _SEED_PHRASE_WORDS & set(words):
        yield "seed-phrase", text


def _is_secret_key(text: str) -> bool:
    kinds = (any(c.isupper() for c in text), any(c.islower() for c in text), any(c.isdigit() for c in text))
    return all(kinds) and _random(text) and no_example(text)


def _is_guess(name: str, text: str) -> bool:
    words = _words(name)
    joined = "".join(words)
    if len(text) > _LONGEST_GUESS or not no_example(text):
        return False
    if not words or _REFERENCE_WORD.fullmatch(words[-1]) or " " in text or _HARMLESS.fullmatch(text) or _worded(text):
        return False
    mixed = any(c.isalpha() for c in text) and not text.isalpha()
    if _PASSWORD_WORDS & set(words) or "password" in joined or "passphrase" in joined:
        return mixed and len(text) >= _SHORTEST_PASSWORD and _entropy(text) >= _LOWEST_PASSWORD_ENTROPY
    telling = _SECRET_WORDS & set(words) or _SECRET_PARTS.search(joined)

    return bool(telling) and mixed and len(text) >= _SHORTEST_GUESS and _random(text)


def _words(name: str) -> list[str]:
    """Return the words of *name*, whether written in_this, in-this, inThis or IN_THIS way."""
    return [word.lower() for word in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+[0-9]*|[0-9]+", name)]


def _worded(text: str) -> bool:
    """Tell whether *text* is made of words, as names and paths are, and random values are not."""
    if re.search(r"[^A-Za-z0-9_/.:@-]", text):
        return False
    parts = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", text)
    letters = sum(map(len, parts))
    digits = sum(c.isdigit() for c in text)

    return bool(parts) and letters / len(parts) >= 4 and digits * 5 <= len(text)  # noqa: PLR2004 - measured on both


def _random(text: str) -> bool:
    return _entropy(text) >= _LOWEST_ENTROPY


def _entropy(text: str) -> float:
    """Return how many bits a character of *text* tells, 0 to about 6."""
    counts = Counter(text).values()
    return -sum(n / len(text) * math.log2(n / len(text)) for n in counts)


def hit_of(name: str, detector: str, secret: str, *, typed: bool) -> Hit:
    """Return the hit that *secret* is, masked."""
    shown = secret[: min(4, len(secret) // 8)]
    return Hit(name, detector, f"{shown}… ({len(secret)} characters)", typed=typed)

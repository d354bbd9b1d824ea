"""
Policy documents, read into statements.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import enum
import functools
import json
import re

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import field, frozen

from awsaudit.access.pattern import glob
from awsaudit.errors import PolicyError
from awsaudit.gap import Gap


class PolicyKind(enum.Enum):
    """What a policy hangs on, hence what it decides; the value is how it is called in a sentence."""

    __hash__ = object.__hash__  # each member is there once, and that of Enum is slow

    IDENTITY = "policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    SCP = "service control policy"
    RCP = "resource control policy"
    RESOURCE = "resource policy"
    KEY = "key policy"
    TRUST = "trust policy"
    ENDPOINT = "VPC endpoint policy"


class Form(enum.Enum):
    """What one entry of a Principal element names."""

    __hash__ = object.__hash__  # each member is there once, and that of Enum is slow

    ANYONE = "anyone"
    ACCOUNT = "account"
    USER = "user"
    ROLE = "role"
    SESSION = "session"
    FEDERATED_USER = "federated user"
    SERVICE = "service"
    FEDERATED = "identity provider"
    UNIQUE_ID = "unique id"
    CANONICAL = "canonical user"
    OTHER = "other"


@frozen(cache_hash=True)
class Named:
    """
    One entry of a Principal or NotPrincipal element.

    Args:
        form: What it names.

        text: As it stands in the policy.

        account: The account that it is in, 12 digits; None where it has none or does not tell.
    """

    form: Form
    text: str
    account: str | None = None


_ARN: Final = re.compile(r"arn:[^:]*:(?P<service>iam|sts):[^:]*:(?P<account>\d{12}):(?P<kind>[^/]+)(?:/.*)?", re.DOTALL)
_FORMS: Final = {
    ("iam", "root"): Form.ACCOUNT,
    ("iam", "user"): Form.USER,
    ("iam", "role"): Form.ROLE,
    ("sts", "assumed-role"): Form.SESSION,
    ("sts", "federated-user"): Form.FEDERATED_USER,
}
# What AWS puts in the place of a principal that was deleted.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
_UNIQUE_ID: Final = re.compile(r"A(?:IDA|ROA|GPA|NPA)[A-Z0-9]{12,}")


def named(kind: str, text: str) -> Named:  # noqa: PLR0911 - a form each
    """Return what *text* names under *kind*: AWS, Service, Federated or CanonicalUser."""
    if text == "*":
        return Named(Form.ANYONE, text)
    if kind == "Service":
        return Named(Form.SERVICE, text)
    if kind == "Federated":
        found = re.match(r"arn:[^:]*:iam::(\d{12}):", text)
        return Named(Form.FEDERATED, text, found[1] if found else None)
    if kind == "CanonicalUser":
        return Named(Form.CANONICAL, text)
    if re.fullmatch(r"\d{12}", text):
        return Named(Form.ACCOUNT, text, text)
    if _UNIQUE_ID.fullmatch(text):
        return Named(Form.UNIQUE_ID, text)
    found = _ARN.fullmatch(text)
    if found:
        return Named(_FORMS.get((found["service"], found["kind"]), Form.OTHER), text, found["account"])

    return Named(Form.OTHER, text)


@frozen(cache_hash=True)
class Operator:
    """
    A condition operator, taken apart.

    Args:
        name: The operator without quantifier, negation and IfExists, in lower case, such as ``stringlike``.

        negated: Whether it is the Not form.

        if_exists: Whether an absent key passes.

        quantifier: ``forallvalues``, ``foranyvalue`` or nothing.

        text: As it stands in the policy.
    """

    name: str
    negated: bool
    if_exists: bool
    quantifier: str
    text: str


_NEGATED: Final = {
    "stringnotequals": "stringequals",
    "stringnotequalsignorecase": "stringequalsignorecase",
    "stringnotlike": "stringlike",
    "numericnotequals": "numericequals",
    "datenotequals": "dateequals",
    "notipaddress": "ipaddress",
    "arnnotequals": "arnequals",
    "arnnotlike": "arnlike",
}
OPERATORS: Final = frozenset(
    {
        *_NEGATED.values(),
        "numericlessthan",
        "numericlessthanequals",
        "numericgreaterthan",
        "numericgreaterthanequals",
        "datelessthan",
        "datelessthanequals",
        "dategreaterthan",
        "dategreaterthanequals",
        "bool",
        "binaryequals",
        "null",
    }
)


@functools.lru_cache(maxsize=1_024)
def operator(text: str) -> Operator:
    """Return the operator that *text* spells; an unknown one keeps its name."""
    quantifier, _, rest = text.rpartition(":")
    name = rest.lower()
    if_exists = name.endswith("ifexists")
    name = name.removesuffix("ifexists")

    return Operator(_NEGATED.get(name, name), name in _NEGATED, if_exists, quantifier.lower(), text)


@frozen(cache_hash=True)
class Condition:
    """
    One line of a Condition block: an operator, a context key and the values to compare with.

    Args:
        operator: The operator.

        key: The context key in lower case: names of keys are the same in either case.

        values: The values, any of which may match.

        variables: Whether ``${…}`` in the values is replaced.
    """

    operator: Operator
    key: str
    values: tuple[str, ...]
    variables: bool = False
    varies: bool = field(init=False, eq=False, repr=False)
    """Whether one of the values has a variable."""

    @varies.default
    def _has_variables(self) -> bool:
        return self.variables and any("${" in value for value in self.values)

    @property
    def text(self) -> str:
        """How it reads in a sentence."""
        return f"{self.operator.text} {self.key} = {', '.join(self.values)}"


@frozen(eq=False)
class Statement:
    """
    A statement of a policy.

    Args:
        number: Its place in the policy, from 1.

        sid: Its name; empty if it has none.

        allow: Whether it allows; it denies otherwise.

        actions: Globs of the actions that it is about, in any case.

        not_actions: Globs of actions that it is not about; of all others it is. Empty without NotAction.

        resources: Globs of resources, as they stand; empty where the statement is about what the policy hangs on.

        not_resources: Globs of resources that it is not about.

        principals: Whom it is about; None where the policy hangs on an identity.

        not_principals: Whom it is not about.

        conditions: All of them have to hold.

        variables: Whether ``${…}`` in resources and values is replaced.
    """

    number: int
    sid: str
    allow: bool
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[Named, ...] | None = None
    not_principals: tuple[Named, ...] | None = None
    conditions: tuple[Condition, ...] = ()
    variables: bool = False
    label: str = field(init=False, repr=False)
    """How it is called in a sentence."""

    @label.default
    def _called(self) -> str:
        return f"statement {self.number}" + (f" ({self.sid})" if self.sid else "")

    def is_about(self, action: str) -> bool:
        """Tell whether its action elements match *action*."""
        if self.not_actions:
            return not any(glob(a, fold=True).matches(action) for a in self.not_actions)

        return any(glob(a, fold=True).matches(action) for a in self.actions)


@frozen(eq=False)
class Policy:
    """
    A policy.

    Args:
        name: How it is called in a sentence, with what it hangs on.

        kind: What it decides.

        statements: Its statements in order.

        version: ``2012-10-17`` or ``2008-10-17``.
    """

    name: str
    kind: PolicyKind
    statements: tuple[Statement, ...]
    version: str = "2012-10-17"
    _by_action: dict[str, tuple[Statement, ...]] = field(factory=dict, init=False, repr=False)

    def about(self, action: str) -> tuple[Statement, ...]:
        """Return the statements whose action elements match *action*; asked once an action."""
        found = self._by_action.get(action)
        if found is None:
            found = tuple(s for s in self.statements if s.is_about(action))
            self._by_action[action] = found

        return found


@frozen
class Unread:
    """
    Stands in the place of a policy that could not be read: what hangs on it is unknown.

    Args:
        name: How the policy is called in a sentence.

        kind: What it decides.

        gap: Why it could not be read; None where it was read and is no policy.

        reason: What is wrong with it, where it was read.
    """

    name: str
    kind: PolicyKind
    gap: Gap | None = None
    reason: str = ""


def parse_policy(document: str | Mapping[str, Any], kind: PolicyKind, name: str = "") -> Policy:
    """
    Return the policy that *document* holds; the document is left as it is.

    Args:
        document: The policy, as JSON text or parsed.

        kind: What it decides.

        name: How it is called in a sentence; unset means by its kind.

    Raises:
        PolicyError: The document breaks the grammar; never for one that AWS takes.
    """
    if isinstance(document, str):
        try:
            document = json.loads(document)
        except ValueError as error:
            raise PolicyError(f"not JSON: {error}") from None
    if not isinstance(document, Mapping):
        raise PolicyError(f"a policy is a JSON object, not a {type(document).__name__}")
    members = {str(key).lower(): value for key, value in document.items()}
    version = str(members.get("version") or "2008-10-17")
    listed = _list(members.get("statement"))
    statements = tuple(_statement(raw, number, version) for number, raw in enumerate(listed, 1))

    return Policy(name or kind.value, kind, statements, version)


def read_policy(document: str | Mapping[str, Any], kind: PolicyKind, name: str) -> Policy | Unread:
    """Return the policy that *document* holds, or what stands for one that no parser likes."""
    try:
        return parse_policy(document, kind, name)
    except PolicyError as error:
        return Unread(name, kind, reason=str(error))


def _list(value: Any) -> list[Any]:
    if value is None:
        return []

    return list(value) if isinstance(value, list | tuple) else [value]


def _statement(raw: Any, number: int, version: str) -> Statement:
    where = f"statement {number}"
    if not isinstance(raw, Mapping):
        raise PolicyError(f"{where} is no JSON object")
    members = {str(key).lower(): value for key, value in raw.items()}
    effect = members.get("effect")
    if effect not in {"Allow", "Deny"}:
        raise PolicyError(f'{where}: the Effect is "Allow" or "Deny", not {effect!r}')
    if "action" not in members and "notaction" not in members:
        raise PolicyError(f"{where} has neither Action nor NotAction")
    variables = version >= "2012"

    return Statement(
        number=number,
        sid=str(members.get("sid") or ""),
        allow=effect == "Allow",
        actions=_texts(members.get("action"), f"{where}: Action"),
        not_actions=_texts(members.get("notaction"), f"{where}: NotAction"),
        resources=_texts(members.get("resource"), f"{where}: Resource"),
        not_resources=_texts(members.get("notresource"), f"{where}: NotResource"),
        principals=_principals(members.get("principal"), f"{where}: Principal"),
        not_principals=_principals(members.get("notprincipal"), f"{where}: NotPrincipal"),
        conditions=tuple(_conditions(members.get("condition"), where, variables=variables)),
        variables=variables,
    )


def _texts(value: Any, where: str) -> tuple[str, ...]:
    texts = _list(value)
    for item in texts:
        if not isinstance(item, str):
            raise PolicyError(f"{where} holds {item!r}, which is no text")

    return tuple(texts)


def _principals(value: Any, where: str) -> tuple[Named, ...] | None:
    if value is None:
        return None
    if isinstance(value, str):
        if value != "*":
            raise PolicyError(f'{where} is an object or "*", not {value!r}')
        return (named("AWS", "*"),)
    if not isinstance(value, Mapping):
        raise PolicyError(f"{where} is no JSON object")

    return tuple(named(str(kind), text) for kind, texts in value.items() for text in _texts(texts, where))


def _conditions(block: Any, where: str, *, variables: bool) -> Iterator[Condition]:
    if block is None:
        return
    if not isinstance(block, Mapping):
        raise PolicyError(f"{where}: Condition is no JSON object")
    for spelled, lines in block.items():
        if not isinstance(lines, Mapping):
            raise PolicyError(f"{where}: Condition {spelled} is no JSON object")
        for key, values in lines.items():
            yield _condition(operator(str(spelled)), str(key).lower(), tuple(_values(values)), variables)


# Equal ones are the same: they are looked up by millions where many policies say the same.
_condition = functools.lru_cache(maxsize=16_384)(Condition)


def _values(values: Any) -> Iterable[str]:
    for value in _list(values):
        if isinstance(value, bool):
            yield "true" if value else "false"
        elif isinstance(value, int | float | str):
            yield str(value)
        else:
            raise PolicyError(f"a condition's value is {value!r}, which is neither text nor number")

"""
What AWS would refuse of a policy document, with its place and how to mend it.

`parse_policy` reads what AWS takes and stops at the first thing that it cannot read; here everything is named.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

from __future__ import annotations

import difflib
import re

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from awsaudit.access.policy import OPERATORS, Form, PolicyKind, named, operator


@frozen
class Remark:
    """
    Something wrong or odd.

    Args:
        where: The place: the statement and the element.

        text: What is the matter.

        mend: What to write instead; empty where that is for the author to know.

        wrong: Whether AWS would refuse it; otherwise it takes it, and may not do what is meant.
    """

    where: str
    text: str
    mend: str = ""
    wrong: bool = True


_MEMBERS: Final = ("Version", "Id", "Statement")
_ELEMENTS: Final = (
    "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition",
)  # fmt: skip
VERSIONS: Final = ("2012-10-17", "2008-10-17")
OF_IDENTITIES: Final = frozenset({PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION, PolicyKind.SCP})
_PRINCIPALS: Final = ("AWS", "Service", "Federated", "CanonicalUser")


def wrong(document: Mapping[str, Any], kind: PolicyKind) -> Iterator[Remark]:
    """Yield what AWS would refuse of *document*."""
    members = {str(key).lower(): value for key, value in document.items()}
    yield from _unknown("the policy", document, _MEMBERS)
    version = members.get("version")
    if version is not None and version not in VERSIONS:
        yield Remark("Version", f"there is no version {version!r}", f'write "Version": "{VERSIONS[0]}"')
    if "statement" not in members:
        yield Remark("the policy", "it has no Statement")
    sids: Counter[str] = Counter()
    for number, raw in enumerate(listed(members.get("statement")), 1):
        if not isinstance(raw, Mapping):
            yield Remark(f"statement {number}", "it is no JSON object")
            continue
        sid = str(raw.get("Sid") or "")
        where = f"statement {number}" + (f" ({sid})" if sid else "")
        sids[sid] += bool(sid)
        yield from _wrong_in(raw, where, kind)
        if sid and sids[sid] > 1:
            yield Remark(where, f"an earlier statement is called {sid}, too", "give each a Sid of its own")


def _wrong_in(raw: Mapping[str, Any], where: str, kind: PolicyKind) -> Iterator[Remark]:
    members = {str(key).lower(): value for key, value in raw.items()}
    yield from _unknown(where, raw, _ELEMENTS)
    effect = members.get("effect")
    if effect not in {"Allow", "Deny"}:
        meant = str(effect).capitalize()
        mend = f'write "Effect": "{meant}"' if meant in {"Allow", "Deny"} else 'write "Effect": "Allow" or "Deny"'
        yield Remark(where, f"the Effect is {effect!r}" if effect else "it has no Effect", mend)
    for name in ("Action", "Resource", "Principal"):
        if name.lower() in members and f"not{name.lower()}" in members:
            yield Remark(where, f"it has both {name} and Not{name}", "split it into two statements")
    if not {"action", "notaction"} & members.keys():
        yield Remark(where, "it has neither Action nor NotAction")
    yield from _wrong_actions(members, where)
    yield from _wrong_resources(members, where, kind)
    yield from _wrong_principals(members, where, kind)
    yield from _wrong_conditions(members.get("condition"), where)


def _wrong_actions(members: Mapping[str, Any], where: str) -> Iterator[Remark]:
    for action in (*texts(members.get("action")), *texts(members.get("notaction"))):
        if action != "*" and not re.fullmatch(r"[A-Za-z0-9*?-]+:[A-Za-z0-9*?]+", action):
            yield Remark(f"{where}: Action", f"{action!r} is not of the form service:Action")
    for name in ("action", "notaction", "resource", "notresource"):
        for item in listed(members.get(name)):
            if not isinstance(item, str):
                yield Remark(f"{where}: {name.capitalize()}", f"{item!r} is no text")


def _wrong_resources(members: Mapping[str, Any], where: str, kind: PolicyKind) -> Iterator[Remark]:
    has = {"resource", "notresource"} & members.keys()
    if kind is PolicyKind.TRUST and has:
        yield Remark(where, "a trust policy has no Resource: it is about the role that it hangs on", "leave it out")
    if kind in OF_IDENTITIES and not has:
        yield Remark(where, "it has neither Resource nor NotResource", 'write "Resource": "*", or ARNs')
    for text in (*texts(members.get("resource")), *texts(members.get("notresource"))):
        if text != "*" and not text.startswith(("arn:", "$")):
            yield Remark(f"{where}: Resource", f"{text!r} is neither an ARN nor *")


def _wrong_principals(members: Mapping[str, Any], where: str, kind: PolicyKind) -> Iterator[Remark]:
    has = {"principal", "notprincipal"} & members.keys()
    if kind in OF_IDENTITIES and has:
        yield Remark(where, f"a {kind.value} has no Principal: it is about whom it hangs on", "leave it out")
    elif kind not in OF_IDENTITIES and not has:
        yield Remark(
            where, "it has no Principal, and so is about nobody", 'write "Principal": {"AWS": "ACCOUNT or ARN"}'
        )
    for name in sorted(has):
        value = members[name]
        if isinstance(value, str) and value != "*":
            mend = f'write "Principal": {{"{"Service" if value.endswith(".amazonaws.com") else "AWS"}": "{value}"}}'
            yield Remark(f"{where}: Principal", f'it is an object or "*", not {value!r}', mend)
        if isinstance(value, Mapping):
            for key, entries in value.items():
                if key not in {*_PRINCIPALS, "*"}:
                    yield Remark(f"{where}: Principal", f"there is no {key!r}", write(near(str(key), _PRINCIPALS)))
                for text in texts(entries):
                    yield from _wrong_principal(str(key), text, f"{where}: Principal")


def _wrong_principal(key: str, text: str, where: str) -> Iterator[Remark]:
    if key != "AWS" or text == "*":
        return
    if "*" in text or "?" in text:
        mend = 'name "*", and the ARNs in a Condition: "ArnLike": {"aws:PrincipalArn": "' + text + '"}'
        yield Remark(where, f"{text} has wildcards, which stand for nothing here", mend)
    elif named(key, text).form is Form.OTHER and not text.startswith("arn:aws:iam::cloudfront:"):
        yield Remark(where, f"{text!r} is neither an account id nor the ARN of a user, role or session")


def _wrong_conditions(block: Any, where: str) -> Iterator[Remark]:
    if block is None:
        return
    if not isinstance(block, Mapping):
        yield Remark(f"{where}: Condition", "it is no JSON object")
        return
    for spelled, lines in block.items():
        place = f"{where}: {spelled}"
        found = operator(str(spelled))
        if found.name not in OPERATORS or found.quantifier not in {"", "foranyvalue", "forallvalues"}:
            yield Remark(place, "there is no such operator", write(near(str(spelled).rpartition(":")[2], _SPELLED)))
        if found.name == "null" and found.if_exists:
            yield Remark(place, "Null takes no IfExists", "write Null")
        if not isinstance(lines, Mapping):
            yield Remark(place, "it is no JSON object", f'write "{spelled}": {{"KEY": "VALUE"}}')
            continue
        for key, values in lines.items():
            if ":" not in str(key):
                yield Remark(place, f"{key!r} is no context key; those begin with aws: or a service and a colon")
            if any(isinstance(value, Mapping | list) or value is None for value in listed(values)):
                yield Remark(place, f"the value of {key} is neither text nor number")


_SPELLED: Final = (
    "StringEquals", "StringNotEquals", "StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase", "StringLike",
    "StringNotLike", "NumericEquals", "NumericNotEquals", "NumericLessThan", "NumericLessThanEquals",
    "NumericGreaterThan", "NumericGreaterThanEquals", "DateEquals", "DateNotEquals", "DateLessThan",
    "DateLessThanEquals", "DateGreaterThan", "DateGreaterThanEquals", "Bool", "BinaryEquals", "IpAddress",
    "NotIpAddress", "ArnEquals", "ArnNotEquals", "ArnLike", "ArnNotLike", "Null",
)  # fmt: skip


def _unknown(where: str, raw: Mapping[str, Any], known_: Iterable[str]) -> Iterator[Remark]:
    names = tuple(known_)
    for key in raw:
        if str(key).lower() not in {name.lower() for name in names}:
            yield Remark(where, f"there is no element {key!r}", write(near(str(key), names)))


def write(text: str) -> str:
    """Return the advice to write *text*; empty for none."""
    return f"write {text}" if text else ""


def near(text: str, names: Iterable[str]) -> str:
    """Return the nearest of *names*; empty if none is near."""
    spelled = {name.lower(): name for name in names}
    found = difflib.get_close_matches(text.lower(), sorted(spelled), n=1, cutoff=0.6)

    return spelled[found[0]] if found else ""


def listed(value: Any) -> list[Any]:
    """Return *value* as a list; a single value equals a list of one."""
    if value is None:
        return []

    return list(value) if isinstance(value, list | tuple) else [value]


def texts(value: Any) -> tuple[str, ...]:
    """Return the texts in *value*, single or in a list."""
    return tuple(item for item in listed(value) if isinstance(item, str))

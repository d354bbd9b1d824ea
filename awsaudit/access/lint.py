"""
What to say of a policy document: what AWS would refuse, and what it takes but hardly means what it looks like.
"""

from __future__ import annotations

import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit.access.action import is_complete, keys_of, known
from awsaudit.access.grammar import OF_IDENTITIES, VERSIONS, Remark, listed, near, texts, write, wrong
from awsaudit.access.pattern import glob
from awsaudit.access.policy import Condition, Form, PolicyKind, Statement, parse_policy
from awsaudit.access.request import MULTIVALUED
from awsaudit.errors import PolicyError


def document_of(text: str) -> Mapping[str, Any]:
    """
    Return the policy in *text*: JSON, also as the AWS CLI prints it, with the policy as a text in it.

    Raises:
        PolicyError: It is no JSON object; the message names line and column.
    """
    document: Any = text
    for _ in range(4):  # a command's output, a member of it, the document as a text
        if isinstance(document, str):
            document = _parsed(document)
        if not isinstance(document, Mapping):
            raise PolicyError(f"a policy is a JSON object; this is {_FORMS.get(type(document), 'null')}")
        inner = next((document[name] for name in _WRAPPED if name in document), None)
        if inner is None or "statement" in {str(key).lower() for key in document}:
            break
        document = inner

    return dict(document)


_FORMS: Final = {list: "an array", str: "a text", int: "a number", float: "a number", bool: "true or false"}
_WRAPPED: Final = (
    "Policy", "ResourcePolicy", "PolicyDocument", "AssumeRolePolicyDocument", "policyText", "policy", "Role",
    "PolicyVersion", "Document", "Attributes",
)  # fmt: skip


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        if isinstance(error, json.JSONDecodeError):
            place = f"line {error.lineno}, column {error.colno}"
            raise PolicyError(f"no JSON: {place}: {error.msg}{_hint(text, error.pos)}") from None
        raise


def _hint(text: str, position: int) -> str:
    before = text[:position].rstrip()
    if before.endswith(",") and text[position : position + 1] in {"}", "]"}:
        return "; take the comma before it away"
    if text[position : position + 1] == "'":
        return "; texts are in double quotes"
    if not text.strip():
        return "; the file is empty"

    return ""


def kind_of(document: Mapping[str, Any]) -> PolicyKind:
    """Return what *document* seems to be; service control policies and boundaries look like policies of identities."""
    statements = [{str(k).lower(): v for k, v in raw.items()} for raw in _raw_statements(document)]
    if not any({"principal", "notprincipal"} & statement.keys() for statement in statements):
        return PolicyKind.IDENTITY
    actions = [action.lower() for statement in statements for action in texts(statement.get("action"))]
    if actions and all(action.startswith("sts:") for action in actions):
        return PolicyKind.TRUST
    if actions and all(action.startswith("kms:") for action in actions):
        return PolicyKind.KEY

    return PolicyKind.RESOURCE


def remarks(document: Mapping[str, Any], kind: PolicyKind) -> Iterator[Remark]:
    """
    Yield what is wrong with *document*, then what is odd.

    Args:
        document: The policy, parsed from JSON.

        kind: What it decides.
    """
    refused = tuple(wrong(document, kind))
    yield from refused
    try:
        policy = parse_policy(document, kind)
    except PolicyError as error:
        if not refused:
            yield Remark("the policy", str(error))
        return
    for statement in policy.statements:
        yield from _odd(statement, policy.version, kind)


def _odd(statement: Statement, version: str, kind: PolicyKind) -> Iterator[Remark]:
    said = [*_too_wide(statement, kind), *_void(statement, version)]
    if kind is PolicyKind.TRUST and statement.allow:
        said += _unpinned(statement)
    for condition in statement.conditions:
        said += _odd_condition(condition, statement)
    for text, mend in said:
        yield Remark(statement.label, text, mend, wrong=False)


_Said = Iterator[tuple[str, str]]


def _too_wide(statement: Statement, kind: PolicyKind) -> _Said:
    if not statement.allow:
        return
    if statement.not_principals is not None:
        yield (
            "NotPrincipal with Allow lets in everybody else, strangers too; AWS takes no new ones",
            "name the Principal",
        )
    if statement.not_actions:
        yield "NotAction with Allow allows every other action, those of services to come too", "name the Action"
    if statement.not_resources:
        yield "NotResource with Allow allows all other resources, those to come too", "name the Resource"
    if kind in OF_IDENTITIES - {PolicyKind.SCP} and _is_whole(statement):
        text = "it allows every action on every resource: whoever has it is an administrator"
        yield text, "name what is needed"


def _void(statement: Statement, version: str) -> _Said:
    """Yield what stands there and means nothing."""
    for entry in statement.principals or ():
        if entry.form is Form.UNIQUE_ID:
            yield f"{entry.text} is the id of a user or role that was deleted: it is nobody", "take it away"
    if version < VERSIONS[0] and _has_variables(statement):
        yield "without Version 2012-10-17 ${…} is plain text", f'write "Version": "{VERSIONS[0]}"'
    for action in (*statement.actions, *statement.not_actions):
        if not _exists(action):
            yield f"{action} is no action that AWS lists", write(_near_action(action))


def _is_whole(statement: Statement) -> bool:
    whole = "*" in statement.resources and any(action in {"*", "*:*"} for action in statement.actions)
    return statement.allow and whole and not statement.conditions


def _unpinned(statement: Statement) -> _Said:
    web = any(entry.form is Form.FEDERATED for entry in statement.principals or ())
    if not web or not statement.is_about("sts:AssumeRoleWithWebIdentity"):
        return
    if not any(c.key.endswith(":sub") and _binds(c) for c in statement.conditions):
        yield "no condition binds the subject of the token (…:sub): every token of the issuer is taken", ""


def _binds(condition: Condition) -> bool:
    found = condition.operator
    return not (found.negated or found.if_exists or found.quantifier == "forallvalues" or found.name == "null")


def _odd_condition(condition: Condition, statement: Statement) -> _Said:
    found = condition.operator
    wild = [v for v in condition.values if ("*" in v or "?" in v) and "${" not in v]
    if found.name in {"stringequals", "stringequalsignorecase"} and wild:
        like = "StringNotLike" if found.negated else "StringLike"
        yield f"{condition.text}: under {found.text} * and ? are letters, no wildcards", write(like)
    if found.if_exists and statement.allow and not found.negated and not found.quantifier:
        yield f"{condition.text}: a request without the key passes", write(found.text.replace("IfExists", ""))
    null = any(c.key == condition.key and c.operator.name == "null" for c in statement.conditions)
    if found.quantifier == "forallvalues" and statement.allow and not null:
        yield (
            f"{condition.text}: a request without the key passes",
            f'write "Null": {{"{condition.key}": "false"}}, too'
            if condition.key in MULTIVALUED
            else write(found.text.rpartition(":")[2]),
        )
    if condition.key in MULTIVALUED and not found.quantifier and found.name != "null":
        yield f"{condition.text}: the key has several values, and so never matches", f"write ForAnyValue:{found.text}"
    yield from _odd_key(condition, statement)


def _odd_key(condition: Condition, statement: Statement) -> _Said:
    service, _, _ = condition.key.partition(":")
    keys = GLOBAL_KEYS if service == "aws" else keys_of(service)
    if keys and not any(_is_key(condition.key, key) for key in keys):
        yield f"{condition.key} is no context key that AWS lists", write(near(condition.key, keys))
    services = {action.partition(":")[0].lower() for action in statement.actions}
    foreign = service not in {"aws", *services} and service in _OWN_KEYS and services and "*" not in services
    if foreign and not any(glob(each).matches(service) for each in services):
        yield f"{condition.key} is a key of {service}: requests to {', '.join(sorted(services))} have it not", ""


def _is_key(key: str, listed: str) -> bool:
    prefix, variable, _ = listed.lower().partition("${")
    return key == prefix or (bool(variable or prefix.endswith("/")) and key.startswith(prefix))


# Keys that only requests to their own service have.
_OWN_KEYS: Final = frozenset({"ecr", "events", "kms", "lambda", "s3", "secretsmanager", "sns", "sqs"})

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
GLOBAL_KEYS: Final = (
    "aws:AssumedRoot", "aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:ChatbotSourceArn",
    "aws:CurrentTime", "aws:Ec2InstanceSourcePrivateIPv4", "aws:Ec2InstanceSourceVpc", "aws:EpochTime",
    "aws:FederatedProvider", "aws:MultiFactorAuthAge", "aws:MultiFactorAuthPresent", "aws:PrincipalAccount",
    "aws:PrincipalArn", "aws:PrincipalIsAWSService", "aws:PrincipalOrgID", "aws:PrincipalOrgPaths",
    "aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:PrincipalTag/", "aws:PrincipalType", "aws:Referer",
    "aws:RequestedRegion", "aws:RequestTag/", "aws:ResourceAccount", "aws:ResourceOrgID", "aws:ResourceOrgPaths",
    "aws:ResourceTag/", "aws:SecureTransport", "aws:SignInSessionArn", "aws:SourceAccount", "aws:SourceArn",
    "aws:SourceIdentity", "aws:SourceIp", "aws:SourceOrgID", "aws:SourceOrgPaths", "aws:SourceOwner", "aws:SourceVpc",
    "aws:SourceVpcArn", "aws:SourceVpce", "aws:TagKeys", "aws:TokenIssueTime", "aws:UserAgent", "aws:UserId",
    "aws:Username", "aws:ViaAWSService", "aws:VpceAccount", "aws:VpceOrgID", "aws:VpceOrgPaths", "aws:VpcSourceIp",
)  # fmt: skip


def _has_variables(statement: Statement) -> bool:
    texts = (*statement.resources, *statement.not_resources, *(v for c in statement.conditions for v in c.values))
    return any("${" in text for text in texts)


def _exists(action: str) -> bool:
    service, _, name = action.partition(":")
    if not is_complete() or not name or "*" in service or "?" in service:
        return True
    names = known(service.lower())

    return not names or any(glob(name, fold=True).matches(each) for each in names)


def _near_action(action: str) -> str:
    service, _, name = action.partition(":")
    found = near(name, known(service.lower()))

    return f"{service}:{found}" if found else ""


def _raw_statements(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    members = {str(key).lower(): value for key, value in document.items()}
    yield from (raw for raw in listed(members.get("statement")) if isinstance(raw, Mapping))

import copy
import itertools
import json

import pytest

from hypothesis import given, settings

from awsaudit.access import PolicyKind, Unread, parse_policy, read_policy
from awsaudit.access.policy import Form, named, operator
from awsaudit.errors import PolicyError
from tests.access.documents import documents
from tests.estate import OWN, allow, deny, document


def parse(text, kind=PolicyKind.RESOURCE):
    return parse_policy(text, kind, "the policy")


def shape(policy):
    """Return all that a policy says: two that say the same are as good as one."""
    # Statements themselves compare by identity.
    return [tuple(getattr(s, a.name) for a in s.__attrs_attrs__) for s in policy.statements]


@pytest.mark.parametrize("listed", [False, True])
def test_one_value_is_a_list_of_one(listed):
    """
    A single value needs no brackets, wherever a list may stand ("Grammar of the IAM JSON policy language").
    """
    wrap = (lambda value: [value]) if listed else (lambda value: value)
    statement = {
        "Effect": "Deny",
        "Principal": {"AWS": wrap(OWN)},
        "Action": wrap("sqs:*"),
        "Resource": wrap("*"),
        "Condition": {"StringEquals": {"aws:SourceVpc": wrap("vpc-1")}},
    }
    (found,) = parse({"Version": "2012-10-17", "Statement": wrap(statement)}).statements

    assert ("sqs:*",) == found.actions
    assert ("*",) == found.resources
    assert (("vpc-1",),) == tuple(c.values for c in found.conditions)
    assert [OWN] == [entry.account for entry in found.principals]


def test_reads_text_and_objects_alike():
    """
    A policy comes as JSON text from some calls and parsed from others.
    """
    text = document(allow("s3:*"))

    assert shape(parse(text)) == shape(parse(json.dumps(text)))


def test_only_the_newer_version_has_variables():
    """
    Without a Version it is 2008-10-17, in which variables are plain text ("IAM JSON policy elements: Version").
    """
    statement = allow("s3:*", resource="arn:aws:s3:::${aws:username}")
    found = {
        version: parse({**({"Version": version} if version else {}), "Statement": statement})
        for version in ("2012-10-17", "2008-10-17", None)
    }

    assert [True, False, False] == [policy.statements[0].variables for policy in found.values()]
    assert "2008-10-17" == found[None].version


@pytest.mark.parametrize(
    ("text", "name", "negated", "if_exists", "quantifier"),
    [
        ("StringEquals", "stringequals", False, False, ""),
        ("stringnotlikeifexists", "stringlike", True, True, ""),
        ("ForAllValues:StringLike", "stringlike", False, False, "forallvalues"),
        ("foranyvalue:ArnNotEqualsIfExists", "arnequals", True, True, "foranyvalue"),
        ("NotIpAddress", "ipaddress", True, False, ""),
        ("Null", "null", False, False, ""),
        ("StringAlmost", "stringalmost", False, False, ""),
    ],
)
def test_takes_operators_apart(text, name, negated, if_exists, quantifier):
    """
    An operator is a quantifier, a comparison that may be negated, and IfExists ("Condition operators").
    """
    found = operator(text)

    assert (name, negated, if_exists, quantifier) == (
        found.name,
        found.negated,
        found.if_exists,
        found.quantifier,
    )


@pytest.mark.parametrize(
    ("kind", "text", "form", "account"),
    [
        ("AWS", "*", Form.ANYONE, None),
        ("AWS", OWN, Form.ACCOUNT, OWN),
        ("AWS", f"arn:aws:iam::{OWN}:root", Form.ACCOUNT, OWN),
        ("AWS", f"arn:aws-cn:iam::{OWN}:user/team/ann", Form.USER, OWN),
        ("AWS", f"arn:aws:iam::{OWN}:role/app", Form.ROLE, OWN),
        ("AWS", f"arn:aws:sts::{OWN}:assumed-role/app/session", Form.SESSION, OWN),
        ("AWS", f"arn:aws:sts::{OWN}:federated-user/ann", Form.FEDERATED_USER, OWN),
        ("AWS", "AROAEXAMPLEEXAMPLE001", Form.UNIQUE_ID, None),
        ("AWS", "AIDAEXAMPLEEXAMPLE001", Form.UNIQUE_ID, None),
        ("AWS", "arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E1", Form.OTHER, None),
        ("Service", "events.amazonaws.com", Form.SERVICE, None),
        ("Federated", f"arn:aws:iam::{OWN}:oidc-provider/gitlab.com", Form.FEDERATED, OWN),
        ("Federated", "cognito-identity.amazonaws.com", Form.FEDERATED, None),
        ("CanonicalUser", "79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be", Form.CANONICAL, None),
    ],
)
def test_tells_what_a_principal_is(kind, text, form, account):
    """
    Accounts, users, roles, sessions, services, providers, and the ids that deleted ones leave ("Principal").
    """
    found = named(kind, text)

    assert (form, account) == (found.form, found.account)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON"),
        ("[]", "a policy is a JSON object"),
        (document({"Effect": "Permit", "Action": "*", "Resource": "*"}), "Effect"),
        (document("all"), "statement 1"),
        (document(allow("*", Condition=[])), "Condition"),
        (document(allow("*", Condition={"Bool": "x"})), "Bool"),
        (document(allow("*", Condition={"Bool": {"a:b": {}}})), "neither text nor number"),
        (document(allow(1)), "no text"),
        (document(allow("*", Principal="everybody")), "Principal"),
        (document(allow("*", Principal=[])), "Principal"),
    ],
)
def test_what_breaks_the_grammar_is_no_policy(text, says):
    """
    A document that AWS would not take is an error, and where policies are gathered it is unknown, not empty.
    """
    with pytest.raises(PolicyError, match=says):
        parse(text)
    found = read_policy(text, PolicyKind.RESOURCE, "the policy")

    assert isinstance(found, Unread)
    assert found.gap is None
    assert found.reason


def test_an_unknown_operator_is_kept():
    """
    AWS adds operators: a policy with one is read, and what hangs on it is unknown.
    """
    (statement,) = parse(document(allow("*", Condition={"StringAlmost": {"a:b": "c"}}))).statements

    assert ["stringalmost"] == [c.operator.name for c in statement.conditions]


def test_names_its_statements_and_itself():
    """
    In sentences a statement goes by its number and name, a policy by what it is.
    """
    policy = parse_policy(document(allow("*", Sid="All"), deny("s3:*")), PolicyKind.SCP)

    assert "service control policy" == policy.name
    assert ["statement 1 (All)", "statement 2"] == [s.label for s in policy.statements]


def test_keeps_numbers_and_truth_values_as_text():
    """
    Values of conditions may stand without quotation marks ("Grammar of the IAM JSON policy language").
    """
    condition = {"NumericLessThan": {"s3:max-keys": 10}, "Bool": {"aws:SecureTransport": [False, "true"]}}
    (statement,) = parse(document(allow("*", Condition=condition))).statements

    assert [("10",), ("false", "true")] == [c.values for c in statement.conditions]


@settings(max_examples=80, deadline=None)
@given(documents())
def test_reads_whatever_the_grammar_allows(text):
    """
    A legal document is read without an error and left as it was, as text as well as parsed.
    """
    before = copy.deepcopy(text)
    policy = parse(text)

    assert before == text
    assert shape(policy) == shape(parse(json.dumps(text)))
    assert len(policy.statements) == len(text["Statement"])


@settings(max_examples=60, deadline=None)
@given(documents())
def test_lists_of_one_change_nothing(text):
    """
    Wherever a single value stands a list of it says the same, and the other way round.
    """
    assert shape(parse(text)) == shape(parse(_wrapped(text))) == shape(parse(_unwrapped(text)))


def _each(text, change):
    found = copy.deepcopy(text)
    for statement in found["Statement"]:
        for element in ("Action", "NotAction", "Resource", "NotResource"):
            if element in statement:
                statement[element] = change(statement[element])
        for element in ("Principal", "NotPrincipal"):
            if isinstance(statement.get(element), dict):
                statement[element] = {k: change(v) for k, v in statement[element].items()}
        for lines in statement.get("Condition", {}).values():
            lines.update({key: change(values) for key, values in lines.items()})
    found["Statement"] = change(found["Statement"])

    return found


def _wrapped(text):
    return _each(text, lambda value: value if isinstance(value, list) else [value])


def _unwrapped(text):
    return _each(text, lambda value: value[0] if isinstance(value, list) and len(value) == 1 else value)


@pytest.mark.parametrize(("action", "wanted"), [*itertools.product(("sqs:SendMessage", "SQS:sendmessage"), repeat=2)])
def test_actions_are_the_same_in_either_case(action, wanted):
    """
    Prefixes and names of actions are case-insensitive: SQS and SNS write theirs in capitals ("Action").
    """
    (statement,) = parse(document(allow(wanted))).statements

    assert statement.is_about(action)


def test_not_action_is_all_others():
    """
    NotAction is everything but what it lists, of every service ("IAM JSON policy elements: NotAction").
    """
    (statement,) = parse(
        document({"Effect": "Allow", "NotAction": ["iam:*", "sts:AssumeRole"], "Resource": "*"})
    ).statements

    assert [False, False, True, True] == [
        statement.is_about(action) for action in ("IAM:GetRole", "sts:assumerole", "sts:TagSession", "s3:GetObject")
    ]

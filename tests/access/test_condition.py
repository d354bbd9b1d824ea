import pytest

from awsaudit.access import Context, PolicyKind, Request, parse_policy, user
from awsaudit.access.condition import holds
from tests.access.documents import QUEUE, USER
from tests.estate import allow, document


KEY = "x:Key"
MANY = "aws:TagKeys"
UNKNOWN = object()


def ask(operator, wanted, value, key=KEY, version="2012-10-17", **known):
    """
    Return whether a condition holds: True, False or None.

    None as the request's *value* stands for an absent key.
    """
    text = {**document(allow("*", Condition={operator: {key: wanted}})), "Version": version}
    (statement,) = parse_policy(text, PolicyKind.IDENTITY).statements
    (condition,) = statement.conditions
    context = Context({k.replace("__", ":"): v for k, v in known.items()})
    if value is not UNKNOWN:
        context = context.with_(absent=[key]) if value is None else context.with_({key: value})
    request = Request(user(USER), "sqs:SendMessage", QUEUE, context=context)

    return holds(condition, request, "the policy", statement.label).value


# An operator, what a policy compares with, a value that matches and one that does not.
ROWS = [
    ("StringEquals", "Blue", "Blue", "blue"),
    ("StringEquals", ["Red", "Blue"], "Blue", "Blues"),
    ("StringEqualsIgnoreCase", "Blue", "bLUE", "blues"),
    ("StringLike", "b*e?", "blues", "Blues"),
    ("StringLike", "[b]*", "[b]lue", "blue"),
    ("ArnEquals", "arn:aws:sns:*:111122223333:t*", "arn:aws:sns:eu-west-1:111122223333:topic", "arn:aws:sns:::t"),
    ("ArnLike", "arn:aws:s3:::*", "arn:aws:s3:::bucket", "arn:aws:s3:eu-west-1::bucket"),
    ("ArnLike", "arn:aws:x:*:q", "arn:aws:x:a:q", "arn:aws:x:a:b:q"),
    ("NumericEquals", "10", "10.0", "10.5"),
    ("NumericLessThan", 10, "9.9", "10"),
    ("NumericLessThanEquals", "10", "10", "11"),
    ("NumericGreaterThan", "10", "1e2", "10"),
    ("NumericGreaterThanEquals", "10", "10", "-10"),
    ("DateEquals", "2026-01-01T00:00:00Z", "1767225600", "1767225601"),
    ("DateEquals", "2026-01-01", "2026-01-01T01:00:00+01:00", "2026-01-02"),
    ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "2026-01-01T00:00:00Z"),
    ("DateLessThanEquals", "1767225600", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"),
    ("DateGreaterThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z", "1767225600"),
    ("DateGreaterThanEquals", "2026-01-01T00:00:00Z", "1767225600", "1767225599"),
    ("Bool", "true", "True", "false"),
    ("Bool", False, "false", "true"),
    ("BinaryEquals", "QmluYXJ5", "QmluYXJ5", "qmluyxj5"),
    ("IpAddress", "203.0.113.0/24", "203.0.113.255", "203.0.114.0"),
    ("IpAddress", "203.0.113.7", "203.0.113.7", "203.0.113.8"),
    ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::9", "2001:db8:1234:5679::9"),
    ("IpAddress", ["10.0.0.0/8", "2001:db8::/32"], "10.200.0.1", "2001:db9::1"),
]
NEGATED = {
    "StringEquals": "StringNotEquals",
    "StringEqualsIgnoreCase": "StringNotEqualsIgnoreCase",
    "StringLike": "StringNotLike",
    "ArnEquals": "ArnNotEquals",
    "ArnLike": "ArnNotLike",
    "NumericEquals": "NumericNotEquals",
    "DateEquals": "DateNotEquals",
    "IpAddress": "NotIpAddress",
}
# An operator, what a policy compares with, a value that passes, one that fails, and what becomes of an absent key.
BOTH = [(*row, False) for row in ROWS] + [
    (NEGATED[name], wanted, other, match, True) for name, wanted, match, other in ROWS if name in NEGATED
]


@pytest.mark.parametrize(("operator", "wanted", "passes", "fails", "absent"), BOTH)
def test_each_operator(operator, wanted, passes, fails, absent):
    """
    An operator holds for what matches one of its values, its negation for what matches none; an absent key matches
    nothing, and what is not known is in doubt ("IAM JSON policy elements: Condition operators").
    """
    assert ask(operator, wanted, passes) is True
    assert ask(operator, wanted, fails) is False
    assert ask(operator, wanted, None) is absent
    assert ask(operator, wanted, UNKNOWN) is None


@pytest.mark.parametrize(("operator", "wanted", "passes", "fails", "absent"), BOTH)
def test_each_operator_if_its_key_exists(operator, wanted, passes, fails, absent):
    """
    With IfExists an absent key passes, negated or not; a key that is there is compared ("Condition operators").
    """
    assert ask(f"{operator}IfExists", wanted, passes) is True
    assert ask(f"{operator}IfExists", wanted, fails) is False
    assert ask(f"{operator}IfExists", wanted, None) is True
    assert ask(f"{operator}IfExists", wanted, UNKNOWN) is None


@pytest.mark.parametrize(("operator", "wanted", "passes", "fails", "absent"), BOTH)
def test_each_operator_for_all_values(operator, wanted, passes, fails, absent):
    """
    ForAllValues wants every value of the request to pass, and passes where there are none ("Single-valued vs.
    multivalued context keys").
    """
    for name in (f"ForAllValues:{operator}", f"ForAllValues:{operator}IfExists"):
        assert ask(name, wanted, (passes, passes), MANY) is True
        assert ask(name, wanted, (passes, fails), MANY) is False
        assert ask(name, wanted, (), MANY) is True
        assert ask(name, wanted, ("",), MANY) is True
        assert ask(name, wanted, None, MANY) is True
        assert ask(name, wanted, UNKNOWN, MANY) is None
        assert ask(name, wanted, fails) is False


@pytest.mark.parametrize(("operator", "wanted", "passes", "fails", "absent"), BOTH)
def test_each_operator_for_any_value(operator, wanted, passes, fails, absent):
    """
    ForAnyValue wants one value of the request to pass, and fails where there are none; IfExists adds nothing to it
    ("Single-valued vs. multivalued context keys").
    """
    for name in (f"ForAnyValue:{operator}", f"ForAnyValue:{operator}IfExists"):
        assert ask(name, wanted, (passes, fails), MANY) is True
        assert ask(name, wanted, (fails, fails), MANY) is False
        assert ask(name, wanted, (), MANY) is False
        assert ask(name, wanted, ("",), MANY) is False
        assert ask(name, wanted, None, MANY) is False
        assert ask(name, wanted, UNKNOWN, MANY) is None
        assert ask(name, wanted, passes) is True


@pytest.mark.parametrize(("operator", "wanted", "passes", "fails", "absent"), BOTH)
def test_each_operator_for_one_value_and_a_key_of_several(operator, wanted, passes, fails, absent):
    """
    A key of several values needs a set operator: any other operator matches none of them ("Single-valued vs. multivalued
    context keys").
    """
    for value in ((passes,), (passes, fails), passes, fails):
        assert ask(operator, wanted, value, MANY) is absent


@pytest.mark.parametrize(
    ("wanted", "present", "absent"),
    [("true", False, True), ("false", True, False), (True, False, True), (["true", "false"], True, True)],
)
def test_null(wanted, present, absent):
    """
    Null asks whether a key is absent, and nothing else ("Condition operator to check existence of condition keys").
    """
    assert present == ask("Null", wanted, "anything")
    assert absent == ask("Null", wanted, None)
    assert absent == ask("Null", wanted, (), MANY)
    assert ask("Null", wanted, UNKNOWN) is None


@pytest.mark.parametrize(
    ("operator", "wanted", "value"),
    [
        ("NumericEquals", "ten", "10"),
        ("NumericEquals", "10", "ten"),
        ("NumericLessThan", "nan", "1"),
        ("NumericLessThan", "inf", "1"),
        ("NumericEquals", "1_0", "10"),
        ("NumericEquals", "", "0"),
        ("NumericGreaterThan", "1", "0x10"),
        ("DateLessThan", "tomorrow", "2026-01-01"),
        ("DateLessThan", "2026-01-01", "yesterday"),
        ("DateLessThan", "2026-13-01", "2026-01-01"),
        ("Bool", "yes", "true"),
        ("Bool", "true", "1"),
        ("IpAddress", "10.0.0.0/33", "10.0.0.1"),
        ("IpAddress", "10.0.0.*", "10.0.0.1"),
        ("IpAddress", "10.0.0.0/8", "localhost"),
        ("IpAddress", "10.0.0.0/8", "2001:db8::1"),
        ("IpAddress", "::/0", "10.0.0.1"),
    ],
)
def test_a_value_of_another_kind_does_not_match(operator, wanted, value):
    """
    Where either side is no number, date, truth value or address, they do not match, and a negation holds.
    """
    assert ask(operator, wanted, value) is False
    if operator in NEGATED:
        assert ask(NEGATED[operator], wanted, value) is True
    assert ask(operator, [wanted, *({"x"} - {wanted})], value) is False


def test_a_bad_value_does_not_spoil_a_good_one():
    """
    Values are alternatives: one that means nothing leaves the others as they are.
    """
    assert ask("IpAddress", ["nonsense", "10.0.0.0/8"], "10.1.1.1") is True
    assert ask("NumericEquals", ["nonsense", "10"], "10") is True
    assert ask("NotIpAddress", ["nonsense", "10.0.0.0/8"], "10.1.1.1") is False


def test_no_value_matches_nothing():
    """
    An empty list of values matches nothing: the operator fails, its negation holds.
    """
    assert ask("StringEquals", [], "x") is False
    assert ask("StringNotEquals", [], "x") is True


def test_an_operator_that_nobody_knows_is_in_doubt():
    """
    A new operator of AWS's may hold or not, whatever the request.
    """
    assert ask("StringAlmost", "x", "x") is None
    assert ask("StringAlmost", "x", None) is None


@pytest.mark.parametrize("spelled", ["x:Key", "X:KEY", "x:key"])
def test_names_of_keys_are_the_same_in_either_case(spelled):
    """
    Names of context keys are not case-sensitive, their values are ("IAM JSON policy elements: Condition").
    """
    assert ask("StringEquals", "v", "v", spelled) is True
    assert ask("StringEquals", "v", "V", spelled) is False


def test_an_arn_that_ends_early_is_in_doubt():
    """
    AWS's pages do not say what an ARN operator makes of ``arn:aws:sns:*``; that it matches nothing else is sure.
    """
    topic = "arn:aws:sns:eu-west-1:111122223333:t"

    assert ask("ArnLike", "arn:aws:sns:*", topic) is None
    assert ask("ArnNotLike", "arn:aws:sns:*", topic) is None
    assert ask("ArnLike", ["arn:aws:sns:*", topic], topic) is True
    assert ask("ArnLike", "arn:aws:sqs:*", topic) is False
    assert ask("ArnLike", "*", topic) is True
    assert ask("StringLike", "arn:aws:sns:*", topic) is True


def test_conditions_are_all_asked_for():
    """
    Operators and keys are joined by and ("Conditions with multiple context keys or values").
    """
    block = {"StringEquals": {"x:a": "1", "x:b": "2"}, "Bool": {"x:c": "true"}}
    (statement,) = parse_policy(document(allow("*", Condition=block)), PolicyKind.IDENTITY).statements

    assert [("x:a", ("1",)), ("x:b", ("2",)), ("x:c", ("true",))] == [(c.key, c.values) for c in statement.conditions]

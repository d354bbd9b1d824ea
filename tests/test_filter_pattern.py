"""
The examples are out of the CloudWatch Logs User Guide, "Filter pattern syntax for metric filters, subscription filters,
filter log events, and Live Tail", and the CIS AWS Foundations Benchmark's filters.
"""

import pytest

from awsaudit.errors import PatternError
from awsaudit.filter_pattern import parse_filter


EVENT = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "cluster.name": "c",
    "bandwidth": 80,
    "latency": 49.5,
    "readOnly": False,
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "actions": ["GET", "PUT"],
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{ $.eventType = "UpdateTrail" }', True),
        ('{$.eventType="UpdateTrail"}', True),
        ('{ $.eventType = "UpdateTrails" }', False),
        ("{ $.eventType = UpdateTrail }", True),
        ("{ $.eventType = Update* }", True),
        ('{ $.eventType = "*Trail" }', True),
        ('{ $.eventType = "*" }', True),
        ("{ $.eventType = updatetrail }", False),
        ('{ $.eventType != "UpdateTrail" }', False),
        ("{ $.sourceIPAddress != 123.123.* }", True),
        ("{ $.sourceIPAddress = 111.111.* }", True),
        ('{ $.arrayKey[0] = "value" }', True),
        ('{ $.arrayKey[1] = "value" }', False),
        ('{ $.arrayKey[9] = "value" }', False),
        ('{ $.arrayKey[*] = "another*" }', True),
        ('{ $.objectList[1].name = "b" }', True),
        ("{ $.objectList[*].id = 2 }", True),
        ("{ $.['cluster.name'] = \"c\" }", True),
        ("{ $.eventType = %Trail% }", True),
        ("{ $.eventType = %^Trail% }", False),
        (r"{ $.* = %111\.111\.111\.1[0-9]{1,2}% }", True),
        ("{ $.SomeObject IS NULL }", True),
        ("{ $.eventType IS NULL }", False),
        ("{ $.Missing IS NULL }", False),
        ("{ $.SomeOtherObject NOT EXISTS }", True),
        ("{ $.eventType NOT EXISTS }", False),
        ("{ $.eventType EXISTS }", True),
        ("{ $.readOnly IS FALSE }", True),
        ("{ $.readOnly IS TRUE }", False),
        ("{ $.readOnly = false }", True),
        ("{ $.bandwidth > 75 }", True),
        ("{ $.bandwidth >= 80 }", True),
        ("{ $.latency < 50 }", True),
        ("{ $.latency <= 4.95e1 }", True),
        ("{ $.bandwidth = 80 }", True),
        ("{ $.bandwidth != 80 }", False),
        ("{ $.eventType > 5 }", False),
        ("{ $.Missing = 5 }", False),
        ("{ $.Missing != 5 }", None),
        ('{ ($.Missing != 5) && ($.eventType = "No") }', False),
        ('{ ($.Missing != 5) || ($.eventType = "UpdateTrail") }', True),
        ('{ ($.user.id = 1) && ($.user.email = "John.Stiles@example.com") }', True),
        ('{ ($.user.id = 2 && $.user.email = "nonmatch") || $.actions[1] = "PUT" }', True),
        ('{ $.user.id = 2 && ($.user.email = "nonmatch" || $.actions[1] = "PUT") }', False),
        ("{ $.user.id = 1 || $.user.id = 2 && $.user.id = 3 }", True),
        ("", True),
        ("  ", True),
        ("ERROR", False),
        ("UpdateTrail", None),
        ('"UpdateTrail" "Missing"', False),
        ("?Missing ?UpdateTrail", None),
        ("?Missing ?Nowhere", False),
        ("[ip, user, ...]", None),
    ],
)
def test_matches(text, expected):
    """
    Comparisons of texts, numbers, null, true and false; none of what the reference leaves open.
    """
    assert expected is parse_filter(text).matches(EVENT)


def test_reads_what_benchmarks_print():
    """
    CIS 4.1 and 4.3: quotes, blanks, order and line breaks do not matter.
    """
    unauthorized = parse_filter('{($.errorCode ="*UnauthorizedOperation") || ($.errorCode ="AccessDenied*")}')
    root = parse_filter(
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS\n && $.eventType != "AwsServiceEvent" }'
    )

    assert unauthorized.matches({"errorCode": "Client.UnauthorizedOperation"})
    assert unauthorized.matches({"errorCode": "AccessDeniedException"})
    assert not unauthorized.matches({"eventName": "ConsoleLogin"})
    assert root.matches({"userIdentity": {"type": "Root"}, "eventType": "AwsApiCall"})
    assert not root.matches({"userIdentity": {"type": "Root", "invokedBy": "AWS Internal"}, "eventType": "AwsApiCall"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "the closing brace is missing"),
        ("{ }", "a property"),
        ("{ $.a = 1", "the closing brace is missing"),
        ("{ $.a = 1 } x", "the end is expected"),
        ("{ $.a 1 }", "an operator is expected"),
        ("{ $.a = }", "a value is expected"),
        ("{ ($.a = 1 }", "a closing parenthesis is expected"),
        ("{ $.a > x }", "a number is expected"),
        ("{ $.a = 1 & $.b = 2 }", "not understood"),
        ("{ $.a[x] = 1 }", "no part of a property"),
        ("{ $.a = %[% }", "no regular expression"),
        ("{ a = 1 }", "a property"),
        ("{ $.a = 1 $.b = 2 }", "the end is expected"),
    ],
)
def test_refuses_what_is_no_pattern(text, why):
    """
    The message says at which place.
    """
    with pytest.raises(PatternError, match=why):
        parse_filter(text)

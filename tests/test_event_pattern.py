"""
Every example is out of the EventBridge User Guide, "Comparison operators for use in event patterns", "Creating event
patterns", "Matching null values and empty strings" and "Arrays in event patterns", or out of AWS's own matcher.
"""

import pytest

from hypothesis import given
from hypothesis import strategies as st

from awsaudit.errors import PatternError
from awsaudit.event_pattern import check_pattern, matches


EVENT = {
    "version": "0",
    "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
    "detail-type": "EC2 Instance State-change Notification",
    "source": "aws.ec2",
    "account": "111122223333",
    "time": "2017-12-22T18:43:48Z",
    "region": "us-west-1",
    "resources": ["arn:aws:ec2:us-west-1:123456789012:instance/i-1234567890abcdef0"],
    "detail": {"instance-id": "i-1234567890abcdef0", "state": "terminated"},
}


def detail(**fields):
    return {"detail": fields}


def test_fields_are_all_to_match_and_others_do_not_matter():
    """
    An event matches if every field of the pattern does.
    """
    pattern = {"source": ["aws.ec2"], "detail-type": [EVENT["detail-type"]], "detail": {"state": ["terminated"]}}

    assert matches(pattern, EVENT)
    assert not matches({**pattern, "region": ["us-east-1"]}, EVENT)
    assert not matches({"detail": {"state": ["running"]}}, EVENT)


@pytest.mark.parametrize(
    ("conditions", "yes", "no"),
    [
        (["Alice"], ["Alice"], ["alice", "Alic", None, 5]),
        ([100], [100], ["100", 100.0, True, 101]),
        ([1], [1], [True]),
        ([True], [True], ["true", 1, False]),
        (["Credit", "Debit"], ["Credit", "Debit"], ["Cash"]),
        ([""], [""], [None, " "]),
        ([None], [None], ["", "null", 0, False]),
        ([{"prefix": "us-"}], ["us-east-1", "us-"], ["eu-us-1", "US-east-1", 5, None]),
        ([{"prefix": {"equals-ignore-case": "EventB"}}], ["eventbridge", "EVENTBus"], ["event", "aeventb", 1]),
        ([{"suffix": ".png"}], ["a.png", ".png"], ["a.png ", "a.PNG", 1]),
        ([{"suffix": {"equals-ignore-case": ".PNG"}}], ["a.png", "a.PnG"], ["a.jpg", None]),
        ([{"equals-ignore-case": "alice"}], ["Alice", "ALICE"], ["alice ", "Bob", 3]),
        ([{"anything-but": "initializing"}], ["running", "Initializing", 5, None, True], ["initializing"]),
        ([{"anything-but": 123}], [124, "123", None], [123, 123.0]),
        ([{"anything-but": ["stopped", "overloaded"]}], ["running"], ["stopped", "overloaded"]),
        ([{"anything-but": [100, 200, 300]}], [150, "100"], [100, 200.0]),
        ([{"anything-but": {"equals-ignore-case": "initializing"}}], ["running"], ["INITIALIZING"]),
        ([{"anything-but": {"equals-ignore-case": ["initializing", "stopped"]}}], ["running"], ["Stopped"]),
        ([{"anything-but": {"prefix": "init"}}], ["running", "reinit"], ["initializing"]),
        ([{"anything-but": {"prefix": ["init", "error"]}}], ["running"], ["init", "errors"]),
        ([{"anything-but": {"suffix": ".txt"}}], ["a.rtf", 5], ["a.txt"]),
        ([{"anything-but": {"suffix": [".txt", ".rtf"]}}], ["a.md"], ["a.rtf"]),
        ([{"anything-but": {"wildcard": "*/lib/*"}}], ["/usr/bin/a", "/lib"], ["/usr/lib/a", "/lib/"]),
        ([{"anything-but": {"wildcard": ["*/lib/*", "*/bin/*"]}}], ["/etc/a"], ["/usr/bin/a", "/usr/lib/a"]),
        ([{"wildcard": "dir/*.png"}], ["dir/a.png", "dir/.png", "dir/a/b.png"], ["dir/a.jpg", "x/dir/a.png"]),
        ([{"wildcard": "a\\*b*"}], ["a*b", "a*bc"], ["axb", "a\\*b"]),
        ([{"wildcard": "a\\\\*"}], ["a\\", "a\\b"], ["a*", "ab"]),
        ([{"numeric": [">", 10, "<=", 20]}], [11, 20, 10.5], [10, 20.5, "15", None, True]),
        ([{"numeric": ["=", 3.018e2]}], [301.8], [301]),
        ([{"numeric": ["=", 300]}], [300, 300.0], ["300"]),
        ([{"numeric": ["<", 10]}], [9, -3], [10]),
        ([{"cidr": "10.0.0.0/24"}], ["10.0.0.33"], ["10.0.1.1", "nowhere", 5, "::1"]),
        ([{"cidr": "2001:db8::/32"}], ["2001:db8::5"], ["2001:db9::", "10.0.0.1"]),
        ([{"exactly": "Alice"}], ["Alice"], ["alice"]),
        (["running", {"prefix": "term"}], ["running", "terminated"], ["stopped"]),
    ],
)
def test_compares(conditions, yes, no):
    """
    Each operator holds of some values and not of others; texts, numbers, true and null are different things.
    """
    pattern = detail(field=conditions)

    assert [] == [value for value in yes if not matches(pattern, detail(field=value))]
    assert [] == [value for value in no if matches(pattern, detail(field=value))]
    assert not matches(pattern, detail(other="x"))


def test_exists_looks_at_leaves_only():
    """
    A field that is an object is none: it does not exist; null and the empty text do.
    """
    there, absent = detail(count=[{"exists": True}]), detail(count=[{"exists": False}])

    assert [True] * 3 == [matches(there, detail(count=value)) for value in (5, None, "")]
    assert not matches(there, detail(count={"c1": 100}))
    assert not matches(there, detail(other=1))
    assert matches(absent, detail(count={"c1": 100}))
    assert matches(absent, detail(other=1))
    assert matches(absent, {"source": "aws.ec2"})
    assert not matches(absent, detail(count=None))


def test_absence_may_stand_beside_values():
    """
    Absent or one of these.
    """
    pattern = detail(error=[{"exists": False}, "None"])

    assert matches(pattern, detail(other=1))
    assert matches(pattern, detail(error="None"))
    assert not matches(pattern, detail(error="AccessDenied"))


def test_absence_is_of_the_whole_event():
    """
    A field that one element of an array has does exist.
    """
    pattern = {"employees": {"boss": [{"exists": False}]}}

    assert not matches(pattern, {"employees": [{"boss": "Anna"}, {"name": "John"}]})
    assert matches(pattern, {"employees": [{"name": "Anna"}, {"name": "John"}]})


def test_arrays_match_where_they_meet():
    """
    One element that is wanted is enough, however deep the arrays go.
    """
    pattern = {"resources": ["arn:a", "arn:b"]}

    assert matches(pattern, {"resources": ["arn:x", "arn:b"]})
    assert matches(pattern, {"resources": [["arn:x"], ["arn:a"]]})
    assert not matches(pattern, {"resources": ["arn:x"]})
    assert not matches(pattern, {"resources": []})
    assert matches({"resources": [{"anything-but": "arn:x"}]}, {"resources": ["arn:x", "arn:y"]})


def test_arrays_of_objects_match_by_one_element():
    """
    Two fields never match by different elements of one array.
    """
    event = {
        "employees": [{"firstName": "Anna", "lastName": "Smith"}, [{"firstName": "Peter", "lastName": "Jones"}]],
    }

    assert matches({"employees": {"firstName": ["Anna"]}}, event)
    assert matches({"employees": {"firstName": ["Peter"], "lastName": ["Jones"]}}, event)
    assert not matches({"employees": {"firstName": ["Anna"], "lastName": ["Jones"]}}, event)


def test_or_is_a_choice_between_fields():
    """
    At the top, below a field, inside of another choice, and beside fields that all have to match.
    """
    pattern = {
        "source": ["aws.cloudwatch"],
        "$or": [
            {"metricName": ["CPUUtilization", "ReadLatency"]},
            {
                "metricType": ["MetricType"],
                "namespace": ["AWS/EC2", "AWS/ES"],
                "$or": [{"metricId": [1234]}, {"spaceId": [1000]}],
            },
        ],
    }
    second = {"source": "aws.cloudwatch", "metricType": "MetricType", "namespace": "AWS/EC2"}

    assert matches(pattern, {"source": "aws.cloudwatch", "metricName": "ReadLatency"})
    assert not matches(pattern, {"source": "aws.ec2", "metricName": "ReadLatency"})
    assert not matches(pattern, second)
    assert matches(pattern, {**second, "spaceId": 1000})
    assert matches(detail(**{"$or": [{"a": [1]}, {"b": [{"numeric": ["<", 10]}]}]}), detail(b=3))


@pytest.mark.parametrize(
    ("pattern", "place"),
    [
        ([], "the pattern"),
        ({}, "the pattern"),
        ({"source": "aws.ec2"}, "source"),
        ({"source": None}, "source"),
        ({"source": []}, "source"),
        ({"source": [["aws.ec2"]]}, "source"),
        ({"detail": {}}, "detail"),
        (detail(state={}), "detail.state"),
        (detail(state=[{}]), "detail.state"),
        (detail(state=[{"prefix": "a", "suffix": "b"}]), "detail.state"),
        (detail(state=[{"regex": "a.*"}]), "detail.state"),
        (detail(state=[{"prefix": 5}]), "detail.state.prefix"),
        (detail(state=[{"prefix": {"suffix": "a"}}]), "detail.state.prefix"),
        (detail(state=[{"suffix": {"equals-ignore-case": 1}}]), "detail.state.suffix"),
        (detail(state=[{"equals-ignore-case": ["a"]}]), "detail.state.equals-ignore-case"),
        (detail(state=[{"wildcard": "a**"}]), "detail.state.wildcard"),
        (detail(state=[{"wildcard": "a\\b"}]), "detail.state.wildcard"),
        (detail(state=[{"wildcard": "a\\"}]), "detail.state.wildcard"),
        (detail(state=[{"wildcard": 5}]), "detail.state.wildcard"),
        (detail(state=[{"anything-but": []}]), "detail.state.anything-but"),
        (detail(state=[{"anything-but": ["a", 1]}]), "detail.state.anything-but"),
        (detail(state=[{"anything-but": None}]), "detail.state.anything-but"),
        (detail(state=[{"anything-but": {"prefix": ""}}]), "detail.state.anything-but"),
        (detail(state=[{"anything-but": {"prefix": []}}]), "detail.state.anything-but"),
        (detail(state=[{"anything-but": {"wildcard": "**"}}]), "detail.state.anything-but"),
        (detail(state=[{"anything-but": {"numeric": ["=", 1]}}]), "detail.state.anything-but"),
        (detail(count=[{"numeric": 5}]), "detail.count.numeric"),
        (detail(count=[{"numeric": [">"]}]), "detail.count.numeric"),
        (detail(count=[{"numeric": ["!=", 5]}]), "detail.count.numeric"),
        (detail(count=[{"numeric": ["=", "5"]}]), "detail.count.numeric"),
        (detail(count=[{"numeric": ["<", 5, ">", 1]}]), "detail.count.numeric"),
        (detail(count=[{"numeric": [">", 5, "<", 5]}]), "detail.count.numeric"),
        (detail(count=[{"numeric": ["=", 6e9]}]), "detail.count.numeric"),
        (detail(ip=[{"cidr": "10.0.0.0/40"}]), "detail.ip.cidr"),
        (detail(ip=[{"cidr": 5}]), "detail.ip.cidr"),
        (detail(count=[{"exists": "true"}]), "detail.count.exists"),
        ({"$or": {"source": ["a"]}}, "$or"),
        ({"$or": [{"source": ["a"]}]}, "$or"),
        ({"$or": ["a", "b"]}, "$or"),
        ({"$or": [{"source": ["a"]}, {"prefix": ["b"]}]}, "prefix"),
        ({"$or": [{"source": ["a"]}, {}]}, "the pattern"),
    ],
)
def test_refuses_what_eventbridge_refuses(pattern, place):
    """
    The message begins with the place.
    """
    with pytest.raises(PatternError) as refused:
        matches(pattern, EVENT)

    assert place == str(refused.value).partition(":")[0]


_VALUES = st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text("ab*\\", max_size=4))
_EVENTS = st.recursive(
    st.dictionaries(st.sampled_from("abc"), _VALUES | st.lists(_VALUES, max_size=2), max_size=3),
    lambda below: st.dictionaries(st.sampled_from("abc"), below | st.lists(below, max_size=2), max_size=3),
    max_leaves=6,
)


@given(_EVENTS, st.sampled_from("abc"), st.text("ab", min_size=1, max_size=2))
def test_of_a_lone_text_one_of_two_opposites_holds(event, name, text):
    """
    A prefix and anything but it split the events in which the field is one value.
    """
    value = event.get(name)
    positive = matches({name: [{"prefix": text}]}, event)
    negative = matches({name: [{"anything-but": {"prefix": text}}]}, event)

    if name in event and not isinstance(value, dict | list):
        assert positive != negative
    elif name not in event:
        assert not positive
        assert not negative


@given(_EVENTS, st.sampled_from("abc"))
def test_a_field_exists_or_does_not(event, name):
    """
    An object in which there is an array of the same name aside, exactly one of the two holds.
    """
    there = matches({name: [{"exists": True}]}, event)
    absent = matches({name: [{"exists": False}]}, event)

    assert there != absent


@given(_EVENTS)
def test_a_pattern_made_of_an_event_matches_it(event):
    """
    What is there is what is wanted.
    """
    pattern = _pattern_of(event)
    if pattern:
        check_pattern(pattern)
        assert matches(pattern, event)


def _pattern_of(event):
    found = {}
    for name, value in event.items():
        if isinstance(value, dict):
            below = _pattern_of(value)
            if below:
                found[name] = below
        elif not isinstance(value, list):
            found[name] = [value]

    return found

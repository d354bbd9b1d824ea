import base64
import datetime

import pytest

from hypothesis import given
from hypothesis import strategies as st

from awsaudit.endpoint import ENDPOINT
from awsaudit.errors import DeclarationError
from awsaudit.projection import NOTHING, SECRET, SETTING, WHOLE, covers, merge, project, setting_of, tree_of
from awsaudit.user_data import USER_DATA, WORDS


@pytest.mark.parametrize(
    ("expression", "tree"),
    [
        ("@", WHOLE),
        ("A", {"A": WHOLE}),
        ("A.B[].C", {"A": {"B": {"C": WHOLE}}}),
        ("A[0].B", {"A": {"B": WHOLE}}),
        ("A[?B=='x'].C | [0]", {"A": {"B": WHOLE, "C": WHOLE}}),
        ("{a: A.B, c: C}", {"A": {"B": WHOLE}, "C": WHOLE}),
        ("A || B", {"A": WHOLE, "B": WHOLE}),
        ("length(A)", {"A": WHOLE}),
        ("A.*", {"A": WHOLE}),
        ("sort_by(A, &B)[-1].C", {"A": WHOLE}),
    ],
)
def test_says_what_an_expression_reads(expression, tree):
    """
    The tree of an expression names every member that it reads.
    """
    assert tree == tree_of(expression)


TREES = st.recursive(st.just(WHOLE), lambda s: st.dictionaries(st.sampled_from("abc"), s, max_size=3))


@given(TREES, TREES, TREES)
def test_merging_is_associative_commutative_idempotent(one, two, three):
    """
    What several facts read together does not depend on their order.
    """
    assert merge(one, two) == merge(two, one)
    assert merge(merge(one, two), three) == merge(one, merge(two, three))
    assert merge(one, one) == one == merge(one, NOTHING)
    assert covers(merge(one, two), one)


def test_keeps_what_is_named_and_nothing_else():
    """
    Members that nothing reads are dropped at every depth; times become text; lists are walked.
    """
    moment = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))
    value = {"A": [{"B": moment, "Description": "x"}, {"Description": "y"}], "C": 1}

    assert {"A": [{"B": "2026-01-02T02:04:05Z"}, {}]} == project({"A": {"B": WHOLE}, "D": WHOLE}, value)


def test_reduces_sensitive_values_to_what_the_detectors_say():
    """
    A sensitive value is not kept; its name, the detector and a masked stub are.
    """
    key = "AKIA" + "Q3EXAMPLE7JUNGLE"
    (hit,) = project({"Input": SECRET}, {"Input": f'{{"id": "{key}"}}'})["Input"]

    assert "aws-access-key-id" == hit["detector"]
    assert "Input.id" == hit["name"]
    assert key not in str(hit)


def test_refuses_to_keep_whole_what_is_sensitive_elsewhere():
    """
    Two facts may not disagree on whether a value may hold secrets.
    """
    for one, other in ((SECRET, WHOLE), ({"A": SECRET}, WHOLE), ({"A": SECRET}, {"A": {"B": WHOLE}})):
        with pytest.raises(DeclarationError, match="sensitive"):
            merge(one, other)
    assert not covers(WHOLE, {"A": SECRET})


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ('{"enabled": "true", "env": {"TOKEN": "x"}}', '{"enabled": "true"}'),
        ('{"enabled": true}', '{"enabled": true}'),
        ('{"env": {"enabled": "true"}}', "{}"),
        ("env:\n  TOKEN: x\nenabled: 'true' # on\n", '{"enabled": "true"}'),
        ("# policies\n---\n  env:\n    enabled: true\n", "{}"),
        ("", "{}"),
        ("{enabled: true}", "{unreadable"),
        ("enabled: &on true", "{unreadable"),
        ('{"enabled": {"a": "b"}}', "{unreadable"),
        ("[]", "{unreadable"),
    ],
)
def test_keeps_one_setting_of_a_configuration_text(text, kept):
    """
    Of JSON and YAML block mappings one top-level scalar is kept; what is neither is marked. Twice changes nothing.
    """
    assert {"A": kept} == project({"A": SETTING + "enabled"}, {"A": text})
    assert kept == setting_of(kept, "enabled")


def test_keeps_nothing_beside_a_list_for_what_it_is_sorted_by():
    """
    What a function sorts by lies in the items, not beside the list.
    """
    assert {"Images": {"Date": WHOLE}} == tree_of("sort_by(Images[].{Date: Date}, &Date)[-1]")


def test_calls_the_value_of_a_variable_as_the_variable_is_called():
    """
    The name that stands beside a value tells the detectors what it is, and the user where it was.
    """
    value = "q7Zr91xK" + "fM2wTbn4LsV8"
    (hit,) = project({"value": SECRET}, {"name": "DEPLOY_TOKEN", "value": value})["value"]

    assert "DEPLOY_TOKEN" == hit["name"]


def test_keeps_no_more_of_an_address_than_it_shows():
    """
    A token in a URL never gets into evidence; two URLs stay two, and reducing twice changes nothing.
    """
    tree = {"Endpoint": ENDPOINT}
    one = project(tree, {"Endpoint": "https://hooks.example.com/sns/T0K3N"})
    other = project(tree, {"Endpoint": "https://hooks.example.com/sns/0TH3R"})

    assert "https://hooks.example.com" == one["Endpoint"]["shown"]
    assert "T0K3N" not in str(one)
    assert one != other
    assert one == project(tree, one)
    with pytest.raises(DeclarationError, match="sensitive"):
        merge(tree, {"Endpoint": WHOLE})


def test_keeps_no_text_of_what_hosts_are_started_with():
    """
    Secrets are told without their values, and of a node's flags those that say who may reach it.
    """
    script = "export GITHUB_TOKEN=" + "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8\ngeth --http --password hunter2\n"
    host = project({"Value": USER_DATA}, {"Value": base64.b64encode(script.encode()).decode()})["Value"]
    container = project({"command": WORDS}, {"command": ["geth", "--http", "--password", "hunter2"]})["command"]

    assert ["github-token"] == [hit["detector"] for hit in host["hits"]]
    assert [["geth", "", [["--http", ""]], None, []]] == host["commands"] == container["commands"]
    assert "hunter2" not in f"{host}{container}"
    assert "a1B2" not in str(host)
    assert {} == project(USER_DATA, base64.b64encode(b" \n").decode())
    with pytest.raises(DeclarationError, match="sensitive"):
        merge({"Value": USER_DATA}, {"Value": WHOLE})

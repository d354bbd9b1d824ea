import pytest

from awsaudit.access import (
    DIRECT,
    Context,
    PolicyKind,
    PolicySet,
    Request,
    Verdict,
    anonymous,
    evaluate,
    parse_policy,
    role,
    user,
)
from tests.access.documents import ROLE, USER
from tests.access.test_condition import UNKNOWN, ask
from tests.estate import OWN, allow, deny, document


HOME = "arn:aws:s3:::home/${aws:username}/*"


def decide(*statements, by=None, resource="arn:aws:s3:::home/ann/x", version="2012-10-17", context=DIRECT):
    """Return the verdict on reading an object."""
    policy = parse_policy({**document(*statements), "Version": version}, PolicyKind.IDENTITY)
    request = Request(by or user(USER), "s3:GetObject", resource, OWN, context)
    return evaluate(request, PolicySet(identity=(policy,))).verdict


def test_a_variable_stands_for_a_key_of_the_request():
    """
    ``${aws:username}`` in a resource is the name of the user who asks ("IAM policy elements: Variables and tags").
    """
    assert Verdict.ALLOW is decide(allow("s3:*", resource=HOME))
    assert Verdict.DENY is decide(allow("s3:*", resource=HOME), resource="arn:aws:s3:::home/bob/x")
    assert Verdict.ALLOW is decide(allow("s3:*", resource=HOME.replace("aws:username", " AWS:UserName ")))


def test_the_older_version_has_none():
    """
    In version 2008-10-17 a variable is plain text ("IAM JSON policy elements: Version").
    """
    assert Verdict.DENY is decide(allow("s3:*", resource=HOME), version="2008-10-17")
    assert ask("StringEquals", "${x:a}", "${x:a}", version="2008-10-17", x__a="v") is True
    assert ask("StringEquals", "${x:a}", "v", version="2008-10-17", x__a="v") is False


@pytest.mark.parametrize(
    ("operator", "wanted", "value", "holds"),
    [
        ("StringEquals", "${x:a}", "v", True),
        ("StringEquals", "${x:a}", "w", False),
        ("StringEquals", "a-${x:a}-${x:a}", "a-v-v", True),
        ("StringNotEquals", "${x:a}", "v", False),
        ("StringEqualsIgnoreCase", "${x:a}", "V", True),
        ("StringLike", "${x:a}/*", "v/w", True),
        ("StringLike", "${x:star}", "anything", False),
        ("StringLike", "${x:star}", "*", True),
        ("ArnLike", "arn:aws:s3:::${x:a}/*", "arn:aws:s3:::v/w", True),
        ("ArnLike", "arn:aws:s3:::${x:star}", "arn:aws:s3:::b", False),
        ("ForAnyValue:StringEquals", "${x:a}", ("u", "v"), True),
        ("ForAllValues:StringEquals", "${x:a}", ("u", "v"), False),
    ],
)
def test_in_conditions_on_texts_and_arns(operator, wanted, value, holds):
    """
    String and ARN operators take variables, and what stands for one is no pattern ("Where you can use policy variables").
    """
    key = "aws:TagKeys" if isinstance(value, tuple) else "x:Key"

    assert holds == ask(operator, wanted, value, key, x__a="v", x__star="*")


def test_not_in_other_conditions():
    """
    Numbers, dates and addresses take none; of Bool AWS's pages say both ("Condition operators", "Variables and tags").
    """
    assert ask("NumericEquals", "${x:a}", "5", x__a="5") is False
    assert ask("IpAddress", "${x:a}", "10.0.0.1", x__a="10.0.0.1") is False
    assert ask("DateEquals", "${x:a}", "5", x__a="5") is False
    assert ask("BinaryEquals", "${x:a}", "QQ==", x__a="QQ==") is False
    assert ask("Bool", "${x:a}", "true", x__a="true") is None


@pytest.mark.parametrize(("text", "plain"), [("${*}", "*"), ("${?}", "?"), ("${$}", "$")])
def test_special_characters_can_be_written_as_variables(text, plain):
    """
    ``${*}``, ``${?}`` and ``${$}`` are the characters themselves, not wildcards ("Variables and tags").
    """
    assert ask("StringLike", f"a{text}c", f"a{plain}c") is True
    assert ask("StringLike", f"a{text}c", "abc") is False
    assert ask("StringEquals", f"a{text}c", f"a{plain}c") is True
    assert Verdict.DENY is decide(allow("s3:*", resource=f"arn:aws:s3:::home/{text}"))
    resource = f"arn:aws:s3:::home/{plain}"
    if plain == "$":
        assert Verdict.ALLOW is decide(allow("s3:*", resource=f"arn:aws:s3:::home/{text}"), resource=resource)


def test_a_default_stands_in_for_a_key_that_is_absent():
    """
    ``${key, 'default'}`` is the default if the request has no such key ("Specifying default values").
    """
    text = "arn:aws:s3:::home/${aws:PrincipalTag/team, 'everybody'}/*"
    key = "aws:PrincipalTag/team"
    everybody = "arn:aws:s3:::home/everybody/x"

    assert Verdict.ALLOW is decide(allow("s3:*", resource=text), resource=everybody, context=DIRECT.with_(absent=[key]))
    assert Verdict.DENY is decide(allow("s3:*", resource=text), resource=everybody, context=DIRECT.with_({key: "blue"}))
    assert Verdict.CONDITIONAL is decide(allow("s3:*", resource=text), resource=everybody)


def test_what_has_no_value_matches_nothing():
    """
    With a variable that has no value a resource matches nothing, a positive operator fails and a negated one holds
    ("Variables and tags").
    """
    assert Verdict.DENY is decide(allow("s3:*", resource=HOME), by=role(ROLE))
    assert Verdict.DENY is decide(allow("s3:*", resource=HOME), by=anonymous())
    assert Verdict.ALLOW is decide({"Effect": "Allow", "Action": "s3:*", "NotResource": HOME}, by=role(ROLE))
    closed = Context({"x:Key": "v"}, open_world=False)
    for operator, verdict in (("StringEquals", Verdict.DENY), ("StringNotEquals", Verdict.ALLOW)):
        statement = allow("s3:*", Condition={operator: {"x:Key": "${x:gone}"}})
        assert verdict is decide(statement, context=closed)
    either = allow("s3:*", Condition={"StringEquals": {"x:Key": ["${x:gone}", "v"]}})
    assert Verdict.ALLOW is decide(either, context=closed)


def test_a_key_of_several_values_is_no_variable():
    """
    Only keys of one value can be variables ("Variables and tags").
    """
    assert ask("StringEquals", "${aws:TagKeys}", "v", aws__TagKeys=("v",)) is False
    assert ask("StringNotEquals", "${aws:TagKeys}", "v", aws__TagKeys=("v",)) is True


def test_what_is_not_known_is_in_doubt():
    """
    A variable over a key that is not known leaves the answer open, and names the key.
    """
    text = "arn:aws:s3:::home/${aws:PrincipalTag/team}/*"
    for statements in ([allow("s3:*", resource=text)], [allow("s3:*"), deny("s3:*", resource=text)]):
        policy = parse_policy(document(*statements), PolicyKind.IDENTITY)
        request = Request(user(USER), "s3:GetObject", "arn:aws:s3:::home/blue/x", OWN)
        decision = evaluate(request, PolicySet(identity=(policy,)))

        assert Verdict.CONDITIONAL is decision.verdict
        assert ("aws:principaltag/team",) == decision.keys
    assert ask("StringEquals", "${x:a}", "v") is None
    assert ask("StringEquals", "${x:a}", UNKNOWN, x__a="v") is None
    assert ask("StringEquals", ["${x:a}", "v"], "v") is True


@pytest.mark.parametrize("text", ["${", "${}", "$aws:username", "${aws:username", "{aws:username}"])
def test_what_is_no_variable_is_text(text):
    """
    A variable has a dollar sign, braces and a name; anything else is compared as it stands, or matches nothing.
    """
    assert ask("StringEquals", text, "ann") is (None if text == "${}" else False)
    if text != "${}":
        assert ask("StringEquals", text, text) is True

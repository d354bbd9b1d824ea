import itertools

import pytest

from hypothesis import given, settings
from hypothesis import strategies as st

from awsaudit.access.pattern import (
    Pattern,
    Wild,
    arn_glob,
    glob,
    is_whole_arn,
    literal,
    representatives,
    resource_glob,
)


ALPHABET = "aA:98x"
TEXTS = ["".join(chars) for size in range(6) for chars in itertools.product(ALPHABET, repeat=size)]
SHORT = [text for text in TEXTS if len(text) < 5]
ITEMS = st.sampled_from(["a", "a", "A", ":", "9", *Wild])


def patterns(most=3):
    return st.builds(Pattern, st.lists(ITEMS, max_size=most).map(tuple), st.booleans())


@pytest.mark.parametrize(
    ("pattern", "matched", "others"),
    [
        ("s3:Get*", ["s3:Get", "s3:GetObject", "s3:Get:x"], ["S3:GetObject", "s3:PutObject", "as3:Get"]),
        ("s3:?et", ["s3:Get", "s3:get"], ["s3:et", "s3:GGet"]),
        ("a.c[b]+", ["a.c[b]+"], ["abc[b]+", "a.cb"]),
        ("*", ["", "anything", "two\nlines"], []),
        ("", [""], ["x"]),
        ("a*b*c", ["abc", "aXbYc", "abbcc"], ["acb", "ab"]),
    ],
)
def test_stars_and_question_marks_are_all_that_is_special(pattern, matched, others):
    """
    ``*`` stands for any text and ``?`` for one character; nothing else is special ("IAM JSON policy elements: Action").
    """
    assert [True] * len(matched) == [glob(pattern).matches(text) for text in matched]
    assert [False] * len(others) == [glob(pattern).matches(text) for text in others]


def test_case_counts_unless_it_is_folded():
    """
    Names of actions are the same in upper and lower case, resources are not ("IAM JSON policy elements: Action").
    """
    assert glob("SQS:Send*", fold=True).matches("sqs:sendmessage")
    assert not glob("SQS:Send*").matches("sqs:sendmessage")
    assert literal("Admin", fold=True).matches("ADMIN")
    assert not literal("Admin").matches("ADMIN")


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("arn:aws:sqs:*:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", True),
        ("arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", False),
        (
            "arn:aws:x:*:111122223333:finance/*",
            "arn:aws:x:us-east-2:999999999999:store/abc:111122223333:finance/document.txt",
            False,
        ),
        ("arn:aws:iam::111122223333:role/*", "arn:aws:iam::111122223333:role/a/b", True),
        ("arn:aws:lambda:*:*:function:*", "arn:aws:lambda:eu-west-1:111122223333:function:f:live", True),
        ("arn:aws:sqs:eu-west-?:111122223333:q", "arn:aws:sqs:eu-west-1:111122223333:q", True),
        ("arn:aws:sqs:eu-west?1:111122223333:q", "arn:aws:sqs:eu-west:1:111122223333:q", False),
        ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:111122223333:q", False),
        ("*", "arn:aws:sqs:eu-west-1:111122223333:q", True),
        ("**", "arn:aws:sqs:eu-west-1:111122223333:q", True),
    ],
)
def test_components_of_arns_are_compared_one_by_one(pattern, text, matches):
    """
    In a condition each of the six components is checked separately ("Condition operators", ARN operators).
    """
    assert matches == arn_glob(pattern).matches(text)


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("arn:aws:sqs:*", "arn:aws:sqs:eu-west-1:111122223333:q", True),
        ("arn:aws:sqs:*:q", "arn:aws:sqs:eu-west-1:111122223333:q", True),
        ("arn:aws:sqs:*-1:q", "arn:aws:sqs:eu-west-1:111122223333-1:q", False),
        ("arn:aws:s3:::b*/x", "arn:aws:s3:::bucket/y:z/x", True),
        ("arn:aws:sqs:?:q", "arn:aws:sqs:::q", False),
        ("arn:aws:s*:::b", "arn:aws:s3:::b", True),
        ("*", "arn:aws:s3:::b", True),
    ],
)
def test_a_star_that_ends_a_component_of_a_resource_goes_on(pattern, text, matches):
    """
    A ``*`` that is the last character of a segment of a resource crosses colons, others do not ("Resource").
    """
    assert matches == resource_glob(pattern).matches(text)


def test_tells_whole_arns():
    """
    An ARN has six components, and a lone star stands for all ("IAM ARNs").
    """
    assert [True, True, False, False] == [
        is_whole_arn(text) for text in ("arn:aws:s3:::b", "*", "arn:aws:sqs:*", "bucket/*")
    ]


@settings(max_examples=80, deadline=None)
@given(patterns(), patterns())
def test_covers_and_overlaps_as_all_texts_tell(one, other):
    """
    That a pattern covers another, or overlaps it, is what trying all short texts says.
    """
    mine = [one.matches(text) for text in TEXTS]
    theirs = [other.matches(text) for text in TEXTS]

    assert all(a or not b for a, b in zip(mine, theirs, strict=True)) == one.covers(other)
    assert any(a and b for a, b in zip(mine, theirs, strict=True)) == one.overlaps(other)
    assert one.overlaps(other) == other.overlaps(one)
    assert one.covers(one)


@settings(max_examples=80, deadline=None)
@given(st.lists(patterns(4), max_size=3), st.none() | patterns(4))
def test_has_a_text_for_every_way_to_match(wanted, form):
    """
    However a text matches several patterns or does not, one of the representatives does the same.
    """
    found = representatives(wanted, form)
    told = {tuple(p.matches(text) for p in wanted) for text in found}

    assert all(form is None or form.matches(text) for text in found)
    assert len(told) == len(found)
    for text in SHORT:
        if form is None or form.matches(text):
            assert tuple(p.matches(text) for p in wanted) in told


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text("9x", max_size=3), max_size=6), st.booleans())
def test_has_a_text_that_is_none_of_many_literals(texts, digits):
    """
    Literals can fill up what a short text can be: a longer one, or one with other characters, is found.
    """
    form = Pattern((Wild.DIGIT,) * 3) if digits else Pattern(("9", Wild.ONE, Wild.STAR))
    found = representatives(map(literal, texts), form)

    assert any(text not in texts for text in found)
    assert all(form.matches(text) for text in found)
    assert {text for text in texts if form.matches(text)} <= set(found)


def test_says_that_patterns_are_too_many():
    """
    Rather than to try for ever, or to leave out a way, it gives up.
    """
    wanted = [glob(f"*{a}*{b}*") for a, b in itertools.combinations("abcdefghij", 2)]

    with pytest.raises(OverflowError, match="too many"):
        representatives(wanted, limit=500)
    assert not glob("*a*b*c*d*e*f*g*", fold=True).covers(glob("*g*f*e*d*c*b*a*", fold=True))

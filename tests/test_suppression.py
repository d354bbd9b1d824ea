import datetime

import pytest

from hypothesis import given
from hypothesis import strategies as st

from awsaudit import ConfigError, Coverage, Status
from awsaudit.suppression import Rule, Suppressions, parse, read, without


TODAY = datetime.date(2026, 11, 27)
LATER = datetime.date(2027, 3, 31)
ORDERS = "arn:aws:sqs:eu-west-1:111122223333:orders"
STANZA = """[[suppress]]
check = "sqs-encryption"
resource = "arn:aws:sqs:eu-west-1:111122223333:orders"
reason = "No secrets in it, OPS-7"
expires = 2027-03-31
"""


def rule(**more):
    return Rule(**{"check": "sqs-encryption", "resource": ORDERS, "reason": "known", "expires": LATER, **more})


def applied(report, *rules):
    return Suppressions(rules, TODAY).apply(report)


def test_reads_a_stanza():
    """
    A stanza becomes a rule.
    """
    assert (rule(reason="No secrets in it, OPS-7"),) == parse(STANZA)


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (STANZA.replace("reason", "reasons"), "no key 'reasons'; did you mean reason"),
        (STANZA.replace('reason = "No secrets in it, OPS-7"\n', ""), "'reason' is missing"),
        (STANZA.replace("expires = 2027-03-31\n", ""), "'expires' is missing"),
        (STANZA.replace("2027-03-31", '"soon"'), "expires has to be a day such as 2027-03-31, not 'soon'"),
        (STANZA.replace("2027-03-31", "2027-03-31T10:00:00Z"), "expires has to be a day"),
        (STANZA.replace('"No secrets in it, OPS-7"', '" "'), "reason has to be a text"),
        (STANZA.replace('"sqs-encryption"', "7"), "check has to be a text, not 7"),
        (STANZA.replace("[[suppress]]", "[suppress]"), "two brackets"),
        (STANZA.replace("suppress", "supress"), "no table 'supress'"),
        (STANZA + "=", "not valid TOML"),
        (STANZA + STANZA.replace("check", "chek"), "stanza 2: there is no key 'chek'"),
    ],
)
def test_refuses_what_is_wrong(spoilt, told):
    """
    An error names the stanza and what is wrong with it.
    """
    with pytest.raises(ConfigError, match=told):
        parse(spoilt)


def test_a_missing_file_is_told(tmp_path):
    """
    A file that is named has to be there.
    """
    with pytest.raises(ConfigError, match="no file of suppressions"):
        read(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("more", "covers"),
    [
        ({}, True),
        ({"check": "sqs-*"}, True),
        ({"check": "sqs"}, False),
        ({"resource": "arn:aws:sqs:*:order?"}, True),
        ({"resource": "arn:aws:sqs:eu-west-1:111122223333:order"}, False),
        ({"resource": "arn:aws:sqs:eu-west-1:111122223333:[o]rders*"}, False),
        ({"account": "111122223333", "region": "eu-west-1"}, True),
        ({"account": "999999999999"}, False),
        ({"region": "eu-north-1"}, False),
        ({"key": "statement 1"}, True),
        ({"key": ""}, False),
    ],
)
def test_what_a_stanza_covers(make_report, make_finding, more, covers):
    """
    A stanza is exact unless it holds a wildcard, and a bracket is none.
    """
    report = make_report(make_finding(sub_key="statement 1"))

    marked = applied(report, rule(**more)).report

    assert ([] if covers else ["orders"]) == [f.resource.name for f in marked.failed]
    assert (["orders"] if covers else []) == [f.resource.name for f in marked.suppressed]


def test_only_failures_are_accepted(make_report, make_finding):
    """
    A pass and an unknown verdict stay what they are.
    """
    findings = [make_finding(name, status) for name, status in zip("abc", set(Status) - {Status.FAIL}, strict=True)]
    report = make_report(*findings)

    assert report == applied(report, rule(resource="*")).report


def test_an_ended_stanza_covers_nothing(make_report, make_finding):
    """
    On its last day a stanza holds; the day after, the failure counts again, and the stanza is told of.
    """
    report = make_report(make_finding())
    last, over = rule(expires=TODAY), rule(expires=TODAY - datetime.timedelta(days=1))

    assert ((), (), (last,)) == (
        (held := applied(report, last)).report.failed,
        held.expired,
        held.expiring,
    )
    assert (1, (over,), ()) == (len((ended := applied(report, over)).report.failed), ended.expired, ended.expiring)


@pytest.mark.parametrize(("days", "soon"), [(13, True), (14, False)])
def test_warns_two_weeks_before_the_end(make_report, make_finding, days, soon):
    """
    A stanza in use that ends within fourteen days is told of.
    """
    ending = rule(expires=TODAY + datetime.timedelta(days=days))

    assert ((ending,) if soon else ()) == applied(make_report(make_finding()), ending).expiring


def test_marks_are_made_anew(make_report, make_finding):
    """
    A mark of an earlier run does not outlive its stanza.
    """
    marked = applied(make_report(make_finding()), rule()).report

    assert 1 == len(applied(marked).report.failed)


def unused(report, **more):
    return len(applied(report, rule(**more)).unused)


def test_tells_of_unused_stanzas(make_report, make_finding, refusal):
    """
    A stanza without a failure is told of, but not if its check, account, region or resource was not looked at.
    """
    other = make_report(make_finding("ledger"))
    blind = make_report(make_finding("ledger"), make_finding("*", Status.UNKNOWN))

    assert 1 == unused(other)
    assert 0 == unused(make_report(make_finding()))
    assert 0 == unused(blind)
    assert 0 == unused(other, check="kms-*")
    assert 0 == unused(other, resource="arn:aws:sqs:eu-west-1:999999999999:orders")
    assert 0 == unused(other, account="999999999999")
    assert 0 == unused(other, region="eu-north-1")
    assert 0 == unused(make_report(make_finding("ledger"), narrowed=True))
    assert 0 == unused(make_report(make_finding("ledger"), coverage=Coverage(stopped="DeadlineReached")))


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)


@given(check=TEXTS, resource=TEXTS, reason=TEXTS, owner=st.none() | TEXTS, key=st.none() | st.just("") | TEXTS)
def test_a_stanza_reads_as_it_was_written(check, resource, reason, owner, key):
    """
    Quotes, line breaks and control characters survive.
    """
    written = rule(check=check, resource=resource, reason=reason, owner=owner, key=key)

    assert (written,) == parse(written.to_toml())


def test_refuses_half_a_pair():
    """
    What is no Unicode cannot stand in the file.
    """
    with pytest.raises(ConfigError, match="not valid Unicode"):
        rule(resource="\ud800").to_toml()


def test_takes_stanzas_out():
    """
    Whatever is taken out, comments and the other stanzas stay as they are.
    """
    head = "# Agreed with the board.\n\n"
    second = (
        '# Until the move.\n[[ suppress ]]  # kept\ncheck = "a-b"\nresource = "r"\nreason = "x"\nexpires = 2027-01-01\n'
    )
    text = head + STANZA + second
    first, last = parse(text)

    assert head + second.partition("\n")[2] == without(text, [first])
    assert head + STANZA + "# Until the move.\n" == without(text, [last])
    assert text == without(text, [])


def test_does_not_take_out_what_it_cannot_tell_apart():
    """
    A header inside a text is no stanza; the file is then left to its owner.
    """
    text = STANZA.replace('"No secrets in it, OPS-7"', '"""\n[[suppress]]\n"""')

    with pytest.raises(ConfigError, match="by hand"):
        without(text, parse(text))

import json

import jsonschema

from awsaudit import Hop, Report, Status
from awsaudit.schema import SCHEMA


def test_is_the_native_form(make_report, make_finding, refusal):
    """
    The document fits the published schema and reads back as the same report.
    """
    path = (Hop("internet", "internet"), Hop("orders", "AWS::SQS::Queue", "its policy", holds=False))
    report = make_report(make_finding(path=path), make_finding("ledger", Status.UNKNOWN), coverage=refusal)
    plain = json.loads(report.render("json"))

    jsonschema.validate(plain, SCHEMA, jsonschema.Draft202012Validator)
    assert report == Report.from_json(plain)


def test_indents_as_asked(make_report):
    """
    The option `indent` is None for one line.
    """
    assert 1 == make_report().render("json", {"indent": None}).count("\n")


def test_is_ascii_whatever_names_hold(make_report, make_finding, hostile_name):
    """
    A hostile name survives, and no byte of it reaches a terminal raw.
    """
    report = make_report(make_finding(hostile_name, tags={hostile_name: hostile_name}))
    text = report.render("json")

    assert text.replace("\n", "").isascii()
    assert text.replace("\n", "").isprintable()
    assert report == Report.from_json(json.loads(text))


def test_tells_steps_that_break_from_those_that_cannot_be_told(make_report, make_finding):
    """
    Whether a step works is true, false or null.
    """
    path = tuple(Hop(str(holds), "subject", holds=holds) for holds in (True, False, None))
    plain = json.loads(make_report(make_finding(path=path)).render("json"))

    assert [True, False, None] == [hop["holds"] for hop in plain["findings"][0]["path"]]

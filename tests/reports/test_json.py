import json

import jsonschema

from awsaudit import Report, Status
from awsaudit.schema import SCHEMA


def test_is_the_native_form(make_report, make_finding, refusal):
    """
    The document fits the published schema and reads back as the same report.
    """
    report = make_report(make_finding(), make_finding("ledger", Status.UNKNOWN), coverage=refusal)
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

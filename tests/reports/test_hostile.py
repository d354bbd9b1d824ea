"""A name is data, in every place of every format."""

import csv
import io
import json
import pathlib
import re
import shlex
import subprocess

import jsonschema
import junitparser
import pytest

from markdown_it import MarkdownIt
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding

from awsaudit_reports.escape import visible
from tests.reports.shell import run


SCHEMA = json.loads((pathlib.Path(__file__).parent / "data/sarif-2.1.0-rtm.5.json").read_text())
FORMATS = ("csv", "markdown", "junit", "sarif", "ocsf", "asff", "remediation")


@pytest.mark.parametrize("format_", FORMATS)
def test_is_the_same_each_time(everything_hostile, hostile_name, format_):
    """
    A format is a function of the report.
    """
    report = everything_hostile(hostile_name)

    assert report.render(format_) == report.render(format_)


@pytest.mark.parametrize("format_", FORMATS)
def test_shows_on_a_terminal_as_it_is(everything_hostile, hostile_name, format_):
    """
    No character is obeyed by a terminal, changes the direction, or cannot be written in UTF-8.
    """
    text = everything_hostile(hostile_name).render(format_)

    assert text == text.encode().decode()
    assert all(c.isprintable() or c in "\n\t\r" for c in text)
    assert "\r" not in text.replace("\r\n", "")


def test_csv(everything_hostile, hostile_name):
    """
    A name is one cell, which no spreadsheet computes.
    """
    report = everything_hostile(hostile_name)
    rows = list(csv.reader(io.StringIO(report.render("csv"), newline="")))

    assert [1 + len(report.findings), 1] == [len(rows), len({len(row) for row in rows})]
    assert not [cell for row in rows for cell in row if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_markdown(everything_hostile, hostile_name):
    """
    A name makes no markup: the page has the same elements as that of a harmless one.
    """

    def elements(name):
        page = everything_hostile(name, fix="aws sqs tag-queue").render("markdown")
        return re.findall(r"<[/\w]+", MarkdownIt("commonmark").enable("table").render(page).replace("<code>", ""))

    harmless, hostile = ([e for e in elements(name) if e != "</code"] for name in ("name", hostile_name))

    assert harmless == hostile


def test_junit(everything_hostile, hostile_name):
    """
    The document is XML, with a case for each finding.
    """
    report = everything_hostile(hostile_name)
    suites = junitparser.JUnitXml.fromstring(report.render("junit").encode())
    names = [case.name for suite in suites for case in suite]

    assert len(report.findings) == len(names) == len(set(names))


def test_sarif(everything_hostile, hostile_name):
    """
    The document fits the schema; places are relative paths of plain segments.
    """
    log = json.loads(everything_hostile(hostile_name).render("sarif"))
    jsonschema.validate(log, SCHEMA, jsonschema.Draft4Validator)
    results = [result for run_ in log["runs"] for result in run_["results"]]
    places = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in results]

    assert 3 == len(results)
    assert all(re.fullmatch(r"aws(/[A-Za-z0-9_.~%-]+){4}", place) for place in places)
    assert not any("](" in r["message"]["text"].replace("\\](", "") for r in results)


def test_ocsf(everything_hostile, hostile_name):
    """
    Events keep the name as a value, and nothing else.
    """
    found = json.loads(everything_hostile(hostile_name).render("ocsf"))
    for event in found:
        ComplianceFinding.model_validate(event)

    assert 5 == len(found)
    assert {2003} == {event["class_uid"] for event in found}


def test_asff(everything_hostile, hostile_name):
    """
    What is active and what is archived hangs on no name, and texts are within Security Hub's limits.
    """
    found = [f for batch in json.loads(everything_hostile(hostile_name).render("asff")) for f in batch["Findings"]]

    assert ["ACTIVE", "ACTIVE", "ARCHIVED"] == sorted(finding["RecordState"] for finding in found)
    assert all(len(finding["Description"].encode()) <= 1024 for finding in found)


def test_remediation(everything_hostile, hostile_name, tmp_path):
    """
    A name that shows as it is comes through as one argument, verbatim; another is not run; and nothing else is.
    """
    fix = f"aws sqs tag-queue --tags {shlex.quote(hostile_name)}"
    script = everything_hostile(hostile_name, fix=fix).render("remediation")
    done = run(script, tmp_path, account=visible(hostile_name))

    assert ([["sqs", "tag-queue", "--tags", hostile_name]] if hostile_name.isprintable() else []) == done.calls
    assert (0, "", set()) == (done.code, done.errors, done.others)


def test_remediation_is_a_script(everything_hostile, hostile_name, tmp_path):
    """
    The script parses, and every line with a name is a comment, the account's, or a command.
    """
    path = tmp_path / "repair.sh"
    path.write_text(everything_hostile(hostile_name, fix="aws x").render("remediation"))

    assert "" == subprocess.run(["bash", "-n", path], capture_output=True, text=True, check=True).stderr

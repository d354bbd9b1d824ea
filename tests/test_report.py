import json
import os

import pytest

from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from awsaudit import (
    ConfigError,
    Coverage,
    Finding,
    Gap,
    GapKind,
    Hop,
    PluginError,
    Report,
    ReportError,
    Severity,
    Status,
    Subject,
    load,
)
from awsaudit.change import Baseline
from awsaudit.check import Suppression
from awsaudit.report import Shortfall, format_of, sort_key


TEXT = st.text(max_size=12)
IDENTITY = st.tuples(TEXT, TEXT, TEXT, TEXT, TEXT)
GAPS = st.builds(
    Gap,
    account=TEXT,
    region=TEXT,
    service=TEXT,
    operation=TEXT,
    code=TEXT,
    kind=st.sampled_from(GapKind),
    actions=st.lists(TEXT, max_size=2).map(tuple),
    resource=st.none() | TEXT,
    cause=st.none() | TEXT,
)
HOPS = st.builds(Hop, resource=TEXT, type=TEXT, by=TEXT, holds=st.none() | st.booleans())
FINDINGS = st.builds(
    Finding,
    check_id=TEXT,
    status=st.sampled_from(Status),
    severity=st.sampled_from(Severity),
    account=TEXT,
    region=TEXT,
    resource=st.builds(Subject, arn=TEXT, type=TEXT, name=TEXT, tags=st.dictionaries(TEXT, TEXT, max_size=2)),
    message=TEXT,
    expected=st.none() | TEXT,
    found=st.none() | TEXT,
    sub_key=TEXT,
    notes=st.lists(TEXT, max_size=2).map(tuple),
    fix=st.none() | TEXT,
    terraform=st.none() | TEXT,
    gaps=st.lists(GAPS, max_size=2).map(tuple),
    crashed=st.booleans(),
    first_seen=st.none() | TEXT,
    path=st.lists(HOPS, max_size=3).map(tuple),
    suppression=st.none() | st.builds(Suppression, reason=TEXT, expires=st.dates(), owner=st.none() | TEXT),
)
ALIKE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)


def with_identity(parts):
    check_id, account, region, arn, sub_key = parts
    return Finding(check_id, Status.FAIL, Severity.LOW, account, region, Subject(arn, "", ""), "", sub_key=sub_key)


@ALIKE
@given(findings=st.lists(FINDINGS, max_size=4), earlier=st.lists(FINDINGS, max_size=2))
def test_json_round_trip(make_report, findings, earlier):
    """
    A report that went through JSON is the same report, with what changed since an earlier one and the trend.
    """
    report, before = make_report(*findings), make_report(*earlier)
    compared = evolve(Baseline.of(before).compare(report), trend=(before.tally(), report.tally()))

    assert report == Report.from_json(json.loads(json.dumps(report.to_json())))
    assert compared == Report.from_json(json.loads(json.dumps(compared.to_json())))


@ALIKE
@given(findings=st.lists(FINDINGS, min_size=1, max_size=4))
def test_every_format_renders_anything(make_report, findings):
    """
    No text in a finding keeps a report from being written.
    """
    report = make_report(*findings)

    assert [] == [name for name in ("html", "json", "jsonl", "table") if not report.render(name)]


@given(IDENTITY, IDENTITY)
def test_fingerprints_tell_findings_apart(one, other):
    """
    Two findings have one fingerprint only if check, account, region, resource and sub-key are the same.
    """
    assert (one == other) == (with_identity(one).fingerprint == with_identity(other).fingerprint)


@given(FINDINGS, FINDINGS)
def test_fingerprints_are_stable(finding, other):
    """
    What may change from scan to scan, message, severity and time among it, does not change the fingerprint.
    """
    changed = evolve(
        other,
        check_id=finding.check_id,
        account=finding.account,
        region=finding.region,
        sub_key=finding.sub_key,
        resource=evolve(other.resource, arn=finding.resource.arn),
    )

    assert finding.fingerprint == changed.fingerprint


def test_fingerprints_never_change():
    """
    Baselines of earlier versions stay good: this one is for ever.
    """
    parts = ("sqs-encryption", "111122223333", "eu-west-1", "arn:aws:sqs:eu-west-1:111122223333:orders", "")

    assert "58768c2258e31d794ccad983f5f774e19868629415d7f6499ce353d696e35558" == with_identity(parts).fingerprint


def test_fingerprints_escape_their_separator():
    """
    A bar inside a part does not make two findings alike.
    """
    assert with_identity(("a|b", "c", "", "", "")).fingerprint != with_identity(("a", "b|c", "", "", "")).fingerprint


def test_reads_reports_from_before_there_were_paths(make_report, make_finding):
    """
    A finding without a path has no member for it, and is read as one without.
    """
    report = make_report(make_finding())
    plain = report.to_json()

    assert "path" not in plain["findings"][0]
    assert () == Report.from_json(plain).findings[0].path


def test_groups_findings(make_report, make_finding):
    """
    Findings group by check, region, resource and severity, and each knows its verdict.
    """
    orders = make_finding(severity=Severity.HIGH)
    ledger = make_finding("ledger", region="eu-central-1", check_id="sqs-dead-letter-queue")
    unknown = make_finding("rewards", Status.UNKNOWN)
    report = make_report(orders, ledger, unknown, make_finding("beacon", Status.PASS))

    assert {"sqs-dead-letter-queue": (ledger,), "sqs-encryption": (orders,)} == report.failed.by_check()
    assert {"eu-central-1": (ledger,), "eu-west-1": (orders,)} == report.failed.by_region()
    assert {ledger.resource.arn: (ledger,), orders.resource.arn: (orders,)} == report.failed.by_resource()
    assert [(Severity.HIGH, (orders,)), (Severity.MEDIUM, (ledger,))] == list(report.failed.by_severity().items())
    assert (unknown,) == report.unknown
    assert ["beacon"] == [finding.resource.name for finding in report.passed]


def test_findings_are_sorted(make_report, make_finding):
    """
    The order is by check, account, region, resource and sub-key.
    """
    findings = [make_finding(name, sub_key=key) for name in ("b", "a") for key in ("2", "1")]

    assert [("a", "1"), ("a", "2"), ("b", "1"), ("b", "2")] == [
        (finding.resource.name, finding.sub_key) for finding in sorted(findings, key=sort_key)
    ]


def test_is_complete_unless_it_stopped_or_crashed(make_report, make_finding):
    """
    A crashed check or an early end make a report incomplete; a refusal does not.
    """
    assert make_report(make_finding()).complete
    assert not make_report(make_finding(status=Status.UNKNOWN, crashed=True)).complete
    assert not make_report(coverage=Coverage(stopped="DeadlineReached")).complete


def test_names_the_checks_that_were_not_answered(make_report, make_finding, refusal):
    """
    A check counts as answered only if it left nothing unknown.
    """
    unknown = make_finding(status=Status.UNKNOWN, check_id="sqs-dead-letter-queue")

    assert () == make_report(make_finding()).unanswered
    assert ("sqs-dead-letter-queue",) == make_report(unknown).unanswered
    assert ("sqs-encryption",) == make_report(coverage=refusal).unanswered


@pytest.mark.parametrize(
    ("changes", "granted"),
    [
        ({}, ("kms:GetKeyPolicy",)),
        ({"cause": "identity-based policy"}, ("kms:GetKeyPolicy",)),
        ({"cause": "service control policy"}, ()),
        ({"code": "ExpiredToken"}, ()),
        ({"kind": GapKind.THROTTLED}, ()),
    ],
)
def test_grants_what_a_grant_repairs(refusal, changes, granted):
    """
    Only refusals for want of a permission ask for one.
    """
    gap = evolve(refusal.shortfalls[0].gap, **changes)
    coverage = Coverage(shortfalls=(Shortfall(gap, 1, ()),))

    assert granted == coverage.grants
    assert (list(granted) or None) == (coverage.statement and coverage.statement["Action"])


@pytest.mark.parametrize(
    ("name", "format_"),
    [
        ("r.json", "json"),
        ("r.HTML", "html"),
        ("r.htm", "html"),
        ("r.ndjson", "jsonl"),
        ("r.txt", "table"),
        ("r.csv", "csv"),
        ("r.md", "markdown"),
        ("r.xml", "junit"),
        ("r.sarif", "sarif"),
        ("r.sarif.json", "sarif"),
        ("prod.eu.OCSF.json", "ocsf"),
        ("r.asff.json", "asff"),
        ("r.sh", "remediation"),
        ("sarif.json", "json"),
    ],
)
def test_format_goes_by_the_suffix(tmp_path, name, format_):
    """
    The suffix names the format, in either case; a double one goes before a single one.
    """
    assert format_ == format_of(tmp_path / name)


@pytest.mark.parametrize("name", ["report.docx", "report", ".json", "report."])
def test_unknown_suffix_is_told(tmp_path, name):
    """
    A suffix of no format is an error that names those that there are.
    """
    with pytest.raises(ConfigError, match=r"\.html, \.json, \.jsonl"):
        format_of(tmp_path / name)


def test_unknown_format_is_told(make_report):
    """
    A format that nobody installed is an error.
    """
    with pytest.raises(PluginError, match="there is no report format 'pdf'"):
        make_report().render("pdf")


def test_writes_whole_or_not_at_all(make_report, make_finding, tmp_path, monkeypatch):
    """
    A write that fails leaves the file as it was, and nothing beside it.
    """
    target = tmp_path / "report.json"
    make_report(make_finding()).write(target)
    before = target.read_bytes()

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    monkeypatch.setattr("pathlib.Path.replace", refuse)
    with pytest.raises(ConfigError, match=r"cannot write .*report\.json: No space left on device"):
        make_report().write(target)

    assert before == target.read_bytes()
    assert [target] == list(tmp_path.iterdir())


def test_says_that_it_cannot_write(make_report, tmp_path):
    """
    A folder that does not exist is the user's to mend.
    """
    with pytest.raises(ConfigError, match="No such file"):
        make_report().write(tmp_path / "missing" / "report.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not a JSON report"),
        ("[]", "not a JSON report"),
        ("{}", "not a report of awsaudit"),
        ('{"schema_version": 99}', "upgrade awsaudit"),
        ('{"schema_version": "1"}', "not a report of awsaudit"),
    ],
)
def test_refuses_what_is_no_report(tmp_path, content, said):
    """
    A file of something else, or of a newer version, is told apart from a report.
    """
    path = tmp_path / "report.json"
    path.write_text(content)

    with pytest.raises(ReportError, match=said):
        load(path)


def test_says_that_there_is_no_report(tmp_path):
    """
    A missing file and a folder are named.
    """
    with pytest.raises(ReportError, match="there is no report"):
        load(tmp_path / "missing.json")
    with pytest.raises(ReportError, match="cannot read"):
        load(tmp_path)

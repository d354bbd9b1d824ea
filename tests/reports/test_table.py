import re

import pytest

from awsaudit import Coverage, Severity, Status
from awsaudit.change import Baseline


NOTHING = "Nothing failed: there are no resources of the kinds that these checks judge."


def body(text):
    return text.partition("\n\n")[0]


def test_shows_failures_only_worst_last(make_report, make_finding):
    """
    Passes are counted, not listed; the worst failure stands nearest the prompt.
    """
    report = make_report(
        make_finding("ledger", severity=Severity.CRITICAL),
        make_finding("orders", severity=Severity.LOW),
        make_finding("rewards", Status.PASS),
    )

    assert (
        "SEVERITY    CHECK           RESOURCE    REGION     PROBLEM\n"
        "low         sqs-encryption  orders      eu-west-1  orders is not encrypted\n"
        "critical    sqs-encryption  ledger      eu-west-1  ledger is not encrypted\n"
        "\n"
        "2 failed (1 critical, 1 low) · 0 unknown · 1 passed · 0 not applicable; "
        "1 check answered in full, 3 resources in 2 regions\n"
    ) == report.render("table")


@pytest.mark.parametrize("group", [None, "check", "resource", "account", "region"])
@pytest.mark.parametrize("width", [1, 24, 40, 79, 80, 100, 120, 200])
def test_fits_the_terminal(make_report, make_finding, refusal, width, group):
    """
    No line is wider than the terminal, down to 24 columns.
    """
    report = make_report(
        make_finding("o" * 300, message="m" * 1000),
        make_finding("orders", message="the key policy lets arn:aws:iam::111122223333:root decrypt " * 4),
        make_finding("ledger", Status.UNKNOWN, account="444455556666"),
        coverage=refusal,
    )
    options = {"width": width, "group": group, "status": ("fail", "unknown")}

    assert max(map(len, report.render("table", options).splitlines())) <= max(width, 24)


def test_has_one_line_a_finding_where_there_is_no_terminal(make_report, make_finding):
    """
    What is piped into grep is not wrapped.
    """
    text = make_report(make_finding("orders", message="word " * 60)).render("table", {"width": None})

    assert 2 == len(body(text).splitlines())


def test_says_how_many_are_unknown_and_what_to_grant(make_report, make_finding, refusal):
    """
    Unknown verdicts are never hidden: the call, the answer and the missing action are named.
    """
    report = make_report(make_finding(Status.UNKNOWN.value, Status.UNKNOWN), coverage=refusal)

    assert (
        "Nothing failed in what could be seen; not everything could.\n"
        "not seen: everything in us-west-2 (UnauthorizedOperation, by a service control policy); "
        "leaves 1 check unknown\n"
        "not seen: kms:GetKeyPolicy in eu-west-1, us-east-1 (AccessDenied); leaves 1 check unknown\n"
        "to see it, grant kms:GetKeyPolicy\n"
        "1 verdict is unknown; --status unknown lists why\n"
        "0 failed · 1 unknown · 0 passed · 0 not applicable; 0 of 1 check answered in full, 2 resources in 2 regions\n"
    ) == report.render("table")


@pytest.mark.parametrize(
    ("names", "more", "said"),
    [
        (["orders"], {"coverage": Coverage({"AWS::SQS::Queue": 1})}, "Nothing failed, and everything was seen."),
        ([], {"coverage": Coverage({"AWS::SQS::Queue": 0})}, NOTHING),
        ([], {"coverage": Coverage({"AWS::SQS::Queue": 0, "AWS::IAM::Role": 9})}, NOTHING),
        ([], {"narrowed": True}, "Nothing failed: these checks judge none of the resources that were chosen."),
        (
            [],
            {"coverage": Coverage({}, stopped="DeadlineReached")},
            "Nothing failed before the scan ended, which was early.",
        ),
    ],
)
def test_says_what_it_means_that_nothing_failed(make_report, make_finding, names, more, said):
    """
    A clean account, an empty one and a scan that ended early read differently; what is only looked up is not judged.
    """
    passed = [make_finding(name, Status.PASS) for name in names]

    assert said == make_report(*passed, **more).render("table").partition("\n")[0]


@pytest.mark.parametrize(
    ("reason", "said"),
    [("DeadlineReached", "--timeout"), ("Cancelled", "interrupted"), ("CutShort", "killed"), ("Flood", "early: Flood")],
)
def test_says_that_the_scan_ended_early(make_report, make_finding, reason, said):
    """
    Why a scan stopped is told in words.
    """
    assert said in make_report(make_finding(), coverage=Coverage({}, stopped=reason)).render("table")


def test_names_checks_that_failed_themselves(make_report, make_finding):
    """
    A check that crashed is a fault to report, not an evidence gap.
    """
    text = make_report(make_finding(status=Status.UNKNOWN, crashed=True)).render("table")

    assert "1 check failed itself, which is a fault of awsaudit or its pack: sqs-encryption" in text
    assert text.startswith("Nothing failed in what could be decided; not everything could.")


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"show_pass": True}, {"rewards", "orders"}),
        ({"status": ("pass",)}, {"rewards"}),
        ({"status": ("unknown", "not_applicable")}, {"ledger", "beacon"}),
    ],
)
def test_shows_the_verdicts_asked_for(make_report, make_finding, options, shown):
    """
    `show_pass` adds the passes, `status` names verdicts; then each row says its verdict.
    """
    report = make_report(
        make_finding("rewards", Status.PASS),
        make_finding("orders"),
        make_finding("ledger", Status.UNKNOWN),
        make_finding("beacon", Status.NOT_APPLICABLE),
    )
    table = body(report.render("table", options))

    assert table.startswith("STATUS")
    assert shown == {name for name in ("rewards", "orders", "ledger", "beacon") if name in table}


def test_groups_the_findings(make_report, make_finding):
    """
    A group has a heading, the group with the worst finding comes last.
    """
    report = make_report(
        make_finding("orders", severity=Severity.HIGH), make_finding("ledger", check_id="sqs-dead-letter-queue")
    )
    text = report.render("table", {"group": "check"})

    assert text.index("sqs-dead-letter-queue  The good state") < text.index("sqs-encryption  Queues are encrypted")


def test_names_accounts_where_there_are_several(make_report, make_finding):
    """
    The account is a column only where it tells findings apart.
    """
    one = make_report(make_finding())
    two = make_report(make_finding(), make_finding(account="444455556666"))

    assert "ACCOUNT" not in one.render("table")
    assert "ACCOUNT" in two.render("table")


def test_colours_only_on_request(make_report, make_finding):
    """
    Escape sequences are ours alone, and only where colour is wanted.
    """
    report = make_report(make_finding(severity=Severity.CRITICAL))

    assert "\x1b" not in report.render("table")
    assert "\x1b[1;31mcritical\x1b[0m" in report.render("table", {"color": True})


@pytest.mark.parametrize("width", [None, 60, 160])
def test_writes_out_what_a_terminal_would_obey(make_report, make_finding, hostile_name, width):
    """
    Nothing but our own line ends and printable characters reaches the terminal.
    """
    finding = make_finding(hostile_name, message=hostile_name, region=hostile_name)
    lines = make_report(finding).render("table", {"width": width}).split("\n")

    assert [] == [line for line in lines if not line.isprintable()]
    assert not any(re.match("forged", line) for line in lines)


def test_keeps_a_huge_name_short(make_report, make_finding):
    """
    A name of 10 kB takes a hundred columns at most.
    """
    assert len(make_report(make_finding("x" * 10_000)).render("table")) < 1500


def test_says_what_changed(eventful, make_report):
    """
    With a baseline a line tells what is new, fixed or not seen; without one there is none.
    """
    lines = eventful.render("table").splitlines()

    assert "+1 new, 1 fixed, 1 not seen since 2026-11-01 08:00 UTC" == lines[-2]
    assert "since" not in make_report().render("table")


def test_says_that_nothing_changed(make_report, make_finding):
    """
    The line is there also where nothing changed.
    """
    report = make_report(make_finding())
    lines = Baseline.of(report).compare(report).render("table").splitlines()

    assert "nothing new, nothing fixed since 2026-11-24 13:48 UTC" == lines[-2]


def test_counts_what_is_accepted(eventful):
    """
    Accepted failures are counted apart, and not listed.
    """
    text = eventful.render("table")

    assert "2 failed (1 critical, 1 medium) · 1 suppressed · 1 unknown · 2 passed · 1 not applicable; " in text
    assert "fees" not in text

import base64
import datetime
import gzip
import hashlib
import json
import pathlib
import re

from html.parser import HTMLParser

import pytest

from attrs import evolve

import awsaudit_reports

from awsaudit import Coverage, Hop, Severity, Status
from awsaudit.change import Baseline, Tally
from awsaudit.check import Suppression
from awsaudit.framework import frameworks
from awsaudit_reports import html
from awsaudit_reports.chart import bars, failed, trend


HERE = pathlib.Path(awsaudit_reports.__file__).parent


class Page(HTMLParser):
    """The elements of a page, and the text inside them."""

    def __init__(self, source):
        super().__init__()
        self.tags = []
        self.text = {}
        self._open = []
        self.feed(source)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._open.append(dict(attrs).get("id", tag))

    def handle_endtag(self, _):
        if self._open:
            self._open.pop()

    def handle_data(self, data):
        for name in self._open:
            self.text[name] = self.text.get(name, "") + data


def page(report):
    return Page(report.render("html"))


def island(report):
    source = report.render("html")
    return json.loads(source.partition('id="data">')[2].partition("</script>")[0])


def shell(report):
    """Return the page without its data."""
    return re.sub(r'(?s)(id="data">).*?(</script>)', r"\1\2", report.render("html"))


def told(data, column, i=0):
    """Return what the page shows of a finding, as its script puts it together."""
    return filled(data, data["findings"][column][i], i)


def steps(data, i=0):
    """Return the steps of a finding's path, as the page shows them."""
    hops = data["hops"]
    return [
        (*(filled(data, hops[column][h], i) for column in ("resource", "type", "by")), hops["holds"][h])
        for h in data["paths"][data["findings"]["path"][i]]
    ]


def filled(data, number, i):
    text = data["texts"][number] or ""
    known = data["resources"]
    r = data["findings"]["resource"][i]
    arn = known["prefixes"][known["prefix"][r]] + known["tail"][r]
    values = [arn, known["name"][r] or known["tail"][r], *known["places"][known["place"][r]]]

    return re.sub("[\ue000-\ue003]", lambda mark: values[ord(mark[0]) - 0xE000], text)


def test_asks_the_network_for_nothing(make_report, make_finding):
    """
    The policy forbids every source, and scripts and styles but our own.
    """
    source = make_report(make_finding()).render("html")
    policy = next(attrs["content"] for tag, attrs in Page(source).tags if "http-equiv" in attrs)
    hashes = re.findall(r"'sha256-(.+?)'", policy)
    own = [re.search(rf"<{tag}>(.*?)</{tag}>", source, re.DOTALL)[1] for tag in ("style", "script")]

    assert "default-src 'none'" in policy
    assert [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in own] == hashes
    assert {"#"} == {
        attrs[name][0] for _, attrs in Page(source).tags for name in ("src", "href", "action") if name in attrs
    }


def test_script_builds_text_only():
    """
    No name is ever parsed as markup or run.
    """
    script = (HERE / "page.js").read_text("utf-8")

    assert [] == re.findall(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|setAttribute\('on", script
    )


SCRIPT, STYLE = ((HERE / name).read_text("utf-8") for name in ("page.js", "page.css"))


def test_script_is_written_without_what_nothing_hangs_on():
    """
    The script of the page is that of the source: the same texts and patterns in the same places, the same everything else
    but white space and comment lines.
    """
    kept = "\n".join(line for line in SCRIPT.splitlines() if not line.lstrip().startswith("//"))
    told = [re.sub(r"\s", "", text) for text in (kept, html._tight_script(SCRIPT))]
    literals = [re.findall(r"'(?:\\.|[^'\\\n])*'|`[^`\n]*`", text) for text in (kept, html._tight_script(SCRIPT))]

    assert told[0] == told[1]
    assert literals[0] == literals[1]


@pytest.mark.parametrize(
    "forbidden",
    [
        "\t",  # white space is spaces
        "/\\*|[^:/]//",  # a comment has lines of its own
        r"(?m)^[^`\n]*`(?:[^`\n]*`[^`\n]*`)*[^`\n]*$",  # no text goes over several lines
        r"/[^/\n ]*[\'`\"][^/\n ]*/[a-z]*[.,)]",  # no quotation mark in a pattern
        r"[+-] [+-]",  # no sign after an operator
        r"(?m)(?<![,;{}(\[:?=&|>])$\n\s*[(\[`]",  # no line that begins like the end of another
    ],
)
def test_script_has_nothing_that_white_space_decides(forbidden):
    """
    What would change its meaning without white space is not in the script.
    """
    lines = "\n".join(line for line in SCRIPT.splitlines() if line.strip() and not line.lstrip().startswith("//"))

    assert [] == re.findall(forbidden, lines)


def test_style_has_nothing_that_white_space_decides():
    """
    No text in the style sheet holds punctuation, and no selector of a state follows a space.
    """
    assert [] == re.findall(r'"[^"]*[{};,>:][^"]*"|[\w*\]] :[a-z]', html._COMMENT.sub("", STYLE))


def test_shell_stays_small(make_report):
    """
    The page without findings is no more than 40 kB.
    """
    assert len(shell(make_report()).encode()) <= 40_000


def test_ten_thousand_findings_stay_small(make_report, make_finding):
    """
    Ten thousand findings, each with a fix of its own, take 3 MB at most.
    """
    names = [f"validator-{number:05}-beacon" for number in range(10_000)]

    assert len(make_report(*map(make_finding, names)).render("html").encode()) <= 3_000_000


def test_holds_each_finding(make_report, make_finding):
    """
    What the columns and tables hold is put together again as it was.
    """
    finding = make_finding(
        expected="SSE-SQS or SSE-KMS",
        found="none in eu-west-1",
        terraform='resource "aws_sqs_queue" "this" {\n  name = "orders"\n}',
        notes=("first", "second"),
        sub_key="orders-2",
    )
    data = island(make_report(finding))

    assert [
        finding.message,
        finding.expected,
        finding.found,
        finding.fix,
        finding.terraform,
        "first\nsecond",
        "orders-2",
    ] == [told(data, column) for column in ("message", "expected", "found", "fix", "terraform", "notes", "key")]
    assert [finding.fingerprint[:12]] == data["findings"]["id"]


PATH = (
    Hop("internet", "internet"),
    Hop("arn:aws:iam::111122223333:role/deploy", "AWS::IAM::Role", "trust policy, statement 1", holds=None),
    Hop("arn:aws:sqs:eu-west-1:111122223333:orders", "AWS::SQS::Queue", "policy Send of orders", holds=False),
)


def test_holds_each_step_of_a_path(make_report, make_finding):
    """
    A path is put together again step by step; a finding without one has none.
    """
    data = island(make_report(make_finding("ledger"), make_finding(path=PATH)))

    assert [] == steps(data, 0)
    assert [
        ("internet", "internet", "", 0),
        ("arn:aws:iam::111122223333:role/deploy", "AWS::IAM::Role", "trust policy, statement 1", 2),
        ("arn:aws:sqs:eu-west-1:111122223333:orders", "AWS::SQS::Queue", "policy Send of orders", 1),
    ] == steps(data, 1)


def test_holds_a_path_to_many_resources_once(make_report, make_finding):
    """
    Paths that differ only in the resource's own values are one.
    """
    names = [f"queue-{number}" for number in range(50)]
    ends = [Hop(f"arn:aws:sqs:eu-west-1:111122223333:{name}", "AWS::SQS::Queue", f"policy of {name}") for name in names]
    data = island(make_report(*(make_finding(n, path=(*PATH[:2], e)) for n, e in zip(names, ends, strict=True))))

    assert (3, 2) == (len(data["hops"]["type"]), len(data["paths"]))


def test_reports_without_paths_hold_nothing_of_them(make_report, make_finding):
    """
    Where no finding has a path there is no column for it.
    """
    data = island(make_report(make_finding()))

    assert not {"hops", "paths"} & data.keys()
    assert "path" not in data["findings"]


def test_holds_a_sentence_about_many_resources_once(make_report, make_finding):
    """
    Findings that differ only in the resource's own values share their texts.
    """
    many = island(make_report(*(make_finding(f"queue-{number}") for number in range(50))))
    one = island(make_report(make_finding()))

    assert len(one["texts"]) == len(many["texts"])


def test_hostile_names_are_inert(make_report, make_finding, hostile_name):
    """
    Markup, templates and control characters in names and tags stay text, in the markup and in the data.
    """
    hostile = make_finding(
        hostile_name,
        check_id=hostile_name,
        message=hostile_name,
        account=hostile_name,
        region=hostile_name,
        tags={"a": hostile_name},
        path=(Hop(hostile_name, hostile_name, hostile_name),),
    )
    harmless = make_finding("n", check_id="c", message="m", account="a", region="r", tags={"a": "t"})
    evil = make_report(hostile, regions=(hostile_name,), checks={}, tool_version=hostile_name)
    good = make_report(harmless, regions=("r",), checks={}, tool_version="v")

    assert [tag for tag, _ in page(good).tags] == [tag for tag, _ in page(evil).tags]
    assert not re.search(r"[<>&\u2028\u2029]", page(evil).text["data"])
    assert all(c.isprintable() or c in "\n\ue000\ue001\ue002\ue003\ue004" for c in evil.render("html"))


def test_a_huge_tag_is_kept_once(make_report, make_finding):
    """
    A tag of 10 kB on many findings of a resource costs 10 kB.
    """
    findings = [make_finding(tags={"note": "x" * 10_000}, sub_key=str(number)) for number in range(50)]

    assert len(make_report(*findings).render("html")) < 60_000


def test_coverage_names_the_repairing_statement(make_report, make_finding, refusal):
    """
    What was refused stands in the markup, with the statement to copy.
    """
    shown = page(make_report(make_finding("ledger", Status.UNKNOWN), coverage=refusal))

    assert {
        "Sid": "AwsauditCoverage",
        "Effect": "Allow",
        "Action": ["kms:GetKeyPolicy"],
        "Resource": "*",
    } == json.loads(shown.text["statement"])
    assert "Not everything was seen: 0 of 1 check answered in full" in shown.text["section"]
    assert "kms:GetKeyPolicy in eu-west-1, us-east-1" in shown.text["td"]


def test_coverage_says_that_everything_was_seen(make_report, make_finding):
    """
    Where nothing was refused, the page says so.
    """
    assert "Everything was seen: 1 check answered in full" in page(make_report(make_finding())).text["section"]


def test_coverage_says_that_the_scan_ended_early(make_report):
    """
    A scan that was interrupted never reads as complete.
    """
    shown = page(make_report(coverage=Coverage({"AWS::SQS::Queue": 1}, stopped="Cancelled")))

    assert "The scan was interrupted" in shown.text["section"]
    assert "Everything was seen" not in shown.text["section"]


def test_coverage_tells_undecided_from_unseen(make_report, make_finding):
    """
    Where AWS answered all and a verdict is unknown still, the page says that it could not be decided.
    """
    shown = page(make_report(make_finding(status=Status.UNKNOWN, crashed=True)))

    assert "Not everything could be decided: 0 of 1 check" in shown.text["section"]
    assert "1 check failed itself" in shown.text["section"]


def test_tiles_count_failures_by_severity(make_report, make_finding):
    """
    A tile says how many findings failed, of how many checks.
    """
    report = make_report(
        make_finding(severity=Severity.HIGH),
        make_finding("ledger", severity=Severity.HIGH),
        make_finding("rewards", Status.PASS, severity=Severity.HIGH),
    )
    tiles = " ".join(page(report).text["ul"].split())

    assert "0 critical none failed 2 high failed in 1 check 0 medium none failed" in tiles


def test_reads_without_scripts(make_report, make_finding):
    """
    The failures by check stand in a table for readers without scripts.
    """
    assert "mediumQueues are encrypted at rest sqs-encryption1" in page(make_report(make_finding())).text["noscript"]


def test_links_only_to_aws(make_report, make_finding):
    """
    A pack's link goes to AWS's documentation, or nowhere.
    """
    report = make_report(make_finding())
    info = evolve(report.checks["sqs-encryption"], url="javascript:alert(1)")
    data = island(evolve(report, checks={"sqs-encryption": info}))

    assert "" == data["checks"][0]["url"]


@pytest.mark.parametrize("options", [{}, {"width": 80, "color": True, "status": ("pass",), "group": "region"}])
def test_is_a_function_of_the_report(make_report, make_finding, options):
    """
    The same report is the same page, whatever the terminal is like.
    """
    report = make_report(make_finding())

    assert report.render("html") == report.render("html", options)


ACCEPTED = Suppression("Public website, SEC-412", datetime.date(2027, 3, 31), "web@example.com")


@pytest.fixture(name="compared")
def _compared(make_report, make_finding):
    """
    Return a report with a baseline: `new` and `orders` fail, `mended` is fixed, `elsewhere` was not looked for, and
    `accepted` is suppressed.
    """
    week = datetime.timedelta(days=7)
    ledger = make_finding("elsewhere", region="us-east-1", severity=Severity.HIGH)
    kept = (make_finding("orders"), make_finding("accepted"))
    before = make_report(*kept, make_finding("mended", severity=Severity.HIGH), ledger)
    before = evolve(before, started=before.started - week, finished=before.finished - week)
    now = make_report(
        make_finding("orders"),
        make_finding("new", severity=Severity.CRITICAL),
        make_finding("mended", Status.PASS),
        make_finding("accepted", suppression=ACCEPTED),
    )

    return Baseline.of(before).compare(now)


def test_tiles_tell_new_and_fixed(compared):
    """
    With a baseline each tile says how much of its severity is new and how much is fixed; without one none does.
    """
    tiles = " ".join(page(compared).text["ul"].split())

    assert "1 critical failed in 1 check +1 new, −0 fixed" in tiles
    assert "0 high none failed +0 new, −1 fixed" in tiles
    assert "since the scan of 17 November 2026" in page(compared).text["section"]
    assert "fixed" not in page(evolve(compared, changes=None)).text["ul"]


def test_holds_what_changed(compared):
    """
    Fixed failures and those not seen any more stand beside the findings, accepted ones among them, each with its own address.
    """
    data = island(compared)
    findings = data["findings"]
    names = [data["resources"]["name"][r] or data["resources"]["tail"][r] for r in findings["resource"]]
    told = {
        name: (data["statuses"][status], new)
        for name, status, new in zip(names, findings["status"], findings["new"], strict=True)
        if data["statuses"][status] != "pass"
    }

    assert {
        "orders": ("fail", 0),
        "new": ("fail", 1),
        "accepted": ("suppressed", 0),
        "mended": ("fixed", 0),
        "elsewhere": ("unseen", 0),
    } == told
    assert len(names) == len(set(findings["id"]))


def test_holds_why_a_failure_is_accepted(compared):
    """
    A suppression stands once, however many findings it is of.
    """
    data = island(compared)
    accepted = data["findings"]["status"].index(data["statuses"].index("suppressed"))

    assert ["Public website, SEC-412", "web@example.com", "2027-03-31"] == data["suppressions"][
        data["findings"]["suppression"][accepted]
    ]
    assert 2 == len(data["suppressions"])


def test_offers_ninety_days(compared):
    """
    A suppression that the page offers ends ninety days after the scan.
    """
    assert "2027-02-22" == island(compared)["expires"]


def test_reports_without_a_baseline_hold_nothing_of_it(make_report, make_finding):
    """
    Where nothing is compared and nothing accepted there is no column for it.
    """
    assert not {"new", "suppression"} & island(make_report(make_finding()))["findings"].keys()


def test_names_first_what_weighs_most(make_report, make_finding):
    """
    A finding counts four of the next lower severity: five of medium come before one of high, four after it.
    """
    report = make_report(
        make_finding(check_id="sqs-one-high", severity=Severity.HIGH),
        *(make_finding(f"a{n}", check_id="sqs-four-medium") for n in range(4)),
        *(make_finding(f"a{n}", check_id="sqs-five-medium") for n in range(5)),
    )

    assert ["sqs-five-medium", "sqs-one-high", "sqs-four-medium"] == [check.id for check in failed(report)]


def test_names_ten_to_fix_first(make_report, make_finding):
    """
    The checks with the most weight are named, ten at most.
    """
    report = make_report(*(make_finding(check_id=f"sqs-check-{n:02}") for n in range(12)))
    linked = [attrs["href"] for tag, attrs in page(report).tags if tag == "a" and "#check=" in attrs.get("href", "")]

    assert [f"#check=sqs-check-{n:02}" for n in range(10)] == linked


def test_bars_add_up(make_report, make_finding):
    """
    A bar is as long as its service's share of the most failures, and its parts stand one after the other, worst first.
    """
    report = make_report(
        *(make_finding(f"a{n}", severity=Severity.HIGH) for n in range(3)),
        make_finding("a4", severity=Severity.LOW),
        make_finding("b", check_id="rds-public-access", severity=Severity.CRITICAL),
    )
    rds, sqs = bars(report)

    assert (("rds", 1), ("sqs", 4)) == ((rds.service, rds.findings), (sqs.service, sqs.findings))
    assert [("high", 0.0, 72.0), ("low", 72.0, 24.0)] == [(str(p.severity), p.start, p.size) for p in sqs.parts]
    assert [("critical", 0.0, 24.0)] == [(str(p.severity), p.start, p.size) for p in rds.parts]


def tallies(report, *counts):
    week = datetime.timedelta(days=7)
    return tuple(
        Tally(f"scan-{n}", report.finished - week * (len(counts) - 1 - n), {"high": count, "low": 1}, n)
        for n, count in enumerate(counts)
    )


@pytest.mark.parametrize("runs", [0, 1, 2])
def test_two_scans_make_no_trend(make_report, make_finding, runs):
    """
    Fewer than three scans are not drawn.
    """
    report = make_report(make_finding())

    assert trend(evolve(report, trend=tallies(report, *range(runs)))) is None


def test_draws_the_trend(make_report, make_finding):
    """
    Three scans are three columns, the highest as high as there is room, each severity a link with its figures in words.
    """
    report = make_report(make_finding())
    report = evolve(report, trend=tallies(report, 9, 3, 5))
    drawn = trend(report)
    high, low = drawn.lines

    assert ("high: 9, then 5", "low: 1, then 1") == (high.text, low.text)
    assert [115.2, 38.4, 64.0] == [round(part.size, 1) for _, _, part in high.marks]
    assert [0.0, 33.33, 66.67] == [x for x, _, _ in high.marks]
    assert "Failures in the last 3 scans: 10, then 6; unknown verdicts: 0, then 2" in page(report).text["section"]
    assert ("10 Nov 2026", "24 Nov 2026") == (drawn.first, drawn.last)


def test_holds_each_requirement(make_report, make_finding):
    """
    A standard's requirements stand in the order of their numbers, with the checks of this scan behind them, and how many
    checks there are at all.
    """
    data = island(make_report(make_finding()))
    (found,) = data["frameworks"]
    known = frameworks()["cis-5.0"]
    at = {name: n for n, name in enumerate(found["names"])}
    unautomated = next(name for name, checks in known.requirements.items() if not checks and name != "1.1")

    assert {*known.requirements} <= {*found["names"]}
    assert at["1.9"] < at["1.11"] < at["2.1.1"]
    assert ([0], 1) == (found["checks"][at["1.1"]], found["known"][at["1.1"]])
    assert ([], 0) == (found["checks"][at[unautomated]], found["known"][at[unautomated]])
    assert "CIS AWS Foundations Benchmark 5.0" == found["title"]


def test_holds_a_standard_that_is_not_installed(make_report, make_finding):
    """
    Of a standard that no installed pack brings, the page has what the report says.
    """
    report = make_report(make_finding())
    info = evolve(report.checks["sqs-encryption"], frameworks={"ours": ("A.1",)})
    (found,) = island(evolve(report, checks={"sqs-encryption": info}))["frameworks"]

    assert ("ours", ["A.1"], [[0]]) == (found["title"], found["names"], found["checks"])


def test_packs_much_data(make_report, make_finding):
    """
    More than 5 MB of data is compressed, alike each time; it is the same data.
    """
    report = make_report(make_finding(message="x" * html.PACKED_ABOVE))
    source = report.render("html")
    attrs = next(attrs for tag, attrs in page(report).tags if attrs.get("id") == "data")
    packed = source.partition('id="data" data-packed>')[2].partition("</script>")[0]

    assert "data-packed" in attrs
    assert len(source) < 200_000
    assert "x" * html.PACKED_ABOVE in json.loads(gzip.decompress(base64.b64decode(packed)))["texts"]
    assert source == report.render("html")


def test_nothing_failed_but_what_is_suppressed(make_report, make_finding):
    """
    A report whose failures are all accepted says so.
    """
    data = island(make_report(make_finding(suppression=ACCEPTED)))

    assert "Nothing failed but what is suppressed, and everything was seen." == data["nothing"]


def test_names_the_account(make_report):
    """
    The header has the name of the account beside its id, where it is known.
    """
    assert "AWS account 111122223333" == page(make_report()).text["h1"]
    named = page(make_report(account_names={"111122223333": "payments"})).text["h1"]

    assert "AWS account 111122223333 payments" == named

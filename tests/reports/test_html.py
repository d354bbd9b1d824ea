import base64
import hashlib
import json
import pathlib
import re

from html.parser import HTMLParser

import pytest

import awsaudit_reports

from awsaudit import Coverage, Hop, Severity, Status


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
    assert ["#list"] == [
        attrs[name] for _, attrs in Page(source).tags for name in ("src", "href", "action") if name in attrs
    ]


def test_script_builds_text_only():
    """
    No name is ever parsed as markup or run.
    """
    script = (HERE / "page.js").read_text("utf-8")

    assert [] == re.findall(
        r"innerHTML|outerHTML|insertAdjacent|document\.write|\beval\b|new Function|setAttribute\('on", script
    )


def test_script_may_be_written_without_indentation():
    """
    No text goes over several lines, where indentation would be part of it, and no line begins as a comment inside one.
    """
    script = (HERE / "page.js").read_text("utf-8")

    assert [] == [line for line in script.splitlines() if line.count("`") % 2 or line.count("/*")]


def test_shell_stays_small(make_report):
    """
    The page without findings is no more than 40 kB.
    """
    assert len(make_report().render("html").encode()) <= 40_000


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
    assert all(c.isprintable() or c in "\n\ue000\ue001\ue002\ue003" for c in evil.render("html"))


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
    from attrs import evolve

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

import re

import pytest

from markdown_it import MarkdownIt

from awsaudit import Coverage, Severity, Status
from awsaudit_reports.markdown import LONGEST, code, prose


def rendered(text):
    """Return the page as HTML, by CommonMark's rules and GitHub's tables."""
    return MarkdownIt("commonmark").enable("table").render(text)


def spoken(text):
    """Return what is left of the page outside of code: only there are mentions, references and links found."""
    return re.sub(r"<(code|pre)>.*?</\1>|<[^>]*>", " ", rendered(text), flags=re.DOTALL)


def test_says_what_counts_first(eventful):
    """
    Counts and changes stand on top; new failures come before worse ones that are known.
    """
    lines = eventful.render("markdown").splitlines()

    assert [
        "## awsaudit: 2 findings failed",
        "",
        "- 2 failed (1 critical, 1 medium) · 1 suppressed · 1 unknown · 2 passed · 1 not applicable",
        "- +1 new, 1 fixed, 1 not seen since 2026-11-01 08:00 UTC",
        "- 0 of 1 check answered in full, 7 resources in 2 regions, account `111122223333`, 2026-11-24 13:47 UTC",
        "",
        "| Severity | Check | Resource | Region | Problem |",
        "| --- | --- | --- | --- | --- |",
        "| **new** medium | `sqs-encryption` | `orders` | `eu-west-1` | orders is not encrypted |",
        "| critical | `sqs-encryption` | `ledger` | `eu-west-1` | ledger is not encrypted |",
    ] == lines[:10]


def test_folds_the_rest(eventful, make_report, make_finding):
    """
    More than twenty findings, commands, fixed, unseen and accepted failures are folded.
    """
    many = make_report(*(make_finding(f"queue-{number:02}") for number in range(30))).render("markdown")

    assert "<summary>10 more findings</summary>" in many
    assert 30 == many.count("| medium |")
    assert ["2 commands that repair them", "1 fixed", "1 earlier, not seen this time", "1 suppressed"] == re.findall(
        "<summary>(.*)</summary>", eventful.render("markdown")
    )


def test_commands_can_be_copied(make_report, make_finding):
    """
    Commands stand in a block of code as they are, whatever backticks are in them.
    """
    fix = "aws sqs tag-queue --tags '```sh```=1|2'"

    assert f"\n````sh\n{fix}\n````\n" in make_report(make_finding(fix=fix)).render("markdown")


def test_tells_what_is_accepted(eventful):
    """
    An accepted failure has its reason, owner and end.
    """
    assert (
        "| low | `sqs-encryption` | `fees` | Moved to SSE-KMS in `SEC-412` | `queues@example.com` | 2027-03-31 |"
        in eventful.render("markdown")
    )


def test_names_what_was_not_seen(make_report, make_finding, refusal):
    """
    Refused calls and the actions to grant are named, and that nothing failed is not taken for a clean account.
    """
    text = make_report(make_finding("ledger", Status.UNKNOWN), coverage=refusal).render("markdown")

    assert text.startswith("## awsaudit: Nothing failed in what could be seen; not everything could.")
    assert "- not seen: `kms:GetKeyPolicy` in `eu-west-1`, `us-east-1` (AccessDenied); leaves 1 check unknown" in text
    assert "- to see it, grant `kms:GetKeyPolicy`" in text


def test_says_that_the_scan_ended_early(make_report, make_finding):
    """
    A scan that was interrupted never reads as whole.
    """
    text = make_report(make_finding(), coverage=Coverage({}, stopped="Cancelled")).render("markdown")

    assert "The scan was interrupted" in text


def test_lists_the_verdicts_asked_for(eventful):
    """
    `status` names verdicts; then a row says its verdict.
    """
    text = eventful.render("markdown", {"status": ("unknown",)})

    assert "| unknown | `sqs-encryption` | `payouts` |" in text
    assert "| critical |" not in text.partition("<details>")[0]


@pytest.mark.parametrize("text", ["a", "|" * 2_000, "@x " * 700, "\\|`" * 700, "\u202e" * 2_000, "𐀀" * 2_000])
def test_fits_a_comment(make_report, make_finding, text):
    """
    However many findings there are and whatever is in them, the page is one comment, and says what it leaves out.
    """
    names = [f"{text}{number}" for number in range(300)]
    page = make_report(*(make_finding(name, message=text * 3, fix=name) for name in names)).render("markdown")

    assert len(page) <= LONGEST < 65_536
    assert page.count("<details>") == page.count("</details>")
    assert text == "a" or "more did not fit here" in page


@pytest.mark.parametrize(
    "text",
    [
        "@octocat",
        "(@octocat)",
        "#1",
        "GH-1",
        "octocat/hello#1",
        "https://evil.example/",
        "www.evil.example",
        "[text](https://evil.example/)",
        "![x](https://evil.example/)",
        "<img src=x onerror=alert(1)>",
        "<!-- -->",
        "**bold**",
        "a|b",
        "a\\|b",
        "`a`",
        "``a|b``",
        "\\",
        "&lt;",
        ":key:",
        "arn:aws:secretsmanager:eu-west-1:1:secret:x",
        "da39a3ee5e6b4b0d3255bfef95601890afd80709",
        "$x$",
        "~~x~~",
        "!1",
    ],
)
def test_text_is_inert(make_report, make_finding, text):
    """
    Mentions, references, links, markup, emoji and the bars of tables stay as they are written, in names and in messages.
    """
    page = make_report(make_finding(text, message=f"it is {text}, so", fix=None)).render("markdown")
    row = next(line for line in rendered(page).split("<tr>") if ">medium<" in line)

    assert 5 == row.count("<td>")
    assert "it is" in spoken(page)
    assert text not in spoken(page)
    assert not re.search(r"<(?!/?(td|tr|tbody|table|code)\b)", row)


@pytest.mark.parametrize("make", [code, prose])
@pytest.mark.parametrize("text", ["a|b", "`x`", "a\\", "a`b|c\\d", "", "plain words"])
def test_text_reads_as_it_is(make, text):
    """
    What a reader sees is what the name is.
    """
    html = MarkdownIt("commonmark").renderInline(make(text))

    assert text.replace("&", "&amp;") == re.sub("</?code>", "", html)


def test_worst_come_first(make_report, make_finding):
    """
    Among known failures the worst is first.
    """
    report = make_report(*(make_finding(str(severity), severity=severity) for severity in Severity))
    rows = re.findall(r"^\| (\w+) \|", report.render("markdown"), re.MULTILINE)

    assert ["Severity", "critical", "high", "medium", "low", "info"] == rows

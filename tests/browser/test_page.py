import csv
import datetime
import json
import pathlib
import tomllib

import pytest

from attrs import evolve

from awsaudit import Coverage, Hop, Severity, Status
from awsaudit.change import Baseline, Tally
from awsaudit.check import Suppression


def rows(page):
    """Return the text of the rows that can be seen."""
    return [" ".join(row.inner_text().split()) for row in page.locator("#list [role=row]").all()]


def count(page):
    return page.locator("#count").inner_text()


def test_lists_failures_by_check_worst_first(opened, report):
    """
    The list begins with the worst check; a check with one failure is a row of its own; what did not fail is folded up below.
    """
    assert [
        "critical The good state of rds-public-access signer eu-west-1 1 resource",
        "high Queues are encrypted at rest sqs-encryption 2 regions 2 resources",
        "Unknown 1 finding",
        "Passed 1 finding",
    ] == rows(opened(report))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("signer", "1 failed finding of 1 check"),
        ("TEAM=web", "1 failed finding of 1 check"),
        ("encrypted ledger", "1 failed finding of 1 check"),
        ("arn:aws:sqs eu-west-1", "2 failed findings of 2 checks"),
        ("encrypted signer", "1 failed finding of 1 check"),
        ("ledger signer", "0 failed findings"),
    ],
)
def test_searches_for_all_words(opened, report, words, found):
    """
    A finding matches if each word is in its check, its resource or its message, in either case.
    """
    page = opened(report)
    page.fill("#q", words)

    assert found == count(page)


def test_filters_by_severity(opened, report):
    """
    A tile is a filter, and the same tile takes it off.
    """
    page = opened(report)
    tile = page.locator(".tile.critical")
    tile.click()
    assert ("1 failed finding of 1 check", "true") == (count(page), tile.get_attribute("aria-current"))
    tile.click()

    assert ("3 failed findings of 2 checks", "false") == (count(page), tile.get_attribute("aria-current"))


@pytest.mark.parametrize(
    ("control", "value", "found"),
    [
        ("status", "unknown", "1 unknown finding of 1 check"),
        ("status", "", "5 findings of 2 checks"),
        ("service", "rds", "1 failed finding of 1 check"),
        ("region", "eu-central-1", "1 failed finding of 1 check"),
        ("severity", "high", "2 failed findings of 1 check"),
        ("framework", "cis-5.0", "3 failed findings of 2 checks"),
        ("group", "region", "3 failed findings of 2 regions"),
    ],
)
def test_filters_and_groups(opened, report, control, value, found):
    """
    Each control changes the list, and the address holds it.
    """
    page = opened(report)
    page.select_option(f"#{control}", value)

    assert found == count(page)
    page.wait_for_url(lambda url: f"#{control}={value}" in url)


def test_shows_the_unknown_from_the_coverage_strip(opened, report):
    """
    What could not be judged is one click away.
    """
    page = opened(report)
    page.click(".coverage a")

    assert "1 unknown finding of 1 check" == count(page)


def test_skips_to_the_list(opened, report):
    """
    The first stop of the keyboard leads to the list, as it is filtered.
    """
    page = opened(report, "service=rds")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "#service=rds" in url)

    assert "list" == page.evaluate("document.activeElement.id")
    assert "1 failed finding of 1 check" == count(page)


def test_works_by_keyboard(opened, report):
    """
    Search, move, open, read and close, all without a mouse.
    """
    page = opened(report)
    page.keyboard.press("/")
    assert "q" == page.evaluate("document.activeElement.id")
    page.keyboard.press("Tab")
    page.locator("#list").focus()
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    assert "true" == page.locator("#row1").get_attribute("aria-expanded")
    page.keyboard.press("ArrowDown")
    assert "row2" == page.locator("#list").get_attribute("aria-activedescendant")
    assert "2" == page.locator("#row2").get_attribute("aria-level")
    page.keyboard.press("ArrowLeft")
    assert "row1" == page.locator("#list").get_attribute("aria-activedescendant")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "Queues are encrypted at rest" == page.evaluate("document.activeElement.textContent")
    assert "ledger" == page.locator("#panel .name").inner_text()
    page.keyboard.press("j")
    assert "orders" == page.locator("#panel .name").inner_text()
    page.keyboard.press("Escape")

    assert page.locator("#panel").is_hidden()
    assert "list" == page.evaluate("document.activeElement.id")


def test_keys_of_one_character_can_be_turned_off(opened, report):
    """
    With the box unticked they work in the list only, so that speech input does no harm.
    """
    page = opened(report)
    page.keyboard.press("?")
    page.uncheck("#single")
    page.click("#help button")
    page.keyboard.press("/")

    assert "q" != page.evaluate("document.activeElement.id")


def test_shows_the_evidence_and_the_fix(opened, report):
    """
    The panel names what was found and expected, and holds the command as one text.
    """
    page = opened(report, "q=orders")
    page.locator("#row0").click()
    panel = page.locator("#panel")
    orders = next(finding for finding in report.findings if finding.resource.name == "orders")

    assert orders.fix == panel.locator(".command").text_content()
    assert {"SSE-SQS or SSE-KMS", "none", "team = web", orders.resource.arn} <= set(
        panel.locator("dd, pre").all_inner_texts()
    )


ROLE = "arn:aws:iam::111122223333:role/service-role/payments/ledger-reconciliation-worker"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:orders"


@pytest.fixture(name="path")
def _path():
    return (
        Hop("internet", "internet"),
        Hop(ROLE, "AWS::IAM::Role", "trust policy, statement 1 (GitHub)", holds=None),
        Hop(QUEUE, "AWS::SQS::Queue", "queue policy, statement 2 (Send)", holds=False),
    )


def test_shows_the_path_and_where_it_breaks(opened, make_report, make_finding, path):
    """
    The steps stand in order, each with what decides there; what breaks or cannot be told says so in a word and a mark.
    """
    page = opened(make_report(make_finding(path=path), make_finding("ledger", check_id="sqs-other")))
    page.locator("#list").get_by_text("Queues are encrypted at rest").click()
    steps = page.locator("#panel ol.path > li")

    assert [
        ["internet"],
        [ROLE, "Copy", "AWS::IAM::Role", "trust policy, statement 1 (GitHub)", "cannot be told"],
        [QUEUE, "Copy", "AWS::SQS::Queue", "queue policy, statement 2 (Send)", "breaks here"],
    ] == [[line for line in step.inner_text().splitlines() if line] for step in steps.all()]
    assert ["●", "?", "✕"] == [step.get_attribute("data-mark") for step in steps.all()]

    page.locator("#list").get_by_text("The good state of sqs-other").click()
    assert 0 == steps.count()


def test_draws_the_stages_of_a_pipeline(opened, make_report, make_finding):
    """
    A path of stages is a picture, five in a row, with the gap marked; a path with anything else in it is not.
    """
    names = ["Source", "Build", "Test", "Staging", "<b>Production</b>", "Report"]
    stages = [Hop(name, "AWS::CodePipeline::Stage", f"Build: {name}", holds=name != names[4]) for name in names]
    page = opened(
        make_report(make_finding(path=tuple(stages)), make_finding("ledger", path=(*stages, Hop("x", "topic")))),
        "status=fail",
    )
    page.locator(".row.member, .row.leaf").filter(has_text="ledger").or_(page.locator(".row.group")).first.click()
    for row in page.locator(".row.member").all():
        row.click()
        drawn = page.locator("#panel svg.stages")
        if page.locator("#panel .name").text_content() == "ledger":
            assert 0 == drawn.count()
            continue
        assert names == [text.split(":")[0] for text in drawn.locator("title").all_text_contents()]
        assert ["✕"] == drawn.locator(".stops .kind").all_text_contents()
        assert "<b>Production</b> (something is missing)" in drawn.get_attribute("aria-label")
        assert drawn.bounding_box()["width"] <= 432


@pytest.mark.parametrize("width", [1440, 390])
def test_shortens_a_long_arn_in_the_middle_and_copies_it_whole(opened, make_report, make_finding, path, width):
    """
    Both ends of the ARN can be seen on one line; what is copied, or selected, is all of it.
    """
    page = opened(make_report(make_finding(path=path)), width=width)
    page.locator("#row0").click()
    step = page.locator(".path > li").nth(1)
    head = step.locator("code span")

    assert head.evaluate("span => span.scrollWidth > span.clientWidth")
    assert 20 >= step.locator("code").bounding_box()["height"]
    assert head.bounding_box()["width"] < step.locator("code").bounding_box()["width"]
    page.evaluate("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }")
    step.get_by_role("button").click()

    assert ROLE == page.evaluate("window.copied")
    assert ROLE == step.locator("code").evaluate(
        "code => { getSelection().selectAllChildren(code); return `${getSelection()}` }"
    )


def test_copies_the_fix(opened, report):
    """
    Copy puts the whole command into the clipboard.
    """
    page = opened(report, "q=orders", permissions=["clipboard-read", "clipboard-write"])
    page.locator("#row0").click()
    page.locator("#panel button[aria-label='Copy AWS CLI']").click()
    page.wait_for_function("document.getElementById('said').textContent === 'Copied'")
    orders = next(finding for finding in report.findings if finding.resource.name == "orders")

    assert orders.fix == page.evaluate("navigator.clipboard.readText()")


def test_opens_a_finding_by_its_address(opened, report):
    """
    The address of an open finding opens it again, whatever its verdict; going back closes it.
    """
    unknown = report.unknown[0]
    page = opened(report, f"finding={unknown.fingerprint[:12]}")

    assert "rewards" == page.locator("#panel .name").inner_text()
    assert "unknown" == page.locator("#status").input_value()
    page.evaluate("location.hash = 'status=pass'")
    page.wait_for_function("document.getElementById('panel').hidden")
    assert "1 passed finding of 1 check" == count(page)


@pytest.mark.parametrize(
    "fragment", ["finding=nonsense", "status=x&group=y&severity=z&region=%00", "%E0%A4%A", "__proto__=1"]
)
def test_survives_a_wrong_address(opened, report, fragment):
    """
    What the address does not make sense of is left out.
    """
    assert "3 failed findings of 2 checks" == count(opened(report, fragment))


def test_says_why_the_list_is_empty(opened, report, make_report, make_finding, refusal):
    """
    A clean account, an account that was not seen whole and filters that hide all read differently.
    """
    clean = make_report(make_finding("beacon", Status.PASS))
    nothing = make_report(coverage=Coverage({}))
    unseen = make_report(make_finding("rewards", Status.UNKNOWN), coverage=refusal)

    page = opened(clean)
    assert "Nothing failed, and everything was seen." == page.locator("#empty h2").inner_text()
    assert ["Passed 1 finding"] == rows(page)
    assert "there are no resources" in opened(nothing).locator("#empty h2").inner_text()
    page = opened(unseen)
    assert "not everything could" in page.locator("#empty h2").inner_text()
    page.click("#empty button")
    assert "1 unknown finding of 1 check" == count(page)
    page = opened(report, "q=nowhere")
    assert "No failed finding matches these filters." == page.locator("#empty h2").inner_text()
    page.click("#empty button")
    assert "3 failed findings of 2 checks" == count(page)


def test_hostile_names_are_inert(opened, make_report, make_finding, hostile_names):
    """
    Names that look like markup, scripts, templates or control sequences are shown, and do nothing.
    """
    findings = [
        make_finding(
            name,
            region=name,
            message=name,
            expected=name,
            notes=(name,),
            tags={name: name},
            sub_key=str(number),
            path=(Hop(name, name), Hop(name, "subject", name, holds=False)),
        )
        for number, name in enumerate((*hostile_names, "x" * 10_000))
    ]
    page = opened(make_report(*findings))
    before = page.evaluate("document.scripts.length")
    for number in range(1, len(findings) + 1):
        page.locator(f"#row{number}").click()
        assert page.locator("#panel .name").inner_text()

    assert page.evaluate("window.pwned") is None
    assert (before, 0) == (page.evaluate("document.scripts.length"), page.locator("img").count())
    assert "</script><img src=x onerror=window.pwned=1>" in page.locator("#list").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1024, 390])
def test_fits_the_window(opened, make_report, make_finding, refusal, width, scheme):  # noqa: PLR0917 - fixtures
    """
    Nothing makes the page scroll sideways, not even a name of 10 kB.
    """
    path = (Hop("z" * 10_000, "z" * 10_000), Hop("a", "subject", "y" * 10_000, holds=False))
    report = make_report(
        make_finding("x" * 10_000, path=path), make_finding("y y " * 300, Status.UNKNOWN), coverage=refusal
    )
    page = opened(report, width=width, scheme=scheme)
    page.click("summary")
    page.locator("#row0").click()
    page.locator("#panel").wait_for(state="visible")

    assert width >= page.evaluate("document.documentElement.scrollWidth")
    assert page.evaluate("(panel => panel.scrollWidth <= panel.clientWidth)(document.getElementById('panel'))")


def test_holds_only_the_rows_in_view(opened, make_report, make_finding):
    """
    With ten thousand findings, all groups open, the page stays small, and a search still finds the one.
    """
    findings = [
        make_finding(f"validator-{n:05}", check_id=f"sqs-check-{n % 200}", region=f"eu-{n % 9}") for n in range(10_000)
    ]
    page = opened(make_report(*findings))
    page.click("#spread")
    assert 1500 >= page.evaluate("document.querySelectorAll('*').length")

    page.fill("#q", "validator-04711")
    page.locator("#row0").wait_for()

    assert 1 == len(rows(page))


def test_reads_without_scripts(opened, report):
    """
    Without scripts the failures stand in a table, and no control is there that does nothing.
    """
    page = opened(report, java_script_enabled=False)

    assert "The good state of rds-public-access" in page.locator("noscript").inner_text()
    assert not page.locator("#bar").is_visible()


def test_prints_every_row(opened, report):
    """
    On paper the filtered list is whole.
    """
    page = opened(report)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")

    assert 6 == len(rows(page))
    assert ["ledger", "orders"] == [row.split()[0] for row in rows(page)[2:4]]
    assert not page.locator("#bar").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert 4 == len(rows(page))


def test_names_every_account(opened, report, make_finding):
    """
    With several accounts the account is a filter and a grouping.
    """
    two = evolve(
        report,
        accounts=("111122223333", "444455556666"),
        account_names={"444455556666": "staging <b>"},
        findings=(*report.findings, make_finding(account="444455556666")),
    )
    page = opened(two, "group=account")

    assert "4 failed findings of 2 accounts" == count(page)
    assert page.locator("#account").is_visible()
    assert ["All", "111122223333", "444455556666 staging <b>"] == page.locator("#account option").all_text_contents()


ACCEPTED = Suppression("Public website, SEC-412", datetime.date(2027, 3, 31), "web@example.com")


@pytest.fixture(name="full")
def _full(make_report, make_finding):
    """Return a report with all there can be: a baseline, a history, an accepted failure."""
    week = datetime.timedelta(days=7)
    kept = make_finding("orders", severity=Severity.HIGH, fix="=cmd()", message='orders, "quoted"\nand in lines')
    lost = make_finding("elsewhere", region="us-east-1")
    before = make_report(kept, make_finding("mended"), make_finding("accepted"), lost)
    before = evolve(before, started=before.started - week, finished=before.finished - week)
    now = make_report(
        kept,
        make_finding("fresh", check_id="rds-public-access", severity=Severity.CRITICAL),
        make_finding("mended", Status.PASS),
        make_finding("accepted", suppression=ACCEPTED),
        make_finding("rewards", Status.UNKNOWN),
    )
    compared = Baseline.of(before).compare(now)
    trend = [Tally(f"s{n}", now.finished - week * (3 - n), {"high": 4 - n, "low": 2}, n) for n in range(3)]

    return evolve(compared, trend=(*trend, compared.tally()))


def test_shows_what_is_new(opened, full):
    """
    New failures are marked, and can be had alone.
    """
    page = opened(full)
    assert "critical The good state of rds-public-accessnew fresh eu-west-1 1 resource" == rows(page)[0]
    page.check("#new")

    assert "1 failed finding of 1 check" == count(page)
    page.wait_for_url(lambda url: "#new=1" in url)


def test_folds_up_what_did_not_fail(opened, full):
    """
    Below the failures stand what is unknown, accepted, fixed, not seen any more and passed; the address holds which is open.
    """
    page = opened(full)
    folded = ["Unknown", "Suppressed", "Fixed", "No longer seen", "Passed"]
    assert [f"{name} 1 finding" for name in folded] == rows(page)[2:]
    page.get_by_text("Suppressed").last.click()
    assert "medium Queues are encrypted at rest accepted eu-west-1 until 2027-03-31" == rows(page)[4]
    page.wait_for_url(lambda url: "#also=suppressed" in url)
    again = opened(full, "also=suppressed+fixed")

    assert ["Fixed 1 finding", "medium Queues are encrypted at rest mended eu-west-1 1 resource"] == rows(again)[5:7]


def test_shows_why_a_failure_is_accepted(opened, full):
    """
    The panel of an accepted failure names reason, owner and the last day.
    """
    page = opened(full, "status=suppressed")
    page.locator("#row0").click()

    assert {"Public website, SEC-412", "web@example.com", "2027-03-31"} <= set(page.locator("dd").all_inner_texts())


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        (".first a >> nth=0", "1 failed finding of 1 check: rds-public-access"),
        (".bars li:has-text('sqs') > a", "1 failed finding of 1 check"),
        (".bars svg a.critical", "1 failed finding of 1 check"),
        (".trend a.high", "1 failed finding of 1 check"),
    ],
)
def test_each_mark_is_a_filter(opened, full, mark, found):
    """
    Each line, bar and column above the list filters it, by keyboard too, says what it stands for, and takes itself off again.
    """
    page = opened(full)
    link = page.locator(mark)
    link.focus()
    page.keyboard.press("Enter")
    assert found == count(page)
    assert "true" == link.get_attribute("aria-current")
    assert link.get_attribute("aria-label") or link.inner_text()
    page.keyboard.press("Enter")

    assert "2 failed findings of 2 checks" == count(page)


def test_shows_each_requirement(opened, full):
    """
    A standard is listed requirement by requirement, with counts, and says plainly where there is no automated check.
    """
    page = opened(full)
    page.get_by_role("link", name="Frameworks").click()
    named = {row.split()[0]: row for row in rows(page)} | {row.split()[1]: row for row in rows(page)}

    assert named["1.1"].startswith("critical 1.1 ")
    assert named["1.1"].endswith("2 failed, 1 unknown, 1 suppressed, 1 passed")
    assert "1.2 not in this scan" == named["1.2"]
    page.fill("#q", "rds")
    assert ["1.1", "2.2.3", "2.3"] == page.locator("#list .group b").all_inner_texts()
    page.fill("#q", "")
    page.locator("#list").focus()
    page.keyboard.press("End")
    last = page.locator("#list .row").last
    assert last.get_attribute("aria-expanded") is None
    page.get_by_role("link", name="Findings", exact=True).click()
    assert "2 failed findings of 2 checks" == count(page)


def test_says_where_nothing_is_automated(opened, make_report, make_finding):
    """
    A requirement without any check is no pass.
    """
    page = opened(make_report(make_finding()), "group=requirement&status=&framework=cis-5.0")
    page.set_viewport_size({"width": 1440, "height": 4000})

    assert "2.1.3 no automated check" in rows(page)


STATE = "q=orders&severity=high&service=sqs&region=eu-west-1&framework=cis-5.0&group=resource&also=pass"


def test_address_holds_the_state(opened, full):
    """
    A page opened by the address of another shows the same.
    """
    first = opened(full, STATE)
    first.locator("#row0").click()
    first.wait_for_url(lambda url: "finding=" in url)
    second = opened(full, first.url.partition("#")[2])

    assert first.url.partition("#")[2] == second.url.partition("#")[2]
    assert rows(first) == rows(second)
    assert first.locator("#panel").inner_text() == second.locator("#panel").inner_text()
    assert ["high", "sqs", "eu-west-1", "cis-5.0", "resource", "orders"] == [
        second.locator(f"#{id_}").input_value() for id_ in ("severity", "service", "region", "framework", "group", "q")
    ]


def test_offers_a_suppression(opened, make_report, make_finding):
    """
    The stanza is TOML that names the check, the resource, the account and the part; its reason is for people to write.
    """
    name = 'quoted "name" \\ back'
    page = opened(make_report(make_finding(name, sub_key="ssh")))
    page.locator("#row0").click()
    (stanza,) = tomllib.loads(page.locator("#panel pre").last.text_content())["suppress"]

    assert {
        "check": "sqs-encryption",
        "resource": f"arn:aws:sqs:eu-west-1:111122223333:{name}",
        "account": "111122223333",
        "key": "ssh",
        "reason": "",
        "owner": "",
        "expires": datetime.date(2027, 2, 22),
    } == stanza


def test_links_to_the_console(opened, make_report, make_finding, hostile_names):
    """
    The link to the console is one to AWS, whatever the resource is called, with the name written for addresses.
    """
    names = ("orders", *hostile_names)
    page = opened(make_report(*(make_finding(name, sub_key=str(n)) for n, name in enumerate(names))))
    links = []
    for number in range(1, len(names) + 1):
        page.locator(f"#row{number}").click()
        links.append(page.get_by_role("link", name="AWS console").get_attribute("href"))
    start = "https://console.aws.amazon.com/sqs/v3/home?region=eu-west-1#/queues/"
    queues = "https%3A%2F%2Fsqs.eu-west-1.amazonaws.com%2F111122223333%2F"

    assert all(link.startswith("https://console.aws.amazon.com/") for link in links)
    assert f"{start}{queues}orders" in links
    assert all(c not in link for link in links for c in "<> {}`")


def test_copies_a_link_to_the_finding(opened, full):
    """
    The link opens the finding in the same file.
    """
    page = opened(full, "q=orders&group=region")
    page.locator("#row0").click()
    page.evaluate("navigator.clipboard.writeText = text => { window.copied = text; return Promise.resolve() }")
    page.get_by_role("button", name="Copy link").click()
    orders = next(finding for finding in full.findings if finding.resource.name == "orders")

    assert page.url.partition("#")[0] + "#finding=" + orders.fingerprint[:12] == page.evaluate("window.copied")


def saved(page, button):
    with page.expect_download() as download:
        page.click(button)
    return pathlib.Path(download.value.path()).read_bytes().decode()


def test_marks_the_view(opened, report):
    """
    However the findings are grouped, one of the two views is the current one.
    """
    page = opened(report, "group=region")
    marks = page.locator("nav a")
    assert ["true", "false"] == [mark.get_attribute("aria-current") for mark in marks.all()]
    page.select_option("#group", "requirement")

    assert ["false", "true"] == [mark.get_attribute("aria-current") for mark in marks.all()]


def test_exports_what_is_shown(opened, full):
    """
    CSV and JSON hold the filtered findings, whole; nothing in the CSV is a formula.
    """
    page = opened(full, "severity=high")
    plain = json.loads(saved(page, "#json"))
    lines = list(csv.DictReader(saved(page, "#csv").splitlines(keepends=True)))

    assert ["orders"] == [line["name"] for line in plain]
    assert "=cmd()" == plain[0]["fix"]
    assert [{**plain[0], "fix": "'=cmd()"}] == [
        {**line, "message": line["message"].replace("\r\n", "\n")} for line in lines
    ]


def test_exports_hostile_names(opened, make_report, make_finding, hostile_names):
    """
    Whatever a name is, a row of the CSV is one finding, and no cell begins like a formula.
    """
    findings = [make_finding(name, message=name, sub_key=str(n)) for n, name in enumerate(hostile_names)]
    lines = list(csv.reader(saved(opened(make_report(*findings)), "#csv").splitlines(keepends=True)))

    assert len(lines) == 1 + len(findings)
    assert not [cell for line in lines for cell in line if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]


def test_opens_packed_data(opened, make_report, make_finding):
    """
    A page whose data is compressed works as any other.
    """
    page = opened(make_report(make_finding(message="x" * 5_000_001), make_finding("ledger")))
    page.locator("#list .row").first.wait_for()
    page.fill("#q", "ledger")

    assert "1 failed finding of 1 check" == count(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize(
    ("fragment", "opens"),
    [("", None), ("also=pass+suppressed+fixed", "#row0"), ("group=requirement&status=", None), ("q=nowhere", None)],
)
def test_axe_finds_nothing(opened, full, refusal, width, scheme, fragment, opens):  # noqa: PLR0917 - fixtures
    """
    axe-core has no complaint, in either theme, with everything that there is to be seen.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(evolve(full, coverage=refusal), fragment, width=width, scheme=scheme, bypass_csp=True)
    page.click("summary")
    if opens:
        page.locator(opens).click()
    found = axe.Axe().run(
        page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    )

    assert [] == [(v["id"], [node["target"] for node in v["nodes"]]) for v in found.response["violations"]]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_keys(opened, full, scheme):
    """
    Nor in the list of keys.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = opened(full, scheme=scheme, bypass_csp=True)
    page.click("#keys")

    assert [] == [v["id"] for v in axe.Axe().run(page, context="#help").response["violations"]]

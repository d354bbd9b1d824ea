import pytest

from attrs import evolve

from awsaudit import Coverage, Hop, Status


def rows(page):
    """Return the text of the rows that can be seen."""
    return [" ".join(row.inner_text().split()) for row in page.locator("#list [role=row]").all()]


def count(page):
    return page.locator("#count").inner_text()


def test_lists_failures_by_check_worst_first(opened, report):
    """
    The list begins with the worst check; a check with one failure is a row of its own.
    """
    assert [
        "critical The good state of rds-public-access signer eu-west-1 1 resource",
        "high Queues are encrypted at rest sqs-encryption 2 regions 2 resources",
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
    tile = page.locator("[data-severity=critical]")
    tile.click()
    assert ("1 failed finding of 1 check", "true") == (count(page), tile.get_attribute("aria-pressed"))
    tile.click()

    assert ("3 failed findings of 2 checks", "false") == (count(page), tile.get_attribute("aria-pressed"))


@pytest.mark.parametrize(
    ("control", "value", "found"),
    [
        ("status", "unknown", "1 unknown finding of 1 check"),
        ("status", "", "5 findings of 2 checks"),
        ("service", "rds", "1 failed finding of 1 check"),
        ("region", "eu-central-1", "1 failed finding of 1 check"),
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
    assert f"#{control}={value}" in page.url


def test_shows_the_unknown_from_the_coverage_strip(opened, report):
    """
    What could not be judged is one click away.
    """
    page = opened(report)
    page.click(".coverage button")

    assert "1 unknown finding of 1 check" == count(page)


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
    page.keyboard.press("j")
    page.keyboard.press("ArrowRight")
    assert "true" == page.locator("#row1").get_attribute("aria-expanded")
    page.keyboard.press("ArrowDown")
    assert "row2" == page.locator("#list").get_attribute("aria-activedescendant")
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
    page.click("#done")
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
    page.get_by_text("Queues are encrypted at rest").click()
    steps = page.locator("#panel ol.path > li")

    assert [
        ["internet"],
        [ROLE, "Copy", "AWS::IAM::Role", "trust policy, statement 1 (GitHub)", "cannot be told"],
        [QUEUE, "Copy", "AWS::SQS::Queue", "queue policy, statement 2 (Send)", "breaks here"],
    ] == [[line for line in step.inner_text().splitlines() if line] for step in steps.all()]
    assert ["●", "?", "✕"] == [step.get_attribute("data-mark") for step in steps.all()]

    page.get_by_text("The good state of sqs-other").click()
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

    assert "Nothing failed, and everything was seen." == opened(clean).locator("#empty h2").inner_text()
    assert "there are no resources" in opened(nothing).locator("#empty h2").inner_text()
    page = opened(unseen)
    assert "not everything could" in page.locator("#empty h2").inner_text()
    page.click("#empty button")
    assert "1 unknown finding of 1 check" == count(page)
    page = opened(report, "q=nowhere")
    assert "No finding matches these filters." == page.locator("#empty h2").inner_text()
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
    page.click("#spread")
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
    page.click("#spread")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    assert 4 == len(rows(page))
    assert not page.locator("#bar").is_visible()


def test_names_every_account(opened, report, make_finding):
    """
    With several accounts the account is a filter and a grouping.
    """
    two = evolve(
        report,
        accounts=("111122223333", "444455556666"),
        findings=(*report.findings, make_finding(account="444455556666")),
    )
    page = opened(two, "group=account")

    assert "4 failed findings of 2 accounts" == count(page)
    assert page.locator("#account").is_visible()

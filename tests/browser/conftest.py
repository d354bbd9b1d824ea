"""Chromium with a report in it; the tests are skipped where there is no browser."""

import pathlib

import pytest


CHROMIUM = pathlib.Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def chromium():
    """Return a running Chromium."""
    if not CHROMIUM.exists():
        pytest.skip(f"there is no {CHROMIUM}")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def opened(chromium, tmp_path):
    """
    Return a function that opens a report; the page may neither complain nor ask for anything but itself.
    """
    contexts, complaints, requests = [], [], []

    def open_page(report, fragment="", *, width=1440, scheme="light", **more):
        path = tmp_path / f"report-{len(contexts)}.html"
        report.write(path, "html")
        context = chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **more)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: requests.append(request.url.partition("#")[0]))
        page.goto(f"{path.as_uri()}#{fragment}" if fragment else path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert [] == complaints
    assert {f"report-{number}.html" for number in range(len(contexts))} == {url.rpartition("/")[2] for url in requests}


@pytest.fixture
def report(make_report, make_finding):
    """Return failures of two checks, a pass and an unknown verdict."""
    from awsaudit import Severity, Status

    return make_report(
        make_finding(
            "orders", severity=Severity.HIGH, tags={"team": "web"}, expected="SSE-SQS or SSE-KMS", found="none"
        ),
        make_finding("ledger", severity=Severity.HIGH, region="eu-central-1"),
        make_finding("signer", check_id="rds-public-access", severity=Severity.CRITICAL),
        make_finding("beacon", Status.PASS),
        make_finding("rewards", Status.UNKNOWN, message="sqs:GetQueueAttributes was not answered (AccessDenied)"),
    )

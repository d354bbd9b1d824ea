# ruff: noqa: INP001 - a script, in no package
"""
Make the pictures of the report in this folder, from the example account.

Run it with ``python docs/images/make.py``; it needs the extras ``demo`` and ``dev``, and Chromium at /usr/bin/chromium.
"""

from __future__ import annotations

import tempfile

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import awsaudit

from awsaudit import demo


CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PICTURES = (("report.png", "light"), ("report-dark.png", "dark"))
HERE = Path(__file__).parent


def main() -> None:
    """Scan the example account, and take its report in both themes."""
    with demo.account() as company:
        report = awsaudit.run(session=company.session)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "report.html"
        report.write(page)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, scheme in PICTURES:
            take(browser, page, HERE / name, scheme)
        take_stages(browser, page, HERE / "stages.png")
        browser.close()


def take(browser: Browser, page: Path, picture: Path, scheme: str) -> None:
    """Take *page* with a finding of the first check open."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.locator("#row0").click()
    if tab.locator("#row0").get_attribute("aria-expanded"):
        tab.locator("#row1").click()
    tab.evaluate("scrollTo(0, 0)")
    tab.mouse.move(0, 0)
    tab.screenshot(path=picture)
    context.close()


def take_stages(browser: Browser, page: Path, picture: Path) -> None:
    """Take what *page* says of a pipeline that nobody approves."""
    context = browser.new_context(viewport={"width": 1440, "height": 760})
    tab = context.new_page()
    tab.goto(f"{page.as_uri()}#status=fail&q=codepipeline-manual-approval")
    tab.locator("#list .member, #list .leaf").first.click()
    tab.locator("#panel").screenshot(path=picture)
    context.close()


if __name__ == "__main__":
    main()

# ruff: noqa: INP001 - a script, in no package
"""
Make the pictures of the report in this folder, from the example account.

Run it with ``python docs/images/make.py``; it needs the extras ``demo`` and ``dev``, and Chromium at /usr/bin/chromium.
"""

from __future__ import annotations

import io
import tempfile

from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console
from rich.terminal_theme import SVG_EXPORT_THEME
from rich.text import Text

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
TERMINAL = ("secretsmanager-rotation-*", "sqs-*", "health-alert-delivered", "rds-public-*")
COLUMNS = 150
HERE = Path(__file__).parent


def main() -> None:
    """Scan the example account, and take its report in both themes."""
    with demo.account() as company:
        report = awsaudit.run(session=company.session)
        few = awsaudit.run(session=company.session, checks=TERMINAL, min_severity="high")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page = Path(folder) / "report.html"
        report.write(page)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for name, scheme in PICTURES:
            take(browser, page, HERE / name, scheme)
        take_stages(browser, page, HERE / "stages.png")
        take_terminal(browser, few, Path(folder) / "terminal.html", HERE / "terminal.png")
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


def take_terminal(browser: Browser, report: awsaudit.Report, page: Path, picture: Path) -> None:
    """Take what the command prints of *report* on a terminal of 150 columns."""
    printed = str(report.render("table", {"width": COLUMNS, "color": True}))
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    command = " ".join(["$ awsaudit demo --severity high", *(f"-c '{pattern}'" for pattern in TERMINAL)])
    console.print(Text.from_ansi(f"{command}\n{printed}"), soft_wrap=True)
    page.write_text(console.export_html(theme=SVG_EXPORT_THEME, inline_styles=True), encoding="utf-8")
    context = browser.new_context(viewport={"width": 1400, "height": 400}, device_scale_factor=1.5)
    tab = context.new_page()
    tab.goto(page.as_uri())
    style = "body{margin:0}pre{margin:0;padding:20px;width:max-content;line-height:1.35!important;font-size:13px}"
    tab.add_style_tag(content=style)
    tab.locator("pre").screenshot(path=picture)
    context.close()


if __name__ == "__main__":
    main()

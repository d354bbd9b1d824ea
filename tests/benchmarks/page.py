"""
Open reports of synthetic findings in Chromium: ``python -m tests.benchmarks.page [FINDINGS …]``.

Every finding has a resource, a message and a command of its own, three in ten of them passed; there are 250 checks of 25
services, in 20 accounts and 12 regions. Each figure is the least of five openings in a new browser context, since what else
runs on the machine only adds to it; of the searches of one opening it is the worst. A page is usable once its list is drawn.
Times are the browser's own, in milliseconds: from the beginning of the navigation, or from the key to the list laid out anew.
"""

from __future__ import annotations

import datetime
import re
import sys
import tempfile

from pathlib import Path

from playwright.sync_api import sync_playwright

from awsaudit import Coverage, Finding, Report, Severity, Status, Subject
from awsaudit.report import CheckInfo, sort_key
from tests.browser.conftest import CHROMIUM, FLAGS


OPENINGS = 5
BEGUN = datetime.datetime(2026, 11, 24, 13, 47, 17, tzinfo=datetime.UTC)
SERVICES = 25
CHECKS = 250
REGIONS = tuple(f"eu-{side}-{number}" for side in ("west", "central", "north", "south") for number in (1, 2, 3))
ACCOUNTS = tuple(f"{number:012}" for number in range(111122223333, 111122223353))
WORDS = ("worker-00777", "encrypted 00042", "arn:aws:sqs:eu-west-1", "team=web service", "nothing-has-this-in-it")

WATCH = """
window.tasks = [];
new PerformanceObserver(list => list.getEntries().forEach(task => tasks.push(task.duration))).observe({type: 'longtask'});
(function wait() {
  if (document.querySelector('#list .row')) window.usable = performance.now();
  else requestAnimationFrame(wait);
})();
"""
SEARCH = """words => new Promise(done => {
  const box = document.getElementById('q');
  const from = performance.now();
  box.value = words;
  box.dispatchEvent(new Event('input', { bubbles: true }));
  document.body.offsetHeight;
  done(performance.now() - from);
})"""


def finding(n):
    """Return the finding of a number."""
    service, region, account = f"service{n % SERVICES}", REGIONS[n % len(REGIONS)], ACCOUNTS[n % len(ACCOUNTS)]
    name = f"team-{n % 97}-worker-{n:05}"
    severity = Severity(n % CHECKS % 5)
    failed = n % 10 < 7
    return Finding(
        check_id=f"{service}-check-{n % CHECKS}",
        status=Status.FAIL if failed else Status.PASS,
        severity=severity,
        account=account,
        region=region,
        resource=Subject(
            f"arn:aws:sqs:{region}:{account}:{name}",
            f"AWS::Service{n % SERVICES}::Thing",
            name,
            {"team": ("web", "data", "platform")[n % 3], "cost-center": str(n % 40)},
        ),
        message=f"{name} is not encrypted at rest ({n % 7} of 7 settings are off)"
        if failed
        else "Things are encrypted",
        expected="a key of the account",
        found="none",
        fix=f"aws {service} update-thing --region {region} --name {name} --key alias/{account}-{n % 7}"
        if failed
        else None,
    )


def info(n):
    """Return what is said of the check of a number."""
    service = f"service{n % SERVICES}"
    return CheckInfo(
        id=f"{service}-check-{n}",
        title=f"The good state of thing {n} is what it should be",
        severity=Severity(n % 5),
        service=service,
        resource_type=f"AWS::Service{n % SERVICES}::Thing",
        rationale="What goes wrong, and for whom. " * 8,
        remediation="Turn it on. " * 6,
        url="https://docs.aws.amazon.com/",
        frameworks={"cis-5.0": (f"{n % 60}",)},
        equivalents=(),
    )


def report(size):
    """Return a report of so many findings."""
    checks = {check.id: check for check in map(info, range(CHECKS))}
    return Report(
        accounts=ACCOUNTS,
        partition="aws",
        regions=REGIONS,
        started=BEGUN,
        finished=BEGUN + datetime.timedelta(seconds=400),
        checks=checks,
        findings=tuple(sorted(map(finding, range(size)), key=sort_key)),
        coverage=Coverage({"AWS::SQS::Queue": size}),
    )


def opening(browser, page):
    """Return what one opening of *page* took."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    tab = context.new_page()
    tab.add_init_script(WATCH)
    tab.goto(page.as_uri())
    tab.locator("#list .row").first.wait_for(timeout=60_000)
    tab.wait_for_timeout(200)
    searches = [tab.evaluate(SEARCH, words) for words in WORDS]
    tab.fill("#q", "")
    tab.click("#spread")
    tab.wait_for_timeout(200)
    taken = {
        "usable": tab.evaluate("window.usable"),
        "loading": tab.evaluate("window.tasks.length ? Math.max(...window.tasks) : 0"),
        "first": searches[0],
        "search": max(searches),
        "nodes": tab.evaluate("document.querySelectorAll('*').length"),
    }
    context.close()
    return taken


def main(sizes):
    """Print the size of the page without data, and a table with one line a number of findings."""
    shell = re.sub(r'(?s)(id="data">).*?(</script>)', r"\1\2", report(0).render("html"))
    print(f"The page without data: {len(shell.encode()):,} bytes\n")
    print("| findings | page | usable | longest task | first search | worst search | nodes |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for size in sizes:
            page = Path(folder) / f"{size}.html"
            report(size).write(page)
            runs = [opening(browser, page) for _ in range(OPENINGS)]
            least = {name: min(run[name] for run in runs) for name in runs[0]}
            print(
                f"| {size:,} | {page.stat().st_size / 1e6:.2f} MB | {least['usable']:.0f} ms | {least['loading']:.0f} ms "
                f"| {least['first']:.0f} ms | {least['search']:.0f} ms | {max(run['nodes'] for run in runs):,} |"
            )
        browser.close()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])

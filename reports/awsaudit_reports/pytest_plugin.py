"""
Findings as cases of pytest: a fixture with the report, a marker that makes a case of each resource.

pytest imports this module in every session, so that awsaudit itself is imported only where a test asks for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

import pytest

from attrs import evolve, frozen


if TYPE_CHECKING:
    from awsaudit import Finding, Report


FIXTURE: Final = "awsaudit_case"
_MARKER: Final = "awsaudit"
_LISTS: Final = ("checks", "skip", "services", "regions", "frameworks")
_HELP: Final = (
    "awsaudit(checks=, skip=, services=, regions=, frameworks=, min_severity=): one case of the test for each resource"
)
_REPORT: Final = "--awsaudit-report"
_SNAPSHOT: Final = "--awsaudit-snapshot"
_PROFILE: Final = "--awsaudit-profile"


@frozen
class Case:
    """
    What the selected checks say of one resource.

    Args:
        arn: The resource.

        findings: The verdicts.
    """

    arn: str
    findings: tuple[Finding, ...]

    def verify(self) -> None:
        """
        Fail the test if a check failed or its verdict is unknown; skip it if no check applies.

        Accepted failures do not fail it.
        """
        __tracebackhide__ = True
        from awsaudit import Status  # noqa: PLC0415 - see above

        wrong = [f for f in self.findings if f.status in {Status.FAIL, Status.UNKNOWN} and f.suppression is None]
        if wrong:
            pytest.fail("\n".join(map(_told, wrong)), pytrace=False)
        if all(finding.status is Status.NOT_APPLICABLE for finding in self.findings):
            pytest.skip("; ".join(dict.fromkeys(finding.message for finding in self.findings)))


def _told(finding: Finding) -> str:
    fix = "".join(f"\n    {line}" for line in (finding.fix or "").splitlines())
    return f"{finding.check_id} {finding.status.value} ({finding.severity}): {finding.message}{fix}"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the flags that say what is looked at."""
    group = parser.getgroup("awsaudit", "audit of an AWS account")
    group.addoption(_REPORT, metavar="FILE", help="take the findings of this saved report; AWS is not asked")
    group.addoption(_SNAPSHOT, metavar="FILE", help="scan this snapshot; AWS is not asked")
    group.addoption(_PROFILE, metavar="NAME", help="scan the account of this profile of the AWS CLI")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", _HELP)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a case of each resource for tests that carry the marker and take the fixture."""
    marker = metafunc.definition.get_closest_marker(_MARKER)
    if FIXTURE not in metafunc.fixturenames:
        return
    if marker is None:
        raise pytest.UsageError(f"{metafunc.definition.nodeid} takes {FIXTURE} and has no @pytest.mark.{_MARKER}(…)")
    if marker.args:
        raise pytest.UsageError(f"@pytest.mark.{_MARKER} takes names: checks=…, services=…")
    report = _report(metafunc.config, marker.kwargs)
    cases: dict[str, list[Finding]] = {}
    for finding in report.findings:
        cases.setdefault(finding.resource.arn, []).append(finding)
    made = [Case(arn, tuple(cases[arn])) for arn in sorted(cases)]
    metafunc.parametrize(FIXTURE, made, ids=[case.arn for case in made])


@pytest.fixture(scope="session")
def awsaudit_report(request: pytest.FixtureRequest) -> Report:
    """The report of every check: the saved one, or that of a scan, which is made once a session."""
    return _report(request.config, {})


_KEPT: Final = pytest.StashKey[dict[tuple[Any, ...], Any]]()


def _report(config: pytest.Config, wanted: Mapping[str, Any]) -> Report:
    kept = config.stash.setdefault(_KEPT, {})
    selection = {
        name: (value,) if isinstance(value, str) and name in _LISTS else value for name, value in wanted.items()
    }
    key = tuple(sorted((name, value if isinstance(value, str) else tuple(value)) for name, value in selection.items()))
    if key not in kept:
        kept[key] = _made(config, selection)
    report: Report = kept[key]

    return report


def _made(config: pytest.Config, selection: Mapping[str, Any]) -> Report:
    import awsaudit  # noqa: PLC0415 - see above

    for name in selection:
        if name not in {*_LISTS, "min_severity"}:
            raise pytest.UsageError(f"@pytest.mark.{_MARKER} has no argument {name!r}; it is {_HELP}")
    saved, snapshot, profile = (config.getoption(name) for name in (_REPORT, _SNAPSHOT, _PROFILE))
    try:
        if saved:
            return _selected(awsaudit.load(saved), selection)
        if snapshot:
            return awsaudit.run(snapshot=snapshot, **selection)
        from awsaudit.session import open_session  # noqa: PLC0415 - boto3 is slow to import

        return awsaudit.run(session=open_session(profile), **selection)
    except awsaudit.AuditError as error:
        raise pytest.UsageError(f"awsaudit: {error}") from error


def _selected(report: Report, selection: Mapping[str, Any]) -> Report:
    """Return *report* with the findings that a scan with *selection* would have had."""
    from awsaudit import Selection, Severity  # noqa: PLC0415 - see above

    regions = set(selection.get("regions", ()))
    chosen = Selection(
        checks=tuple(selection.get("checks", ())),
        skip=tuple(selection.get("skip", ())),
        services=tuple(selection.get("services", ())),
        frameworks=tuple(selection.get("frameworks", ())),
        min_severity=Severity.parse(selection.get("min_severity", "info")),
    ).of(report.checks)
    ids = {check.id for check in chosen}
    findings = (f for f in report.findings if f.check_id in ids and (not regions or f.region in {*regions, "global"}))

    return evolve(report, findings=tuple(findings))

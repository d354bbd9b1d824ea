"""Rules that every installed check keeps. New checks are covered by being installed."""

import pathlib

import pytest

from awsaudit.plugins import load_checks, load_formats
from awsaudit.testing import faults


CHECKS = load_checks()
HERE = pathlib.Path(__file__).parent


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_check_keeps_the_rules(check):
    """
    Names agree, declared calls exist, placeholders are filled, refused evidence is unknown.
    """
    assert [] == list(faults(check))


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_check_has_its_test_file(check):
    """
    sqs-encryption is tested in tests/checks/sqs/test_encryption.py.
    """
    service, _, rest = check.id.partition("-")

    assert (HERE / "checks" / service / f"test_{rest.replace('-', '_')}.py").exists()


def test_formats_come_through_entry_points():
    """
    The shipped report formats are found like anybody's.
    """
    assert {
        "asff",
        "csv",
        "html",
        "json",
        "jsonl",
        "junit",
        "markdown",
        "ocsf",
        "remediation",
        "sarif",
        "table",
    } <= load_formats().keys()

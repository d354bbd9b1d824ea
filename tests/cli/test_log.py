import json

import pytest
import structlog

from awsaudit import log
from awsaudit.cli.log import as_json, configure
from awsaudit.config import Config


@pytest.fixture(autouse=True)
def _reset():
    yield
    structlog.reset_defaults()


def tell():
    log.debug("call.failed", service="sqs")
    log.info("call.refused", service="sqs", reason=None)
    log.warning("region.refused", region="eu-west-1\x1b[2J")
    log.error("check.crashed", check="a-b")


def test_the_library_is_silent(capsys):
    """
    Until an application configures structlog, events go nowhere.
    """
    tell()

    assert ("", "") == tuple(capsys.readouterr())


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"quiet": True}, ["check.crashed"]),
        ({}, ["region.refused", "check.crashed"]),
        ({"verbose": 1}, ["call.refused", "region.refused", "check.crashed"]),
        ({"verbose": 2}, ["call.failed", "call.refused", "region.refused", "check.crashed"]),
        ({"verbose": 9}, ["call.failed", "call.refused", "region.refused", "check.crashed"]),
    ],
)
def test_levels(capsys, config, expected):
    """
    Warnings show, -v shows steps, -vv every failure, -q only errors; all of it on standard error.
    """
    configure(Config(**config, log_format="json"))
    tell()
    out, err = capsys.readouterr()

    assert "" == out
    assert expected == [json.loads(line)["event"] for line in err.splitlines()]


def test_text(capsys):
    """
    A line is time, level, event and fields, and cannot command a terminal.
    """
    configure(Config(verbose=1, log_format="text"))
    tell()
    lines = capsys.readouterr().err.splitlines()

    assert [
        "info call.refused service=sqs",
        "warning region.refused region=eu-west-1\\x1b[2J",
        "error check.crashed check=a-b",
    ] == [line.split(" ", 1)[1] for line in lines]


@pytest.mark.parametrize(
    ("choice", "environ", "expected"),
    [
        ("auto", {}, False),
        ("json", {}, True),
        ("auto", {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, True),
        ("text", {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}, False),
        ("auto", {"AWS_LAMBDA_FUNCTION_NAME": "audit"}, True),
    ],
)
def test_form(choice, environ, expected):
    """
    Machines get JSON, people text.
    """
    assert expected == as_json(choice, environ)

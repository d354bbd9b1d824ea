"""The commands of docs/deploy.md, run in their order against a fake AWS, and what the page says of the event."""

import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

import moto.core.config
import pytest
import structlog

from moto.awslambda_simple.models import LambdaSimpleBackend
from moto.core import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.server import ThreadedMotoServer

from awsaudit import lambda_handler
from awsaudit.cli.command import run
from awsaudit.config import SETTINGS
from awsaudit.deploy.zip import build
from awsaudit.job import KEYS, NOTIFY


PAGE = pathlib.Path(__file__).parents[2] / "docs" / "deploy.md"
VARIABLES = {setting.name: setting.variable for setting in SETTINGS}


def commands():
    """
    Yield the commands of the page.
    """
    for block in re.findall(r"^```console\n(.*?)^```$", PAGE.read_text(), re.DOTALL | re.MULTILINE):
        yield from (line.removeprefix("$ ") for line in block.splitlines())


def rows():
    """
    Yield what the page is to say of each key.
    """
    for name, key in KEYS.items():
        variable = key.variable or VARIABLES.get(key.setting, "")
        yield f"| `{name}` | {f'`{variable}`' if variable else ''} | {key.help} |"
    for name, key in NOTIFY.items():
        yield f"| `notify.{name}` | `{key.variable}` | {key.help} |"


@pytest.fixture(name="shell")
def _shell(monkeypatch, tmp_path):
    """
    Runs a command as the page's reader would; the function runs in this process, in a region without much to scan.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    monkeypatch.setitem(moto.core.config.default_user_config, "lambda", {"use_docker": False})
    server.start()
    url = "http://{}:{}".format(*server.get_host_and_port())
    monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("PATH", f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}")
    build(tmp_path / "built.zip")

    def invoke(_, __, ___, ____, _____, ______):
        output = f"s3://{bucket()}/reports"
        event = {"output": output, "regions": ["us-east-1"], "checks": ["sqs-encryption"], "formats": ["json"]}
        return json.dumps(lambda_handler.handler(event, None)).encode()

    def bucket():
        listed = shell("aws s3api list-buckets --query Buckets[].Name --output text")
        return next(name for name in listed.split() if name.startswith("awsaudit-reports"))

    def shell(command):
        done = subprocess.run(["bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
        assert 0 == done.returncode, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    monkeypatch.setattr(LambdaSimpleBackend, "invoke", invoke)
    yield shell
    server.stop()
    structlog.reset_defaults()


@pytest.mark.filterwarnings("ignore:Tried to parse:UserWarning")
def test_commands_of_the_page(shell, tmp_path):
    """
    From nothing to a report: every command of the page runs, and the function answers where the report is.
    """
    for written in commands():
        command = written
        # The zip is built from this checkout already, and make would install it again.
        if command == "make lambda-zip":
            shell("mkdir -p build && mv built.zip build/awsaudit.zip")
        elif command.startswith("awsaudit "):
            assert 0 == run(shlex.split(command)[1:])
        else:
            # moto does not find a template in a bucket whose host is an address.
            shell(command.replace(" --s3-bucket example-code", ""))
    (report,) = json.loads((tmp_path / "build" / "result.json").read_text())["reports"]

    assert (ACCOUNT, True) == (report["scope"], report["complete"])
    assert {"lambda.yaml", "organization.yaml", "member-role.yaml", "main.tf", "awsaudit.cron"} <= {
        file.name for file in (tmp_path / "build").iterdir()
    }


def test_keys_on_the_page():
    """
    The page's table has every key of the event, its variable and what it does.
    """
    table = [
        line
        for line in PAGE.read_text().splitlines()
        if re.match(r"\| `(?!lambda|organization|member)\w[\w.]*` \| (`AWSAUDIT|  *\|)", line)
    ]

    assert list(rows()) == table

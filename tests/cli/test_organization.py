import json
import re
import shlex

from pathlib import Path

import boto3
import moto
import pytest

from moto.core import DEFAULT_ACCOUNT_ID as HUB

from awsaudit import load
from awsaudit.session import Entrance


PAGE = Path(__file__).parents[2] / "docs/organizations.md"
COMMANDS = re.findall(r"^\$ awsaudit (.+)$", PAGE.read_text(), re.MULTILINE)
SQS = ("--region", "eu-west-1", "-c", "sqs-encryption")


@pytest.fixture(name="blue")
def _blue(monkeypatch):
    """The id of an account of the caller's organization; both have a queue without encryption."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with moto.mock_aws():
        session = boto3.Session()
        client = session.client("organizations")
        client.create_organization(FeatureSet="ALL")
        made = client.create_account(AccountName="blue", Email="blue@example.com")["CreateAccountStatus"]["AccountId"]
        inside = Entrance(session).open(f"arn:aws:iam::{made}:role/awsaudit")
        for each, name in ((session, "hub"), (inside, "spoke")):
            each.client("sqs").create_queue(QueueName=name, Attributes={"SqsManagedSseEnabled": "false"})
        yield made


def test_scans_the_organization(cli, blue, home):
    """
    --org scans every account, the caller's among them, and writes one report.
    """
    done = cli("scan", "--org", *SQS, "-o", "r.json", "-o", "r.jsonl", "-f", "table", "-o", "-")
    report = load(home / "r.json")

    assert 0 == done.code
    assert ({HUB, blue}, "blue") == (set(report.accounts), report.account_names[blue])
    assert {"hub", "spoke"} == {finding.resource.name for finding in report.failed}
    assert report.findings == load(home / "r.jsonl").findings
    assert "ACCOUNT" in done.out
    assert "in 1 region of 2 accounts" in done.out


@pytest.mark.parametrize(
    "flags",
    [
        ("--accounts", "{blue}"),
        ("--accounts", "{blue}", "--org", "--org-role", "team/audit"),
        ("--role-arn", "arn:aws:iam::{blue}:role/audit"),
    ],
)
def test_scans_one_account_of_it(cli, blue, home, flags):
    """
    Accounts by id, within the organization or without, and one role are one account each.
    """
    done = cli("scan", *(flag.format(blue=blue) for flag in flags), *SQS, "-o", "r.json")

    assert 0 == done.code
    assert (blue,) == load(home / "r.json").accounts


def test_scans_several_roles(cli, blue, home):
    """
    Each role is an account.
    """
    roles = [f"arn:aws:iam::{id_}:role/audit" for id_ in (blue, "444455556666")]
    done = cli("scan", "--role-arn", roles[0], "--role-arn", roles[1], *SQS, "-o", "r.json")

    assert 0 == done.code
    assert tuple(sorted((blue, "444455556666"))) == load(home / "r.json").accounts


def test_the_plan_shows_how_accounts_are_entered(cli):
    """
    --dry-run lists the listing of accounts and AssumeRole, with what admits them.
    """
    calls = json.loads(cli("scan", "--org", *SQS, "--dry-run", "-f", "json").out)
    entering = {call["operation"]: (call["for"], call["actions"]) for call in calls}

    assert ("the organization", ["organizations:ListAccounts"]) == entering["ListAccounts"]
    assert ("each account", ["sts:AssumeRole"]) == entering["AssumeRole"]
    assert "in each account" in cli("scan", "--org", *SQS, "--dry-run").out
    assert "AssumeRole" not in cli("scan", *SQS, "--dry-run").out


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["scan", "--accounts", "123"], "error: --accounts: account ids of 12 digits are needed, not ('123',)\n"),
        (["scan", "--org", "--save-snapshot", "s.gz"], "error: --save-snapshot saves one account\n"),
        (["scan", "--org", "--snapshot", "s.gz"], "error: --org goes with a live account, not with --snapshot\n"),
        (
            ["scan", "--org", "--role-arn", "a", "--role-arn", "b"],
            "error: several --role-arn go with `awsaudit scan`, ",
        ),
        (
            ["who-can", "sqs:SendMessage", "*", "--role-arn", "a", "--role-arn", "b"],
            "error: several --role-arn go with ",
        ),
    ],
)
def test_mistakes_are_one_line(cli, blue, arguments, says):
    """
    Flags that do not go together are named; the exit code is 2.
    """
    done = cli(*arguments)

    assert 2 == done.code
    assert done.err.startswith(says)
    assert 1 == len(done.err.splitlines())


@pytest.mark.parametrize("setting", ["org = true", 'org-role = "x"', 'accounts = ["111122223333"]', 'role-arn = ["x"]'])
def test_a_strangers_file_enters_no_account(cli, home, setting):
    """
    A file that was found in the working directory may not choose accounts or roles.
    """
    (home / "awsaudit.toml").write_text(f"{setting}\n")
    done = cli("scan", *SQS)

    assert 2 == done.code
    assert f"awsaudit.toml in the working directory sets {setting.partition(' ')[0]};" in done.err


@pytest.mark.parametrize("command", COMMANDS)
def test_the_page_says_what_the_command_takes(cli, blue, home, command):
    """
    Every command on the page is one that there is, with the files that others of them write.
    """
    verb, *arguments = shlex.split(command)
    if verb == "merge":
        (home / "accounts.json").write_text("[]")
        for name in (argument for argument in arguments if re.fullmatch(r"(blue|green|one|two)\.json", argument)):
            cli("scan", *SQS, "-q", "-o", name)
    done = cli(verb, *arguments, *(("--dry-run", "-c", "sqs-encryption") if verb == "scan" else ()))

    assert 0 == done.code
    assert "error" not in done.err


def test_the_page_names_what_accounts_are_entered_by(cli):
    """
    The statements on the page are the calls that --dry-run shows.
    """
    (policy,) = [json.loads(block) for block in re.findall(r"```json\n(\{.+?\n\})\n```", PAGE.read_text(), re.DOTALL)][
        :1
    ]
    calls = json.loads(cli("scan", "--org", *SQS, "--dry-run", "-f", "json").out)
    entering = [
        action for call in calls if call["for"] in {"the organization", "each account"} for action in call["actions"]
    ]

    assert sorted(entering) == sorted(statement["Action"] for statement in policy["Statement"])


def test_the_page_works_in_python(blue, home, capsys):
    """
    The code on the page scans the organization and writes a report.
    """
    (code,) = re.findall(r"```python\n(.+?)```", PAGE.read_text(), re.DOTALL)
    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102 - it is ours

    assert {HUB, blue} == set(load(home / "report.json").accounts)
    assert blue in capsys.readouterr().out

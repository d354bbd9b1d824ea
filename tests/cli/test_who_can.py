import json
import re
import shutil

import boto3
import moto
import pytest

from awsaudit.cli.question import action_named, short
from tests.cli.asked import READ, build, fail, snapshot


@pytest.fixture(name="taken", scope="module")
def _taken(tmp_path_factory):
    """
    A snapshot, and the ARN of the secret in it.
    """
    path = tmp_path_factory.mktemp("asked") / "s.gz"
    return path, snapshot(path)


@pytest.fixture(name="secret")
def _secret(taken):
    """The ARN of the secret."""
    return taken[1]


@pytest.fixture(name="ask")
def _ask(cli, taken):
    """
    Ask about the account's snapshot.
    """
    return lambda *arguments: cli(*arguments, "--snapshot", str(taken[0]))


@pytest.fixture(name="refuse")
def _refuse(cli, taken, home):
    """
    Ask about the snapshot of an account where an operation is refused.
    """

    def refuse(service, operation):
        shutil.copy(taken[0], home / "refused.gz")
        fail(home / "refused.gz", service, operation)
        return lambda *arguments: cli(*arguments, "--snapshot", "refused.gz")

    return refuse


def test_the_table(ask):
    """
    Who can, whether that is certain, and by which path; administrators in one sentence.
    """
    done = ask("who-can", READ, "prod/db")

    assert (0, "") == (done.code, done.err)
    assert re.fullmatch(
        r"""Who can secretsmanager:GetSecretValue on secret:prod/db-\w+\?

WHO           ANSWER  HOW
role/reader   yes     itself
user/anna     yes     as role/reader
role/guarded  maybe   itself, hangs on aws:sourcevpce

So can 4 administrators \(role/admin-0, role/admin-1, role/admin-2, 1 more\) and the account's root user.
""",
        done.out,
    )


def test_explain_shows_the_statements(ask):
    """
    --explain has every hop with policy and statement, and names all administrators.
    """
    done = ask("who-can", READ, "prod/db", "--explain")

    assert (
        "    → role/reader: assumes it: the inline policy own of anna, statement 1; the trust policy of rea" in done.out
    )
    assert "    hangs on aws:sourcevpce (the inline policy own of guarded, statement 1)\n" in done.out
    assert "role/admin-3)" in done.out


def test_outsiders(ask):
    """
    Who gets in from outside is marked, with the statement of the resource's policy.
    """
    done = ask("who-can", READ, "prod/other")

    assert re.search(
        r"account 444455556666 \(outside\) +yes +by the resource policy of the secret prod/other, s", done.out
    )


def test_json_is_sorted_and_complete(ask):
    """
    Nothing is folded in JSON, and the same question has the same answer.
    """
    done = ask("who-can", READ, "prod/db", "-f", "json")
    answer = json.loads(done.out)

    assert done.out == ask("who-can", READ, "prod/db", "-f", "json").out
    assert {"who_can": READ, "type": "AWS::SecretsManager::Secret"}.items() <= answer["question"].items()
    assert (True, [], []) == (answer["complete"], answer["gaps"], answer["unread"])
    assert 4 == len({access["origin"] for access in answer["access"] if access["administrator"]})
    [anna] = [a for a in answer["access"] if a["origin"].endswith("user/anna")]
    assert ("allow", 1, False, 3) == (anna["verdict"], anna["roles"], anna["outside"], len(anna["path"]))
    order = [(a["outside"], a["roles"], a["origin"]) for a in answer["access"]]
    assert sorted(order) == order


@pytest.mark.parametrize("paths", ["none", "roles"])
def test_paths(ask, paths):
    """
    --through none leaves out who may only become somebody who can.
    """
    assert ("user/anna" in ask("who-can", READ, "prod/db", "--through", paths).out) is (paths == "roles")


def test_fits_the_terminal(ask, monkeypatch):
    """
    Lines are wrapped at the terminal's width.
    """
    monkeypatch.setenv("COLUMNS", "60")
    done = ask("who-can", READ, "prod/db", "--explain", "--color", "always")

    lines = re.sub("\x1b\\[[0-9;]*m", "", done.out).splitlines()
    assert not [line for line in lines if len(line) > 60 and not line.startswith(("Who", "So can"))]
    assert "\x1b[33mmaybe" in done.out


def test_names_and_arns_mean_the_same(ask, secret):
    """
    The name, the ARN and the ARN without its random end are one secret; an action is known in any case.
    """
    named = ask("who-can", READ, "prod/db").out

    assert named == ask("who-can", READ.lower(), secret).out == ask("who-can", READ, secret.rpartition("-")[0]).out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((READ, "prod/bd"), "there is no secret 'prod/bd'; did you mean prod/db?"),
        ((READ, "nothing-like-it"), "there is no secret 'nothing-like-it'"),
        (("secretsmanager:GetSecretVale", "x"), "did you mean secretsmanager:GetSecretValue?"),
        (("secretsmanger:GetSecretValue", "x"), "did you mean secretsmanager?"),
        (("GetSecretValue", "x"), "an action is written like secretsmanager:GetSecretValue"),
        (("secretsmanager:Get*", "x"), "a single action is needed"),
        (("sqs:SendMessageBatch", "x"), "did you mean sqs:SendMessage?"),
        (("sqs:SendMessage", "arn:aws:sns:eu-west-1:123456789012:x"), "is not done to resources of sns"),
        ((READ, "arn:aws:secretsmanager:eu-west-1:444455556666:secret:x"), "is in the account 444455556666"),
        ((READ, "arn:aws:secretsmanager:us-east-1:123456789012:secret:x"), "is in us-east-1; looked at is eu-west-1"),
    ],
)
def test_what_there_is_not(ask, arguments, message):
    """
    An action, a resource, an account or a region that is not there is an error that names the nearest.
    """
    done = ask("who-can", *arguments)

    assert (2, "") == (done.code, done.out)
    assert message in done.err


def test_an_action_that_may_be_one(ask):
    """
    Not every action of S3 is called as its operation: one that is not known is warned of, and asked.
    """
    assert "s3:GetObject" == action_named("s3:getobject")
    assert "sts:AssumeRole" == action_named("sts:assumerole")


def test_live(cli, monkeypatch):
    """
    A live account is asked only where the resource is; a snapshot that is saved answers other questions, too.
    """
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with moto.mock_aws():
        arn = build(boto3.Session())
        done = cli("who-can", READ, arn, "--through", "roles")
        assert 0 == done.code
        assert "user/anna     yes     as role/reader" in done.out
        cli("who-can", READ, arn, "--region", "eu-west-1", "--save-snapshot", "live.gz")
    assert "secret prod/db" in cli("reach", "reader", "--snapshot", "live.gz").out


def test_dry_run_names_the_calls(cli):
    """
    --dry-run lists what would be asked: no check runs, and no queue is looked at.
    """
    done = cli("who-can", READ, "prod/db", "--dry-run", "--through", "none")

    assert re.search(r"iam +GetAccountAuthorizationDetails +1 +once", done.out)
    assert not re.search(r"^(sqs|ec2 +DescribeInstances)", done.out, re.MULTILINE)
    assert re.search(r"\n\d services: \d+ calls", done.out)
    assert "organizations" in json.dumps(json.loads(cli("reach", "x", "--dry-run", "-f", "json").out))


def test_a_refused_call_is_said_with_its_repair(refuse):
    """
    What was refused is said below the table with the permission that would repair it; --strict ends with 3.
    """
    ask = refuse("lambda", "ListFunctions")
    done = ask("who-can", READ, "prod/db")

    assert 0 == done.code
    assert "Not seen, so that there may be more:\n  eu-west-1: lambda:ListFunctions was not answered" in done.out
    assert "grant lambda:ListFunctions\n" in done.out
    assert 3 == ask("who-can", READ, "prod/db", "--strict").code
    answer = json.loads(ask("who-can", READ, "prod/db", "-f", "json").out)
    assert (False, "grant lambda:ListFunctions") == (answer["complete"], answer["gaps"][0]["repair"])


def test_refused_roles_leave_no_answer(refuse):
    """
    Without the list of roles nobody can be named: that is an error, with the permission.
    """
    done = refuse("iam", "GetAccountAuthorizationDetails")("who-can", READ, "prod/db")

    assert (3, "") == (done.code, done.out)
    assert done.err.startswith("error: who can secretsmanager:GetSecretValue on prod/db cannot be told: iam:GetAcc")
    assert "grant iam:GetAccountAuthorizationDetails" in done.err


def test_refused_secrets_are_not_secrets_that_there_are_not(refuse):
    """
    Where secrets could not be listed, one of that name may be there.
    """
    done = refuse("secretsmanager", "ListSecrets")("who-can", READ, "prod/db")

    assert (3, "") == (done.code, done.out)
    assert "grant secretsmanager:ListSecrets" in done.err


def test_refused_control_policies_are_a_footnote(refuse):
    """
    They can only take away: one footnote says so of all answers.
    """
    done = refuse("organizations", "DescribeOrganization")("who-can", READ, "prod/db")

    assert re.search(r"^role/reader +yes\* +itself$", done.out, re.MULTILINE)
    assert "* unless a control policy of the organization forbids it" in done.out


def test_a_snapshot_of_something_else(cli, home):
    """
    Facts that a snapshot does not hold are missing, and are not "there is none".
    """
    with moto.mock_aws():
        cli("scan", "-c", "iam-root-*", "--region", "eu-west-1", "--save-snapshot", "iam.gz", "-o", "r.json")
    done = cli("who-can", READ, "prod/db", "--snapshot", "iam.gz")

    assert 3 == done.code
    assert "NotInSnapshot" in done.err


@pytest.mark.parametrize("flag", ["--profile", "--role-arn"])
def test_flags_that_do_not_go_together(cli, flag):
    """
    --snapshot and --demo choose an account, and so do these.
    """
    value = "arn:aws:iam::123456789012:role/x"
    for other in (("--snapshot", "s.gz"), ("--demo",)):
        done = cli("who-can", READ, "x", *other, flag, value)
        assert 2 == done.code
        assert flag in done.err
    assert "another account" in cli("who-can", READ, "x", "--demo", "--snapshot", "s.gz").err


def test_no_credentials(cli):
    """
    Without credentials it ends with 4.
    """
    assert 4 == cli("who-can", READ, "x", "--region", "eu-west-1").code


def test_a_region_that_is_left_out(cli):
    """
    A region that the flags leave out cannot hold the resource.
    """
    arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"

    assert "the resource is in eu-west-1" in cli("who-can", READ, arn, "--region", "us-east-1").err


def test_short_names():
    """
    What the whole account has in common is left out of ARNs.
    """
    assert "role/a/b" == short("arn:aws:iam::123456789012:role/a/b")
    assert "everybody" == short("everybody")

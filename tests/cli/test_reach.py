import json
import re

import pytest

from tests.cli.asked import snapshot


@pytest.fixture(name="taken", scope="module")
def _taken(tmp_path_factory):
    """
    A snapshot of an account.
    """
    path = tmp_path_factory.mktemp("asked") / "s.gz"
    snapshot(path)

    return path


@pytest.fixture(name="ask")
def _ask(cli, taken):
    """
    Ask about the account's snapshot.
    """
    return lambda *arguments: cli("reach", *arguments, "--snapshot", str(taken))


def test_the_table(ask):
    """
    What a principal may do, itself and as which role.
    """
    done = ask("anna")

    assert (0, "") == (done.code, done.err)
    assert re.fullmatch(
        r"""What can user/anna reach\?

RESOURCE +ANSWER  WHAT
secret prod/db-\w+  yes     GetSecretValue as role/reader
""",
        done.out,
    )


def test_resources_that_are_reached_alike_are_one_row(ask):
    """
    An administrator reaches all: what is reached alike is counted, and listed with --explain.
    """
    done, explained = ask("admin-0"), ask("admin-0", "--explain")

    assert "It is an administrator" in done.out
    assert re.search(r"^11 queues +yes +ReceiveMessage, SendMessage$", done.out, re.MULTILINE)
    assert re.search(r"^queue queue-7 +yes +ReceiveMessage, SendMessage$", explained.out, re.MULTILINE)


def test_json_is_never_folded(ask):
    """
    Each resource and action is there.
    """
    answer = json.loads(ask("admin-0", "-f", "json").out)

    assert 22 == sum(":sqs:" in access["resource"] for access in answer["access"])
    assert "arn:aws:iam::123456789012:role/admin-0" == answer["question"]["reach"]


@pytest.mark.parametrize(
    "name",
    ["anna", "user/anna", "arn:aws:iam::123456789012:user/anna"],
)
def test_names(ask, name):
    """
    A name, its kind and name, and the ARN mean the same.
    """
    assert ask("anna").out == ask(name).out


def test_a_session_is_told_by_its_role(ask):
    """
    The ARN of a session, as the AWS CLI prints it, stands for its role.
    """
    assert ask("reader").out == ask("arn:aws:sts::123456789012:assumed-role/reader/me").out


def test_nothing(ask):
    """
    Who reaches nothing is told so; by no path but one's own, too.
    """
    assert "\nNothing.\n" in ask("anna", "--through", "none").out


def test_who_there_is_not(ask):
    """
    The nearest is named.
    """
    done = ask("ana")

    assert (2, "error: there is no principal 'ana'; did you mean anna?\n") == (done.code, done.err)


def test_who_outside_may_become_a_role(ask):
    """
    The provider with the subject that may come in; the conditions with --explain. Of a user there is nothing to say.
    """
    done, explained = ask("ci"), ask("ci", "--explain")

    assert re.search(
        r"""^Outside the account may become it:

WHO +ANSWER  HOW
token.actions.githubusercontent.com repo:example/app:ref:refs/heads/main +yes +by a token
$""",
        done.out,
        re.MULTILINE,
    )
    assert "where StringEquals token.actions.githubusercontent.com:sub = repo:example/app" in explained.out
    assert "Nobody outside the account may become it." in ask("reader").out
    assert "utside the account" not in ask("anna").out
    assert "utside the account" not in ask("ci", "--through", "none").out


def test_who_outside_may_become_a_role_as_json(ask):
    """
    With the action, and the path.
    """
    [entrance] = json.loads(ask("ci", "-f", "json").out)["entrances"]

    assert ("identity provider", True, "allow") == (entrance["type"], entrance["outside"], entrance["verdict"])
    assert "sts:AssumeRoleWithWebIdentity" == entrance["action"]
    assert "arn:aws:iam::123456789012:role/ci" == entrance["path"][-1]["resource"]
    assert "entrances" not in json.loads(ask("anna", "-f", "json").out)

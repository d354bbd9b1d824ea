import json

import pytest


def test_says_what_why_and_how(cli):
    """
    The page of a check has its title, rationale, fix, type, permissions, frameworks and equivalents.
    """
    done = cli("explain", "sqs-encryption")

    assert 0 == done.code
    assert done.out.startswith("sqs-encryption  medium\nQueues are encrypted at rest\n\n  Message bodies")
    for expected in (
        "    aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes SqsManagedSseEnabled=true\n",
        "  https://docs.aws.amazon.com/AWSSimpleQueueService/",
        "Judges       AWS::SQS::Queue\n",
        "             sqs:ListQueues\n",
        "Frameworks   ",
        "Equivalents  prowler:sqs_queues_server_side_encryption_enabled\n",
    ):
        assert expected in done.out
    assert max(len(line) for line in done.out.splitlines() if "aws sqs" not in line and "http" not in line) <= 100


def test_knows_other_tools_ids(cli):
    """
    Another tool's id, with the tool's name or without, leads to ours.
    """
    by_tool = cli("explain", "prowler:sqs_queues_server_side_encryption_enabled").out

    assert (
        by_tool
        == cli("explain", "sqs_queues_server_side_encryption_enabled").out
        == cli("explain", "sqs-encryption").out
    )


def test_shows_options(cli, pack):
    """
    Options come with their defaults and types.
    """
    done = cli("explain", "own-options", "--checks-from", str(pack))

    assert (
        "Options      days = 90 (whole number)\n"
        "             ratio = 0.5 (number)\n"
        "             strict = false (true or false)\n"
        "             names = [] (list of texts)\n"
        '             tag = "" (text)\n'
    ) in done.out


def test_json(cli):
    """
    The same as JSON, with the permissions of the check's own plan.
    """
    (plain,) = json.loads(cli("explain", "sqs-encryption", "-f", "json").out)

    assert "medium" == plain["severity"]
    assert {"sqs:ListQueues", "sqs:GetQueueAttributes"} <= set(plain["permissions"])


@pytest.mark.parametrize(
    ("asked", "hint"),
    [("sqs-encrypted", "sqs-encryption"), ("sqs_queues_server_side", "sqs_queues_server_side_encryption_enabled")],
)
def test_suggests(cli, asked, hint):
    """
    An unknown check is an error that names the nearest, ours or another tool's.
    """
    done = cli("explain", asked)

    assert 2 == done.code
    assert f"error: there is no check {asked!r}; did you mean {hint}?\n" == done.err

import datetime

import pytest

from awsaudit import load
from awsaudit.suppression import FILE_NAME, read


ARN = "arn:aws:sqs:eu-west-1:111122223333:orders"
ADD = ("suppress", "add", "sqs-encryption", ARN, "--reason", 'Public "prices" only', "--expires")


@pytest.fixture(name="saved")
def _saved(home, make_report, make_finding):
    make_report(make_finding(sub_key="statement 1"), make_finding("ledger")).write(home / "r.json")
    return load(home / "r.json")


def days(number):
    return datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(number)


def test_adds_a_stanza(cli, home):
    """
    The file is made, and later stanzas are added below what is there.
    """
    assert 0 == cli(*ADD, "2999-12-31", "--owner", "ops").code
    (home / FILE_NAME).write_text("# Ours.\n" + (home / FILE_NAME).read_text())
    assert 0 == cli("suppress", "add", "kms-*", "*", "--reason", "x", "--expires", "30d", "--region", "eu-west-1").code
    first, second = read(home / FILE_NAME)

    assert (home / FILE_NAME).read_text().startswith("# Ours.\n[[suppress]]\n")
    assert ("sqs-encryption", ARN, 'Public "prices" only', "ops") == (
        first.check,
        first.resource,
        first.reason,
        first.owner,
    )
    assert (days(30), "eu-west-1") == (second.expires, second.region)


def test_adds_by_fingerprint(cli, home, saved):
    """
    A failure of a saved report is named by how its fingerprint begins; the stanza is exact.
    """
    finding = next(f for f in saved.failed if f.sub_key)
    done = cli("suppress", "add", finding.fingerprint[:9], "--from", "r.json", "--reason", "x", "--expires", "9d")
    (rule,) = read(home / FILE_NAME)

    assert 0 == done.code
    assert "covers 1 failure of r.json" in done.err
    assert (finding.check_id, ARN, "111122223333", "statement 1") == (rule.check, rule.resource, rule.account, rule.key)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((*ADD, "yesterday"), "a day such as 2027-03-31"),
        ((*ADD, "2020-01-01"), "2020-01-01 is over"),
        (("suppress", "add", "sqs-encription", ARN, "--reason", "x", "--expires", "9d"), "no check 'sqs-encription'"),
        (("suppress", "add", "sqs-encryption", "--reason", "x", "--expires", "9d"), "name the RESOURCE"),
        (("suppress", "add", "sqs-encryption", ARN, "--expires", "9d"), "--reason"),
        (("suppress", "add", "sqs-encryption", ARN, "--reason", " ", "--expires", "9d"), "say why"),
        (("suppress", "add", "sqs-encryption", ARN, "--reason", "x"), "--expires"),
        (("suppress", "add", "sqs", "--from", "r.json", "--reason", "x", "--expires", "9d"), "hexadecimal digits"),
        (
            ("suppress", "add", "0" * 9, "--from", "r.json", "--reason", "x", "--expires", "9d"),
            "no failures of the report",
        ),
        (("suppress", "prune"), "no file of suppressions"),
        (("suppress", "list", "--suppressions", "none.toml"), "no file of suppressions"),
    ],
)
def test_errors(cli, home, saved, arguments, told):
    """
    A mistake is told in a line, and no file is made.
    """
    done = cli(*arguments)

    assert (2, True) == (done.code, told in done.err)
    assert not (home / FILE_NAME).exists()


def test_adds_nothing_twice(cli, home):
    """
    A stanza about the same failure is refused, whatever its reason.
    """
    cli(*ADD, "30d")
    done = cli(*ADD, "60d")

    assert (2, True) == (done.code, "has a suppression of" in done.err)
    assert 1 == len(read(home / FILE_NAME))


def test_lists(cli, home):
    """
    Those that end first stand on top, with what there is to know of their end.
    """
    cli(*ADD, "400d", "--owner", "ops")
    cli("suppress", "add", "kms-*", "*", "--reason", "x", "--expires", "3d")
    text = (home / FILE_NAME).read_text()
    (home / FILE_NAME).write_text(text.replace(days(3).isoformat(), "2020-01-01") + text.replace("orders", "ledger"))
    rows = cli("suppress", "list").out.splitlines()

    assert ["ended", "soon", "sqs-encryption", "sqs-encryption"] == [row.split()[1] for row in rows[1:]]
    assert "ops" in rows[3]


def test_lists_nothing(cli, home):
    """
    Without a file, and with an empty one, it says so.
    """
    assert cli("suppress", "list").out.startswith("Nothing is suppressed")
    (home / FILE_NAME).touch()
    assert cli("suppress", "list").out.startswith("Nothing is suppressed")


def test_prunes(cli, home, saved):
    """
    What has ended goes; with a report what covers nothing goes, too, and --dry-run changes nothing.
    """
    cli(*ADD, "9d")
    cli("suppress", "add", "sqs-encryption", ARN.replace("orders", "gone"), "--reason", "x", "--expires", "9d")
    cli("suppress", "add", "sqs-encryption", ARN.replace("orders", "old"), "--reason", "x", "--expires", "8d")
    (home / FILE_NAME).write_text((home / FILE_NAME).read_text().replace(days(8).isoformat(), "2020-01-01"))

    assert "would take out" in cli("suppress", "prune", "--dry-run").out
    assert 3 == len(read(home / FILE_NAME))
    assert "old, which ended on 2020-01-01" in cli("suppress", "prune").out
    assert "gone, which covers no failure" in cli("suppress", "prune", "--from", "r.json").out
    assert [ARN] == [rule.resource for rule in read(home / FILE_NAME)]
    assert cli("suppress", "prune", "--from", "r.json").out.startswith("Nothing to take out")

import json

from awsaudit.plugins import load_checks


def test_lists_all_checks(cli):
    """
    Every installed check has a line: id, severity, title.
    """
    lines = cli("checks").out.splitlines()

    assert list(load_checks()) == [line.split()[0] for line in lines]
    assert any(line.split(None, 2)[1:] == ["medium", "Queues are encrypted at rest"] for line in lines)


def test_selects_as_a_scan_does(cli):
    """
    The flags intersect, and take lists with commas.
    """
    done = cli("checks", "-s", "sqs,rds", "-x", "rds-*", "--severity", "medium", "-f", "json")

    found = json.loads(done.out)
    assert {"sqs"} == {check["service"] for check in found}
    assert not {check["severity"] for check in found} & {"info", "low"}


def test_knows_other_tools_ids(cli):
    """
    -c takes the id of another tool's check.
    """
    done = cli("checks", "-c", "sqs_queues_server_side_encryption_enabled", "-f", "json")

    assert ["sqs-encryption"] == [check["id"] for check in json.loads(done.out)]


def test_fits_the_terminal(cli, monkeypatch):
    """
    Where the width is known, lines keep to it, and titles go on below themselves.
    """
    whole = cli("checks", "-s", "sqs").out
    monkeypatch.setenv("COLUMNS", "60")
    lines = cli("checks", "-s", "sqs").out.splitlines()

    assert max(map(len, lines)) <= 60
    assert " ".join(whole.split()) == " ".join(" ".join(lines).split())


def test_lists_checks_of_files(cli, pack):
    """
    --checks-from adds to the list.
    """
    assert "own-crash    low       It runs\n" == cli(
        "checks", "--checks-from", str(pack), "-c", "own-crash"
    ).out.replace("own-crash  ", "own-crash    ")


def test_nothing_left_is_an_error(cli):
    """
    A selection that leaves nothing is no empty list.
    """
    done = cli("checks", "-s", "sqs", "-c", "rds-*")

    assert 2 == done.code
    assert "error: no check is left of this selection; all conditions have to hold at once\n" == done.err

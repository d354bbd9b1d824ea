import json

import pytest

from awsaudit import Status


@pytest.fixture(name="saved")
def _saved(home, make_report, make_finding):
    """
    Two reports: one failure goes, one stays, one comes, one cannot be seen.
    """
    gone, stays, hidden = make_finding("gone"), make_finding("stays"), make_finding("hidden")
    make_report(gone, stays, hidden).write(home / "old.json")
    make_report(stays, make_finding("comes"), make_finding("hidden", Status.UNKNOWN)).write(home / "new.json")


def test_lists_what_changed(cli, saved):
    """
    New, fixed and unseen failures have a list each, the counts come last.
    """
    done = cli("diff", "old.json", "new.json")
    head, *_ = (line for line in done.out.splitlines() if line.startswith("New"))

    assert (0, "New") == (done.code, head)
    order = [done.out.index(word) for word in ("Not seen again", "hidden", "Fixed", "gone", "New\n", "comes", "1 new")]
    assert sorted(order) == order
    assert "1 new · 1 fixed · 1 not seen again · 1 unchanged" in done.out
    assert "stays" not in done.out


def test_renders_in_other_formats(cli, saved, home):
    """
    With a format or a file the newer report is written, compared.
    """
    printed = json.loads(cli("diff", "old.json", "new.json", "-f", "json").out)
    cli("diff", "old.json", "new.json", "-o", "diff.json")

    assert printed == json.loads((home / "diff.json").read_text())
    assert ["gone"] == [finding["resource"]["name"] for finding in printed["changes"]["fixed"]]


@pytest.mark.parametrize(("gate", "code"), [("new:medium", 1), ("new:high", 0)])
def test_gate(cli, saved, gate, code):
    """
    The gate for what is new holds.
    """
    assert code == cli("diff", "old.json", "new.json", "--fail-on", gate).code


def test_refuses_reports_of_different_accounts(cli, home, saved, make_report):
    """
    Two accounts have no changes.
    """
    make_report(accounts=("999999999999",)).write(home / "other.json")
    done = cli("diff", "other.json", "new.json")

    assert (2, True) == (done.code, "other.json is of 999999999999" in done.err)


def test_refuses_what_is_no_report(cli, home, saved):
    """
    A file that is missing is named.
    """
    assert "there is no report none.json" in cli("diff", "none.json", "new.json").err

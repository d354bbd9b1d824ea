from pathlib import Path

from awsaudit import docs
from awsaudit.framework import frameworks
from awsaudit.plugins import load_checks


ROOT = Path(__file__).parent.parent


def test_every_check_and_type_has_a_page():
    """
    Each installed check and each shipped resource type has its page.
    """
    pages = docs.pages()

    assert {Path(f"docs/checks/{id_}.md") for id_ in load_checks()} <= pages.keys()
    assert len(docs.kinds()) == sum(path.parent.name == "resources" for path in pages) - 1


def test_says_which_pages_are_out_of_date(tmp_path, monkeypatch):
    """
    --check names pages that are missing, changed, or no longer generated; a fresh tree has none.
    """
    monkeypatch.chdir(tmp_path)
    assert 1 == docs.main(["--check"])

    assert 0 == docs.main([])
    assert 0 == docs.main(["--check"])
    (tmp_path / "docs/checks/gone.md").write_text("old")

    assert ["docs/checks/gone.md (no longer generated)"] == list(docs.stale(tmp_path))


def test_frameworks_name_installed_checks_only():
    """
    Each check that a framework names is installed.
    """
    named = {check for framework in frameworks().values() for check in framework.checks}

    assert set() == named - load_checks().keys()

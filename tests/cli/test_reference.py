import pathlib

from awsaudit.cli.command import VERBS
from awsaudit.cli.reference import reference
from awsaudit.config import SETTINGS


def test_the_committed_page_is_this_one():
    """
    docs/cli.md says what the command says.
    """
    page = pathlib.Path(__file__).parents[2] / "docs/cli.md"

    assert reference() == page.read_text(encoding="utf-8")


def test_names_every_verb_setting_and_exit_code():
    """
    The page misses nothing that the command has.
    """
    page = reference()

    for name in VERBS:
        assert f"## awsaudit {name}" in page
    for setting in SETTINGS:
        assert f"`--{setting.name}`" in page
        assert setting.variable in page
    for code in (0, 1, 2, 3, 4, 130):
        assert f"- `{code}`: " in page

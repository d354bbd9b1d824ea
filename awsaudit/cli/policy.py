"""
``awsaudit policy``.
"""

from __future__ import annotations

import click

from awsaudit.cli.command import verb
from awsaudit.cli.terminal import out
from awsaudit.config import SELECT, Config
from awsaudit.plan import plan
from awsaudit.plugins import load_checks
from awsaudit.policy import FORMS


@verb(
    click.Option(
        ["--form"], type=click.Choice(tuple(FORMS)), default="json", show_default=True, help="How to write it."
    ),
    sections=(SELECT,),
    without=("tag", "resource"),
)
def policy(config: Config, form: str) -> None:
    """
    Print the least IAM policy that the selected checks need.

    It admits the calls that a scan with the same flags makes, and nothing else.
    """
    out(FORMS[form](plan(config.selection.of(load_checks(config.checks_from)))) + "\n")

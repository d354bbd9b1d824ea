"""
``awsaudit completion``.
"""

from __future__ import annotations

from typing import Final

import click

from click.shell_completion import get_completion_class

from awsaudit.cli.command import awsaudit, verb
from awsaudit.cli.terminal import out
from awsaudit.config import Config
from awsaudit.errors import ConfigError


_SHELLS: Final = ("bash", "zsh", "fish")


@verb(click.Argument(["shell"], type=click.Choice(_SHELLS)))
def completion(config: Config, shell: str) -> None:
    r"""
    Print the script that completes commands, flags, checks, services and regions in SHELL.

    \b
    bash  awsaudit completion bash > ~/.local/share/bash-completion/completions/awsaudit
    zsh   awsaudit completion zsh > "${fpath[1]}/_awsaudit"
    fish  awsaudit completion fish > ~/.config/fish/completions/awsaudit.fish
    """
    del config
    of_shell = get_completion_class(shell)
    if of_shell is None:
        raise ConfigError(f"there is no completion for {shell}")
    out(of_shell(awsaudit, {}, "awsaudit", "_AWSAUDIT_COMPLETE").source())

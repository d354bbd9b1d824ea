"""
How to put a problem right, in words and as a command with the user's own identifiers.
"""

from __future__ import annotations

import json
import re
import shlex

from collections.abc import Callable, Mapping

from attrs import field, frozen

from awsaudit.errors import DeclarationError


_PLACEHOLDER = re.compile(r"(?<!\$)\{([a-z][a-z0-9_]*)\}")
# Invisible and direction-changing characters could make a command read other than it runs.
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def _is_aws_page(_: object, __: object, value: str) -> None:
    if not value.startswith("https://docs.aws.amazon.com/"):
        raise DeclarationError(f"not an AWS documentation page: {value}")


@frozen
class Remediation:
    """
    How to put a problem right.

    Args:
        text: What to do, in one to three sentences.

        cli: A shell command. ``{fact}`` is replaced by the resource's fact, or the problem's own value, shell-quoted;
            None where no command does it.

        url: AWS's own page.

        terraform: The same in Terraform, with the same placeholders as HCL strings; None where there is no such form.
    """

    text: str
    cli: str | None = field(kw_only=True)
    url: str = field(kw_only=True, validator=_is_aws_page)
    terraform: str | None = field(default=None, kw_only=True)


def placeholders_in(text: str) -> tuple[str, ...]:
    """Return the names of the placeholders in *text*."""
    return tuple(_PLACEHOLDER.findall(text))


def placeholders(remediation: Remediation) -> tuple[str, ...]:
    """Return the names that *remediation*'s command and Terraform form are filled with."""
    texts = (remediation.cli or "", remediation.terraform or "")
    return tuple(dict.fromkeys(name for text in texts for name in placeholders_in(text)))


def filled(command: str | None, values: Mapping[str, str]) -> str | None:
    """
    Return *command* with its placeholders replaced by shell-quoted *values*.

    None where a value is not known, or would not show on a terminal as what it is: a command with a hole in it, or one
    that reads other than it runs, is worse than none.
    """
    return _fill(command, values, shlex.quote)


def fill_terraform(form: str | None, values: Mapping[str, str]) -> str | None:
    """Return the Terraform *form* with its placeholders replaced by HCL strings; None where a value is not known."""
    return _fill(form, values, _hcl)


def _hcl(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")


def _fill(template: str | None, values: Mapping[str, str], quote: Callable[[str], str]) -> str | None:
    if template is None:
        return None
    try:
        parts = {name: values[name] for name in _PLACEHOLDER.findall(template)}
    except KeyError:
        return None
    if any(_UNPRINTABLE.search(part) for part in parts.values()):
        return None

    return _PLACEHOLDER.sub(lambda match: quote(parts[match[1]]), template)

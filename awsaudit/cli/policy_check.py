"""
``awsaudit policy-check``.
"""

from __future__ import annotations

import json
import re
import sys

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from attrs import frozen

from awsaudit.cli.command import verb
from awsaudit.cli.gate import DONE, TRIPPED, USAGE
from awsaudit.cli.question import FORMAT
from awsaudit.cli.terminal import colored, columns, hanging, out, plain
from awsaudit.config import Config
from awsaudit.errors import ConfigError, PolicyError


if TYPE_CHECKING:
    from awsaudit.access import Exposure, Opening, Policy, PolicyKind, TrustZone
    from awsaudit.access.grammar import Remark


_KINDS: Final = ("identity", "boundary", "session", "scp", "rcp", "resource", "key", "trust", "endpoint")
_OPEN: Final = ("cross-account", "public")
_COLORS: Final = {"public": "red", "cross-account": "yellow", "contained": "green"}

EPILOG: Final = """\b
Exit codes:
  0    done
  1    the policy is as open as --fail-on says, or more
  2    a flag is wrong, the file cannot be read, or AWS would refuse the policy"""


@verb(
    click.Argument(["file"]),
    click.Option(["--kind"], type=click.Choice(_KINDS), metavar="KIND", help=f"What it is: {', '.join(_KINDS)}."),
    click.Option(["--owner"], metavar="ACCOUNT", help="Account of what it hangs on; unset: told by --resource."),
    click.Option(["--resource"], metavar="ARN", help="What it hangs on; unset: whatever it names."),
    click.Option(["--trusted"], metavar="WHO", multiple=True, help="Account, organization or network that is trusted."),
    click.Option(
        ["--fail-on"], type=click.Choice(_OPEN), metavar="LEVEL", help="Exit with 1 for cross-account, or public."
    ),
    FORMAT,
    epilog=EPILOG,
)
def policy_check(  # noqa: PLR0913 - the verb's own flags
    config: Config,
    *,
    file: str,
    kind: str | None,
    owner: str | None,
    resource: str | None,
    trusted: tuple[str, ...],
    fail_on: str | None,
    form: str,
) -> int:
    """
    Say whom the policy in FILE lets in, what AWS would refuse of it, and what is odd about it.

    FILE is JSON, also as the AWS CLI prints it; - is standard input. Nothing is asked of AWS. A policy that lets somebody in
    from outside is shown with a request that it allows. Whom [trust] of the configuration names counts as trusted.
    """
    from awsaudit.access import PolicyKind, parse_policy  # noqa: PLC0415 - slow to import
    from awsaudit.access.lint import document_of, kind_of, remarks  # noqa: PLC0415 - the same

    try:
        document = document_of(_read(file))
    except PolicyError as error:
        raise ConfigError(f"{file}: {error}") from None
    said = PolicyKind[kind.upper()] if kind else kind_of(document)
    found = tuple(remarks(document, said))
    account, zone = _owner(owner, resource), _zone(config, trusted)
    policy = None if any(remark.wrong for remark in found) else parse_policy(document, said, f"the {said.value}")
    opened = _opened(policy, account, resource, zone) if policy else None
    verdict = _Verdict(file, said, account, found, policy, opened)
    if form == "json":
        out(json.dumps(verdict.to_json(), indent=2) + "\n")
    else:
        out("\n".join(_lines(verdict, config)) + "\n")
    if any(remark.wrong for remark in found):
        return USAGE

    return TRIPPED if fail_on and verdict.level in _OPEN[_OPEN.index(fail_on) :] else DONE


@frozen
class _Verdict:
    """
    What there is to say of a policy.

    Args:
        file: Where it was read.

        kind: What it is.

        owner: The account of what it hangs on; empty where nobody said.

        remarks: What is wrong or odd about it.

        policy: The policy; None where AWS would refuse it.

        opened: Whom it lets in; None where that is not for it to say.
    """

    file: str
    kind: PolicyKind
    owner: str
    remarks: tuple[Remark, ...]
    policy: Policy | None
    opened: Exposure | None

    @property
    def tokens(self) -> tuple[tuple[str, str], ...]:
        """The statements that take tokens from outside, with the provider."""
        from awsaudit.access.policy import Form  # noqa: PLC0415 - slow to import

        if self.policy is None or self.kind.value != "trust policy":
            return ()
        return tuple(
            (statement.label, entry.text)
            for statement in self.policy.statements
            for entry in statement.principals or ()
            if statement.allow and entry.form is Form.FEDERATED
        )

    @property
    def level(self) -> str:
        """How far outsiders get in; empty where it cannot be told, or is not for such a policy to say."""
        if self.opened is None or self.opened.undecided:
            return ""
        level = str(self.opened.level)

        return "cross-account" if level == "contained" and self.tokens else level

    def to_json(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "schema_version": 1,
            "file": self.file,
            "kind": self.kind.name.lower(),
            "owner": self.owner or None,
            "level": self.level or None,
            "undecided": self.opened.undecided if self.opened else "",
            "openings": [_plain(opening) for opening in self.opened.openings] if self.opened else [],
            "tokens": [{"statement": label, "provider": provider} for label, provider in self.tokens],
            "remarks": [{"where": r.where, "text": r.text, "mend": r.mend, "wrong": r.wrong} for r in self.remarks],
        }


def _plain(opening: Opening) -> dict[str, Any]:
    request = opening.witness
    return {
        "level": str(opening.level),
        "who": opening.who,
        "trusted": opening.known,
        "statement": opening.statement.label,
        "actions": list(opening.actions),
        "through_service": opening.service,
        "depends_on": [str(doubt) for doubt in opening.depends_on],
        "witness": {
            "principal": request.principal.arn,
            "action": request.action,
            "resource": request.resource,
            "context": dict(sorted(request.context.known.items())),
        },
    }


def _read(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).expanduser().read_bytes()
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ConfigError(f"cannot read {file}: it is no text in UTF-8") from None
    except OSError as error:
        raise ConfigError(f"cannot read {file}: {error.strerror}") from error


def _owner(owner: str | None, resource: str | None) -> str:
    if owner is not None and not re.fullmatch(r"[0-9]{12}", owner):
        raise ConfigError(f"--owner is an account id of 12 digits, not {owner!r}")
    if resource is not None and (not resource.startswith("arn:") or resource.count(":") < 5):  # noqa: PLR2004 - six parts
        raise ConfigError(f"--resource is an ARN, not {resource!r}")

    return owner or (resource.split(":")[4] if resource else "")


def _zone(config: Config, trusted: Sequence[str]) -> TrustZone:
    from awsaudit.access import TrustZone  # noqa: PLC0415 - slow to import

    accounts, organizations = set(config.trust.accounts), set(config.trust.organizations)
    networks = list(config.trust.networks)
    for who in (item for each in trusted for item in each.split(",")):
        if re.fullmatch(r"[0-9]{12}", who):
            accounts.add(who)
        elif re.fullmatch(r"o-[a-z0-9]{10,32}", who):
            organizations.add(who)
        else:
            networks.append(_network(who))

    return TrustZone(frozenset({*accounts, *config.trust.vendors}), frozenset(organizations), tuple(networks))


def _network(text: str) -> str:
    import ipaddress  # noqa: PLC0415 - few name networks

    try:
        return str(ipaddress.ip_network(text))
    except ValueError:
        message = (
            f"--trusted is an account id, an organization's (o-…) or a network such as 203.0.113.0/24, not {text!r}"
        )
        raise ConfigError(message) from None


def _opened(policy: Policy, owner: str, resource: str | None, zone: TrustZone) -> Exposure | None:
    from awsaudit.access import PolicyKind, exposure  # noqa: PLC0415 - slow to import

    if policy.kind not in {PolicyKind.RESOURCE, PolicyKind.KEY, PolicyKind.TRUST}:
        return None
    if policy.kind is PolicyKind.TRUST:
        return exposure(policy, owner=owner, trusted=zone, resource=resource, actions=_ASSUMING)

    return exposure(policy, owner=owner, trusted=zone, resource=resource)


_ASSUMING: Final = ("sts:AssumeRole",)


def _lines(verdict: _Verdict, config: Config) -> Iterator[str]:
    count = len(verdict.policy.statements) if verdict.policy else 0
    of = f" of the account {verdict.owner}" if verdict.owner else ""
    statements = f", {count} statement{'s' if count != 1 else ''}" if verdict.policy else ""
    yield plain(f"{verdict.file}: a {verdict.kind.value}{of}{statements}")
    if verdict.opened is not None:
        yield ""
        yield from _lines_of(verdict, verdict.opened, config)
    for title, wrong in (("AWS would refuse it:", True), ("It is taken, and odd:", False)):
        found = [remark for remark in verdict.remarks if remark.wrong is wrong]
        if found:
            yield ""
            yield title
            yield from (_line(_said(remark)) for remark in found)
    if not verdict.remarks:
        yield ""
        yield "Nothing is wrong or odd about it."


def _lines_of(verdict: _Verdict, opened: Exposure, config: Config) -> Iterator[str]:
    level = verdict.level or "cannot be told"
    styled = click.style(level, fg=_COLORS.get(level), bold=True) if colored(sys.stdout, config.color) else level
    yield f"{styled}{f': {plain(opened.undecided)}' if opened.undecided else ''}"
    for opening in opened.openings:
        trusted = {True: ", trusted", None: ", of which it is not known whether it is trusted"}.get(opening.known, "")
        through = f" by way of {opening.service}" if opening.service else ""
        yield _line(f"{opening.statement.label} lets in {opening.who}{through}{trusted}: {', '.join(opening.actions)}")
        yield _line(f"for example {opening.example}", 4)
        for doubt in opening.depends_on:
            yield _line(f"hangs on {doubt}", 4)
    for label, provider in verdict.tokens:
        yield _line(f"{label} takes tokens of {provider}")
    if not verdict.owner and opened.openings:
        yield _line("whose it is was not said (--owner): every account that it names counts as outside")


def _line(text: str, indent: int = 2) -> str:
    return f"{' ' * indent}{hanging(plain(text), indent + 2, columns(sys.stdout))}"


def _said(remark: Remark) -> str:
    return f"{remark.where}: {remark.text}" + (f"; {remark.mend}" if remark.mend else "")

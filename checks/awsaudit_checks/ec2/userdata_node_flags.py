from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.node.command import Command
from awsaudit.reachability import Reach, sources, way_to_interface
from awsaudit.resources.ec2 import Instance
from awsaudit.resources.launch_template import LaunchTemplate, LaunchTemplateVersion
from awsaudit.user_data import UserData
from awsaudit_checks.ec2.boot import read
from awsaudit_checks.ec2.facing import FACING, groups_on, interfaces_on
from awsaudit_checks.ec2.host import refuse_managed
from awsaudit_checks.ec2.template import (
    HOSTS,
    LAUNCHERS,
    VERSION,
    found_in,
    hosts_of,
    refuse_managed_template,
    told,
)
from awsaudit_checks.ec2.userdata_secrets import refuse_template
from awsaudit_checks.iam.certain import certain
from awsaudit_checks.node_flag import Opening, openings, unseen


_Reaches = Callable[[int], str]
_UNTOLD: Final = "; whether the internet gets there could not be told"


@check(
    "ec2-userdata-node-flags",
    title="Node start flags do not expose RPC",
    severity=Severity.MEDIUM,
    uses=(*FACING, *LAUNCHERS, *HOSTS, *VERSION, LaunchTemplateVersion.user_data),
    remediation=Remediation(
        text="Bind to 127.0.0.1, or to the private address that the clients of the interface use; name the hosts and modules "
        "that they need; give the Engine API its secret and the key manager its token. Then start the client again, or "
        "replace the hosts.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html",
    ),
)
def userdata_node_flags(starter: Instance | LaunchTemplate, account: Inventory) -> Iterator[Problem]:
    """
    Flags of geth, nethermind, besu, erigon, reth, lighthouse, prysm, teku, nimbus, lodestar and web3signer decide who reaches
    a node once a security group slips. An interface bound on all addresses fails, high where the internet gets to it; a
    container's counts if its port is published. Modules such as admin and debug are high, or low on loopback; an Engine API
    without its secret is critical, a key manager without token or TLS high; any host name or web page low. Of templates the
    default version and those in use are judged. Flags out of files that the user data does not write are unknown.
    """
    if isinstance(starter, Instance):
        yield from _of_host(starter, account)
    else:
        yield from _of_template(starter, account)


def _of_host(instance: Instance, account: Inventory) -> Iterator[Problem]:
    refuse_managed(instance)
    refuse_template(instance, account)
    data = read(instance.user_data)
    _require_client(data)
    opened = _opened(data.commands)
    for opening in opened:
        yield _problem(opening, "", partial(_reach, [instance], account))
    if not opened:
        _require_seen(data)


def _of_template(template: LaunchTemplate, account: Inventory) -> Iterator[Problem]:
    refuse_managed_template(template)
    found = found_in(template, account, _wrong, hosts=True)
    for opening in dict.fromkeys(opening for _, _, opened in found for opening in opened):
        where = [each for each in found if opening in each[2]]
        hosts = (host for version, _, _ in where for host in hosts_of(version, account))
        yield _problem(opening, f"in {told(where)} ", partial(_reach, hosts, account))
    if not found and not certain(account.children(template, LaunchTemplateVersion), _commands):
        raise NotApplicable("none of its versions starts a client of a chain")


def _commands(version: LaunchTemplateVersion) -> tuple[Command, ...] | None:
    data = version.user_data
    return data.commands or None if data else None


def _starting(version: LaunchTemplateVersion) -> UserData | None:
    data = version.user_data
    if data and not data.commands and not data.readable:
        raise Undecided(f"a part of the user data of version {version.number} is packed in a way that cannot be read")

    return data if data and data.commands else None


def _wrong(version: LaunchTemplateVersion) -> tuple[Opening, ...] | None:
    data = _starting(version)
    opened = _opened(data.commands) if data else ()
    if data and not opened:
        _require_seen(data)

    return opened or None


def _require_client(data: UserData) -> None:
    if not data.commands and not data.readable:
        raise Undecided("a part of its user data is packed in a way that cannot be read")
    if not data.commands:
        raise NotApplicable("its user data starts no client of a chain")


def _require_seen(data: UserData) -> None:
    hidden = next((words for command in data.commands if (words := unseen(command))), None)
    if hidden:
        raise Undecided(f"what its user data tells is in order, but {hidden}")
    if not data.readable:
        raise Undecided("a part of its user data is packed in a way that cannot be read")


def _opened(commands: Iterable[Command]) -> tuple[Opening, ...]:
    return tuple(dict.fromkeys(opening for command in commands for opening in openings(command)))


def _problem(opening: Opening, where: str, reaches: _Reaches) -> Problem:
    way = reaches(opening.port) if opening.port is not None else ""
    reached = way not in {"", _UNTOLD}

    return Problem(
        f"{where}{opening.words}{way}",
        expected=opening.better,
        found=opening.words,
        sub_key=opening.key,
        severity=max(opening.severity, Severity.HIGH) if reached else opening.severity,
    )


def _reach(hosts: Iterable[Instance], account: Inventory, port: int) -> str:
    """Return how the internet gets to *port* of one of *hosts*, as a phrase; empty if it does not."""

    def ways() -> str:
        found = certain(
            (host for host in hosts if host.state == "running"), lambda host: _way(host, port, account), most=1
        )
        return f"; the internet gets to it, as {found[0]}" if found else ""

    return certain((ways, _untold), _asked, most=1)[0]


def _untold() -> str:
    return _UNTOLD


def _asked(ask: Callable[[], str]) -> str:
    return ask()


def _way(host: Instance, port: int, account: Inventory) -> str | None:
    tries = (
        (interface, group, source)
        for interface in interfaces_on(host, account)
        for group in groups_on(interface, account)
        for _, source in sources(group, (port,), account)
    )
    found = certain(
        tries,
        lambda each: (
            way.words
            if (way := way_to_interface(each[0], port, each[2], each[1], account)).reach is Reach.PUBLIC
            else None
        ),
        most=1,
    )

    return f"{host.id} {found[0]}" if found else None

from collections.abc import Iterator

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import sources, way_through
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import (
    USES,
    Opened,
    by_reach,
    closing,
    furthest,
    is_everything,
    problem,
    refuse_allowed,
)


# Any port tells of a rule for all of them.
_PORT = 65_535


@check(
    "ec2-sg-all-ports-open",
    title="No group opens all ports to the internet",
    severity=Severity.CRITICAL,
    equivalents=("prowler:ec2_securitygroup_allow_ingress_from_internet_to_all_ports",),
    uses=USES,
    remediation=closing("Revoke the rule, and open the ports that are served, to those who are to be served."),
)
def sg_all_ports_open(group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    A rule for every port opens what runs today and whatever is started tomorrow. Critical where somebody on the internet
    reaches an interface, low where nothing leads to it yet, a remark on groups without an interface. The checks of
    single ports leave such a rule to this one. Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = [
        Opened(_PORT, protocol, source, way_through(group, _PORT, source, account, protocol=protocol))
        for protocol in ("tcp", "udp")
        for _, source in sources(group, (_PORT,), account, protocol)
        if is_everything(source.entry)
    ]
    yield from problem(group, furthest(found), by_reach(Severity.CRITICAL), {}, what="every port")

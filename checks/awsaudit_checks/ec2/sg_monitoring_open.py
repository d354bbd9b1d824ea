from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, Opened, closing, graded, lower, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


PORTS: Final = {
    3000: "Grafana",
    9090: "Prometheus",
    9091: "Pushgateway",
    9093: "Alertmanager",
    9100: "node exporter",
    3100: "Loki",
}
# Other software uses these, too.
_GENERIC: Final = frozenset({3000, 9090})
_EXPECTED: Final = frozenset({NodeRole.MONITORING, NodeRole.CONSENSUS, NodeRole.EXECUTION, NodeRole.VALIDATOR})


@check(
    "ec2-sg-monitoring-open",
    title="Grafana, Prometheus, Alertmanager and host exporters are not open",
    severity=Severity.MEDIUM,
    uses=(*USES, *ROLE_USES),
    remediation=closing(
        "Revoke the rules, and put the dashboards behind a load balancer that authenticates, or a VPN."
    ),
)
def sg_monitoring_open(group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem]:
    """
    Dashboards and metrics tell an attacker versions, hosts and load, and Grafana has had flaws that need no password.
    Medium where somebody on the internet reaches an interface; ports that other software uses are one level less where
    neither tag nor name says what the host is. Low where a rule is open and nothing leads to it yet, a remark on groups
    without an interface. Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    if not found:
        return
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)

    def grade(each: Opened) -> Severity:
        severity = Severity.MEDIUM
        return graded(each.way.reach, severity if each.port not in _GENERIC or roles & _EXPECTED else lower(severity))

    yield from problem(group, found, grade, PORTS)

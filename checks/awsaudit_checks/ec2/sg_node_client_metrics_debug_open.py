from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.port import USES, closing, graded, opened, problem, refuse_allowed


PORTS: Final = {
    6060: "geth metrics and pprof",
    6061: "erigon metrics",
    9545: "besu metrics, op-node",
    9001: "reth and web3signer metrics",
    5054: "Lighthouse metrics",
    5064: "Lighthouse and Lodestar metrics",
    8008: "Teku, Nimbus and Lodestar metrics",
    8108: "Nimbus metrics",
    26660: "CometBFT metrics",
}
_LESS: Final = {
    6061: Severity.LOW,
    9545: Severity.LOW,
    9001: Severity.LOW,
    5054: Severity.LOW,
    5064: Severity.LOW,
    8008: Severity.LOW,
    8108: Severity.LOW,
    26660: Severity.LOW,
}


@check(
    "ec2-sg-node-client-metrics-debug-open",
    title="Client metrics and debug (pprof) ports are not open",
    severity=Severity.HIGH,
    uses=USES,
    remediation=closing("Revoke the rules, and admit the security group of Prometheus in their place."),
)
def sg_node_client_metrics_debug_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    The profiler of a client, on the port of its metrics, shows memory and stops the process for everyone who reaches
    it. High for port 6060; other ports of metrics only tell, and are low. It is low where a rule is open and nothing
    leads to it yet, and a remark on groups without an interface. Groups named in ``allowed``, by id or name, are to be
    open.
    """
    refuse_allowed(group, allowed)
    found = opened(group, PORTS, account)
    yield from problem(group, found, lambda each: graded(each.way.reach, _LESS.get(each.port, Severity.HIGH)), PORTS)

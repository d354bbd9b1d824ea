from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Severity, check
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.peer import group_problems, wide_problems
from awsaudit_checks.ec2.port import USES, by_reach, closing, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole


PORT: Final = 8551
_CLIENTS: Final = (NodeRole.CONSENSUS, NodeRole.EXECUTION, NodeRole.VALIDATOR)


@check(
    "ec2-sg-eth-engine-api-open",
    title="The Engine API port is reachable only by the consensus client",
    severity=Severity.HIGH,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rule, and admit the consensus client's security group in its place."),
)
def sg_eth_engine_api_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    Over the Engine API the consensus client tells the execution client which chain is the right one; a secret file is all
    that keeps others from it. High where the internet reaches it, medium for address ranges wider than /28 and for groups
    whose hosts are known to be no clients. Whether a client asks for the secret is looked at by ec2-userdata-node-flags.
    Groups named in ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    yield from problem(group, opened(group, (PORT,), account), by_reach(Severity.HIGH), {PORT: "Engine API"})
    words = "the consensus client's group"
    yield from wide_problems(group, PORT, account, Severity.MEDIUM, expected=words)
    yield from group_problems(group, PORT, account, _CLIENTS, words=words)

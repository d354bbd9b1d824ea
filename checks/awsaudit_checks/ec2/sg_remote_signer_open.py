from collections.abc import Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import SecurityGroup
from awsaudit_checks.ec2.peer import group_problems, wide_problems
from awsaudit_checks.ec2.port import USES, by_reach, closing, opened, problem, refuse_allowed
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


# Dirk has no port of its own; that of its examples is looked at. On hosts that do not sign, 9000 is for peers.
PORTS: Final[Mapping[int, str]] = {
    9000: "web3signer",
    13141: "Dirk",
    8550: "Clef",
    26658: "CometBFT",
    26659: "CometBFT",
}


@check(
    "ec2-sg-remote-signer-open",
    title="Remote-signer ports admit only validators",
    severity=Severity.CRITICAL,
    uses=(*USES, *ROLE_USES),
    remediation=closing("Revoke the rule, and admit the validators' security group in its place."),
)
def sg_remote_signer_open(
    group: SecurityGroup, account: Inventory, *, allowed: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    A remote signer signs what it is handed: whoever reaches it may have validators slashed. Critical where the internet
    does, high for address ranges wider than /28, medium for groups whose hosts are known to be no validators. Signers are
    told by the tags role, node-role or blockchain:role, by the host's name or that of the group. Groups named in
    ``allowed``, by id or name, are to be open.
    """
    refuse_allowed(group, allowed)
    roles = roles_behind(group, interfaces_of(group.id, group.region, account), account)
    if NodeRole.SIGNER not in roles:
        raise NotApplicable("on no host that its tags or name call a signer")
    yield from problem(group, opened(group, PORTS, account), by_reach(Severity.CRITICAL), PORTS)
    words = "the validators' group"
    for port in PORTS:
        yield from wide_problems(group, port, account, Severity.HIGH, expected=words)
        yield from group_problems(group, port, account, (NodeRole.VALIDATOR, NodeRole.SIGNER), words=words)

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.network import EVERYWHERE
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import NetworkInterface, Permission, SecurityGroup
from awsaudit_checks.ec2.port import is_everything, whole
from awsaudit_checks.ec2.role import ROLE_USES, NodeRole, roles_behind


_GUARDED: Final = frozenset({NodeRole.SIGNER, NodeRole.VALIDATOR})


@check(
    "ec2-sg-egress-unrestricted-signer",
    title="Signer and validator hosts have restricted egress",
    severity=Severity.MEDIUM,
    uses=(NetworkInterface.id, NetworkInterface.security_groups, NetworkInterface.instance_id, *ROLE_USES),
    remediation=Remediation(
        text="Let the host out to its beacon node, to VPC endpoints and to nothing else, then revoke the rule.",
        cli="aws ec2 revoke-security-group-egress --region {region} --group-id {id} --ip-permissions {egress_rules}",
        url="https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html",
    ),
)
def sg_egress_unrestricted_signer(group: SecurityGroup, account: Inventory) -> Iterator[Problem]:
    """
    A host with signing keys talks to few others. A rule that lets it out to everywhere on every port carries the keys
    away once somebody is on it. Hosts are told by the tags role, node-role or blockchain:role, by their name or that of
    the group. Rules for named ports, address ranges, prefix lists or groups pass.
    """
    interfaces = interfaces_of(group.id, group.region, account)
    if not interfaces or not roles_behind(group, interfaces, account) & _GUARDED:
        raise NotApplicable("on no host that its tags or name call a signer or validator")
    wide = [entry for entry in group.egress if _is_free(entry)]
    if wide:
        to = ", ".join(
            dict.fromkeys(cidr for entry in wide for cidr in (*entry.ipv4, *entry.ipv6) if cidr in EVERYWHERE)
        )
        yield Problem(
            f"it lets a host with signing keys out to {to} on every port",
            expected="named destinations or ports",
            found=to,
            fill={"egress_rules": whole(wide)},
        )


def _is_free(entry: Permission) -> bool:
    return is_everything(entry) and bool({*entry.ipv4, *entry.ipv6} & EVERYWHERE)

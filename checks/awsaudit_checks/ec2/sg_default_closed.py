from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.reachability import interfaces_of
from awsaudit.resources.ec2 import NetworkInterface, SecurityGroup
from awsaudit_checks.ec2.port import whole


_IN: Final = "aws ec2 revoke-security-group-ingress --region {region} --group-id {id} --ip-permissions {ingress_rules}"
_OUT: Final = "aws ec2 revoke-security-group-egress --region {region} --group-id {id} --ip-permissions {egress_rules}"


@check(
    "ec2-sg-default-closed",
    title="Default security groups allow nothing",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_securitygroup_default_restrict_traffic",),
    uses=(NetworkInterface.id, NetworkInterface.security_groups),
    remediation=Remediation(
        text="Move what uses the group to one of its own, then take all rules out.",
        cli=f"{_IN} && {_OUT}",
        url="https://docs.aws.amazon.com/vpc/latest/userguide/default-security-group.html",
    ),
)
def sg_default_closed(group: SecurityGroup, account: Inventory) -> Iterator[Problem]:
    """
    Whatever is started without a group gets the VPC's default one, and so everything that was ever allowed there. A
    default group cannot be deleted: one without rules is harmless. Medium while a network interface uses it, else low.
    """
    if group.name != "default":
        raise NotApplicable("not the default group of a VPC")
    if group.owner not in {None, group.account}:
        raise NotApplicable("it belongs to the account that shares the VPC")
    if not group.ingress and not group.egress:
        return
    used = interfaces_of(group.id, group.region, account)
    rules = [
        f"{len(entries)} {way} {'rule' if len(entries) == 1 else 'rules'}"
        for way, entries in (("inbound", group.ingress), ("outbound", group.egress))
        if entries
    ]
    users = (
        f"{len(used)} network {'interface uses' if len(used) == 1 else 'interfaces use'} it"
        if used
        else "nothing uses it"
    )
    yield Problem(
        f"the default group has {' and '.join(rules)}; {users}",
        expected="no rules",
        found=", ".join(rules),
        severity=None if used else Severity.LOW,
        fill={"ingress_rules": whole(group.ingress), "egress_rules": whole(group.egress)},
        cli=" && ".join([*([_IN] if group.ingress else []), *([_OUT] if group.egress else [])]),
    )

"""Where a listener of a load balancer sends those who come, and whom it asks who they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit import Hop, Inventory, Undecided
from awsaudit.network import acl_admits, is_whole_internet
from awsaudit.reachability import NETWORK, Family, blocked, internet_gateway, sources
from awsaudit.resources.ec2 import Instance, NetworkInterface, SecurityGroup, Subnet
from awsaudit.resources.elbv2 import Listener, LoadBalancer, Rule, TargetGroup
from awsaudit_checks.ec2.role import NodeRole, role_in, role_of


PASSAGE: Final = (
    LoadBalancer.arn, LoadBalancer.name, LoadBalancer.kind, LoadBalancer.scheme, Listener.arn, Listener.port,
    Listener.protocol, Listener.steps, Listener.rules, Listener.client_certificates, TargetGroup.arn, TargetGroup.name,
    TargetGroup.kind, TargetGroup.port, TargetGroup.targets,
)  # fmt: skip
"""What `passages` looks at, for the ``uses`` of a check."""

ARRIVAL: Final = (*NETWORK, LoadBalancer.subnet_ids, LoadBalancer.security_groups, LoadBalancer.vpc_id)
"""What `barred` looks at."""

_SIGN_IN: Final = frozenset({"authenticate-oidc", "authenticate-cognito"})


@frozen
class Passage:
    """
    A way by which a listener lets whoever comes through to a target group.

    Args:
        rule: The rule; that of the default has the listener's ARN.

        group: The target group.

        hops: The listener and what follows, up to the target group.
    """

    rule: Rule
    group: TargetGroup
    hops: tuple[Hop, ...]

    @property
    def ports(self) -> tuple[int, ...]:
        """The ports of its targets; that of the group where it has none."""
        found = {target.port for target in self.group.targets if target.port is not None}
        return tuple(sorted(found)) or ((self.group.port,) if self.group.port else ())


def balancer_of(listener: Listener) -> LoadBalancer:
    """Return the load balancer of *listener*."""
    balancer = listener.parent_resource
    if not isinstance(balancer, LoadBalancer):
        raise Undecided("its load balancer is not known")

    return balancer


def rules_of(listener: Listener, balancer: LoadBalancer) -> Iterator[Rule]:
    """
    Yield the rules of *listener*, the default first.

    Raises:
        EvidenceMissing: Those besides the default could not be read.
    """
    yield Rule(listener.arn, True, listener.steps, (), ())  # noqa: FBT003 - a value, not a switch
    if balancer.kind == "application":
        yield from (rule for rule in listener.rules if not rule.is_default)


def passages(listener: Listener, balancer: LoadBalancer, account: Inventory) -> Iterator[Passage]:
    """
    Yield the ways by which *listener* lets whoever comes through, those behind a further load balancer among them.

    Raises:
        EvidenceMissing: Not everything could be seen; what was yielded before holds.
    """
    if listener.client_certificates == "verify":
        return
    here = Hop(listener.arn, Listener.type, f"listens on {listener.name} and asks nobody who they are")
    for rule in rules_of(listener, balancer):
        for arn in _unasked(rule):
            group = account.by_arn(TargetGroup, arn)
            if group is None:
                continue
            sent = Hop(group.arn, TargetGroup.type, f"is where {_called(rule)} sends everybody")
            if group.kind != "alb":
                yield Passage(rule, group, (here, sent))
                continue
            for inner, behind in _behind(group, account):
                for passage in passages(inner, behind, account):
                    yield Passage(rule, passage.group, (here, sent, *passage.hops))


def _unasked(rule: Rule) -> tuple[str, ...]:
    """Return the target groups that *rule* sends those to of whom nothing is known."""
    kinds = {action.kind for action in rule.actions if action.strangers != "allow"}
    if "jwt-validation" in kinds or kinds & _SIGN_IN or (rule.sources and not is_whole_internet(rule.sources)):
        return ()

    return tuple(dict.fromkeys(arn for action in rule.actions for arn in action.groups))


def _called(rule: Rule) -> str:
    return "the listener's default" if rule.is_default else f"the rule {rule.arn.rpartition('/')[2]}"


def _behind(group: TargetGroup, account: Inventory) -> Iterator[tuple[Listener, LoadBalancer]]:
    """Yield the listeners of the load balancers that are targets of *group*."""
    for target in group.targets:
        balancer = account.by_arn(LoadBalancer, target.id)
        for listener in account.children(balancer, Listener) if balancer else ():
            if balancer and listener.port == target.port:
                yield listener, balancer


def roles_of(group: TargetGroup, account: Inventory) -> frozenset[NodeRole]:
    """
    Return what the targets of *group* do; where none tells, what the group's name says.

    Raises:
        EvidenceMissing: The hosts could not all be seen.
    """
    ids = {target.id for target in group.targets}
    if group.kind == "ip":
        interfaces = account.every(NetworkInterface, group.region)
        ids = {face.instance_id for face in interfaces if face.instance_id and ids & set(face.private_ips)}
    hosts = account.every(Instance, group.region) if ids else ()
    found = frozenset(role for host in hosts if host.id in ids and (role := role_of(host)))
    named = role_in(group.name)

    return found or frozenset({named} if named else ())


def admits_everybody(balancer: LoadBalancer, port: int, account: Inventory) -> bool:
    """
    Tell whether the security groups of *balancer* let the whole internet in on *port*; without any they do.

    Raises:
        EvidenceMissing, Undecided: None that could be seen does, and not all could.
    """
    if not balancer.security_groups:
        return True
    known = {group.id: group for group in account.every(SecurityGroup, balancer.region)}
    groups = [known[id_] for id_ in balancer.security_groups if id_ in known]
    if account.first_of(groups, lambda group: bool(sources(group, (port,), account))) is not None:
        return True
    if len(groups) < len(balancer.security_groups):
        raise Undecided("one of its load balancer's security groups cannot be seen from this account")

    return False


def barred(balancer: LoadBalancer, port: int, account: Inventory) -> str:
    """
    Return what bars the internet's way into the subnets of *balancer* on *port*; empty where nothing does.

    Raises:
        EvidenceMissing: Nothing that could be seen does, and not everything could.
    """
    why: list[str] = []

    def leads(subnet: str) -> bool:
        bar = _bar(subnet, balancer, port, account)
        why.append(bar)

        return not bar

    found = account.first_of(balancer.subnet_ids, leads)

    return "" if found is not None else next(iter(why), "it is in no subnet")


def _bar(subnet: str, balancer: LoadBalancer, port: int, account: Inventory) -> str:
    vpc, region = balancer.vpc_id or "", balancer.region
    if not any(internet_gateway(subnet, vpc, region, account, family) for family in Family):
        return f"{subnet} has no route to an internet gateway"
    if not acl_admits(subnet, port, region, account):
        return f"the network ACL of {subnet} refuses port {port}"
    mode = blocked(subnet, vpc, region, account)

    return f"VPC Block Public Access is on ({mode})" if mode else ""


def arrival(balancer: LoadBalancer, bar: str) -> tuple[Hop, ...]:
    """Return the steps from the internet to *balancer*; the last one does not hold where something bars the way."""
    there = Hop(balancer.arn, LoadBalancer.type, "faces the internet")
    if bar:
        return Hop("internet", "internet"), Hop(_place(balancer), Subnet.type, bar, holds=False), there

    return Hop("internet", "internet"), there


def _place(balancer: LoadBalancer) -> str:
    return next(iter(balancer.subnet_ids), balancer.vpc_id or balancer.name)

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.ec2 import Instance
from awsaudit_checks.ec2.host import running_node
from awsaudit_checks.ec2.role import NodeRole, role_of


_SPREAD: Final = frozenset({NodeRole.EXECUTION, NodeRole.CONSENSUS, NodeRole.INDEXER, NodeRole.IPFS})
_NETWORK: Final = ("network", "chain", "blockchain:network")


@check(
    "ec2-node-multi-az",
    title="Blockchain nodes of one role span AZs",
    severity=Severity.MEDIUM,
    uses=(Instance.id, Instance.state, Instance.tags, Instance.zone, Instance.managed),
    remediation=Remediation(
        text="Start the next node in another availability zone. Never do so with validators and signers: keys that are "
        "active twice get slashed.",
        cli=None,
        url="https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-regions-availability-zones.html",
    ),
)
def node_multi_az(instance: Instance, account: Inventory) -> Iterator[Problem]:
    """
    When the zone of all nodes fails, validators miss duties and applications lose the chain. Running nodes of one role
    (execution, consensus, indexer, IPFS) and one network, by its tag, are judged together, at the one with the lowest id;
    two zones pass, in whatever regions. A production node that is the only one of its kind is low. Validators and signers
    are not judged: a second active one is worse than none.
    """
    role = running_node(instance)
    if role not in _SPREAD:
        raise NotApplicable(f"a second active {role.value} is no remedy, or worse than none")
    every = account.every(Instance)
    fleet = account.once("hosts by node role", lambda: _fleets(every))[role, _network(instance)]
    first = min(fleet, key=lambda each: each.id)
    if first.id != instance.id:
        raise NotApplicable(f"judged at {first.id}, which is of the same role")
    zones = {each.zone for each in fleet}
    if len(zones) > 1:
        return
    if len(fleet) > 1:
        yield Problem(
            f"{_count(fleet)} running hosts of the role {_called(role, instance)} are in {instance.zone}",
            expected="two zones",
            found=str(instance.zone),
        )
    elif account.target.trust.is_production(instance.tags.get("Name", ""), instance.tags):
        yield Problem(
            f"it is the only running host of the role {_called(role, instance)}",
            expected="two, in two zones",
            found="one",
            severity=Severity.LOW,
        )
    else:
        raise NotApplicable("it is the only one of its role, and not tagged as production")


def _fleets(instances: Iterable[Instance]) -> Mapping[tuple[NodeRole, str], list[Instance]]:
    """Return the running hosts of each role and network."""
    found: dict[tuple[NodeRole, str], list[Instance]] = {}
    for instance in instances:
        role = role_of(instance)
        if role in _SPREAD and instance.state == "running" and not instance.managed:
            found.setdefault((role, _network(instance)), []).append(instance)

    return found


def _network(instance: Instance) -> str:
    tags = {key.lower(): value.lower() for key, value in instance.tags.items()}
    return next((tags[key] for key in _NETWORK if key in tags), "")


def _count(fleet: Sequence[Instance]) -> str:
    return "both" if len(fleet) == 2 else f"all {len(fleet)}"  # noqa: PLR2004 - two are both


def _called(role: NodeRole, instance: Instance) -> str:
    network = _network(instance)
    return f"{role.value} on {network}" if network else role.value

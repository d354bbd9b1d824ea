import datetime

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.backup import ProtectedResource
from awsaudit.resources.dlm import LifecyclePolicy
from awsaudit.resources.ec2 import Instance, Snapshot, Volume
from awsaudit_checks.ec2.role import KEY_HOSTS, NODES, role_of


_RESYNCABLE: Final = "resyncable"
_NO: Final = frozenset({"false", "no", "0"})


@check(
    "ebs-volume-backup",
    title="Data volumes of nodes are backed up",
    severity=Severity.MEDIUM,
    equivalents=("prowler:ec2_ebs_volume_protected_by_backup_plan", "prowler:ec2_ebs_volume_snapshots_exists"),
    uses=(
        Instance.id, Instance.tags, Instance.disks, Instance.root_device, Instance.managed,
        Snapshot.volume_id, Snapshot.state, Snapshot.started,
        ProtectedResource.arn, ProtectedResource.last_backup,
        LifecyclePolicy.state, LifecyclePolicy.kind, LifecyclePolicy.is_default, LifecyclePolicy.resources,
        LifecyclePolicy.target_tags, LifecyclePolicy.without_boot, LifecyclePolicy.without_tags,
        LifecyclePolicy.without_kinds,
    ),
    remediation=Remediation(
        text="Let a policy of Data Lifecycle Manager or a plan of AWS Backup select the volume by a tag; tag it resyncable "
        "where it holds nothing but what the chain's peers hold, too. Never start a validator from an old copy of its "
        "slashing protection: it does not know what was signed since, and gets slashed.",
        cli=None,
        url="https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lifecycle.html",
    ),
)  # fmt: skip
def volume_backup(volume: Volume, account: Inventory, *, max_days: int = 7) -> Iterator[Problem]:
    """
    Keystores, slashing protection, pins and databases of indexers come back from no peer, and a chain takes days. A
    completed snapshot of the last ``max_days`` passes, a backup by AWS Backup as young, of the volume or its host, and a
    policy of Data Lifecycle Manager that is on and selects either. Volumes that hosts are started from count where they
    are the only one. Those that a tag of theirs or of their host calls resyncable are not judged.
    """
    host = _host(volume, account)
    if any(_resyncable(each.tags) for each in (volume, host)):
        raise NotApplicable("its tags say that it can be synchronised again")
    asked: tuple[Callable[[], bool], ...] = (
        lambda: _snapshot(volume, max_days, account),
        lambda: _kept(volume, host, max_days, account),
        lambda: _selected(volume, host, account),
    )
    if account.first_of(asked, lambda ask: ask()) is None:
        role = role_of(host)
        warned = "; beware of old slashing protection when restoring" if role in KEY_HOSTS else ""
        yield Problem(
            f"the data of {host.tags.get('Name') or host.id} has no backup of the last {max_days} days, and no policy "
            f"selects it{warned}",
            expected=f"a backup of the last {max_days} days",
            found="none",
        )


def _host(volume: Volume, account: Inventory) -> Instance:
    """
    Return the node that *volume* holds the data of.

    Raises:
        NotApplicable: It is no node's, or not for data.
    """
    every = account.every(Instance, volume.region)
    hosts = account.once(("hosts by volume", volume.region), lambda: _by_volume(every))
    host = hosts.get(volume.id)
    if host is None or role_of(host) not in NODES:
        raise NotApplicable("it is on no host that tags or name call a node of a chain")
    if volume.managed or host.managed:
        raise NotApplicable("AWS runs it")
    if len(host.disks) > 1 and _boots(volume, host):
        raise NotApplicable("the host is started from it, and has another one for data")

    return host


def _by_volume(hosts: Iterable[Instance]) -> Mapping[str, Instance]:
    return {disk.volume_id: host for host in hosts for disk in host.disks}


def _boots(volume: Volume, host: Instance) -> bool:
    return any(disk.volume_id == volume.id and disk.device == host.root_device for disk in host.disks)


def _resyncable(tags: Mapping[str, str]) -> bool:
    return any(key.lower() == _RESYNCABLE and value.lower() not in _NO for key, value in tags.items())


def _snapshot(volume: Volume, days: int, account: Inventory) -> bool:
    every = account.every(Snapshot, volume.region)
    newest = account.once(("newest snapshots", volume.region), lambda: _newest(every))
    taken = newest.get(volume.id)

    return taken is not None and volume.age(taken).days < days


def _newest(snapshots: Iterable[Snapshot]) -> Mapping[str, datetime.datetime]:
    newest: dict[str, datetime.datetime] = {}
    for snapshot in snapshots:
        if snapshot.volume_id and snapshot.state == "completed":
            newest[snapshot.volume_id] = max(snapshot.started, newest.get(snapshot.volume_id, snapshot.started))

    return newest


def _kept(volume: Volume, host: Instance, days: int, account: Inventory) -> bool:
    def recent(kept: ProtectedResource) -> bool:
        return (
            kept.arn in {volume.arn, host.arn}
            and kept.last_backup is not None
            and volume.age(kept.last_backup).days < days
        )

    return account.first(ProtectedResource, recent, volume.region) is not None


def _selected(volume: Volume, host: Instance, account: Inventory) -> bool:
    return account.first(LifecyclePolicy, lambda policy: _selects(policy, volume, host), volume.region) is not None


def _selects(policy: LifecyclePolicy, volume: Volume, host: Instance) -> bool:
    if policy.state != "ENABLED" or policy.kind == "EVENT_BASED_POLICY":
        return False
    judged = {"VOLUME": volume.tags, "INSTANCE": host.tags}
    selected = [judged[kind] for kind in policy.resources if kind in judged]
    if not policy.is_default:
        selected = [tags for tags in selected if policy.target_tags & tags.items()]
    # Policies about hosts leave out volumes by the volumes' tags, the default one hosts by theirs.
    left_out = (
        (policy.without_boot and _boots(volume, host))
        or volume.kind in policy.without_kinds
        or all(policy.without_tags & (tags if policy.is_default else volume.tags).items() for tags in selected)
    )

    return bool(selected) and not left_out

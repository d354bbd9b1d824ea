import datetime

import pytest

from awsaudit import Status
from awsaudit.resources.backup import PROTECTED, ProtectedResource
from awsaudit.resources.dlm import POLICIES, POLICY, LifecyclePolicy
from awsaudit.resources.ec2 import SNAPSHOTS, VOLUMES, Instance, Snapshot, Volume
from awsaudit.testing import AS_OF, fake, run_check, statuses
from awsaudit_checks.ebs.volume_backup import volume_backup
from tests.checks.ec2.nodes import node


EC2 = "arn:aws:ec2:eu-west-1:111122223333"
ROOT = {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-root"}}
DATA = {"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "vol-data"}}


def days(number):
    return (AS_OF - datetime.timedelta(days=number)).isoformat()


def volume(id_="vol-data", *, tags=None, **more):
    listed = [{"Key": key, "Value": value} for key, value in (tags or {}).items()]
    return fake(Volume, {VOLUMES: {"VolumeId": id_, "VolumeType": "gp3", "Tags": listed, **more}})


def host(*disks, role="validator", **tags):
    return node(tags={"role": role, **tags}, BlockDeviceMappings=list(disks or (ROOT, DATA)))


def snapshot(age=1, of="vol-data", state="completed"):
    listed = {"SnapshotId": "snap-1", "VolumeId": of, "State": state, "StartTime": days(age)}
    return fake(Snapshot, {SNAPSHOTS: listed})


def kept(arn, age=1):
    return fake(ProtectedResource, {PROTECTED: {"ResourceArn": arn, "LastBackupTime": days(age)}})


def policy(kind="VOLUME", state="ENABLED", *, default=False, **details):
    listed = {"PolicyId": "policy-1", "State": state, "PolicyType": "EBS_SNAPSHOT_MANAGEMENT", "DefaultPolicy": default}
    of = {"ResourceType": kind} if default else {"ResourceTypes": [kind]}
    return fake(LifecyclePolicy, {POLICIES: listed, POLICY: {**of, **details} if state == "ENABLED" else None})


def tag(key, value):
    return [{"Key": key, "Value": value}]


DAILY = {"TargetTags": [*tag("backup", "weekly"), *tag("backup", "daily")]}


def look(*others, disk=None, on=None, **more):
    return run_check(volume_backup, disk or volume(), on or host(), *others, **more)


@pytest.mark.parametrize(
    "others",
    [
        (),
        (snapshot(8),),
        (snapshot(state="error"),),
        (snapshot(of="vol-root"),),
        (kept(f"{EC2}:volume/vol-data", 8),),
        (kept(f"{EC2}:volume/vol-other"),),
        (policy(**DAILY),),
        (policy("INSTANCE", **DAILY),),
        (policy(state="DISABLED", default=True),),
        (policy(default=True, Exclusions={"ExcludeVolumeTypes": ["gp3"]}),),
        (policy("INSTANCE", default=True, Exclusions={"ExcludeTags": tag("role", "validator")}),),
    ],
)
def test_flags_data_without_a_young_backup(others):
    """
    Old, failed, of something else, or by a policy that is off or leaves it out.
    """
    (finding,) = look(*others)

    assert Status.FAIL is finding.status
    assert "beware of old slashing protection" in finding.message


@pytest.mark.parametrize(
    "other",
    [
        snapshot(6),
        kept(f"{EC2}:volume/vol-data"),
        kept(f"{EC2}:instance/i-1"),
        policy(default=True),
        policy("INSTANCE", default=True, Exclusions={"ExcludeBootVolumes": True}),
    ],
)
def test_passes_a_backup_of_the_volume_or_its_host(other):
    """
    A snapshot, AWS Backup, or a default policy.
    """
    assert [Status.PASS] == statuses(look(other))


def test_passes_what_a_policy_selects_by_a_tag():
    """
    One of its tags is enough, of the volume or the host; tags may leave volumes out again.
    """
    tagged, out = volume(tags={"backup": "daily"}), volume(tags={"scratch": "true"})
    by_host = policy("INSTANCE", **DAILY, Parameters={"ExcludeDataVolumeTags": tag("scratch", "true")})

    assert [Status.PASS] == statuses(look(policy(**DAILY), disk=tagged))
    assert [Status.PASS] == statuses(look(by_host, on=host(backup="daily")))
    assert [Status.FAIL] == statuses(look(by_host, disk=out, on=host(backup="daily")))


def test_how_old_is_too_old_the_configuration_says():
    """
    In days.
    """
    assert [Status.PASS] == statuses(look(snapshot(20), max_days=30))


def test_the_only_volume_is_judged():
    """
    The data is on what the host is started from; a policy that leaves such out does not count.
    """
    single = {"disk": volume("vol-root"), "on": host(ROOT)}
    without = policy("INSTANCE", **DAILY, Parameters={"ExcludeBootVolume": True})

    assert [Status.FAIL] == statuses(look(**single))
    assert [Status.FAIL] == statuses(look(without, disk=volume("vol-root"), on=host(ROOT, backup="daily")))
    assert [Status.NOT_APPLICABLE] == statuses(look(disk=volume("vol-root")))


def test_judges_data_of_nodes_that_peers_do_not_have():
    """
    Not what can be synchronised again, what is on other hosts or on none, or what AWS runs.
    """
    not_judged = (
        look(disk=volume(tags={"resyncable": "true"})),
        look(on=host(resyncable="yes", role="execution")),
        look(on=host(role="web")),
        look(disk=volume("vol-free")),
        look(disk=volume(Operator={"Managed": True})),
    )

    assert [[Status.NOT_APPLICABLE]] * 5 == [statuses(each) for each in not_judged]
    assert [Status.FAIL] == statuses(look(disk=volume(tags={"resyncable": "false"})))


@pytest.mark.parametrize("kind", [Snapshot, ProtectedResource, LifecyclePolicy, Instance])
def test_is_unknown_where_something_cannot_be_seen(kind):
    """
    It may be what keeps the volume; what is seen to keep it is enough.
    """
    assert [Status.UNKNOWN] == statuses(look(unlisted=[kind]))
    if kind is not Snapshot and kind is not Instance:
        assert [Status.PASS] == statuses(look(snapshot(), unlisted=[kind]))

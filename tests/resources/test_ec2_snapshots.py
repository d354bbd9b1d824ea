"""Which snapshots are asked for with whom they are shared."""

from awsaudit.resources.ec2 import Snapshot
from tests.test_collect import Session, collect


KEYS = "arn:aws:kms:eu-west-1:111122223333:key"
FOREIGN = "arn:aws:kms:eu-west-1:444455556666:key/theirs"


def listed(id_, key=None):
    encrypted = {"Encrypted": True, "KmsKeyId": key} if key else {"Encrypted": False}
    return {"SnapshotId": id_, "State": "completed", "StartTime": "2026-11-24T00:00:00Z", **encrypted}


def shared(stub, id_, *accounts):
    stub.add_response(
        "describe_snapshot_attribute",
        {"SnapshotId": id_, "CreateVolumePermissions": [{"UserId": account} for account in accounts]},
        {"SnapshotId": id_, "Attribute": "createVolumePermission"},
    )


def test_only_what_can_be_shared_is_asked_for():
    """
    Not what AWS's own key encrypts; each key is asked for once, and that of another account may be shared.
    """
    session = Session()
    ec2, kms = session.stub("ec2"), session.stub("kms")
    snapshots = [
        listed("snap-plain"),
        listed("snap-own", f"{KEYS}/own"),
        listed("snap-aws", f"{KEYS}/aws"),
        listed("snap-aws-2", f"{KEYS}/aws"),
        listed("snap-foreign", FOREIGN),
    ]
    ec2.add_response("describe_snapshots", {"Snapshots": snapshots}, {"OwnerIds": ["self"], "MaxResults": 1000})
    kms.add_response("list_aliases", {"Aliases": [{"AliasName": "alias/disks"}]}, {"KeyId": f"{KEYS}/own"})
    kms.add_response("list_aliases", {"Aliases": [{"AliasName": "alias/aws/ebs"}]}, {"KeyId": f"{KEYS}/aws"})
    kms.add_client_error("list_aliases", "NotFoundException", expected_params={"KeyId": FOREIGN})
    shared(ec2, "snap-plain", "444455556666")
    shared(ec2, "snap-own", "777788889999")
    shared(ec2, "snap-foreign")

    found = {each.id: each.shared_with for each in collect(session, Snapshot).every(Snapshot)}

    assert {
        "snap-plain": ("444455556666",),
        "snap-own": ("777788889999",),
        "snap-aws": (),
        "snap-aws-2": (),
        "snap-foreign": (),
    } == found
    ec2.assert_no_pending_responses()
    kms.assert_no_pending_responses()

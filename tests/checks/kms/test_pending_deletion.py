import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecr import LIST as REPOSITORIES
from awsaudit.resources.ecr import Repository
from awsaudit.resources.eks import DESCRIBE as CLUSTER
from awsaudit.resources.eks import LIST as CLUSTERS
from awsaudit.resources.eks import Cluster
from awsaudit.resources.kms import ALIASES, DESCRIBE, LIST, Alias, Key
from awsaudit.resources.secretsmanager import LIST as SECRETS
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.sqs import ATTRIBUTES, Queue
from awsaudit.resources.sqs import LIST as QUEUES
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.kms.pending_deletion import pending_deletion


ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ARN = f"arn:aws:kms:eu-west-1:111122223333:key/{ID}"
DELETED = {"KeyManager": "CUSTOMER", "KeyState": "PendingDeletion", "DeletionDate": "2026-12-05T00:00:00Z"}
NAME = {"AliasName": "alias/deposits", "AliasArn": "arn:aws:kms:eu-west-1:111122223333:alias/deposits"}


def key(arn=ARN, region="eu-west-1", **metadata):
    item = {"KeyId": arn.rpartition("/")[2], "KeyArn": arn}
    return fake(Key, {LIST: item, DESCRIBE: {**DELETED, **metadata}}, region=region)


def alias():
    return fake(Alias, {ALIASES: {**NAME, "TargetKeyId": ID}})


def secret(key_id, region="eu-west-1"):
    arn = f"arn:aws:secretsmanager:{region}:111122223333:secret:signer-AbCdEf"
    item = {"ARN": arn, "Name": "signer", "KmsKeyId": key_id, "CreatedDate": "2026-01-01T00:00:00Z"}
    return fake(Secret, {SECRETS: item}, region=region)


def queue(key_id):
    url = "https://sqs.eu-west-1.amazonaws.com/111122223333/deposits"
    return fake(Queue, {QUEUES: url, ATTRIBUTES: {"KmsMasterKeyId": key_id}})


def repository(key_id):
    arn = "arn:aws:ecr:eu-west-1:111122223333:repository/beacon"
    encryption = {"encryptionType": "KMS", "kmsKey": key_id}
    item = {"repositoryArn": arn, "repositoryName": "beacon", "encryptionConfiguration": encryption}
    return fake(Repository, {REPOSITORIES: item})


def cluster(key_id):
    encryption = [{"resources": ["secrets"], "provider": {"keyArn": key_id}}]
    return fake(Cluster, {CLUSTERS: "validators", CLUSTER: {"encryptionConfig": encryption, "status": "ACTIVE"}})


def test_flags_a_key_that_is_to_be_deleted():
    """
    A customer key pending deletion is high; the command takes it back and enables it.
    """
    (finding,) = run_check(pending_deletion, key())

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "it is deleted on 2026-12-05" == finding.message
    assert (
        f"aws kms cancel-key-deletion --region eu-west-1 --key-id {ID} "
        f"&& aws kms enable-key --region eu-west-1 --key-id {ID}" == finding.fix
    )


@pytest.mark.parametrize(
    ("metadata", "when"),
    [
        (
            {"KeyState": "PendingReplicaDeletion", "DeletionDate": None, "PendingDeletionWindowInDays": 7},
            "it is deleted 7 days after the last of its replicas",
        ),
        ({"DeletionDate": None}, "it is deleted soon"),
    ],
)
def test_says_when(metadata, when):
    """
    A primary that waits for its replicas has no date, but a number of days.
    """
    (finding,) = run_check(pending_deletion, key(**metadata))

    assert (Status.FAIL, when) == (finding.status, finding.message)


@pytest.mark.parametrize("named", [ID, ARN, NAME["AliasName"], NAME["AliasArn"]])
@pytest.mark.parametrize("holder", [secret, queue, repository, cluster])
def test_is_critical_where_a_resource_names_the_key(named, holder):
    """
    A queue, secret, repository or EKS cluster that names the key, by id, ARN or alias, makes it critical.
    """
    (finding,) = run_check(pending_deletion, key(), alias(), holder(named))

    assert Severity.CRITICAL is finding.severity
    assert finding.message.endswith(" still names it")


def test_counts_those_that_name_it():
    """
    The aliases are told; of several resources the first is named and the others are counted.
    """
    (finding,) = run_check(pending_deletion, key(), alias(), queue(ID), repository(ARN))

    assert (
        "it is deleted on 2026-12-05 (known as alias/deposits); "
        "arn:aws:ecr:eu-west-1:111122223333:repository/beacon and 1 more still names it" == finding.message
    )


def test_other_keys_and_regions_do_not_count():
    """
    A resource under another key, or in a region where the id is another key's, leaves it high.
    """
    (finding,) = run_check(pending_deletion, key(), alias(), queue("alias/rewards"), secret(ID, "us-east-1"))

    assert Severity.HIGH is finding.severity


def test_stays_high_where_others_could_not_be_seen():
    """
    The verdict does not hang on the look-up: refused listings and details leave it at high.
    """
    hidden = fake(Queue, {QUEUES: "https://sqs.example/1/x", ATTRIBUTES: refused(Queue, ATTRIBUTES)})
    (finding,) = run_check(pending_deletion, key(), hidden, unlisted=[Secret, Repository, Alias])

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)


@pytest.mark.parametrize(
    ("state", "severity"), [("Enabled", Severity.MEDIUM), ("Disabled", Severity.HIGH), (None, Severity.HIGH)]
)
def test_a_replica_can_be_made_again(state, severity):
    """
    A replica is medium while its primary is enabled; high where it is not, or was not scanned.
    """
    primary = "arn:aws:kms:us-east-1:111122223333:key/mrk-1"
    regions = {"MultiRegionKeyType": "REPLICA", "PrimaryKey": {"Arn": primary, "Region": "us-east-1"}}
    others = [key(primary, "us-east-1", KeyState=state)] if state else []
    replica = key("arn:aws:kms:eu-west-1:111122223333:key/mrk-1", MultiRegionConfiguration=regions)
    (finding,) = run_check(pending_deletion, replica, *others)

    assert severity is finding.severity


@pytest.mark.parametrize("state", ["Enabled", "Disabled", "PendingImport", "Unavailable"])
def test_accepts_other_states(state):
    """
    A key in any other state passes.
    """
    assert [Status.PASS] == statuses(run_check(pending_deletion, key(KeyState=state, DeletionDate=None)))


def test_does_not_concern_aws_managed_keys():
    """
    Keys that AWS manages cannot be deleted.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(pending_deletion, key(KeyManager="AWS", KeyState="Enabled")))

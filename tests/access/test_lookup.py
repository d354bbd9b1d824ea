import json

import pytest

from awsaudit.access import Question, question, who_can
from awsaudit.access.lookup import FACTS, OF_SERVICE, called, names_of, resource_named
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import ALIASES, Alias, Key
from awsaudit.resources.s3 import ENCRYPTION, LIST, POLICY, PUBLIC_ACCESS, Bucket
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.sqs import ATTRIBUTES, Queue
from awsaudit.resources.sqs import LIST as QUEUES
from awsaudit.testing import fake
from tests.estate import OWN, allow, document, key, role, secret, trusting


SECRET = secret("prod/db")
KEY = key("k-1")
ALIAS = f"arn:aws:kms:eu-west-1:{OWN}:alias/app"
URL = f"https://sqs.eu-west-1.amazonaws.com/{OWN}/orders"


def queue():
    return fake(Queue, {QUEUES: URL, ATTRIBUTES: {}})


def bucket(key_id=None, *statements):
    """Return a bucket under a key, with a policy of statements."""
    encryption = {"SSEAlgorithm": "aws:kms", **({"KMSMasterKeyID": key_id} if key_id else {})}
    policy = {"Policy": json.dumps(document(*statements))} if statements else None
    listed = {"Name": "ledger", "BucketRegion": "eu-west-1"}
    return fake(Bucket, {LIST: listed, POLICY: policy, PUBLIC_ACCESS: None, ENCRYPTION: encryption})


@pytest.fixture(name="account")
def _account(make_account):
    alias = fake(Alias, {ALIASES: {"AliasName": "alias/app", "AliasArn": ALIAS, "TargetKeyId": "k-1"}})
    return make_account(SECRET, KEY, alias, queue(), bucket(), role("app"))


@pytest.mark.parametrize(
    ("name", "kind", "arn"),
    [
        ("prod/db", Secret, SECRET.arn),
        (SECRET.arn.rpartition("-")[0], Secret, SECRET.arn),
        ("k-1", Key, KEY.arn),
        ("alias/app", Key, KEY.arn),
        ("orders", Queue, f"arn:aws:sqs:eu-west-1:{OWN}:orders"),
        (URL, Queue, f"arn:aws:sqs:eu-west-1:{OWN}:orders"),
        ("ledger", Bucket, "arn:aws:s3:::ledger"),
        ("ledger/2026/*", Bucket, "arn:aws:s3:::ledger/2026/*"),
        ("app", Role, f"arn:aws:iam::{OWN}:role/app"),
    ],
)
def test_resources_by_what_people_call_them(account, name, kind, arn):
    """
    Names, ids, aliases, URLs; of a bucket, what of it is meant may follow.
    """
    assert (arn,) == called(name, kind, account)
    assert () == called("else", kind, account)
    assert resource_named(arn, account)


def test_aliases_in_arns(account):
    """
    The ARN of an alias stands for its key.
    """
    assert (KEY, "") == resource_named(ALIAS, account)


def test_what_cannot_be_named_hides_no_other(make_account):
    """
    A resource whose name could not be read is left out of the names.
    """
    account = make_account(SECRET, fake(Secret, {}))

    assert [SECRET.arn] == [arn for arn, _ in names_of(Secret, account)]


def test_every_kind_has_its_facts():
    """
    A service's resources are of one type, whose facts are known.
    """
    assert set(OF_SERVICE.values()) == set(FACTS)


def test_objects_of_a_bucket_under_a_key(make_account):
    """
    To read an object takes the key, too; where the bucket is under AWS's key, or its key is not asked for, it does not.
    """
    reads = role("reads", allow("s3:GetObject", resource="arn:aws:s3:::ledger/*"))
    both = role("both", allow("s3:GetObject", "kms:Decrypt"))

    def readers(ledger):
        account = make_account(KEY, ledger, reads, both)
        found = who_can("s3:GetObject", "arn:aws:s3:::ledger/2026/a.csv", account)
        return [access.origin.rpartition("/")[2] for access in found if access.type == Role.type]

    assert ["both"] == readers(bucket(KEY.arn))
    assert ["reads", "both"] == readers(bucket())


def test_passing_a_role_is_not_for_its_trust_policy(make_account):
    """
    Who may pass a role is said by their own policies: what the role trusts is another question.
    """
    app = role("app", trust=trusting("*"))
    account = make_account(app, role("admin", allow("iam:PassRole")))

    assert question("iam:PassRole", app, account).own is None
    assert isinstance(question("sts:AssumeRole", app, account), Question)
    assert ["admin"] == [
        access.origin.rpartition("/")[2]
        for access in who_can("iam:PassRole", app.arn, account)
        if access.type == Role.type
    ]

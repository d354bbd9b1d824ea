import json

import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.iam import Role
from awsaudit.resources.s3 import (
    ACCOUNT_PUBLIC_ACCESS,
    ENCRYPTION,
    LIST,
    OBJECTS,
    POLICY,
    PUBLIC_ACCESS,
    TAGGING,
    AccountPublicAccess,
    Bucket,
)
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.s3.tfstate_readers import tfstate_readers
from tests.estate import FOREIGN, OWN, allow, alone, document, key, role, trusting, user


READ = allow("s3:GetObject", resource="arn:aws:s3:::acme-tfstate/*")
DEPLOY = document({"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:AssumeRole"})
CI = Trust(ci_roles=(f"arn:aws:iam::{OWN}:role/deploy",))


def bucket(*statements, name="acme-tfstate", key_id=None, tags=(), policy=None, objects=None):
    text = {"Policy": json.dumps(document(*statements))} if statements else None
    encryption = {"SSEAlgorithm": "aws:kms" if key_id else "AES256", "KMSMasterKeyID": key_id}
    return fake(
        Bucket,
        {
            LIST: {"Name": name, "BucketRegion": "eu-west-1"},
            POLICY: policy or text,
            PUBLIC_ACCESS: None,
            ENCRYPTION: encryption,
            OBJECTS: {"IsTruncated": False} if objects is None else objects,
            TAGGING: [{"Key": k, "Value": v} for k, v in tags],
        },
    )


def judge(*others, of=None, **more):
    wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
    return run_check(tfstate_readers, of or bucket(), *others, wide, *alone(), **more)


def test_deploy_roles_and_administrators_pass():
    """
    The roles of the configuration pass, and administrators are counted.
    """
    [finding] = judge(role("deploy", READ, trust=DEPLOY), role("admin", allow("*")), role("web"), trust=CI)

    assert (Status.PASS, ("1 administrators may read it, too",)) == (finding.status, finding.notes)


@pytest.mark.parametrize(
    ("holder", "severity", "said"),
    [
        (user("ada", READ), Severity.HIGH, "the user ada may read it"),
        (role("web", READ, trust=trusting("ec2.amazonaws.com")), Severity.HIGH, "the compute role web may read it"),
        (role("ops", READ, trust=DEPLOY), Severity.MEDIUM, "the role ops may read it"),
    ],
)
def test_flags_other_readers(holder, severity, said):
    """
    Users and workloads are high, other roles medium, each with the policy that lets them.
    """
    [finding] = judge(holder, trust=CI)

    assert (Status.FAIL, severity) == (finding.status, finding.severity)
    assert said in finding.message
    assert [holder.arn, "arn:aws:s3:::acme-tfstate/*"] == [hop.resource for hop in finding.path]


def test_the_fix_leaves_it_to_deployment():
    """
    The bucket's policy, with the denial that the command adds, makes it pass.
    """
    [finding] = judge(role("ops", READ, trust=DEPLOY), trust=CI)
    policy = finding.fix.partition("--policy '")[2].removesuffix("'")

    closed = bucket(policy={"Policy": policy})
    assert [Status.PASS] == statuses(judge(role("ops", READ, trust=DEPLOY), of=closed, trust=CI))


def test_without_deploy_roles_there_is_no_command():
    """
    Who deploys has to be said first.
    """
    assert judge(role("ops", READ, trust=DEPLOY))[0].fix is None
    listed = allow("s3:ListBucket", resource="arn:aws:s3:::acme-tfstate", Principal={"AWS": OWN})
    assert judge(role("ops", READ, trust=DEPLOY), of=bucket(listed))[0].fix is None


def test_flags_readers_from_outside():
    """
    A policy that names another account.
    """
    [finding] = judge(
        of=bucket(allow("s3:GetObject", resource="arn:aws:s3:::acme-tfstate/*", Principal={"AWS": FOREIGN}))
    )

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"account {FOREIGN} may read it from outside" in finding.message


def test_the_key_is_a_second_lock():
    """
    Who may not decrypt does not read.
    """
    locked = bucket(key_id="k-1")

    assert [Status.PASS] == statuses(judge(user("ada", READ), key("k-1"), of=locked))
    assert [Status.FAIL] == statuses(judge(user("ada", READ, allow("kms:Decrypt")), key("k-1"), of=locked))


@pytest.mark.parametrize(
    ("of", "options"),
    [
        (bucket(name="terraform-state-1"), {}),
        (bucket(name="infra", tags=[("purpose", "tf-state")]), {}),
        (bucket(name="infra"), {"buckets": ("infra",)}),
        (bucket(name="infra", objects={"Contents": [{"Key": "eu/terraform.tfstate"}]}), {}),
    ],
)
def test_finds_state_by_name_tag_and_configuration(of, options):
    """
    Each way of telling where state is kept.
    """
    reads = allow("s3:GetObject")

    assert [Status.FAIL] == statuses(judge(user("ada", reads), of=of, **options))


def test_does_not_apply_to_other_buckets():
    """
    Nothing says that state is kept there.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(user("ada", allow("s3:*")), of=bucket(name="photos")))


def test_what_cannot_be_seen_is_unknown():
    """
    A bucket policy that was refused, and roles that could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(judge(user("ada", READ), of=bucket(policy=refused(Bucket, POLICY))))
    assert [Status.UNKNOWN] == statuses(judge(unlisted=[Role]))

import json

import pytest

from awsaudit import Status
from awsaudit.resources.lambda_ import FUNCTIONS, POLICY, Function
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.secretsmanager.rotation_lambda_valid import rotation_lambda_valid
from tests.estate import FOREIGN, OWN, allow, alone, deny, document, key, role, secret, trusting


FUNCTION = f"arn:aws:lambda:eu-west-1:{OWN}:function:rotate"
SERVICE = {"Service": "secretsmanager.amazonaws.com"}
ROTATES = ("secretsmanager:DescribeSecret", "secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue")
STAGE = "secretsmanager:UpdateSecretVersionStage"


def rotated(key_id=None, function=FUNCTION, **more):
    return secret("api", key_id=key_id, RotationEnabled=True, RotationLambdaARN=function, **more)


def function(*statements):
    item = {"FunctionArn": FUNCTION, "FunctionName": "rotate", "Role": f"arn:aws:iam::{OWN}:role/rotate"}
    policy = {"Policy": json.dumps(document(*statements))} if statements else None
    return fake(Function, {FUNCTIONS: item, POLICY: policy})


def permit(account=OWN, **more):
    pinned = {"StringEquals": {"aws:SourceAccount": account}} if account else None
    statement = {
        "Effect": "Allow",
        "Principal": SERVICE,
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
        **more,
    }
    return {**statement, "Condition": pinned} if pinned else statement


ROLE = role("rotate", allow(*ROTATES, STAGE), trust=trusting("lambda.amazonaws.com"))


def judge(*others, of=None):
    return run_check(rotation_lambda_valid, of or rotated(), *(others or (function(permit()), ROLE)), *alone())


def test_a_function_that_may_passes():
    """
    It exists, Secrets Manager may call it, and its role may write the secret.
    """
    [finding] = judge()

    assert (Status.PASS, ()) == (finding.status, finding.notes)


def test_flags_a_function_that_is_no_more():
    """
    The path breaks at the function, and which other one rotates is the owner's to say.
    """
    [finding] = judge(ROLE)

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert ("AWS::Lambda::Function", False) == (finding.path[-1].type, finding.path[-1].holds)


@pytest.mark.parametrize("statements", [(), (permit(FOREIGN),), (permit(Principal={"Service": "s3.amazonaws.com"}),)])
def test_flags_a_function_that_may_not_be_called(statements):
    """
    Without a policy, for another account's secrets, or for another service; the command permits it.
    """
    [finding] = judge(function(*statements), ROLE)

    assert Status.FAIL == finding.status
    assert "Secrets Manager may not call rotate" in finding.message
    assert f"--function-name {FUNCTION}" in finding.fix
    assert f"--source-account {OWN}" in finding.fix


def test_a_deny_is_not_mended_by_another_permission():
    """
    Where a statement denies it, no command is printed.
    """
    [finding] = judge(function(permit(), {**permit(None), "Effect": "Deny"}), ROLE)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


@pytest.mark.parametrize("lacking", [*ROTATES, STAGE])
def test_flags_a_role_that_may_not(lacking):
    """
    Each of the four rights is needed.
    """
    holder = role("rotate", allow(*ROTATES, STAGE), deny(lacking))
    [finding] = judge(function(permit()), holder)

    assert Status.FAIL == finding.status
    assert f"may not {lacking} on it" in finding.message
    assert [True, True, False] == [hop.holds for hop in finding.path]


def test_flags_a_role_that_may_not_use_the_key():
    """
    Under a key of one's own reading also means decrypting.
    """
    findings = judge(function(permit()), ROLE, key("k-1"), of=rotated("k-1"))
    able = role("rotate", allow(*ROTATES, STAGE, "kms:Decrypt", "kms:GenerateDataKey"))

    assert [Status.FAIL] == statuses(findings)
    assert [Status.PASS] == statuses(judge(function(permit()), able, key("k-1"), of=rotated("k-1")))


def test_says_that_any_account_may_call_it():
    """
    Without a source account Secrets Manager may be made to call it for somebody else: said, and passed.
    """
    [finding] = judge(function(permit(None)), ROLE)

    assert Status.PASS == finding.status
    assert "lets Secrets Manager of any account call it" in finding.notes[0]


def test_another_accounts_function_is_unknown():
    """
    Nothing of it can be seen from here.
    """
    other = rotated(function=f"arn:aws:lambda:eu-west-1:{FOREIGN}:function:rotate")

    assert [Status.UNKNOWN] == statuses(judge(of=other))


def test_a_refused_policy_is_unknown():
    """
    Whether it may be called is not seen.
    """
    item = {"FunctionArn": FUNCTION, "FunctionName": "rotate", "Role": f"arn:aws:iam::{OWN}:role/rotate"}
    hidden = fake(Function, {FUNCTIONS: item, POLICY: refused(Function, POLICY)})

    assert [Status.UNKNOWN] == statuses(judge(hidden, ROLE))


@pytest.mark.parametrize(
    "of",
    [
        secret("api", RotationLambdaARN=FUNCTION),
        secret("api", RotationEnabled=True),
        rotated(DeletedDate="2026-12-01T00:00:00+00:00"),
        rotated(PrimaryRegion="us-east-1"),
    ],
)
def test_does_not_apply(of):
    """
    Without rotation, with AWS's own, to be deleted, and a replica.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(of=of))

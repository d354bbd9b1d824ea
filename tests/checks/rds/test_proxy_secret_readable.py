import json

import pytest

from awsaudit import Status
from awsaudit.resources.rds import PROXIES, DBProxy
from awsaudit.resources.secretsmanager import Secret
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.proxy_secret_readable import proxy_secret_readable
from tests.estate import FOREIGN, OWN, allow, alone, deny, key, role, secret, trusting


SECRET = secret("app/db")
READ = allow("secretsmanager:GetSecretValue", resource=SECRET.arn)
RDS = trusting("rds.amazonaws.com")
GOOD = role("proxy", READ, trust=RDS)


def proxy(*arns, **more):
    auth = [{"AuthScheme": "SECRETS", "SecretArn": arn} for arn in arns]
    item = {
        "DBProxyName": "app",
        "DBProxyArn": f"arn:aws:rds:eu-west-1:{OWN}:db-proxy:prx-1",
        "RoleArn": f"arn:aws:iam::{OWN}:role/proxy",
        "Auth": auth,
        **more,
    }
    return fake(DBProxy, {PROXIES: item})


def judge(*others, of=None, **more):
    return run_check(proxy_secret_readable, of or proxy(SECRET.arn), *(others or (GOOD, SECRET)), *alone(), **more)


def test_a_readable_secret_passes():
    """
    RDS assumes the role, and the role reads the secret.
    """
    assert [Status.PASS] == statuses(judge())


def test_flags_a_role_that_may_not_read():
    """
    The command lets it read this secret, and that makes it pass.
    """
    [finding] = judge(role("proxy", trust=RDS), SECRET)

    assert Status.FAIL == finding.status
    assert "the role proxy cannot read app/db" in finding.message
    assert [True, True, False] == [hop.holds for hop in finding.path]
    assert "--policy-name read-app-db" in finding.fix
    policy = json.loads(finding.fix.partition("--policy-document '")[2].removesuffix("'"))
    assert [Status.PASS] == statuses(judge(role("proxy", *policy["Statement"], trust=RDS), SECRET))


def test_flags_a_role_that_may_not_decrypt():
    """
    Under a key of one's own it takes the key, too; the command names it.
    """
    locked = secret("app/db", key_id="k-1")
    [finding] = judge(GOOD, locked, key("k-1"))

    assert Status.FAIL == finding.status
    assert '"kms:Decrypt"' in finding.fix
    able = role("proxy", READ, allow("kms:Decrypt"), trust=RDS)
    assert [Status.PASS] == statuses(judge(able, locked, key("k-1")))


def test_a_deny_is_not_mended_by_another_permission():
    """
    Where a statement denies it, no command is printed.
    """
    [finding] = judge(role("proxy", READ, deny("secretsmanager:*"), trust=RDS), SECRET)

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_flags_a_role_that_does_not_trust_rds():
    """
    RDS has to be able to assume it.
    """
    [finding] = judge(role("proxy", READ, trust=trusting("lambda.amazonaws.com")), SECRET)

    assert "the role proxy does not trust rds.amazonaws.com" == finding.message


@pytest.mark.parametrize(
    ("others", "what"),
    [
        ((GOOD,), "does not exist"),
        ((GOOD, secret("app/db", DeletedDate="2026-12-01T00:00:00+00:00")), "is to be deleted"),
    ],
)
def test_flags_a_secret_that_is_not_there(others, what):
    """
    A secret that is gone, or about to be.
    """
    [finding] = judge(*others)

    assert Status.FAIL == finding.status
    assert what in finding.message


def test_flags_a_role_that_is_no_more():
    """
    Without the role nothing is read.
    """
    [finding] = judge(SECRET)

    assert "its role does not exist" == finding.message


def test_another_accounts_secret_is_unknown():
    """
    It cannot be seen from here.
    """
    other = proxy(f"arn:aws:secretsmanager:eu-west-1:{FOREIGN}:secret:db-AbCdEf")

    assert [Status.UNKNOWN] == statuses(judge(GOOD, SECRET, of=other))


def test_unlisted_secrets_are_unknown():
    """
    Whether it is there is not known.
    """
    assert [Status.UNKNOWN] == statuses(judge(GOOD, unlisted=[Secret]))


def test_does_not_apply_without_secrets():
    """
    A proxy that logs in with IAM names none.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(of=proxy(DefaultAuthScheme="IAM_AUTH")))

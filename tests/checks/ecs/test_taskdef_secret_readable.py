import json
import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import Service
from awsaudit.resources.iam import Role
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.ssm import PARAMETERS, Parameter
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.taskdef_secret_readable import taskdef_secret_readable
from tests.estate import OWN, allow, alone, deny, key, role, secret, trusting
from tests.fleet import container, definition, family, service


SECRETS = f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret"
TOKEN = secret("token")
TASKS = trusting("ecs-tasks.amazonaws.com")


def parameter(name="/api/url", kind="String", key_id=None):
    return fake(Parameter, {PARAMETERS: {"Name": name, "Type": kind, **({"KeyId": key_id} if key_id else {})}})


def execution(*statements):
    return role("execution", *statements, trust=TASKS)


READS = execution(allow("secretsmanager:GetSecretValue", resource=f"{SECRETS}:token-*"), allow("ssm:GetParameters"))


def started(*names, execution_role=f"arn:aws:iam::{OWN}:role/execution", **more):
    given = {"executionRoleArn": execution_role} if execution_role else {}
    secrets = [{"name": f"S{at}", "valueFrom": name} for at, name in enumerate(names)]
    return service(definition(container(secrets=secrets, **more), **given))


def look(judged, *others, **more):
    return run_check(taskdef_secret_readable, family(), judged, *alone(), *others, **more)


@pytest.mark.parametrize(
    "name",
    [
        TOKEN.arn,
        f"{TOKEN.arn}:key::",
        f"{SECRETS}:token",
        "/api/url",
        f"arn:aws:ssm:eu-west-1:{OWN}:parameter/api/url",
    ],
)
def test_what_the_role_reads_passes(name):
    """
    With a key of the JSON, without the six characters, by name or by ARN.
    """
    assert [Status.PASS] == statuses(look(started(name), TOKEN, parameter(), READS))


def test_credentials_of_a_registry_are_a_secret():
    """
    A name is then a secret's.
    """
    judged = service(
        definition(
            container(repositoryCredentials={"credentialsParameter": "token"}),
            executionRoleArn="execution",
        )
    )

    assert [Status.PASS] == statuses(look(judged, TOKEN, READS))
    [finding] = look(judged, READS)
    assert "a container needs token, which does not exist" in finding.message


def test_shows_each_hop():
    """
    The revision, the secret, the role.
    """
    [finding] = look(started(TOKEN.arn), TOKEN, execution(allow("logs:PutLogEvents")))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert [
        ("AWS::ECS::TaskDefinition", True),
        ("AWS::SecretsManager::Secret", True),
        ("AWS::IAM::Role", False),
    ] == [(hop.type, hop.holds) for hop in finding.path]
    assert "the execution role execution may not secretsmanager:GetSecretValue" in finding.message


def test_the_command_grants_what_is_missing():
    """
    With it the check passes; a policy of the same name is not replaced.
    """
    [finding] = look(started(TOKEN.arn), TOKEN, execution())
    words = shlex.split(finding.fix)

    assert ["--role-name", "execution", "--policy-name", "read-token-AbCdEf", "--policy-document"] == words[5:10]
    granted = execution(*json.loads(words[-1])["Statement"])
    assert [Status.PASS] == statuses(look(started(TOKEN.arn), TOKEN, granted))


def test_no_command_where_something_denies():
    """
    One more policy would not help.
    """
    [finding] = look(started(TOKEN.arn), TOKEN, execution(deny("secretsmanager:*")))

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert "denied by" in finding.message


@pytest.mark.parametrize(
    ("name", "others", "said"),
    [
        (TOKEN.arn, [], "which does not exist"),
        ("/api/url", [], "which does not exist"),
        (
            TOKEN.arn,
            [secret("token", DeletedDate="2026-12-01T00:00:00+00:00")],
            "which is to be deleted on 2026-12-01, and answers nobody",
        ),
    ],
)
def test_flags_what_is_gone(name, others, said):
    """
    One that is about to be deleted answers nobody already.
    """
    [finding] = look(started(name), READS, *others)

    assert (Status.FAIL, None) == (finding.status, finding.fix)
    assert f"a container needs {name}, {said}" in finding.message
    assert finding.path[-1].holds is False


@pytest.mark.parametrize(
    ("role_", "said"),
    [
        (None, "and there is no execution role to read it"),
        ("lost", "and its execution role lost does not exist"),
        (f"arn:aws:iam::{OWN}:role/lost", "and its execution role lost does not exist"),
    ],
)
def test_flags_a_role_that_is_missing(role_, said):
    """
    Nobody reads it then.
    """
    [finding] = look(started("/api/url", execution_role=role_), parameter(), READS)

    assert Status.FAIL is finding.status
    assert said in finding.message


def test_the_key_is_followed():
    """
    Of secrets and of secure parameters; a key policy that lets nobody in breaks the path there.
    """
    own = key("0a1b")
    shut = key("0a1b", {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OWN}:role/admin"}, "Action": "kms:*"})
    reads = [allow("secretsmanager:GetSecretValue"), allow("ssm:GetParameters")]
    for name, held in (
        (f"{SECRETS}:vault-AbCdEf", secret("vault", key_id=own.arn)),
        ("/api/url", parameter(kind="SecureString", key_id="0a1b")),
    ):
        [finding] = look(started(name), held, own, execution(*reads))
        assert (Status.FAIL, "AWS::KMS::Key", False) == (
            finding.status,
            finding.path[-1].type,
            finding.path[-1].holds,
        )
        assert "kms:Decrypt with its key" in finding.message
        assert "kms:Decrypt" in finding.fix
        [finding] = look(started(name), held, shut, execution(*reads, allow("kms:Decrypt")))
        assert (Status.FAIL, None) == (finding.status, finding.fix)
        assert [Status.PASS] == statuses(look(started(name), held, own, execution(*reads, allow("kms:Decrypt"))))


def test_the_key_that_aws_manages_needs_no_right():
    """
    Whoever reads the parameter may.
    """
    secure = parameter(kind="SecureString", key_id="alias/aws/ssm")

    assert [Status.PASS] == statuses(look(started("/api/url"), secure, READS))


def test_a_policy_of_the_secret_is_enough():
    """
    In one account either side may allow.
    """
    principal = {"Principal": {"AWS": f"arn:aws:iam::{OWN}:role/execution"}}
    open_ = secret("token", {**allow("secretsmanager:GetSecretValue"), **principal})

    assert [Status.PASS] == statuses(look(started(TOKEN.arn), open_, execution()))


@pytest.mark.parametrize(
    "name",
    [
        "arn:aws:secretsmanager:eu-west-1:444455556666:secret:token-AbCdEf",
        f"arn:aws:ssm:us-east-1:{OWN}:parameter/api/url",
        "/aws/service/ami-amazon-linux-latest/al2023",
    ],
)
def test_what_is_elsewhere_is_unknown(name):
    """
    In another account, in a region that is not scanned, or AWS's own.
    """
    assert [Status.UNKNOWN] == statuses(look(started(name), READS))


def test_a_replica_has_the_policy_of_its_primary():
    """
    Which may let the role in.
    """
    copy = secret("token", PrimaryRegion="us-east-1")

    assert [Status.UNKNOWN] == statuses(look(started(TOKEN.arn), copy, execution()))
    assert [Status.PASS] == statuses(look(started(TOKEN.arn), copy, READS))


def test_does_not_concern_revisions_that_name_nothing():
    """
    There is nothing to read.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(started()))


@pytest.mark.parametrize(("others", "hidden"), [([READS], Secret), ([TOKEN], Role), ([TOKEN, READS], Service)])
def test_what_could_not_be_listed_is_unknown(others, hidden):
    """
    It may be there all the same.
    """
    assert [Status.UNKNOWN] == statuses(look(started(TOKEN.arn), *others, unlisted=[hidden]))

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import Service
from awsaudit.resources.secretsmanager import Secret
from awsaudit.resources.ssm import PARAMETERS, Parameter
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.execution_role_scoped import execution_role_scoped
from tests.estate import OWN, allow, alone, key, role, secret, trusting
from tests.fleet import container, definition, service


TOKEN, OTHER = secret("token"), secret("payouts")
NAMED = service(
    definition(
        container(secrets=[{"name": "A", "valueFrom": f"{TOKEN.arn}:key::"}, {"name": "B", "valueFrom": "/api/url"}]),
        executionRoleArn=f"arn:aws:iam::{OWN}:role/execution",
    )
)


def parameter(name):
    return fake(Parameter, {PARAMETERS: {"Name": name, "Type": "String"}})


def execution(*statements, trust=None):
    return role("execution", *statements, trust=trust or trusting("ecs-tasks.amazonaws.com"))


def look(role_, *others, started=NAMED, **more):
    held = (TOKEN, OTHER, parameter("/api/url"), parameter("/other/url"))
    return run_check(execution_role_scoped, role_, started, *alone(), *held, *others, **more)


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (allow("secretsmanager:GetSecretValue"), "it may read every secret"),
        (allow("secretsmanager:*", "logs:*"), "it may read every secret"),
        (allow("ssm:GetParameters"), "it may read every parameter"),
        (allow("kms:Decrypt"), "it may decrypt with every key"),
        (allow("secretsmanager:GetSecretValue", resource=OTHER.arn), "it may read payouts-AbCdEf, which no task names"),
        (
            allow("ssm:GetParameters", resource=f"arn:aws:ssm:*:{OWN}:parameter/other/*"),
            "it may read other/url, which no task names",
        ),
    ],
)
def test_flags_what_no_task_names(statement, said):
    """
    Everything at once, or single ones.
    """
    [finding] = look(execution(statement))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert said == finding.message


def test_policies_of_secrets_count():
    """
    They let it in as well.
    """
    principal = {"Principal": {"AWS": f"arn:aws:iam::{OWN}:role/execution"}}
    open_ = secret("open", {**allow("secretsmanager:GetSecretValue"), **principal})
    [finding] = look(execution(), open_)

    assert "it may read open-AbCdEf, which no task names" == finding.message


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow("secretsmanager:GetSecretValue", resource=TOKEN.arn)],
        [allow("secretsmanager:GetSecretValue", resource=f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:token-*")],
        [allow("ssm:GetParameters", resource=f"arn:aws:ssm:eu-west-1:{OWN}:parameter/api/*")],
        [allow("kms:Decrypt", resource=f"arn:aws:kms:eu-west-1:{OWN}:key/0a1b")],
        [
            allow(
                "kms:Decrypt",
                Condition={"StringEquals": {"kms:ViaService": "secretsmanager.eu-west-1.amazonaws.com"}},
            )
        ],
    ],
)
def test_roles_that_read_what_is_named_pass(statements):
    """
    By ARN, by a pattern that nothing else has, with one key or through the service.
    """
    assert [Status.PASS] == statuses(look(execution(*statements), key("0a1b")))


def test_does_not_concern_other_roles():
    """
    Those that tasks cannot have, and those that no task has.
    """
    wide = allow("secretsmanager:GetSecretValue")

    assert [Status.NOT_APPLICABLE] == statuses(look(execution(wide, trust=trusting("ec2.amazonaws.com"))))
    without = service(definition(container()))
    assert [Status.NOT_APPLICABLE] == statuses(look(execution(wide), started=without))


def test_unseen_services_are_unknown():
    """
    They may name the secret; all secrets nobody names.
    """
    single = execution(allow("secretsmanager:GetSecretValue", resource=OTHER.arn))
    wide = execution(allow("secretsmanager:GetSecretValue"))

    assert [Status.UNKNOWN] == statuses(look(single, unlisted=[Service]))
    assert [Status.FAIL] == statuses(look(wide, unlisted=[Service]))
    assert [Status.UNKNOWN] == statuses(look(wide, started=service(definition(container())), unlisted=[Service]))


def test_unseen_secrets_are_unknown():
    """
    It may read one of them.
    """
    assert [Status.UNKNOWN] == statuses(look(execution(), unlisted=[Secret]))

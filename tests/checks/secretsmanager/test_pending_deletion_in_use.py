import pytest

from awsaudit import Status
from awsaudit.resources.codebuild import DETAILS, Project
from awsaudit.resources.codebuild import LIST as PROJECTS
from awsaudit.resources.ecs import DESCRIBE_SERVICES, SERVICES, TASK_DEFINITION, Service
from awsaudit.resources.events import CONNECTION, CONNECTIONS, Connection
from awsaudit.resources.rds import INSTANCES, PROXIES, DBInstance, DBProxy
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.secretsmanager.pending_deletion_in_use import pending_deletion_in_use
from tests.estate import OWN, secret


GOING = secret("app/token", DeletedDate="2026-12-01T00:00:00+00:00")
ARN = GOING.arn


def task(reference):
    container = {"image": "x", "secrets": [{"name": "TOKEN", "valueFrom": reference}]}
    described = {
        "taskDefinitionArn": f"arn:aws:ecs:eu-west-1:{OWN}:task-definition/app:1",
        "family": "app",
        "revision": 1,
        "containerDefinitions": [container],
    }
    arn = f"arn:aws:ecs:eu-west-1:{OWN}:service/main/app"
    return fake(Service, {SERVICES: arn, DESCRIBE_SERVICES: {}, TASK_DEFINITION: described})


def build(reference, kind="SECRETS_MANAGER"):
    variables = [{"name": "TOKEN", "type": kind, "value": reference}]
    return fake(Project, {PROJECTS: "app", DETAILS: {"environment": {"environmentVariables": variables}}})


def database(arn):
    item = {"DBInstanceArn": f"arn:aws:rds:eu-west-1:{OWN}:db:app", "MasterUserSecret": {"SecretArn": arn}}
    return fake(DBInstance, {INSTANCES: item})


def proxy(arn):
    item = {"DBProxyArn": f"arn:aws:rds:eu-west-1:{OWN}:db-proxy:app", "Auth": [{"SecretArn": arn}]}
    return fake(DBProxy, {PROXIES: item})


def connection(arn):
    listed = {"ConnectionArn": f"arn:aws:events:eu-west-1:{OWN}:connection/app/1", "Name": "app"}
    return fake(Connection, {CONNECTIONS: listed, CONNECTION: {"SecretArn": arn}})


@pytest.mark.parametrize(
    "user",
    [
        task(ARN),
        task(f"{ARN}:password::"),
        task(ARN.removesuffix("-AbCdEf")),
        build("app/token:key:AWSCURRENT"),
        build(ARN),
        database(ARN),
        proxy(ARN),
        connection(ARN),
    ],
)
def test_flags_each_form_of_reference(user):
    """
    By ARN, in full or without its ending, by name, with a key and a label behind.
    """
    [finding] = run_check(pending_deletion_in_use, GOING, user)

    assert Status.FAIL == finding.status
    assert "still names it; it is deleted on 2026-12-01" in finding.message
    assert [user.arn, ARN] == [hop.resource for hop in finding.path]
    assert f"aws secretsmanager restore-secret --region eu-west-1 --secret-id {ARN}" == finding.fix


@pytest.mark.parametrize(
    "user", [task(f"{ARN}2"), build("app/token2:key"), build("app/token", kind="PLAINTEXT"), database("arn:other")]
)
def test_other_references_pass(user):
    """
    A longer name is another secret, and a plain variable is no reference.
    """
    assert [Status.PASS] == statuses(run_check(pending_deletion_in_use, GOING, user))


def test_unlisted_users_are_unknown():
    """
    Where builds could not be listed, one of them may name it; what was found fails all the same.
    """
    assert [Status.UNKNOWN] == statuses(run_check(pending_deletion_in_use, GOING, unlisted=[Project]))
    assert [Status.FAIL] == statuses(run_check(pending_deletion_in_use, GOING, task(ARN), unlisted=[Project]))


def test_does_not_apply_to_secrets_that_stay():
    """
    A secret that is not to be deleted is not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(pending_deletion_in_use, secret("app/token")))

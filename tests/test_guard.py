import boto3
import botocore.session
import pytest

from awsaudit.errors import ReadOnlyError
from awsaudit.guard import allow_only
from awsaudit.plan import plan
from awsaudit.plugins import load_checks


# Reads that this project never makes, although they are reads.
NEVER = {
    ("secretsmanager", "GetSecretValue"),
    ("secretsmanager", "BatchGetSecretValue"),
    ("kms", "Decrypt"),
    ("ecr", "GetAuthorizationToken"),
    ("ssm", "GetParameter"),
    ("ssm", "GetParameters"),
    ("ssm", "GetParametersByPath"),
    ("s3", "GetObject"),
    ("lambda", "GetFunction"),
}


def _client(service):
    return boto3.client(service, region_name="eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")


@pytest.fixture(name="operations", scope="module")
def _operations():
    return {(o.service, o.operation) for o in plan(load_checks().values()).operations()}


def test_refuses_before_anything_is_signed(operations):
    """
    An operation outside the plan raises, and the signer is never asked.
    """
    client = _client("sqs")
    signed = []
    client.meta.events.register("before-sign", lambda **_: signed.append(1))
    allow_only(client, operations)

    with pytest.raises(ReadOnlyError, match="sqs:DeleteQueue is not a declared read"):
        client.delete_queue(QueueUrl="https://sqs.eu-west-1.amazonaws.com/111122223333/q")
    assert [] == signed


def test_no_operation_outside_the_plan_passes(operations):
    """
    Over every operation of every service in botocore, exactly those of the plan pass the guard.
    """
    session = botocore.session.get_session()
    passed = set()
    for service in session.get_available_services():
        client = _Probe(service)
        allow_only(client, operations)
        for name in session.get_service_model(service).operation_names:
            if client.admits(name):
                passed.add((service, name))

    assert operations == passed


def test_plan_never_reads_secrets_or_data(operations):
    """
    No operation that reads secret values, parameters, objects or code is in the plan.
    """
    assert set() == NEVER & operations


def test_plan_changes_nothing(operations):
    """
    Every operation of the plan begins with a word for reading, but the one that makes the credential report.
    """
    reads = ("Describe", "Get", "Head", "List", "BatchGet", "Lookup", "Search")
    changing = {name for _, name in operations if not name.startswith(reads)}

    assert changing <= {"GenerateCredentialReport"}


class _Probe:
    """A client's events without its cost: 400 real clients would take minutes."""

    def __init__(self, service):
        self.meta = self
        self.service_model = self
        self.service_name = service
        self.events = self

    def register_first(self, event, handler):
        assert "before-call" == event
        self.handler = handler

    def admits(self, name):
        try:
            self.handler(model=type("Model", (), {"name": name}))
        except ReadOnlyError:
            return False
        return True

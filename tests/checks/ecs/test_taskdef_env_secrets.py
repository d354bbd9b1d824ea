import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import SERVICES, Service, Task
from awsaudit.resources.events import Target
from awsaudit.resources.scheduler import Schedule
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.ecs.taskdef_env_secrets import taskdef_env_secrets
from tests.fleet import CLUSTER, ECS, container, definition, family, schedule, service, target, task


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
GUESS = "kV9#mQ2xTz7!"


def variables(**given):
    return [{"name": name, "value": value} for name, value in given.items()]


LEAKY = definition(container(environment=variables(GITHUB_TOKEN=TOKEN)))
CLEAN = definition(
    container(
        environment=variables(
            DB_SECRET_ARN="arn:aws:secretsmanager:eu-west-1:111122223333:secret:db-AbCdEf",
            DB_PASSWORD_PARAMETER="/api/db-password",
            TOKEN_REQUIRED="true",
            TRACE_TOKEN="0d9a8f31-5b7c-4c3e-9d55-2f1c6b7e8a90",
            IMAGE=f"api@sha256:{'0a' * 32}",
            EMPTY="",
        ),
        secrets=[{"name": "TOKEN", "valueFrom": "/api/token"}],
        command=["serve", "--password-file", "/run/secrets/db"],
    )
)


@pytest.mark.parametrize("starter", [service, task, target, schedule])
def test_flags_secrets_of_what_is_in_use(starter):
    """
    Whatever starts the task; the value is not repeated.
    """
    [finding] = run_check(taskdef_env_secrets, family(), starter(LEAKY))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "in api:7, which" in finding.message
    assert "the variable GITHUB_TOKEN of the container api holds a github-token" in finding.message
    assert TOKEN not in f"{finding}"


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"command": ["sync", f"--token={TOKEN}"]}, "the command"),
        ({"entryPoint": ["sh", "-c", f"TOKEN={TOKEN} sync"]}, "the entry point"),
        ({"healthCheck": {"command": ["CMD-SHELL", f"curl -H 'Authorization: token {TOKEN}' x"]}}, "the health check"),
        ({"dockerLabels": {"deploy.token": TOKEN}}, "a label"),
        (
            {"logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": TOKEN}}},
            "an option of the log driver",
        ),
        ({"firelensConfiguration": {"type": "fluentbit", "options": {"token": TOKEN}}}, "an option of the log router"),
    ],
)
def test_looks_at_every_text(given, where):
    """
    All that DescribeTaskDefinition shows.
    """
    [finding] = run_check(taskdef_env_secrets, family(), service(definition(container(**given))))

    assert Status.FAIL is finding.status
    assert f"{where} of the container api holds a github-token" in finding.message


def test_a_guess_is_high():
    """
    A random-looking value under a telling name.
    """
    guessed = definition(container(environment=variables(DB_PASSWORD=GUESS)))
    [finding] = run_check(taskdef_env_secrets, family(), service(guessed))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)


def test_references_pass():
    """
    Names, ARNs, flags, UUIDs and digests are no secrets.
    """
    assert [Status.PASS] == statuses(run_check(taskdef_env_secrets, family(), service(CLEAN)))


def test_one_secret_in_two_revisions_is_one_finding():
    """
    While a deployment is under way both run.
    """
    older = definition(container(environment=variables(GITHUB_TOKEN=TOKEN)), revision=6)

    assert [Status.FAIL] == statuses(run_check(taskdef_env_secrets, family(), service(LEAKY), task(older)))


def test_files_of_variables_are_unknown():
    """
    They are not read; a secret beside them fails all the same.
    """
    files = [{"type": "s3", "value": "arn:aws:s3:::config/api.env"}]
    clean, leaky = container(environmentFiles=files), container("b", environment=variables(T=TOKEN))

    [finding] = run_check(taskdef_env_secrets, family(), service(definition(clean)))
    assert Status.UNKNOWN is finding.status
    assert "arn:aws:s3:::config/api.env" in finding.message
    assert [Status.FAIL] == statuses(run_check(taskdef_env_secrets, family(), service(definition(clean, leaky))))


def test_a_family_that_nothing_uses_gets_a_remark():
    """
    The newest revision still shows the secret.
    """
    [finding] = run_check(taskdef_env_secrets, family(LEAKY))

    assert Status.PASS is finding.status
    assert "nothing uses it; in its newest revision the variable GITHUB_TOKEN" in finding.message
    assert () == run_check(taskdef_env_secrets, family())[0].notes


@pytest.mark.parametrize("hidden", [Service, Task, Target, Schedule])
def test_starters_that_could_not_be_listed_are_unknown(hidden):
    """
    Unless one that was seen fails already.
    """
    starter = task if hidden is Service else service

    assert [Status.UNKNOWN] == statuses(run_check(taskdef_env_secrets, family(), starter(CLEAN), unlisted=[hidden]))
    assert [Status.FAIL] == statuses(run_check(taskdef_env_secrets, family(), starter(LEAKY), unlisted=[hidden]))


def test_a_definition_that_was_refused_is_unknown():
    """
    The service starts something that nobody saw.
    """
    blind = fake(Service, {SERVICES: f"{ECS}:service/main/api"}, parent=CLUSTER)

    assert [Status.UNKNOWN] == statuses(run_check(taskdef_env_secrets, family(), blind))

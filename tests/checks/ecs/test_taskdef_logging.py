import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import Service
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ecs.taskdef_logging import taskdef_logging
from tests.fleet import container, definition, family, service


def driver(name):
    return {"logConfiguration": {"logDriver": name}}


def look(*containers, **more):
    return run_check(taskdef_logging, family(), service(definition(*containers, **more)))


@pytest.mark.parametrize(
    ("more", "said"),
    [({}, "stays with Docker on the host"), ({"requiresCompatibilities": ["FARGATE"]}, "is kept nowhere")],
)
def test_flags_containers_without_a_driver(more, said):
    """
    Each by its name.
    """
    [finding] = look(container("api"), container("proxy", **driver("awslogs")), **more)

    assert (Status.FAIL, Severity.HIGH, "api") == (finding.status, finding.severity, finding.sub_key)
    assert f"the log of the container api {said}" in finding.message


@pytest.mark.parametrize("name", ["json-file", "journald"])
def test_what_stays_on_the_host_is_low(name):
    """
    It is gone with the host.
    """
    [finding] = look(container(**driver(name)))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)


@pytest.mark.parametrize("name", ["awslogs", "awsfirelens", "splunk", "fluentd", "gelf", "syslog"])
def test_drivers_that_send_it_elsewhere_pass(name):
    """
    Beside a log router and a container that only prepares the start.
    """
    router = container("router", firelensConfiguration={"type": "fluentbit"})
    first = container("migrate", essential=False)
    waits = {"dependsOn": [{"containerName": "migrate", "condition": "SUCCESS"}]}

    assert [Status.PASS] == statuses(look(container(**driver(name), **waits), router, first))


def test_sidecars_are_judged():
    """
    That the task goes on without one does not make it end.
    """
    assert [Status.FAIL] == statuses(look(container(**driver("awslogs")), container("agent", essential=False)))


def test_does_not_concern_a_router_alone():
    """
    There is nothing else that logs.
    """
    router = container("router", firelensConfiguration={"type": "fluentbit"})

    assert [Status.NOT_APPLICABLE] == statuses(look(router))


def test_unseen_services_are_unknown():
    """
    One of them may start a revision that keeps nothing.
    """
    assert [Status.UNKNOWN] == statuses(run_check(taskdef_logging, family(), unlisted=[Service]))

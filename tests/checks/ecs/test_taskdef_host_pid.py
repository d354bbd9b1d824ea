import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import Task
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ecs.taskdef_host_pid import taskdef_host_pid
from tests.fleet import container, definition, family, service


def look(*, unlisted=(), **more):
    return run_check(taskdef_host_pid, family(), service(definition(container(), **more)), unlisted=unlisted)


def test_flags_the_namespace_of_the_host():
    """
    Every process of the host is seen.
    """
    [finding] = look(pidMode="host")

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "in api:7, which the service api starts, containers see the processes of the host" == finding.message


@pytest.mark.parametrize("more", [{}, {"pidMode": "task"}])
def test_own_namespaces_pass(more):
    """
    The container's, or the task's.
    """
    assert [Status.PASS] == statuses(look(**more))


def test_does_not_concern_fargate():
    """
    Its tasks have no host.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(pidMode="task", requiresCompatibilities=["FARGATE"]))


def test_unseen_tasks_are_unknown():
    """
    One of them may be of another revision.
    """
    assert [Status.UNKNOWN] == statuses(look(unlisted=[Task]))

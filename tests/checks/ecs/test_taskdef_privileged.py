import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import Service
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ecs.taskdef_privileged import taskdef_privileged
from tests.fleet import container, definition, family, schedule, service, target, task


ROOT = definition(container("agent", privileged=True), container("api"))


@pytest.mark.parametrize("starter", [service, task, target, schedule])
def test_flags_privileged_containers(starter):
    """
    Each by its name, whatever starts the task.
    """
    [finding] = run_check(taskdef_privileged, family(), starter(ROOT))

    assert (Status.FAIL, Severity.HIGH, "agent") == (finding.status, finding.severity, finding.sub_key)
    assert "the container agent is privileged" in finding.message


@pytest.mark.parametrize("more", [{}, {"privileged": False}])
def test_others_pass(more):
    """
    Said or not.
    """
    judged = service(definition(container(**more)))

    assert [Status.PASS] == statuses(run_check(taskdef_privileged, family(), judged))


@pytest.mark.parametrize(
    "more",
    [
        {"requiresCompatibilities": ["FARGATE"]},
        {"runtimePlatform": {"operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"}},
    ],
)
def test_does_not_concern_tasks_without_a_linux_host(more):
    """
    There is nothing to be root of.
    """
    judged = service(definition(container(), **more))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(taskdef_privileged, family(), judged))


def test_judges_what_is_left_of_several_revisions():
    """
    One for Fargate does not hide one for hosts.
    """
    fargate = definition(container(), revision=8, requiresCompatibilities=["FARGATE"])

    assert [Status.FAIL] == statuses(run_check(taskdef_privileged, family(), service(fargate), task(ROOT)))


def test_unseen_services_are_unknown():
    """
    Unless a task fails already.
    """
    clean = task(definition(container()))

    assert [Status.UNKNOWN] == statuses(run_check(taskdef_privileged, family(), clean, unlisted=[Service]))
    assert [Status.FAIL] == statuses(run_check(taskdef_privileged, family(), task(ROOT), unlisted=[Service]))


def test_a_family_that_nothing_uses_gets_a_remark():
    """
    It fails nobody now.
    """
    [finding] = run_check(taskdef_privileged, family(ROOT))

    assert Status.PASS is finding.status
    assert "nothing uses it; in its newest revision the container agent is privileged" == finding.message

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecs import Service
from awsaudit.testing import run_check, statuses
from awsaudit_checks.ecs.taskdef_roles_separate import taskdef_roles_separate
from tests.fleet import container, definition, family, service


ROLE = "arn:aws:iam::111122223333:role/"


def look(task, execution, *, unlisted=()):
    roles = {"taskRoleArn": task, "executionRoleArn": execution}
    given = {name: role for name, role in roles.items() if role}
    return run_check(taskdef_roles_separate, family(), service(definition(container(), **given)), unlisted=unlisted)


@pytest.mark.parametrize(
    ("task", "execution"),
    [(f"{ROLE}api", f"{ROLE}api"), ("api", f"{ROLE}api"), (f"{ROLE}path/api", "api"), ("api", "api")],
)
def test_flags_one_role_for_both(task, execution):
    """
    By name or by ARN.
    """
    [finding] = look(task, execution)

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert "the containers have the execution role api as their own" in finding.message


@pytest.mark.parametrize(("task", "execution"), [(f"{ROLE}api", f"{ROLE}execution"), ("api", f"{ROLE}api-execution")])
def test_two_roles_pass(task, execution):
    """
    Names that begin alike are two.
    """
    assert [Status.PASS] == statuses(look(task, execution))


@pytest.mark.parametrize(("task", "execution"), [(None, f"{ROLE}api"), (f"{ROLE}api", None), (None, None)])
def test_does_not_concern_revisions_without_both(task, execution):
    """
    One role alone cannot be two things.
    """
    assert [Status.NOT_APPLICABLE] == statuses(look(task, execution))


def test_unseen_services_are_unknown():
    """
    One of them may start a revision with one role.
    """
    found = run_check(taskdef_roles_separate, family(), unlisted=[Service])

    assert [Status.UNKNOWN] == statuses(found)

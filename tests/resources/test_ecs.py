import pytest

from awsaudit.errors import EvidenceMissing
from awsaudit.plan import trees_of
from awsaudit.projection import project
from awsaudit.resources.ecs import (
    DESCRIBE_SERVICES,
    NEWEST,
    TASK_DEFINITION,
    Cluster,
    Service,
    Task,
    TaskFamily,
)
from awsaudit.testing import fake
from tests.test_collect import Session, collect


ARN = "arn:aws:ecs:eu-west-1:111122223333:"
SECRET = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:api-AbCdEf"
DEFINITION = {
    "taskDefinitionArn": f"{ARN}task-definition/api:7",
    "family": "api",
    "revision": 7,
    "executionRoleArn": "arn:aws:iam::111122223333:role/execution",
    "containerDefinitions": [
        {
            "name": "api",
            "image": "111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:7",
            "environment": [{"name": "TOKEN", "value": "in plain text"}],
            "secrets": [{"name": "KEY", "valueFrom": f"{SECRET}:key::"}, {"name": "URL", "valueFrom": "/api/url"}],
            "logConfiguration": {"logDriver": "splunk", "secretOptions": [{"name": "t", "valueFrom": "splunk"}]},
        },
        {
            "name": "proxy",
            "image": "registry.example/proxy",
            "secrets": [{"name": "URL", "valueFrom": "/api/url"}],
            "repositoryCredentials": {"credentialsParameter": "arn:registry"},
        },
    ],
}


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


def test_task_definition_is_read():
    """
    Roles, images, and each secret that containers, their logging and their registry name, once.
    """
    definition = fake(Service, {TASK_DEFINITION: DEFINITION}).task_definition

    assert ("api", 7, None) == (definition.family, definition.revision, definition.task_role_arn)
    assert "arn:aws:iam::111122223333:role/execution" == definition.execution_role_arn
    assert ("111122223333.dkr.ecr.eu-west-1.amazonaws.com/api:7", "registry.example/proxy") == definition.images
    assert (f"{SECRET}:key::", "/api/url", "splunk", "arn:registry") == definition.secrets


def test_a_definition_without_secrets_names_none():
    """
    What AWS leaves out is empty.
    """
    bare = {**DEFINITION, "containerDefinitions": [{"name": "api", "image": "api"}]}

    assert () == fake(Service, {TASK_DEFINITION: bare}).task_definition.secrets
    assert fake(Service, {TASK_DEFINITION: None}).task_definition is None


def test_values_of_variables_are_not_kept():
    """
    Evidence of a task definition has no environment.
    """
    tree = next(tree for call, tree in trees_of(Service) if call == TASK_DEFINITION)

    assert "in plain text" not in str(project(tree, {"taskDefinition": DEFINITION}))


def test_all_definitions_of_a_deployment_are_told():
    """
    The service's own, those of task sets and of deployments, each once.
    """
    service = {
        "taskDefinition": "api:7",
        "deployments": [{"taskDefinition": "api:7"}, {"taskDefinition": "api:6"}],
        "taskSets": [{"taskDefinition": "api:8"}],
    }

    assert ("api:7", "api:8", "api:6") == fake(Service, {DESCRIBE_SERVICES: service}).task_definition_arns
    assert () == fake(Service, {DESCRIBE_SERVICES: {}}).task_definition_arns


def test_what_a_batch_answered_is_asked_about_once(session):
    """
    Services of one definition share the question; that of the primary task set goes first; a service that a batch leaves
    unanswered has no definition that is known.
    """
    ecs = session.stub("ecs")
    ecs.add_response("list_clusters", {"clusterArns": ["ledger"]})
    ecs.add_response("list_services", {"serviceArns": ["a", "b", "c", "d"]})
    sets = [{"status": "ACTIVE", "taskDefinition": "x:1"}, {"status": "PRIMARY", "taskDefinition": "api:8"}]
    services = [
        {"serviceArn": "a", "taskDefinition": "api:7"},
        {"serviceArn": "b", "taskDefinition": "api:7"},
        {"serviceArn": "c", "taskSets": sets},
    ]
    answer = {"services": services, "failures": [{"arn": "d", "reason": "MISSING"}]}
    asked = {"cluster": "ledger", "include": ["TAGS"], "services": ["a", "b", "c", "d"]}
    ecs.add_response("describe_services", answer, asked)
    ecs.add_response("describe_task_definition", {"taskDefinition": DEFINITION}, {"taskDefinition": "api:7"})
    ecs.add_client_error(
        "describe_task_definition",
        "AccessDeniedException",
        http_status_code=400,
        expected_params={"taskDefinition": "api:8"},
    )

    a, b, c, d = collect(session, Cluster, Service).every(Service)

    assert f"{ARN}task-definition/api:7" == a.task_definition.arn == b.task_definition.arn
    with pytest.raises(EvidenceMissing, match="grant ecs:DescribeTaskDefinition"):
        _ = c.task_definition
    with pytest.raises(EvidenceMissing, match="MISSING"):
        _ = d.task_definition


def test_rollout_is_read_without_what_hooks_are_given():
    """
    Unset, ECS makes rolling updates itself; details of hooks are whatever somebody wrote.
    """
    hook = {"hookTargetArn": f"{ARN}function:smoke", "hookDetails": {"token": "in plain text"}}
    service = {"deploymentConfiguration": {"maximumPercent": 200, "lifecycleHooks": [hook]}}
    tree = next(tree for call, tree in trees_of(Service) if call == DESCRIBE_SERVICES)
    rollout = fake(Service, {DESCRIBE_SERVICES: service}).rollout

    assert ("ECS", "ROLLING", False, False, 1) == (
        rollout.controller,
        rollout.strategy,
        rollout.stops,
        rollout.rolls_back,
        rollout.hooks,
    )
    assert {"maximumPercent": 200} == rollout.settings
    assert "in plain text" not in str(project(tree, {"services": [service]}))


def test_a_family_tells_of_its_newest_revision(session):
    """
    Families without an active revision are not asked for.
    """
    ecs = session.stub("ecs")
    ecs.add_response("list_task_definition_families", {"families": ["api"]}, {"status": "ACTIVE", "maxResults": 100})
    ecs.add_response("describe_task_definition", {"taskDefinition": DEFINITION}, {"taskDefinition": "api"})

    (family,) = collect(session, TaskFamily).every(TaskFamily)

    assert ("api", f"{ARN}task-definition/api", f"{ARN}task-definition/api:7") == (
        family.name,
        family.arn,
        family.newest_arn,
    )
    assert "registry.example/proxy" in family.images
    tree = next(tree for call, tree in trees_of(TaskFamily) if call == NEWEST)
    assert "in plain text" not in str(project(tree, {"taskDefinition": DEFINITION}))


def test_a_task_that_has_stopped_meanwhile_is_none(session):
    """
    The others tell what they were started from.
    """
    ecs = session.stub("ecs")
    ecs.add_response("list_clusters", {"clusterArns": ["ledger"]})
    ecs.add_response("list_tasks", {"taskArns": ["a", "b"]}, {"cluster": "ledger", "maxResults": 100})
    told = {"taskArn": "a", "taskDefinitionArn": "api:7", "containers": [{"image": "api"}, {"image": "proxy"}]}
    answer = {"tasks": [told], "failures": [{"arn": "b", "reason": "MISSING"}]}
    ecs.add_response("describe_tasks", answer, {"cluster": "ledger", "tasks": ["a", "b"]})

    (task,) = collect(session, Cluster, Task).every(Task)

    assert ("a", "api:7", ("api", "proxy")) == (task.arn, task.task_definition_arn, task.images)

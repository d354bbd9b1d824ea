import pytest

from awsaudit import Severity, Status
from awsaudit.resources.ecr import LIST as REPOSITORIES
from awsaudit.resources.ecr import Repository
from awsaudit.resources.ecs import (
    DESCRIBE_TASKS,
    FAMILIES,
    LIST,
    NEWEST,
    SERVICES,
    TASK_DEFINITION,
    TASKS,
    Cluster,
    Service,
    Task,
    TaskFamily,
)
from awsaudit.resources.events import TARGETS, Rule, Target
from awsaudit.resources.events import TASK_DEFINITION as TARGET_DEFINITION
from awsaudit.resources.scheduler import SCHEDULE, SCHEDULES, Schedule
from awsaudit.resources.scheduler import TASK_DEFINITION as SCHEDULED_DEFINITION
from awsaudit.testing import ACCOUNT, fake, run_check, statuses
from awsaudit_checks.ecs.taskdef_image_pinned import taskdef_image_pinned


ECS = f"arn:aws:ecs:eu-west-1:{ACCOUNT}"
REGISTRY = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com"
DIGEST = f"sha256:{'0a' * 32}"
CLUSTER = fake(Cluster, {LIST: f"{ECS}:cluster/main"})
DEFINITION = f"{ECS}:task-definition/api:7"


def definition(*images, arn=DEFINITION):
    return {
        "taskDefinitionArn": arn,
        "family": "api",
        "revision": 7,
        "containerDefinitions": [{"image": image} for image in images],
    }


def family(*images):
    return fake(TaskFamily, {FAMILIES: "api", NEWEST: definition(*images)})


def service(*images):
    results = {SERVICES: f"{ECS}:service/main/api", TASK_DEFINITION: definition(*images)}
    return fake(Service, results, parent=CLUSTER)


def task(*images, arn=DEFINITION):
    told = {"taskDefinitionArn": arn, "containers": [{"image": image} for image in images]}
    return fake(Task, {TASKS: f"{ECS}:task/main/0a1b", DESCRIBE_TASKS: told}, parent=CLUSTER)


def target(*images, arn=f"{ECS}:task-definition/api"):
    listed = {"Id": "run", "Arn": f"{ECS}:cluster/main", "EcsParameters": {"TaskDefinitionArn": arn}}
    return fake(Target, {TARGETS: listed, TARGET_DEFINITION: definition(*images)}, parent=fake(Rule, {}))


def schedule(*images):
    listed = {"Name": "nightly", "GroupName": "default", "Arn": "arn:aws:scheduler:::x"}
    told = {"Target": {"EcsParameters": {"TaskDefinitionArn": f"{ECS}:task-definition/api:7"}}}
    return fake(Schedule, {SCHEDULES: listed, SCHEDULE: told, SCHEDULED_DEFINITION: definition(*images)})


def repository(mutability="MUTABLE", *excluded, name="api"):
    listed = {
        "repositoryName": name,
        "repositoryArn": f"arn:aws:ecr:eu-west-1:{ACCOUNT}:repository/{name}",
        "imageTagMutability": mutability,
        "imageTagMutabilityExclusionFilters": [{"filterType": "WILDCARD", "filter": each} for each in excluded],
    }
    return fake(Repository, {REPOSITORIES: listed})


@pytest.mark.parametrize("starter", [service, task, target, schedule])
def test_a_tag_that_can_be_moved_fails(starter):
    """
    Whatever starts the task.
    """
    image = f"{REGISTRY}/api:v7"
    (finding,) = run_check(taskdef_image_pinned, family(), starter(image), repository())

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert "follows the tag v7 that can be moved, in api" in finding.message
    assert finding.fix.endswith("--region eu-west-1 --repository-name api --image-tag-mutability IMMUTABLE")


@pytest.mark.parametrize("image", [f"{REGISTRY}/api", f"{REGISTRY}/api:latest"])
def test_latest_fails_without_a_command(image):
    """
    No tag is latest, too; the next build has to be able to move it as long as it is used.
    """
    (finding,) = run_check(taskdef_image_pinned, family(), service(image), repository())

    assert "follows the tag latest that can be moved" in finding.message
    assert finding.fix is None
    assert f"{REGISTRY}/api" == finding.sub_key


@pytest.mark.parametrize("image", ["nginx", "public.ecr.aws/nginx/nginx:1.27", "registry.example:5000/team/proxy:3"])
def test_tags_of_other_registries_fail(image):
    """
    Whoever owns them says what they mean; a port is no tag.
    """
    (finding,) = run_check(taskdef_image_pinned, family(), service(image))

    assert finding.message.endswith("of a registry where others say what it means")
    assert image.removesuffix(":1.27").removesuffix(":3") == finding.sub_key


@pytest.mark.parametrize(
    ("image", "held"),
    [
        (f"{REGISTRY}/api@{DIGEST}", repository()),
        (f"nginx:1.27@{DIGEST}", repository()),
        (f"{REGISTRY}/api:v7", repository("IMMUTABLE")),
        (f"{REGISTRY}/api", repository("IMMUTABLE")),
        (f"{REGISTRY}/api:v7", repository("IMMUTABLE_WITH_EXCLUSION", "latest*")),
        (f"{REGISTRY}/api:v7", repository("MUTABLE_WITH_EXCLUSION", "v*")),
        (f"{ACCOUNT}.dkr.ecr-fips.eu-west-1.amazonaws.com/api:v7", repository("IMMUTABLE")),
        (f"{ACCOUNT}.dkr-ecr.eu-west-1.on.aws/api:v7", repository("IMMUTABLE")),
        (f"{REGISTRY}/team/api:v7", repository("IMMUTABLE", name="team/api")),
    ],
)
def test_digests_and_immutable_tags_pass(image, held):
    """
    Also where the repository makes exceptions, as long as the tag is none of them.
    """
    assert [Status.PASS] == statuses(run_check(taskdef_image_pinned, family(), service(image), held))


@pytest.mark.parametrize(
    "held", [repository("IMMUTABLE_WITH_EXCLUSION", "v*"), repository("MUTABLE_WITH_EXCLUSION", "r*")]
)
def test_exceptions_of_a_repository_count(held):
    """
    An immutable repository whose exception the tag is, and a mutable one whose exception it is not.
    """
    found = run_check(taskdef_image_pinned, family(), service(f"{REGISTRY}/api:v7"), held)

    assert [Status.FAIL] == statuses(found)


def test_a_repository_that_is_gone_pins_nothing():
    """
    Whoever makes it again says what the tag means.
    """
    (finding,) = run_check(taskdef_image_pinned, family(), service(f"{REGISTRY}/api:v7"))

    assert "and there is no repository api" in finding.message


def test_each_image_is_a_finding_once():
    """
    A service and its tasks start the same one.
    """
    images = "nginx:1", "redis:7"
    found = run_check(taskdef_image_pinned, family(), service(*images), task(*images))

    assert ["nginx", "redis"] == [finding.sub_key for finding in found]


def test_a_family_that_nothing_uses_gets_a_remark():
    """
    Its newest revision is not running anywhere.
    """
    other = task("nginx", arn=f"{ECS}:task-definition/other:1")
    (finding,) = run_check(taskdef_image_pinned, family("nginx:1"), other)

    assert finding.status is Status.PASS
    assert (
        "nothing uses it; its newest revision names nginx:1, which can come to mean another image",
    ) == finding.notes


def test_another_accounts_repository_is_unknown():
    """
    Its tags cannot be asked for.
    """
    image = "444455556666.dkr.ecr.eu-west-1.amazonaws.com/api:v7"

    assert [Status.UNKNOWN] == statuses(run_check(taskdef_image_pinned, family(), service(image)))


@pytest.mark.parametrize("hidden", [Service, Task, Target, Schedule])
def test_starters_that_could_not_be_listed_are_unknown(hidden):
    """
    Unless one that was seen fails already.
    """
    sound, broken = f"{REGISTRY}/api@{DIGEST}", "nginx"
    starter = task if hidden is Service else service

    for judged, status in ((sound, Status.UNKNOWN), (broken, Status.FAIL)):
        found = run_check(taskdef_image_pinned, family(), starter(judged), unlisted=[hidden])
        assert [status] == statuses(found)
    assert [Status.UNKNOWN] == statuses(run_check(taskdef_image_pinned, family("nginx"), unlisted=[hidden]))


def test_a_definition_that_was_refused_is_unknown():
    """
    The service starts something that nobody saw.
    """
    blind = fake(Service, {SERVICES: f"{ECS}:service/main/api"}, parent=CLUSTER)

    assert [Status.UNKNOWN] == statuses(run_check(taskdef_image_pinned, family("nginx"), blind))

"""Task definitions and what starts them, for tests of what is in use."""

from awsaudit.resources.ecs import (
    DESCRIBE_SERVICES,
    DESCRIBE_TASKS,
    FAMILIES,
    LIST,
    NEWEST,
    SERVICES,
    TASK_DEFINITION,
    TASK_REVISION,
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
from awsaudit.testing import ACCOUNT, fake


ECS = f"arn:aws:ecs:eu-west-1:{ACCOUNT}"
CLUSTER = fake(Cluster, {LIST: f"{ECS}:cluster/main"})
IMAGE = f"{ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/api:7"


def container(name="api", image=IMAGE, **more):
    return {"name": name, "image": image, **more}


def definition(*containers, revision=7, family="api", **more):
    return {
        "taskDefinitionArn": f"{ECS}:task-definition/{family}:{revision}",
        "family": family,
        "revision": revision,
        "containerDefinitions": list(containers),
        **more,
    }


def family(newest=None):
    return fake(TaskFamily, {FAMILIES: "api", NEWEST: newest or definition(container())})


def service(started, name="api", **more):
    arn = f"{ECS}:service/main/{name}"
    named = {"taskDefinition": started["taskDefinitionArn"]} if started else {}
    described = {"serviceArn": arn, "status": "ACTIVE", "desiredCount": 1, **named, **more}
    return fake(Service, {SERVICES: arn, DESCRIBE_SERVICES: described, TASK_DEFINITION: started}, parent=CLUSTER)


def task(started, **more):
    told = {"taskDefinitionArn": started["taskDefinitionArn"], **more}
    return fake(Task, {TASKS: f"{ECS}:task/main/0a1b", DESCRIBE_TASKS: told, TASK_REVISION: started}, parent=CLUSTER)


def target(started):
    listed = {"Id": "run", "Arn": f"{ECS}:cluster/main"}
    return fake(Target, {TARGETS: listed, TARGET_DEFINITION: started}, parent=fake(Rule, {}))


def schedule(started):
    listed = {"Name": "nightly", "GroupName": "default", "Arn": "arn:aws:scheduler:::x"}
    return fake(Schedule, {SCHEDULES: listed, SCHEDULE: {"Target": {}}, SCHEDULED_DEFINITION: started})

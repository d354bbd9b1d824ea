"""
Amazon EventBridge Scheduler.

https://docs.aws.amazon.com/scheduler/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, From, Resource
from awsaudit.parser import optional_text, text, texts
from awsaudit.resources.task_definition import TASK_DEFINITION as REVISION
from awsaudit.resources.task_definition import TASK_TEXT


SCHEDULES = Call("ListSchedules", result="Schedules[]")
SCHEDULE = Call(
    "GetSchedule",
    params={"Name": "$Name", "GroupName": "$GroupName"},
    gone=("ResourceNotFoundException",),
)
# ECS has no other code for a task definition that there is not.
# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
TASK_DEFINITION = Call(
    "DescribeTaskDefinition",
    service="ecs",
    result="taskDefinition",
    params={"taskDefinition": From(SCHEDULE, "Target.EcsParameters.TaskDefinitionArn")},
    absent=("ClientException",),
)


class Schedule(Resource):
    """A schedule with its one target."""

    service: ClassVar[str] = "scheduler"
    type: ClassVar[str] = "AWS::Scheduler::Schedule"
    listing: ClassVar[Call] = SCHEDULES

    arn = Fact(SCHEDULES, "Arn", text, "The schedule's ARN.")
    name = Fact(SCHEDULES, "Name", text, "The schedule's name, unique in its group.")
    state = Fact(SCHEDULES, "State", text, "ENABLED or DISABLED.")
    target_arn = Fact(
        SCHEDULES,
        "Target.Arn",
        text,
        "What it calls: a resource's ARN, or one such as ``arn:aws:scheduler:::aws-sdk:…``.",
    )
    role_arn = Fact(SCHEDULE, "Target.RoleArn", text, "The role that it calls its target with.")
    task_definition_arn = Fact(
        SCHEDULE,
        "Target.EcsParameters.TaskDefinitionArn",
        optional_text,
        "The task definition that it starts, perhaps without a revision; unset unless the target is a cluster of ECS.",
    )
    task_images = Fact(
        TASK_DEFINITION, "containerDefinitions[].image", texts, "The images of the task; empty for other targets."
    )
    task_definition = Fact(
        TASK_DEFINITION,
        "@",
        REVISION,
        "The task definition that it starts; unset where ECS has none such, and for other targets.",
    )
    task_text = Fact(TASK_DEFINITION, "@", TASK_TEXT, "Secrets and flags in it; unset as above.")
    kms_key_arn = Fact(SCHEDULE, "KmsKeyArn", optional_text, "The customer managed key; unset where AWS owns the key.")
    dead_letter_arns = Fact(
        SCHEDULE, "Target.DeadLetterConfig.Arn", texts, "The queue that takes what could not be delivered, if any."
    )

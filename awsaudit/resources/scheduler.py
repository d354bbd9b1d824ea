"""
Amazon EventBridge Scheduler.

https://docs.aws.amazon.com/scheduler/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import text, texts


SCHEDULES = Call("ListSchedules", result="Schedules[]")
SCHEDULE = Call(
    "GetSchedule",
    params={"Name": "$Name", "GroupName": "$GroupName"},
    gone=("ResourceNotFoundException",),
)


class Schedule(Resource):
    """A schedule with its one target."""

    service: ClassVar[str] = "scheduler"
    type: ClassVar[str] = "AWS::Scheduler::Schedule"
    listing: ClassVar[Call] = SCHEDULES

    arn = Fact(SCHEDULES, "Arn", text, "The schedule's ARN.")
    name = Fact(SCHEDULES, "Name", text, "The schedule's name, unique in its group.")
    dead_letter_arns = Fact(
        SCHEDULE, "Target.DeadLetterConfig.Arn", texts, "The queue that takes what could not be delivered, if any."
    )

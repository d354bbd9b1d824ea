from awsaudit.resources.scheduler import SCHEDULE, SCHEDULES, TASK_DEFINITION, Schedule
from awsaudit.testing import fake


def test_schedule_is_read():
    """
    The listing tells state and target, the details the role and the task.
    """
    arn = "arn:aws:ecs:eu-west-1:111122223333:cluster/ledger"
    target = {"Arn": arn, "RoleArn": "arn:role", "EcsParameters": {"TaskDefinitionArn": "arn:task"}, "Input": "{}"}
    schedule = fake(Schedule, {SCHEDULES: {"State": "ENABLED", "Target": {"Arn": arn}}, SCHEDULE: {"Target": target}})

    assert ("ENABLED", arn, "arn:role") == (schedule.state, schedule.target_arn, schedule.role_arn)
    assert ("arn:task", None) == (schedule.task_definition_arn, schedule.kms_key_arn)


def test_schedule_tells_the_images_of_its_task():
    """
    Of a target that is no task there are none.
    """
    definition = {"containerDefinitions": [{"image": "api:7"}, {"image": "proxy"}]}

    assert ("api:7", "proxy") == fake(Schedule, {TASK_DEFINITION: definition}).task_images
    assert () == fake(Schedule, {TASK_DEFINITION: None}).task_images

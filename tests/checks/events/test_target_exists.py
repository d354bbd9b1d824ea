import pytest

from awsaudit import Status
from awsaudit.resources.ecs import LIST as CLUSTERS
from awsaudit.resources.ecs import Cluster
from awsaudit.resources.events import (
    API_DESTINATIONS,
    FUNCTION,
    STATE_MACHINE,
    TASK_DEFINITION,
    ApiDestination,
)
from awsaudit.resources.logs import LOG_GROUPS, LogGroup
from awsaudit.resources.sqs import Queue
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.events.target_exists import target_exists


FUNCTION_ARN = "arn:aws:lambda:eu-west-1:111122223333:function:slots:live"
MACHINE = "arn:aws:states:eu-west-1:111122223333:stateMachine:settle"
QUEUE = "arn:aws:sqs:eu-west-1:111122223333:lost"
TOPIC = "arn:aws:sns:eu-west-1:111122223333:oncall"
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:/events/slots"
BUS = "arn:aws:events:eu-west-1:111122223333:event-bus/rewards"
DESTINATION = "arn:aws:events:eu-west-1:111122223333:api-destination/relay/0f6b1f5c"
CLUSTER = "arn:aws:ecs:eu-west-1:111122223333:cluster/beacon"
TASK = "arn:aws:ecs:eu-west-1:111122223333:task-definition/settle"


@pytest.fixture(name="judge")
def judge_fixture(rule, target):
    """Return a function that judges a rule with one target of an ARN; *told* is what detail calls answer."""

    def judge(arn, *others, told=None, unlisted=(), **fields):
        judged = rule()
        return run_check(
            target_exists, judged, target(judged, told=told, Arn=arn, **fields), *others, unlisted=unlisted
        )

    return judge


@pytest.fixture(name="there")
def there_fixture(queue, topic, bus):
    """Return what exists."""
    return [
        queue(),
        topic(),
        bus("rewards"),
        fake(LogGroup, {LOG_GROUPS: {"logGroupName": "/events/slots", "logGroupArn": GROUP}}),
        fake(ApiDestination, {API_DESTINATIONS: {"ApiDestinationArn": DESTINATION, "Name": "relay"}}),
        fake(Cluster, {CLUSTERS: CLUSTER}),
    ]


@pytest.mark.parametrize("arn", [QUEUE, TOPIC, GROUP, f"{GROUP}:*", BUS, DESTINATION])
def test_tells_what_is_listed_from_what_is_not(judge, there, arn):
    """
    The command takes the target off the rule; the path ends at what is missing.
    """
    assert [Status.PASS] == statuses(judge(arn, *there))
    (finding,) = judge(arn)
    assert f"target 1 does not exist: {arn}" == finding.message
    assert "aws events remove-targets --region eu-west-1 --rule slots --event-bus-name beacon --ids 1" == finding.fix
    assert (arn, False) == (finding.path[-1].resource, finding.path[-1].holds)


@pytest.mark.parametrize(
    ("arn", "call", "answer"),
    [
        (FUNCTION_ARN, FUNCTION, {"FunctionArn": FUNCTION_ARN}),
        (MACHINE, STATE_MACHINE, {"stateMachineArn": MACHINE}),
    ],
)
def test_tells_what_is_asked_for_by_name(judge, arn, call, answer):
    """
    Functions with their alias or version, and state machines; a function without a policy exists.
    """
    assert [Status.PASS] == statuses(judge(arn, told={call: answer}))
    assert [Status.FAIL] == statuses(judge(arn, told={call: None}))
    assert [Status.UNKNOWN] == statuses(judge(arn))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"taskDefinitionArn": f"{TASK}:7", "status": "ACTIVE"}, None),
        ({"taskDefinitionArn": f"{TASK}:7", "status": "INACTIVE"}, f"names a task definition that is INACTIVE: {TASK}"),
        (None, f"names a task definition that does not exist: {TASK}"),
    ],
)
def test_a_task_needs_its_cluster_and_an_active_definition(judge, there, answer, said):
    """
    Tasks are not started from a revision that was taken out of use.
    """
    task = {"EcsParameters": {"TaskDefinitionArn": TASK}}
    findings = judge(CLUSTER, *there, told={TASK_DEFINITION: answer}, **task)
    (gone,) = judge(CLUSTER, told={TASK_DEFINITION: answer}, **task)

    assert [f"target 1 {said}" if said else "Rule targets exist"] == [finding.message for finding in findings]
    assert f"target 1 names a cluster that does not exist: {CLUSTER}" == gone.message


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:ssm:eu-west-1::document/AWS-RunShellScript",
        "arn:aws:events:eu-west-1:111122223333:target/stop-instance",
    ],
)
def test_does_not_judge_what_aws_brings(judge, arn):
    """
    Documents of AWS, and what EventBridge does itself.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(arn))


@pytest.mark.parametrize("fields", [{"State": "DISABLED"}, {"ManagedBy": "guardduty.amazonaws.com"}])
def test_does_not_judge_rules_that_deliver_nothing(rule, target, fields):
    """
    Disabled rules and those of AWS services.
    """
    judged = rule(**fields)

    assert [Status.NOT_APPLICABLE] == statuses(run_check(target_exists, judged, target(judged, Arn=QUEUE)))


@pytest.mark.parametrize(
    "arn",
    [
        QUEUE.replace("111122223333", "444455556666"),
        QUEUE.replace("eu-west-1", "eu-central-1"),
        BUS.replace("eu-west-1", "eu-central-1"),
        "arn:aws:kinesis:eu-west-1:111122223333:stream/blocks",
    ],
)
def test_does_not_know_what_it_cannot_look_up(judge, arn):
    """
    Other accounts, regions that were not scanned, services in which targets are not looked up.
    """
    assert [Status.UNKNOWN] == statuses(judge(arn))
    assert [Status.UNKNOWN] == statuses(judge(QUEUE, unlisted=[Queue]))


def test_one_missing_target_is_told_although_another_is_unknown(rule, target):
    """
    What is certain is not hidden by what is not.
    """
    judged = rule()
    targets = [target(judged, "a", Arn=QUEUE.replace("111122223333", "444455556666")), target(judged, "b", Arn=QUEUE)]

    assert [f"target b does not exist: {QUEUE}"] == [f.message for f in run_check(target_exists, judged, *targets)]

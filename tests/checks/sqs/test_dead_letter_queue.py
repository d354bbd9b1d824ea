import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources import events, lambda_, pipes, scheduler, sns
from awsaudit.resources.lambda_ import EventSourceMapping
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.sqs.dead_letter_queue import dead_letter_queue


DLQ = "arn:aws:sqs:eu-west-1:111122223333:deposits-dlq"


def of_bus():
    listed = {"Arn": "arn:aws:events:eu-west-1:111122223333:event-bus/beacon", "Name": "beacon"}
    return fake(events.EventBus, {events.BUSES: listed, events.BUS: {"DeadLetterConfig": {"Arn": DLQ}}})


def of_target():
    bus = fake(events.EventBus, {events.BUSES: {"Arn": "arn:bus", "Name": "beacon"}, events.BUS: {}})
    rule = fake(events.Rule, {events.RULES: {"Arn": "arn:rule", "Name": "slot"}}, parent=bus)
    target = {"Id": "1", "Arn": "arn:aws:lambda:eu-west-1:111122223333:function:f", "DeadLetterConfig": {"Arn": DLQ}}
    return fake(events.Target, {events.TARGETS: target}, parent=rule)


def of_schedule():
    answer = {"Target": {"DeadLetterConfig": {"Arn": DLQ}}}
    return fake(
        scheduler.Schedule, {scheduler.SCHEDULES: {"Arn": "arn:schedule", "Name": "s"}, scheduler.SCHEDULE: answer}
    )


def of_kinesis_pipe():
    answer = {"KinesisStreamParameters": {"DeadLetterConfig": {"Arn": DLQ}}}
    return fake(pipes.Pipe, {pipes.PIPES: {"Arn": "arn:pipe", "Name": "p"}, pipes.PIPE: answer})


def of_dynamodb_pipe():
    answer = {"DynamoDBStreamParameters": {"DeadLetterConfig": {"Arn": DLQ}}}
    return fake(pipes.Pipe, {pipes.PIPES: {"Arn": "arn:pipe", "Name": "p"}, pipes.PIPE: answer})


def of_function():
    listed = {"FunctionArn": "arn:function", "FunctionName": "f", "DeadLetterConfig": {"TargetArn": DLQ}}
    return fake(lambda_.Function, {lambda_.FUNCTIONS: listed})


def of_invoke_config():
    function = fake(lambda_.Function, {lambda_.FUNCTIONS: {"FunctionArn": "arn:function", "FunctionName": "f"}})
    listed = {"FunctionArn": "arn:function", "DestinationConfig": {"OnFailure": {"Destination": DLQ}}}
    return fake(lambda_.EventInvokeConfig, {lambda_.INVOKE_CONFIGS: listed}, parent=function)


def of_mapping():
    listed = {"UUID": "1", "DestinationConfig": {"OnFailure": {"Destination": DLQ}}}
    return fake(lambda_.EventSourceMapping, {lambda_.MAPPINGS: listed})


def of_subscription():
    answer = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": DLQ})}
    return fake(sns.Subscription, {sns.SUBSCRIPTIONS: {"SubscriptionArn": "arn:s"}, sns.SUBSCRIPTION: answer})


SERVICES = (
    of_bus,
    of_target,
    of_schedule,
    of_kinesis_pipe,
    of_dynamodb_pipe,
    of_function,
    of_invoke_config,
    of_mapping,
    of_subscription,
)


@pytest.mark.parametrize("policy", [{}, {"RedrivePolicy": ""}, {"RedrivePolicy": '{"maxReceiveCount": 3}'}])
def test_flags_a_queue_without_a_redrive_target(queue, policy):
    """
    No redrive policy, an emptied one and one without a target are the same; the command makes the queue and names it.
    """
    (finding,) = run_check(dead_letter_queue, queue("deposits", **policy))

    assert (Status.FAIL, Severity.MEDIUM) == (finding.status, finding.severity)
    assert (
        "aws sqs create-queue --region eu-west-1 --queue-name deposits-dlq "
        """--attributes '{"MessageRetentionPeriod": "1209600"}' && """
        "aws sqs set-queue-attributes --region eu-west-1 "
        "--queue-url https://sqs.eu-west-1.amazonaws.com/111122223333/deposits "
        """--attributes '{"RedrivePolicy": "{\\"deadLetterTargetArn\\": """
        """\\"arn:aws:sqs:eu-west-1:111122223333:deposits-dlq\\", \\"maxReceiveCount\\": \\"5\\"}"}'"""
    ) == finding.fix


def test_only_remarks_on_a_fifo_queue(queue):
    """
    Order may matter more than progress in a FIFO queue; its new dead-letter queue is FIFO too, and its name not too long.
    """
    (finding,) = run_check(dead_letter_queue, queue("d" * 75 + ".fifo"))

    assert Severity.INFO == finding.severity
    assert f"--queue-name {'d' * 71}-dlq.fifo " in finding.fix
    assert '"FifoQueue": "true"' in finding.fix


def test_accepts_a_redrive_policy(source):
    """
    A queue with a redrive target passes, and nobody else needs to be seen for it.
    """
    findings = run_check(dead_letter_queue, source("deposits", DLQ), unlisted=[EventSourceMapping])

    assert [Status.PASS] == statuses(findings)


def test_does_not_judge_the_redrive_target(queue, source):
    """
    The dead-letter queue of another queue needs none itself.
    """
    findings = run_check(dead_letter_queue, queue("deposits-dlq"), source("deposits", DLQ))

    assert [Status.NOT_APPLICABLE] == statuses(findings)


@pytest.mark.parametrize("make", SERVICES)
def test_does_not_judge_what_services_send_failures_to(queue, make):
    """
    Queues that take what a service could not deliver are dead-letter queues, whatever else could not be seen.
    """
    kinds = {type(service()) for service in SERVICES} - {type(make())}
    findings = run_check(dead_letter_queue, queue("deposits-dlq"), make(), unlisted=kinds)

    assert [Status.NOT_APPLICABLE] == statuses(findings)


def test_does_not_judge_a_declared_dead_letter_queue(queue):
    """
    A queue that names its sources is meant as a dead-letter queue before the first source uses it.
    """
    allow = json.dumps({"redrivePermission": "byQueue", "sourceQueueArns": ["arn:a"]})
    findings = run_check(dead_letter_queue, queue("later", RedriveAllowPolicy=allow))

    assert [Status.NOT_APPLICABLE] == statuses(findings)


@pytest.mark.parametrize("make", SERVICES)
def test_does_not_know_while_something_is_hidden(queue, make):
    """
    A queue that no one is seen to use may still be the dead-letter queue of what could not be listed.
    """
    (finding,) = run_check(dead_letter_queue, queue("deposits"), unlisted=[type(make())])

    assert Status.UNKNOWN is finding.status


def test_does_not_know_while_another_queue_is_hidden(queue, hidden):
    """
    The refused attributes of one queue may name any other.
    """
    findings = run_check(dead_letter_queue, queue("deposits"), hidden("withdrawals"))

    assert [Status.UNKNOWN] == statuses(findings)

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.bus_dlq import bus_dlq


def test_flags_a_key_without_a_dead_letter_queue(bus):
    """
    With a customer key events can fail to be encrypted; the command makes a queue that EventBridge may write to.
    """
    (finding,) = run_check(bus_dlq, bus(KmsKeyIdentifier="alias/events"))

    assert Status.FAIL is finding.status
    assert finding.fix.startswith(
        "aws sqs create-queue --region eu-west-1 --queue-name beacon-bus-dlq "
        """--attributes '{"MessageRetentionPeriod": "1209600", "Policy": "{"""
    )
    assert finding.fix.endswith(
        "&& aws events update-event-bus --region eu-west-1 --name beacon --kms-key-identifier alias/events "
        "--dead-letter-config Arn=arn:aws:sqs:eu-west-1:111122223333:beacon-bus-dlq"
    )


def test_accepts_a_dead_letter_queue(bus):
    """
    Key and queue together pass.
    """
    findings = run_check(bus_dlq, bus(KmsKeyIdentifier="alias/events", DeadLetterConfig={"Arn": "arn:lost"}))

    assert [Status.PASS] == statuses(findings)


def test_does_not_judge_a_bus_without_a_customer_key(bus):
    """
    Nothing would ever go to its dead-letter queue.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bus_dlq, bus()))

import json
import shlex

import pytest

from awsaudit import Status
from awsaudit.testing import run_check, statuses
from awsaudit_checks.events.bus_cmk import bus_cmk


@pytest.mark.parametrize("name", ["beacon", "aws.partner/example.com/orders"])
def test_flags_a_bus_with_a_key_of_aws(bus, name):
    """
    Custom and partner buses without a customer key fail; the new key's policy admits EventBridge for this account.
    """
    (finding,) = run_check(bus_cmk, bus(name))

    assert Status.FAIL is finding.status
    words = shlex.split(finding.fix.replace("$(", "").replace(")", ""))
    policy = json.loads(words[words.index("--policy") + 1])
    assert ["kms:*", ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]] == [
        statement["Action"] for statement in policy["Statement"]
    ]
    assert finding.fix.endswith(
        f'&& aws events update-event-bus --region eu-west-1 --name {name} --kms-key-identifier "$KEY"'
    )


def test_keeps_the_dead_letter_queue(bus):
    """
    Updating a bus must not take its dead-letter queue away.
    """
    (finding,) = run_check(bus_cmk, bus(DeadLetterConfig={"Arn": "arn:aws:sqs:eu-west-1:111122223333:lost"}))

    assert finding.fix.endswith(" --dead-letter-config Arn=arn:aws:sqs:eu-west-1:111122223333:lost")


def test_accepts_a_customer_key(bus):
    """
    Any customer managed key passes.
    """
    assert [Status.PASS] == statuses(run_check(bus_cmk, bus(KmsKeyIdentifier="alias/events")))


def test_judges_the_default_bus_only_strictly(bus):
    """
    AWS's own events on the default bus use AWS's key whatever it is set to.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(bus_cmk, bus("default")))
    assert [Status.FAIL] == statuses(run_check(bus_cmk, bus("default"), strict=True))


def test_does_not_judge_buses_of_aws_services(bus):
    """
    A bus that a service made cannot be changed.
    """
    findings = run_check(bus_cmk, bus(listed={"ManagedBy": "chime.amazonaws.com"}))

    assert [Status.NOT_APPLICABLE] == statuses(findings)

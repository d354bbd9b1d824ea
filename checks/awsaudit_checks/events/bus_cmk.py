import json

from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import EventBus


_UPDATE = (
    "KEY=$(aws kms create-key --region {region} --policy {key_policy} --query KeyMetadata.KeyId --output text) && "
    'aws events update-event-bus --region {region} --name {name} --kms-key-identifier "$KEY"'
)


@check(
    "events-bus-cmk",
    title="Custom buses are encrypted with a customer key",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Encrypt the bus with a key of your own whose policy admits EventBridge. A bus with a customer key cannot "
        "have schema discovery: delete its discoverer first.",
        cli=_UPDATE,
        terraform='resource "aws_cloudwatch_event_bus" "this" {\n  name               = {name}\n'
        "  kms_key_identifier = aws_kms_key.events.arn\n}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html",
    ),
)
def bus_cmk(bus: EventBus, *, strict: bool = False) -> Iterator[Problem]:
    """
    With AWS's own key nobody in the account can see who decrypts events, refuse it, or take access back at once. A
    customer managed key passes; it rules out schema discovery on the bus. The default bus is judged with *strict* only:
    what AWS services send to it is encrypted with an AWS owned key whatever it is set to.
    """
    if bus.managed_by:
        raise NotApplicable(f"managed by {bus.managed_by}")
    if bus.name == "default" and not strict:
        raise NotApplicable("events of AWS services on the default bus always use a key that AWS owns")
    if bus.kms_key_id is None:
        fill = {"key_policy": _key_policy(bus)}
        kept = bus.dead_letter_arns
        yield Problem(
            "encrypted with a key that AWS owns",
            expected="a customer managed key",
            found="AWS owned key",
            fill={**fill, "dead_letter": f"Arn={kept[0]}"} if kept else fill,
            cli=f"{_UPDATE} --dead-letter-config {{dead_letter}}" if kept else None,
        )


def _key_policy(bus: EventBus) -> str:
    """Return a key policy that leaves the key to the account's IAM policies and lets EventBridge use it for *bus*."""
    root = f"arn:{bus.partition}:iam::{bus.account}:root"
    owner = {"Effect": "Allow", "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*"}
    service = {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": bus.account}},
    }

    return json.dumps({"Version": "2012-10-17", "Statement": [owner, service]})

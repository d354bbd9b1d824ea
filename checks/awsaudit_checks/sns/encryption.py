from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.access import attached_to, readable
from awsaudit.access.policy import Form
from awsaudit.resources.sns import Topic
from awsaudit_checks.sns.key import ALARMS, NEW_KEY, new_key


@check(
    "sns-encryption",
    title="SNS topics are encrypted with KMS",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Give the topic a key of your own that lets the services in which publish to it. The key that AWS manages, "
        "alias/aws/sns, costs nothing, and keeps every service out: alarms and events are then lost.",
        cli=NEW_KEY,
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-enable-encryption-for-topic.html",
    ),
    equivalents=("prowler:sns_topics_kms_encryption_at_rest_enabled",),
)
def encryption(topic: Topic) -> Iterator[Problem]:
    """
    AWS encrypts its disks in any case; with a KMS key whoever publishes or has a copy of the stored messages needs the key
    too, its use is logged, and it can be switched off. A key that AWS manages passes, and so does one of your own.
    """
    if topic.kms_key_id is None:
        yield Problem(
            "it is not encrypted with a KMS key",
            expected="a KMS key",
            found="none",
            fill=new_key(topic, {ALARMS, *_services(topic)}),
        )


def _services(topic: Topic) -> Iterator[str]:
    """Yield the services that the topic's policy lets in."""
    policy = readable(attached_to(topic.policy, f"the topic {topic.name}"))
    for statement in policy.statements if policy else ():
        for named in statement.principals or ():
            if statement.allow and named.form is Form.SERVICE:
                yield named.text

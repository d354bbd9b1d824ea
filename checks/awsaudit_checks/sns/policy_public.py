from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.sns import Topic
from awsaudit_checks.exposed import policy_of, public_problems
from awsaudit_checks.sns.share import SET, exposed, mend, shared
from awsaudit_checks.statement import buckets_alone


@check(
    "sns-policy-public",
    title="Topic policies are not public",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Name who may use the topic, or bind the statement to your account, organization or the sending resource.",
        cli=SET,
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    ),
    equivalents=("prowler:sns_topics_not_publicly_accessible",),
)
def policy_public(topic: Topic, account: Inventory) -> Iterator[Problem | Note]:
    """
    Anybody with an AWS account can then listen to what is published, or publish what your subscribers believe. The policy
    that a new topic has passes, and so does a statement for everybody whose conditions, or a Deny, leave your account, your
    organization, one sending resource or, for subscriptions, a fixed endpoint.
    """
    yield from public_problems(shared(topic), exposed(topic, account), account, mend(topic))
    policy = policy_of(shared(topic))
    for bucket in buckets_alone(policy) if policy else ():
        yield Note(f"the ARN of {bucket} tells no account: once the bucket is deleted, its next owner publishes too")

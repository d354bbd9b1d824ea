from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.sqs import Queue
from awsaudit_checks.exposed import exposure_of, public_problems
from awsaudit_checks.sqs.share import MEND, SET, shared


@check(
    "sqs-policy-public",
    title="Queue policies are not public",
    severity=Severity.CRITICAL,
    uses=ZONE,
    remediation=Remediation(
        text="Name who may use the queue, or bind the statement to your account, organization or the sending resource.",
        cli=SET,
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    ),
    equivalents=("prowler:sqs_queues_not_publicly_accessible",),
)
def policy_public(queue: Queue, account: Inventory) -> Iterator[Problem]:
    """
    Anybody with an AWS account can then send messages into the queue, or read and delete those of others. A statement for
    everybody passes where its conditions, or a Deny, leave only your account, your organization, a private network or one
    sending resource.
    """
    asked = shared(queue)
    yield from public_problems(asked, exposure_of(asked, account), account, MEND)

from collections.abc import Iterator

from awsaudit import Inventory, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.sqs import Queue
from awsaudit_checks.exposed import exposure_of, key_of, may_do, path_of
from awsaudit_checks.repair import for_own_account, quoted


@check(
    "sqs-policy-public",
    title="Queue policies are not public",
    severity=Severity.CRITICAL,
    uses=ZONE,
    remediation=Remediation(
        text="Name who may use the queue, or bind the statement to your account, organization or the sending resource.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes {attributes}",
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
    found = exposure_of(queue.policy, f"the queue {queue.name}", queue.arn, account)
    for opening in found.public if found else ():
        mended = for_own_account(queue.policy or {}, [opening.statement.number], account.account)
        yield Problem(
            f"{opening.statement.label} of its policy lets {opening.who} do {may_do(opening.actions)}: {opening.example}",
            expected="named principals, or conditions that bind who asks",
            found=opening.who,
            sub_key=key_of(opening),
            path=path_of(opening, queue.arn, Queue.type),
            fill={"attributes": quoted(Policy=mended)},
        )

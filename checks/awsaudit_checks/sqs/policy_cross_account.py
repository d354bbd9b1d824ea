from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.sqs import Queue
from awsaudit_checks.exposed import exposure_of, foreign, key_of, may_do, path_of, stale_of
from awsaudit_checks.repair import quoted, without_outsider, without_principals


@check(
    "sqs-policy-cross-account",
    title="Cross-account queue access is to known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli="aws sqs set-queue-attributes --region {region} --queue-url {url} --attributes {attributes}",
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    ),
)
def policy_cross_account(queue: Queue, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever is named in a queue's policy reads, sends or deletes messages from an account that you do not control. Your
    own account, those of your organization and those under ``[trust]`` pass; AWS services are another check's.
    """
    document = queue.policy or {}
    found = exposure_of(queue.policy, f"the queue {queue.name}", queue.arn, account)
    if found is None:
        return
    for statement, unique_id in found.stale:
        yield stale_of(
            statement,
            unique_id,
            {"attributes": quoted(Policy=without_principals(document, statement.number, {unique_id}))},
        )
    for opening in foreign(found.cross_account, account):
        mended = without_outsider(document, opening, account.account)
        yield Problem(
            f"{opening.statement.label} of its policy lets {opening.who} do {may_do(opening.actions)}: {opening.example}",
            expected="known accounts only",
            found=opening.who,
            sub_key=key_of(opening),
            path=path_of(opening, queue.arn, Queue.type),
            fill={"attributes": quoted(Policy=mended)},
        )

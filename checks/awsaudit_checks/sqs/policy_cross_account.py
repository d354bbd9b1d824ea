from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.sqs import Queue
from awsaudit_checks.exposed import exposure_of, stranger_problems
from awsaudit_checks.sqs.share import MEND, SET, shared


@check(
    "sqs-policy-cross-account",
    title="Cross-account queue access is to known accounts",
    severity=Severity.HIGH,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli=SET,
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    ),
)
def policy_cross_account(queue: Queue, account: Inventory) -> Iterator[Problem | Note]:
    """
    Whoever is named in a queue's policy reads, sends or deletes messages from an account that you do not control. Your
    own account, those of your organization and those under ``[trust]`` pass; AWS services are another check's.
    """
    asked = shared(queue)
    yield from stranger_problems(asked, exposure_of(asked, account), account, MEND)

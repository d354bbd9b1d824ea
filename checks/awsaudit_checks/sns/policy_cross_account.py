from collections.abc import Iterator

from awsaudit import Inventory, Note, Problem, Remediation, Severity, check
from awsaudit.access import ZONE
from awsaudit.resources.sns import Topic
from awsaudit_checks.exposed import stranger_problems
from awsaudit_checks.sns.share import SET, exposed, mend, shared


@check(
    "sns-policy-cross-account",
    title="Cross-account publish/subscribe is to known accounts",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Take the principal out of the policy, or name its account under [trust] accounts if it is yours.",
        cli=SET,
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html",
    ),
)
def policy_cross_account(topic: Topic, account: Inventory) -> Iterator[Problem | Note]:
    """
    An account that nobody knows listens to your messages, or publishes what looks like yours. Your own account, those of
    your organization and those under ``[trust]`` pass; a statement for everybody that leaves one account is judged by that.
    """
    yield from stranger_problems(shared(topic), exposed(topic, account), account, mend(topic))

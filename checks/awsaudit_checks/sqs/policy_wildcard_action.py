from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access import Statement
from awsaudit.access.policy import Form
from awsaudit.resources.sqs import Queue
from awsaudit_checks.exposed import policy_of
from awsaudit_checks.repair import narrowed, with_actions
from awsaudit_checks.sqs.share import SET, filled, shared
from awsaudit_checks.statement import wildcards_over


_MANAGING: Final = (
    "sqs:SetQueueAttributes",
    "sqs:AddPermission",
    "sqs:RemovePermission",
    "sqs:DeleteQueue",
    "sqs:PurgeQueue",
)
_USING: Final = (
    "sqs:SendMessage",
    "sqs:ReceiveMessage",
    "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibility",
    "sqs:GetQueueAttributes",
    "sqs:GetQueueUrl",
)


@check(
    "sqs-policy-wildcard-action",
    title="Queue policies grant specific actions",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="List the actions that are needed; the command leaves those that send and receive.",
        cli=SET,
        url="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html",
    ),
)
def policy_wildcard_action(queue: Queue) -> Iterator[Problem]:
    """
    Whoever is to send messages can by a wildcard also empty the queue, delete it or rewrite its policy. Policies that list
    their actions pass, and so does the account's own root, by which the console's default policy delegates to IAM. What is
    open to everybody is reported by sqs-policy-public.
    """
    policy = policy_of(shared(queue))
    if policy is None:
        raise NotApplicable("it has no policy")
    wide = [(s, wildcards_over(policy, s, _MANAGING)) for s in policy.statements if _others(s, queue.account)]
    found = [(statement, wildcards) for statement, wildcards in wide if wildcards]
    mended = with_actions(queue.policy or {}, {s.number: narrowed(s, _MANAGING, _USING) for s, _ in found})
    for statement, wildcards in found:
        who = ", ".join(_others(statement, queue.account))
        yield Problem(
            f"{statement.label} of its policy lets {who} do {', '.join(wildcards)}",
            expected="listed actions",
            found=", ".join(wildcards),
            sub_key=statement.sid or who,
            fill=filled(mended),
        )


def _others(statement: Statement, own: str) -> tuple[str, ...]:
    """Return whom *statement* allows something besides the account itself; nobody, where that is everybody."""
    named = statement.principals or ()
    if not statement.allow or any(e.form is Form.ANYONE for e in named):
        return ()

    return tuple(e.text for e in named if not (e.form is Form.ACCOUNT and e.account == own))

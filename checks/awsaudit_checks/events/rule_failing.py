from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule
from awsaudit_checks.events.rule import ADD_DEAD_LETTER, dead_letter_fill, refuse_disabled, refuse_managed


@check(
    "events-rule-failing",
    title="Rules deliver",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let the target's policy or role admit EventBridge for this rule. Messages in a dead-letter queue carry the "
        "reason in ERROR_CODE and ERROR_MESSAGE: give one to each target that has none. Where the dead-letter queue "
        "itself refuses, let its queue policy and its key admit events.amazonaws.com for this rule. Then send again "
        "what was lost, from the dead-letter queue or by a replay of an archive.",
        cli=None,
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html",
    ),
)
def rule_failing(rule: Rule) -> Iterator[Problem]:
    """
    A delivery that failed for good is an event that nobody handled, and the rule shows nothing of it. No failure within
    the last 7 days passes, no traffic at all does too. Worse are events that the dead-letter queue did not take either:
    they are lost. Disabled rules and those of AWS services are not judged.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    if rule.lost_invocations:
        yield Problem(
            f"{rule.lost_invocations:.0f} events of the last 7 days were lost: the dead-letter queue did not take them",
            expected="0",
            found=f"{rule.lost_invocations:.0f}",
            severity=Severity.HIGH,
        )
    elif rule.failed_invocations:
        yield Problem(
            f"{rule.failed_invocations:.0f} deliveries failed for good within the last 7 days",
            expected="0",
            found=f"{rule.failed_invocations:.0f}",
            fill=dead_letter_fill(rule),
            cli=ADD_DEAD_LETTER,
        )

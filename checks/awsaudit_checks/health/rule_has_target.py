from collections.abc import Iterator

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.health.rule import begin, is_enabled, is_surely_health_rule, refuse_other
from awsaudit_checks.sns.audience import AUDIENCE, is_heard, is_topic


@check(
    "health-rule-has-target",
    title="The Health rule has a target",
    severity=Severity.MEDIUM,
    uses=(Target.id, Target.destination, *AUDIENCE),
    remediation=Remediation(
        text="Give the rule a target that somebody reads, such as a topic with a confirmed subscription.",
        cli="aws events put-targets --region {region} --rule {name} --targets {targets}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html",
    ),
)
def rule_has_target(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    A rule for events of AWS Health without a target takes them and drops them, and in a list of rules looks like one that
    works; often its target was deleted. One target passes. Disabled rules and those of AWS services are not judged.
    """
    refuse_other(rule)
    if account.children(rule, Target):
        return
    topic = _topic_of_others(rule, account)
    yield Problem(
        "the rule takes events of AWS Health and has no target",
        expected="a target",
        found="none",
        fill={"targets": f"Id=health,Arn={topic}"} if topic else {},
        path=(*begin(rule)[:1], Hop(rule.arn, Rule.type, "it has no target", holds=False)),
    )


def _topic_of_others(rule: Rule, account: Inventory) -> str | None:
    """Return a topic that other rules of the region send such events to, and that somebody hears; None if none was seen."""
    topics = {
        target.destination
        for target in account.seen(Target, rule.region)
        if is_topic(target.destination)
        and isinstance(target.parent_resource, Rule)
        and is_enabled(target.parent_resource)
        and is_surely_health_rule(target.parent_resource)
    }

    return next((topic for topic in sorted(topics) if is_heard(topic, account)), None)

from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.events import Rule, Target
from awsaudit_checks.events.rule import refuse_disabled, refuse_managed
from awsaudit_checks.health.rule import is_surely_health_rule


@check(
    "events-rule-has-targets",
    title="Every enabled rule has a target",
    severity=Severity.LOW,
    uses=(Target.id,),
    remediation=Remediation(
        text="Give the rule its target with put-targets, or disable it, and delete it when nobody misses it.",
        cli="aws events disable-rule --region {region} --name {name} --event-bus-name {bus_name}",
        url="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-targets.html",
    ),
)
def rule_has_targets(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    A rule without a target looks like a working alarm or job and does nothing; often the target was deleted with the
    function behind it. One target passes. Disabled rules and those of AWS services are not judged.
    """
    refuse_managed(rule)
    refuse_disabled(rule)
    if not account.children(rule, Target):
        if is_surely_health_rule(rule):
            raise NotApplicable("judged by health-rule-has-target")
        yield Problem("the rule is enabled and has no target", expected="a target", found="none")

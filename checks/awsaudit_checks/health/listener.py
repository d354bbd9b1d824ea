"""Whether subscribers of a topic get the events of AWS Health, or filter them out."""

from __future__ import annotations

from typing import Final

from awsaudit.errors import PatternError
from awsaudit.event_pattern import matches
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.sns import TopicSubscription
from awsaudit_checks.health.rule import lets_health_through


LISTENER: Final = (Target.reshaped, TopicSubscription.filter_policy, TopicSubscription.filter_scope)
"""What `hears` looks at; for a check's uses=."""

UNFILTER: Final = (
    "aws sns set-subscription-attributes --region {region} --subscription-arn {subscription} "
    "--attribute-name FilterPolicy --attribute-value {filter_policy}"
)


def hears(subscription: TopicSubscription, target: Target, rule: Rule) -> bool | None:
    """Tell whether an event of AWS Health passes the filter; None where that cannot be told."""
    policy = subscription.filter_policy
    if not policy:
        return True
    try:
        if subscription.filter_scope != "MessageBody":
            return matches(policy, {})
        through = lets_health_through(policy, rule.account, rule.region)
    except PatternError:
        return None

    return None if target.reshaped else through

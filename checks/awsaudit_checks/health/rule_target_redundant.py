from collections import Counter
from collections.abc import Iterator

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.events import EventBus, Rule, Target
from awsaudit.resources.notifications import EventRule
from awsaudit.resources.sns import Topic
from awsaudit_checks.health.forwarding import leaves
from awsaudit_checks.health.notice import NOTICES, channels_of
from awsaudit_checks.health.rule import RULES, health_rules, refuse_other_bus
from awsaudit_checks.sns.audience import AUDIENCE, hearers, is_topic


@check(
    "health-rule-target-redundant",
    title="Health events go to two independent channels",
    severity=Severity.LOW,
    uses=(*RULES, Target.id, Target.destination, *AUDIENCE, *NOTICES),
    remediation=Remediation(
        text="Give the rule a second target of another kind, such as a log group, a chat or the tool for incidents, or the "
        "topic a second subscription.",
        cli=None,
        url="https://docs.aws.amazon.com/health/latest/ug/creating-event-bridge-events-rule-for-aws-health.html",
    ),
)
def rule_target_redundant(bus: EventBus, account: Inventory) -> Iterator[Problem]:
    """
    A mailbox that is full or a token that ran out silences the only channel, at the very time when AWS has trouble itself.
    Two ends pass in a region that has an enabled rule: targets, confirmed subscriptions of a topic, channels of User
    Notifications. A bus of the account is followed to the targets of its rules.
    """
    refuse_other_bus(bus)
    rules = health_rules(account, bus.region)
    if not rules:
        raise NotApplicable("the region has no enabled rule for events of AWS Health")
    ends: dict[str, str] = {}
    unknown: EvidenceMissing | Undecided | None = None
    for rule in rules:
        try:
            ends.update(_ends(rule, account))
        except (EvidenceMissing, Undecided) as reason:
            unknown = unknown or reason
    if len(ends) > 1:
        return
    account.every(Rule, bus.region)
    if unknown:
        raise unknown
    only = next(iter(ends.values()), None)
    yield Problem(
        f"the events of AWS Health of the region go {f'only to {only}' if only else 'to nobody'}",
        expected="two channels",
        found=only or "none",
    )


def _ends(rule: Rule, account: Inventory) -> Iterator[tuple[str, str]]:
    """Yield where the events that *rule* takes end up: what tells the end from others, and the end in words."""
    if rule.managed_by:
        for notice in account.every(EventRule):
            if rule.arn in notice.rule_arns:
                yield from ((each.destination, each.destination) for each in channels_of(notice, account))
        return
    unknown: EvidenceMissing | None = None
    for target, _ in leaves(rule, account):
        if not is_topic(target.destination):
            yield target.destination, target.destination
            continue
        try:
            yield from _subscribers(target.destination, account)
        except EvidenceMissing as hidden:
            unknown = unknown or hidden
    if unknown:
        raise unknown


def _subscribers(arn: str, account: Inventory) -> Iterator[tuple[str, str]]:
    topic = account.by_arn(Topic, arn)
    alike: Counter[str] = Counter()
    for subscription in hearers(topic, account) if topic else ():
        end = f"{subscription.protocol} {subscription.endpoint.digest}"
        alike[end] += 1
        # A topic has an endpoint once: two of it that read alike are two.
        yield f"{end} {alike[end]}", f"{subscription.protocol} {subscription.endpoint.shown}"

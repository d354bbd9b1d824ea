from collections.abc import Iterator

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.sns import Topic
from awsaudit_checks.health.listener import LISTENER, UNFILTER, hears
from awsaudit_checks.health.rule import begin, refuse_other, topics_of
from awsaudit_checks.sns.audience import AUDIENCE, deafness, hearers, problems_of


@check(
    "health-topic-confirmed-subscription",
    title="The Health topic reaches someone",
    severity=Severity.HIGH,
    uses=(
        Target.id,
        Target.destination,
        *LISTENER,
        *AUDIENCE,
    ),
    remediation=Remediation(
        text="Subscribe whoever shall act on the events to the topic, and confirm the subscription: by the link in the "
        "mail, or in the endpoint itself.",
        cli=None,
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html",
    ),
)
def topic_confirmed_subscription(rule: Rule, account: Inventory) -> Iterator[Problem]:
    """
    AWS announces the retirement of an instance or a lost volume by AWS Health alone; a mail address that never clicked
    the link hears nothing of it. Each topic to which a rule sends such events needs a confirmed subscription whose filter
    policy lets them through. Filters on message attributes never do: EventBridge publishes without any.
    """
    refuse_other(rule)
    yield from problems_of(topics_of(rule, account), lambda target: _silent(target, rule, account))


def _silent(target: Target, rule: Rule, account: Inventory) -> Problem | None:
    why = deafness(target.destination, account)
    if why:
        return _problem(target, rule, f"its topic {target.destination} {why}", "nobody is subscribed")
    topic = account.by_arn(Topic, target.destination)
    every = hearers(topic, account) if topic else ()
    if Inventory.first_of(every, lambda subscription: hears(subscription, target, rule) is True):
        return None
    if any(hears(subscription, target, rule) is None for subscription in every):
        raise Undecided(f"whether the filter policies of {target.destination} let its events through cannot be told")
    filtered = every[0].subscription_arn

    return _problem(
        target,
        rule,
        f"the filter policies of the topic {target.destination} keep events of AWS Health out",
        f"filtered by {filtered}",
        {"subscription": filtered, "filter_policy": "{}"},
    )


def _problem(target: Target, rule: Rule, message: str, broken: str, fill: dict[str, str] | None = None) -> Problem:
    return Problem(
        message,
        expected="a confirmed subscription that gets the events",
        found=broken,
        sub_key=target.id,
        fill=fill or {},
        cli=UNFILTER if fill else None,
        path=(*begin(rule), Hop(target.destination, Topic.type, f"target {target.id}: {broken}", holds=False)),
    )

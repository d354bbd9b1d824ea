import json

from collections.abc import Iterator, Mapping
from typing import Any, Final

from awsaudit import Hop, Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.access.question import TOPICS, answer_service, question
from awsaudit.access.rights import settled
from awsaudit.errors import EvidenceMissing, PatternError
from awsaudit.event_pattern import matches
from awsaudit.resources.events import Rule, Target
from awsaudit.resources.rds import DBCluster, EventSubscription
from awsaudit.resources.sns import Topic
from awsaudit_checks.rds.scope import Database, refuse_member, refuse_outside_scope
from awsaudit_checks.sns.audience import AUDIENCE, deafness, is_heard


# https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Messages.html
_CATEGORIES: Final[Mapping[str, tuple[str, ...]]] = {
    "db-instance": ("availability", "failover", "failure", "maintenance"),
    "db-cluster": ("failover", "failure", "maintenance"),
}
_WAITING: Final = frozenset({"creating", "modifying"})
# What tells events of one category apart; a rule that picks some of them is one for the category.
_PICKING: Final = frozenset({"EventID", "Message", "Date", "Tags"})
_MODIFY: Final = (
    "aws rds modify-event-subscription --region {region} --subscription-name {subscription} --enabled "
    "--event-categories {categories}"
)
_ENABLE: Final = "aws rds modify-event-subscription --region {region} --subscription-name {subscription} --enabled"
_CREATE: Final = (
    "aws rds create-event-subscription --region {region} --subscription-name {subscription} --sns-topic-arn {topic} "
    "--source-type {source_type} --event-categories {categories} --enabled"
)


@check(
    "rds-event-subscription",
    title="Failure and failover events notify a live topic",
    severity=Severity.MEDIUM,
    uses=(
        EventSubscription.name,
        EventSubscription.enabled,
        EventSubscription.status,
        EventSubscription.source_type,
        EventSubscription.source_ids,
        EventSubscription.categories,
        EventSubscription.topic_arn,
        *AUDIENCE,
        *TOPICS,
        Rule.arn,
        Rule.bus_name,
        Rule.state,
        Rule.event_pattern,
        Rule.managed_by,
        Target.id,
    ),
    remediation=Remediation(
        text="Subscribe a topic that somebody reads to the failure, failover, maintenance and availability events of all "
        "instances, and to those of all clusters, or put them right where they are subscribed to.",
        cli=_CREATE,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Events.Subscribing.html",
    ),
    equivalents=(
        "prowler:rds_instance_critical_event_subscription",
        "prowler:rds_cluster_critical_event_subscription",
    ),
)
def event_subscription(database: Database, account: Inventory) -> Iterator[Problem]:
    """
    A failover, a full disk or a pending maintenance is told once, to whoever has subscribed. An enabled event subscription
    passes that covers the database and these categories, and whose topic, with its key, RDS can use and a confirmed
    subscription reads; so does a rule of EventBridge with a target. Members of clusters are judged at the cluster.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    reasons: list[Problem] = []
    unknown: EvidenceMissing | Undecided | None = None
    for subscription in account.seen(EventSubscription, database.region):
        try:
            problem = _wrong(subscription, database, account)
        except (EvidenceMissing, Undecided) as hidden:
            unknown = unknown or hidden
        else:
            if problem is None:
                return
            reasons.append(problem)
    if _is_routed(database, account):
        return
    if unknown:
        raise unknown
    account.every(EventSubscription, database.region)
    # The one that comes nearest is the one to mend.
    yield max((_none(database, account), *reasons), key=lambda problem: len(problem.path))


def _wrong(subscription: EventSubscription, database: Database, account: Inventory) -> Problem | None:
    """Return why *subscription* does not tell anybody what happens to *database*; None if it does."""
    kind = _kind(database)
    wanted = _CATEGORIES[kind]
    missing = [each for each in wanted if subscription.categories and each not in subscription.categories]
    covers = not subscription.source_ids or database.name in subscription.source_ids
    if subscription.source_type not in {None, kind} or not covers:
        return _none(database, account)
    if subscription.status in _WAITING:
        raise Undecided(f"the event subscription {subscription.name} is {subscription.status}")
    if missing or not subscription.enabled:
        what = f"leaves out {', '.join(missing)}" if missing else "is disabled"
        categories = json.dumps(sorted({*subscription.categories, *missing}))
        fill = {"subscription": subscription.name, "categories": categories}
        return _broken(database, subscription, what, fill=fill, cli=_MODIFY if missing else _ENABLE)
    if subscription.status != "active":
        return _broken(database, subscription, f"has the status {subscription.status}")
    why = deafness(subscription.topic_arn, account)
    if why:
        return _broken(
            database, subscription, f"sends to the topic {subscription.topic_arn}, which {why}", at_topic=why
        )

    return _encrypted(subscription, database, account)


def _encrypted(subscription: EventSubscription, database: Database, account: Inventory) -> Problem | None:
    topic = account.by_arn(Topic, subscription.topic_arn)
    # That RDS may publish at all, the subscription's status tells; nothing tells of the key.
    asked = question("sns:Publish", topic, account).also if topic else ()
    for each in asked:
        decision = answer_service(each, "events.rds.amazonaws.com", database.arn, account.account)
        if not settled(decision, conditional=True):
            why = "is encrypted with a key that does not let RDS use it"
            return _broken(
                database, subscription, f"sends to the topic {subscription.topic_arn}, which {why}", at_topic=why
            )

    return None


def _kind(database: Database) -> str:
    return "db-cluster" if isinstance(database, DBCluster) else "db-instance"


def _is_routed(database: Database, account: Inventory) -> bool:
    """Tell whether rules with targets take the events of *database* in all categories that matter."""
    rules = [r for r in account.seen(Rule, database.region) if _is_own(r) and account.children(r, Target)]
    unclear: PatternError | None = None
    left = {*_CATEGORIES[_kind(database)]}
    for rule in rules:
        try:
            pattern = _widened(json.loads(rule.event_pattern or "{}"))
            left -= {category for category in left if matches(pattern, _event(database, category))}
        except PatternError as wrong:
            unclear = unclear or wrong
    if not left:
        return True
    account.every(Rule, database.region)
    if unclear:
        raise Undecided(f"an event pattern is not understood: {unclear}") from unclear

    return False


def _is_own(rule: Rule) -> bool:
    enabled = rule.state != "DISABLED" and rule.managed_by is None
    return enabled and rule.bus_name == "default" and rule.event_pattern is not None


def _widened(pattern: Mapping[str, Any]) -> dict[str, Any]:
    wide = dict(pattern)
    if isinstance(wide.get("detail"), Mapping):
        detail = {name: wanted for name, wanted in wide.pop("detail").items() if name not in _PICKING}
        wide |= {"detail": detail} if detail else {}

    return wide


def _event(database: Database, category: str) -> dict[str, Any]:
    """Return what RDS sends to EventBridge: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-cloud-watch-events.html."""
    cluster = isinstance(database, DBCluster)
    return {
        "version": "0",
        "source": "aws.rds",
        "detail-type": "RDS DB Cluster Event" if cluster else "RDS DB Instance Event",
        "account": database.account,
        "region": database.region,
        "resources": [database.arn],
        "detail": {
            "EventCategories": [category],
            "SourceType": "CLUSTER" if cluster else "DB_INSTANCE",
            "SourceArn": database.arn,
            "SourceIdentifier": database.name,
        },
    }


def _broken(  # noqa: PLR0913 - the parts of a problem
    database: Database,
    subscription: EventSubscription,
    what: str,
    *,
    fill: Mapping[str, str] | None = None,
    cli: str | None = None,
    at_topic: str = "",
) -> Problem:
    covers = "it covers the database" if at_topic else f"it {what}"
    reached = Hop(subscription.arn, EventSubscription.type, covers, holds=bool(at_topic))
    last = (Hop(subscription.topic_arn, Topic.type, f"it {at_topic}", holds=False),) if at_topic else ()

    return Problem(
        f"the event subscription {subscription.name} {what}",
        expected="its failures and failovers are told to somebody",
        found=subscription.name,
        fill=fill or {},
        cli=cli,
        path=(Hop(database.arn, type(database).type), reached, *last),
    )


def _none(database: Database, account: Inventory) -> Problem:
    return Problem(
        "no event subscription or rule tells anybody of its failures and failovers",
        expected="its failures and failovers are told to somebody",
        found="none",
        fill=_new(database, account),
        path=(Hop(database.arn, type(database).type, "no event subscription covers it", holds=False),),
    )


def _new(database: Database, account: Inventory) -> dict[str, str]:
    """Return what describes an event subscription for all databases of the kind, where others show whom to tell."""
    others = [*account.seen(EventSubscription, database.region)]
    live = sorted(other.topic_arn for other in others if is_heard(other.topic_arn, account))
    if not live:
        return {}
    kind, taken = _kind(database), {other.name for other in others}
    names = (f"{kind}-failures", *(f"{kind}-failures-{number}" for number in range(2, len(taken) + 3)))

    return {
        "subscription": next(name for name in names if name not in taken),
        "topic": live[0],
        "source_type": kind,
        "categories": json.dumps(_CATEGORIES[kind]),
    }

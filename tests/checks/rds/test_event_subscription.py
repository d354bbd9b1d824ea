import json

import pytest

from awsaudit import Status
from awsaudit.resources.events import BUSES, RULES, TARGETS, EventBus, Rule, Target
from awsaudit.resources.kms import DESCRIBE, GRANTS, LIST, POLICY, Key
from awsaudit.resources.rds import EVENT_SUBSCRIPTIONS, EventSubscription
from awsaudit.resources.sns import TOPIC, TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.rds.event_subscription import event_subscription


ONCALL = "arn:aws:sns:eu-west-1:111122223333:oncall"
KEY_ARN = "arn:aws:kms:eu-west-1:111122223333:key/k-1"
ALL = ["availability", "failover", "failure", "maintenance"]


def subscription(name="instances", **fields):
    listed = {
        "CustSubscriptionId": name,
        "EventSubscriptionArn": f"arn:aws:rds:eu-west-1:111122223333:es:{name}",
        "SnsTopicArn": ONCALL,
        "Status": "active",
        "SourceType": "db-instance",
        "SourceIdsList": [],
        "EventCategoriesList": ALL,
        "Enabled": True,
        **fields,
    }
    return fake(EventSubscription, {EVENT_SUBSCRIPTIONS: {k: v for k, v in listed.items() if v is not None}})


def topic(arn=f"{ONCALL}:1", **attributes):
    made = fake(Topic, {TOPICS: {"TopicArn": ONCALL}, TOPIC: {"Owner": "111122223333", **attributes}})
    listed = {"SubscriptionArn": arn, "TopicArn": ONCALL, "Protocol": "email", "Endpoint": "oncall@northlight.example"}
    return (made, *([fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed}, parent=made)] if arn else []))


def rule(pattern, *targets, name="databases", bus="default", **fields):
    above = fake(EventBus, {BUSES: {"Name": bus, "Arn": f"arn:aws:events:eu-west-1:111122223333:event-bus/{bus}"}})
    arn = f"arn:aws:events:eu-west-1:111122223333:rule/{name}"
    listed = {"Name": name, "Arn": arn, "EventBusName": bus, "State": "ENABLED", "EventPattern": json.dumps(pattern)}
    made = fake(Rule, {RULES: {**listed, **fields}}, parent=above)
    return (made, *(fake(Target, {TARGETS: {"Id": t, "Arn": ONCALL}}, parent=made) for t in targets))


def judge(database, *others, heard=None, **more):
    return run_check(event_subscription, database, *others, *(topic() if heard is None else heard), **more)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"EventCategoriesList": []},
        {"SourceType": None, "EventCategoriesList": None},
        {"SourceIdsList": ["deposits", "rewards"]},
        {"EventCategoriesList": [*ALL, "backup"]},
    ],
)
def test_accepts_a_subscription_that_covers_the_instance(make_instance, fields):
    """
    All sources or this one, all categories or those that matter, with a topic that somebody hears.
    """
    assert [Status.PASS] == statuses(judge(make_instance(), subscription(**fields)))


def test_accepts_a_subscription_that_covers_the_cluster(make_cluster):
    """
    Clusters have no category for availability.
    """
    fields = {"SourceType": "db-cluster", "EventCategoriesList": ["failover", "failure", "maintenance"]}

    assert [Status.PASS] == statuses(judge(make_cluster(), subscription(**fields)))


def test_two_subscriptions_may_share_the_databases(make_instance):
    """
    One that names another database does not matter beside one that names this.
    """
    others = [subscription("a", SourceIdsList=["rewards"]), subscription("b", SourceIdsList=["deposits"])]

    assert [Status.PASS] == statuses(judge(make_instance(), *others))


@pytest.mark.parametrize(
    "others",
    [
        [],
        [subscription(SourceType="db-cluster")],
        [subscription(SourceIdsList=["rewards"])],
        [subscription(SourceType="db-snapshot")],
    ],
)
def test_flags_a_database_that_none_covers(make_instance, others):
    """
    The command subscribes for all instances, to the topic of the others; whom to tell is otherwise the owner's to say.
    """
    (finding,) = judge(make_instance(), *others)

    assert "no event subscription or rule tells anybody of its failures and failovers" == finding.message
    wanted = (
        "aws rds create-event-subscription --region eu-west-1 --subscription-name db-instance-failures --sns-topic-arn "
        f"{ONCALL} --source-type db-instance "
        """--event-categories '["availability", "failover", "failure", "maintenance"]' --enabled"""
    )
    assert (wanted if others else None) == finding.fix


@pytest.mark.parametrize(
    ("fields", "why", "fix"),
    [
        (
            {"EventCategoriesList": ["failure", "read replica"]},
            "leaves out availability, failover, maintenance",
            (
                "aws rds modify-event-subscription --region eu-west-1 --subscription-name instances --enabled "
                """--event-categories '["availability", "failover", "failure", "maintenance", "read replica"]'"""
            ),
        ),
        (
            {"Enabled": False, "EventCategoriesList": []},
            "is disabled",
            "aws rds modify-event-subscription --region eu-west-1 --subscription-name instances --enabled",
        ),
        ({"Status": "no-permission"}, "has the status no-permission", None),
        ({"Status": "topic-not-exist"}, "has the status topic-not-exist", None),
    ],
)
def test_flags_a_subscription_that_falls_short(make_instance, fields, why, fix):
    """
    Of a category that matters, or altogether.
    """
    (finding,) = judge(make_instance(), subscription(**fields))

    assert f"the event subscription instances {why}" == finding.message
    assert fix == finding.fix
    assert ["AWS::RDS::DBInstance", "AWS::RDS::EventSubscription"] == [hop.type for hop in finding.path]
    assert [True, False] == [hop.holds for hop in finding.path]


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        ((), "does not exist"),
        (topic(None), "has no subscription"),
        (topic("PendingConfirmation"), "has no subscription but one that nobody confirmed"),
    ],
)
def test_flags_a_topic_that_nobody_hears(make_instance, heard, why):
    """
    The path breaks at the topic.
    """
    (finding,) = judge(make_instance(), subscription(), heard=heard)

    assert f"the event subscription instances sends to the topic {ONCALL}, which {why}" == finding.message
    assert finding.fix is None
    assert [True, True, False] == [hop.holds for hop in finding.path]


def test_flags_a_key_that_keeps_rds_out(make_instance):
    """
    A topic whose key lets the service in passes, one whose key does not is told nothing.
    """
    root = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111122223333:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    service = {**root, "Principal": {"Service": "events.rds.amazonaws.com"}}

    def key(*statements):
        policy = {"Policy": json.dumps({"Version": "2012-10-17", "Statement": statements})}
        told = {"KeyManager": "CUSTOMER", "KeyState": "Enabled"}
        return fake(Key, {LIST: {"KeyId": "k-1", "KeyArn": KEY_ARN}, DESCRIBE: told, POLICY: policy, GRANTS: []})

    heard = topic(KmsMasterKeyId=KEY_ARN)
    (finding,) = judge(make_instance(), subscription(), key(root), heard=heard)

    assert "encrypted with a key that does not let RDS use it" in finding.message
    assert [Status.PASS] == statuses(judge(make_instance(), subscription(), key(root, service), heard=heard))


@pytest.mark.parametrize(
    "pattern",
    [
        {"source": ["aws.rds"]},
        {"source": ["aws.rds"], "detail-type": ["RDS DB Instance Event"], "detail": {"EventID": ["RDS-EVENT-0049"]}},
        {"source": [{"prefix": "aws."}], "detail": {"SourceType": ["DB_INSTANCE"], "EventCategories": ALL}},
    ],
)
def test_accepts_a_rule_with_a_target(make_instance, pattern):
    """
    EventBridge gets every event of RDS.
    """
    assert [Status.PASS] == statuses(judge(make_instance(), *rule(pattern, "oncall")))


def test_rules_may_share_the_categories(make_instance):
    """
    One for failures, one for the others.
    """
    one = rule({"source": ["aws.rds"], "detail": {"EventCategories": ["failure"]}}, "a", name="one")
    two = rule({"source": ["aws.rds"], "detail": {"EventCategories": ALL[:2] + ALL[3:]}}, "a", name="two")

    assert [Status.PASS] == statuses(judge(make_instance(), *one, *two))
    assert [Status.FAIL] == statuses(judge(make_instance(), *one))


@pytest.mark.parametrize(
    "other",
    [
        rule({"source": ["aws.rds"]}),
        rule({"source": ["aws.rds"]}, "oncall", State="DISABLED"),
        rule({"source": ["aws.rds"]}, "oncall", ManagedBy="devops-guru.amazonaws.com"),
        rule({"source": ["aws.rds"]}, "oncall", bus="beacon"),
        rule({"source": ["aws.ec2"]}, "oncall"),
        rule({"source": ["aws.rds"], "detail-type": ["RDS DB Cluster Event"]}, "oncall"),
        rule({"source": ["aws.rds"], "resources": ["arn:aws:rds:eu-west-1:111122223333:db:rewards"]}, "oncall"),
    ],
)
def test_does_not_accept_other_rules(make_instance, other):
    """
    Without a target, disabled, of a service, on another bus, or for other events.
    """
    assert [Status.FAIL] == statuses(judge(make_instance(), *other))


def test_does_not_judge_what_is_judged_elsewhere(make_instance):
    """
    A member of a cluster, another service's database, one that is being made.
    """
    for fields in ({"DBClusterIdentifier": "beacon"}, {"Engine": "neptune"}, {"DBInstanceStatus": "creating"}):
        assert [Status.NOT_APPLICABLE] == statuses(judge(make_instance(**fields)))


def test_does_not_know_what_it_cannot_see(make_instance):
    """
    Another account's topic, a subscription in the making, listings that were refused, a pattern that is not understood.
    """
    elsewhere = subscription(SnsTopicArn=ONCALL.replace("111122223333", "444455556666"))

    assert [Status.UNKNOWN] == statuses(judge(make_instance(), elsewhere))
    assert [Status.PASS] == statuses(judge(make_instance(), elsewhere, subscription("second")))
    assert [Status.UNKNOWN] == statuses(judge(make_instance(), subscription(Status="modifying")))
    for kind in (EventSubscription, Rule):
        assert [Status.UNKNOWN] == statuses(judge(make_instance(), unlisted=[kind]))
    assert [Status.UNKNOWN] == statuses(judge(make_instance(), *rule({"source": [{"regex": "a"}]}, "oncall")))

from awsaudit.resources.rds import EVENT_SUBSCRIPTIONS, PROXIES, DBProxy, EventSubscription, ProxyAuth
from awsaudit.testing import fake


def test_proxy_says_how_it_logs_in():
    """
    With secrets, or with IAM and none.
    """
    auth = [{"AuthScheme": "SECRETS", "SecretArn": "arn:secret", "IAMAuth": "REQUIRED"}]
    proxy = fake(DBProxy, {PROXIES: {"RoleArn": "arn:role", "Auth": auth, "DefaultAuthScheme": "NONE"}})
    other = fake(DBProxy, {PROXIES: {"RoleArn": "arn:role", "DefaultAuthScheme": "IAM_AUTH"}})

    assert ("arn:role", "NONE", ("arn:secret",)) == (proxy.role_arn, proxy.default_auth_scheme, proxy.secret_arns)
    assert (ProxyAuth("SECRETS", "arn:secret", "REQUIRED"),) == proxy.auth
    assert ((), (), "IAM_AUTH") == (other.secret_arns, other.auth, other.default_auth_scheme)


def test_event_subscription_is_read():
    """
    Without a type, sources and categories it is about everything.
    """
    listed = {
        "EventSubscriptionArn": "arn:aws:rds:eu-west-1:111122223333:es:failover",
        "CustSubscriptionId": "failover",
        "Enabled": True,
        "Status": "active",
        "SnsTopicArn": "arn:topic",
    }
    narrow = {"SourceType": "db-cluster", "SourceIdsList": ["ledger"], "EventCategoriesList": ["failover"]}
    some = fake(EventSubscription, {EVENT_SUBSCRIPTIONS: {**listed, **narrow}})
    every = fake(EventSubscription, {EVENT_SUBSCRIPTIONS: listed})

    assert ("failover", True, "active", "arn:topic") == (every.name, every.enabled, every.status, every.topic_arn)
    assert ("db-cluster", ("ledger",), ("failover",)) == (some.source_type, some.source_ids, some.categories)
    assert (None, (), ()) == (every.source_type, every.source_ids, every.categories)

import pytest

from awsaudit import Status
from awsaudit.resources.organizations import ACCOUNTS, ORGANIZATION, Organization, OrganizationAccount
from awsaudit.resources.sns import TOPIC_SUBSCRIPTIONS, TOPICS, Topic, TopicSubscription
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.sns.subscription_cross_account import subscription_cross_account


TOPIC_ARN = "arn:aws:sns:eu-west-1:111122223333:payouts"
TOPIC = fake(Topic, {TOPICS: {"TopicArn": TOPIC_ARN}})
OTHER = "444455556666"
MEMBER = fake(
    OrganizationAccount,
    {ACCOUNTS: {"Id": OTHER, "Arn": f"arn:aws:organizations::{OTHER}:account/o-exampleorgid/{OTHER}", "Name": "b"}},
)


def subscription(endpoint, protocol="sqs", **fields):
    listed = {
        "SubscriptionArn": f"{TOPIC_ARN}:1",
        "TopicArn": TOPIC_ARN,
        "Protocol": protocol,
        "Endpoint": endpoint,
        "Owner": "111122223333",
        **fields,
    }
    return fake(TopicSubscription, {TOPIC_SUBSCRIPTIONS: listed}, parent=TOPIC)


def queue(account):
    return f"arn:aws:sqs:eu-west-1:{account}:payouts"


def judge(judged, *others, **more):
    alone = [] if more.get("unlisted") else [fake(Organization, {ORGANIZATION: None})]
    given = others or alone
    return run_check(subscription_cross_account, judged, *given, **more)


@pytest.mark.parametrize(
    "judged",
    [
        subscription(queue("111122223333")),
        subscription("arn:aws:lambda:eu-west-1:111122223333:function:f", "lambda"),
        subscription("+49301234", "sms"),
    ],
)
def test_accepts_endpoints_of_the_account(judged):
    """
    The account's own queues and functions; a phone number has neither account nor domain.
    """
    assert [Status.PASS] == statuses(judge(judged))


def test_accepts_accounts_that_are_known():
    """
    Those of the organization, and those that the owner named.
    """
    judged = subscription(queue(OTHER), Owner=OTHER)

    assert [Status.PASS] == statuses(judge(judged, MEMBER))
    assert [Status.PASS] == statuses(judge(judged, trust=Trust(accounts=(OTHER,))))


@pytest.mark.parametrize(
    "judged",
    [
        subscription(queue(OTHER)),
        subscription(queue("111122223333"), Owner=OTHER),
        subscription(queue(OTHER), Owner=OTHER),
        subscription(f"arn:aws:firehose:eu-west-1:{OTHER}:deliverystream/s", "firehose"),
    ],
)
def test_flags_accounts_that_are_not(judged):
    """
    Whose the endpoint is, and whose the subscription, each told once; the command unsubscribes.
    """
    (finding,) = judge(judged)

    assert Status.FAIL is finding.status
    assert f"the account {OTHER}" == finding.found
    assert f"aws sns unsubscribe --region eu-west-1 --subscription-arn {TOPIC_ARN}:1" == finding.fix
    assert [True, False] == [hop.holds for hop in finding.path]


def test_has_no_command_for_what_is_not_confirmed():
    """
    It has no ARN yet, and goes by itself.
    """
    (finding,) = judge(subscription(queue(OTHER), SubscriptionArn="PendingConfirmation"))

    assert Status.FAIL is finding.status
    assert finding.fix is None


def test_does_not_judge_what_is_deleted():
    """
    AWS lists deleted subscriptions for a while.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(subscription(queue(OTHER), SubscriptionArn="Deleted")))


MAIL = subscription("oncall@Northlight.example", "email")
HOOK = subscription("https://hooks.northlight.example/sns?token=x", "https")


@pytest.mark.parametrize("judged", [MAIL, HOOK])
def test_judges_domains_only_if_some_are_listed(judged):
    """
    No list, no judgement; with one, its wildcards decide.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(judged))
    assert [Status.PASS] == statuses(judge(judged, domains=("*northlight.example",)))
    (finding,) = judge(judged, domains=("other.example", "*.other.example"))
    assert Status.FAIL is finding.status
    assert "token" not in f"{finding.message}{finding.path}"


def test_does_not_know_while_the_organization_is_hidden():
    """
    A foreign account may be one of the organization's; one's own is known all the same.
    """
    assert [Status.UNKNOWN] == statuses(judge(subscription(queue(OTHER)), unlisted=[OrganizationAccount]))
    assert [Status.PASS] == statuses(judge(subscription(queue("111122223333")), unlisted=[OrganizationAccount]))

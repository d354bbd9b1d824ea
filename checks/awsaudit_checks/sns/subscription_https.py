from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.sns import ForeignSubscription, TopicSubscription


_DELETED: Final = "Deleted"


@check(
    "sns-subscription-https",
    title="Subscriptions use HTTPS, not HTTP",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Subscribe the same address with https, copy the filter policy and the redrive policy, confirm it, and only "
        "then unsubscribe the one with http; one that was never confirmed goes by itself.",
        cli=None,
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    ),
    equivalents=("prowler:sns_subscription_not_using_http_endpoints",),
)
def subscription_https(subscription: TopicSubscription | ForeignSubscription) -> Iterator[Problem]:
    """
    With http messages cross the internet in clear, for whoever sits on the way to read, to change or to hold back; so does
    the link that confirms or ends the subscription. Subscriptions to topics of the account are judged, whoever owns them,
    and the account's own to topics of others, confirmed or not. Of the address the host alone is kept.
    """
    if subscription.subscription_arn == _DELETED:
        raise NotApplicable("the subscription is deleted")
    if subscription.protocol == "http":
        yield Problem(
            f"messages of the topic {subscription.topic_arn.rpartition(':')[2]} go to {subscription.endpoint.shown} in clear",
            expected="https",
            found="http",
        )

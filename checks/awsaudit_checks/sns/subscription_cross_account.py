import fnmatch

from collections.abc import Iterator
from typing import Final

from awsaudit import Hop, Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.access.estate import ZONE, zone_of
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.sns import Topic, TopicSubscription


_DELETED: Final = "Deleted"


@check(
    "sns-subscription-cross-account",
    title="Subscribers belong to known accounts or domains",
    severity=Severity.MEDIUM,
    uses=ZONE,
    remediation=Remediation(
        text="Unsubscribe it, or name its account under [trust] accounts, or its domain in the check's option domains, if "
        "it is yours.",
        cli="aws sns unsubscribe --region {region} --subscription-arn {subscription}",
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-delete-subscription-topic.html",
    ),
)
def subscription_cross_account(
    subscription: TopicSubscription, account: Inventory, *, domains: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    A subscriber gets every message that is published to the topic from then on, alarms with resource names and customers'
    data among them. Queues, functions and streams pass that belong to your accounts, your organization or those under
    ``[trust]``. Mail addresses and URLs are judged only if you list your *domains*; ``*`` is a wildcard.
    """
    if subscription.subscription_arn == _DELETED:
        raise NotApplicable("the subscription is deleted")
    domain = _domain(subscription)
    if domain is not None:
        if not domains:
            raise NotApplicable("no domains are listed as yours")
        if not any(fnmatch.fnmatchcase(domain, pattern.lower()) for pattern in domains):
            yield _problem(subscription, f"the domain {domain}", f"one of {', '.join(domains)}")
        return
    for owner in _accounts(subscription):
        known = zone_of(account)
        if owner in known.accounts:
            continue
        if known.unseen:
            raise EvidenceMissing(known.unseen)
        yield _problem(subscription, f"the account {owner}", "known accounts only")


def _domain(subscription: TopicSubscription) -> str | None:
    """Return the domain that a mail address or URL is in; None for other endpoints."""
    if subscription.protocol in {"email", "email-json", "http", "https"}:
        return subscription.endpoint.host or ""

    return None


def _accounts(subscription: TopicSubscription) -> tuple[str, ...]:
    """Return the accounts that have to do with *subscription*: that of its endpoint, and who owns it."""
    found = (subscription.endpoint.account, subscription.owner)
    return tuple(dict.fromkeys(account for account in found if account))


def _problem(subscription: TopicSubscription, whose: str, expected: str) -> Problem:
    return Problem(
        f"{subscription.protocol} to {subscription.endpoint.shown} gets what is published to "
        f"{subscription.topic_arn.rpartition(':')[2]}, and belongs to {whose}",
        expected=expected,
        found=whose,
        sub_key=whose,
        # One that waits for its confirmation has no ARN by which to be deleted; it goes by itself.
        fill={"subscription": subscription.subscription_arn} if subscription.confirmed else {},
        path=(
            Hop(subscription.topic_arn, Topic.type),
            Hop(subscription.endpoint.shown, "outside", f"{subscription.protocol}, of {whose}", holds=False),
        ),
    )

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.sns import Topic, TopicSubscription
from awsaudit_checks.sns.audience import AUDIENCE, hearers, problems_of


# https://docs.aws.amazon.com/general/latest/gr/sns.html
_FIRST_QUOTA: Final = 1


@check(
    "sns-sms-deliverable",
    title="SMS subscribers of alert topics can be reached",
    severity=Severity.MEDIUM,
    uses=(*AUDIENCE, TopicSubscription.sms_sandbox, TopicSubscription.sms_numbers, TopicSubscription.sms_limit),
    remediation=Remediation(
        text="Ask AWS Support to move the account out of the SMS sandbox, or verify the number in it; ask for a higher "
        "spending quota, and then raise MonthlySpendLimit with aws sns set-sms-attributes.",
        cli=None,
        url="https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html",
    ),
)
def sms_deliverable(topic: Topic, account: Inventory) -> Iterator[Problem]:
    """
    A subscription by text message looks confirmed from the start, and may deliver nothing: in the SMS sandbox only verified
    numbers are sent to, and with the limit that AWS starts with, 1 US dollar a month, one bad night uses it up. Each number
    has to be verified, or the account out of the sandbox, and the limit higher. Numbers are kept masked.
    """
    told = [each for each in hearers(topic, account) if each.protocol == "sms"]
    if not told:
        raise NotApplicable("nobody is subscribed by text message")
    yield from problems_of([*told, None], lambda each: _refused(each) if each else _limited(told[0]))


def _refused(subscription: TopicSubscription) -> Problem | None:
    if not subscription.sms_sandbox:
        return None
    known = {each.number: each.verified for each in subscription.sms_numbers}
    if known.get(subscription.endpoint):
        return None
    state = "not verified yet" if subscription.endpoint in known else "not one of its verified numbers"

    return Problem(
        f"the account is in the SMS sandbox, and {subscription.endpoint.shown} is {state}",
        expected="a verified number, or an account out of the sandbox",
        found=state,
        sub_key=subscription.arn,
    )


def _limited(subscription: TopicSubscription) -> Problem | None:
    limit = subscription.sms_limit
    if limit is None:
        raise Undecided("no limit is set, so that AWS's quota for the account is the limit, which SNS does not tell")
    if limit > _FIRST_QUOTA:
        return None

    return Problem(
        f"text messages of the account may cost {limit:g} US dollars a month",
        expected=f"a limit above {_FIRST_QUOTA} US dollar",
        found=f"{limit:g}",
        sub_key="MonthlySpendLimit",
    )

"""
AWS Health.

https://docs.aws.amazon.com/health/latest/APIReference/

The API answers accounts with a Business support plan or above, and refuses all others with SubscriptionRequiredException.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource, Scope
from awsaudit.parser import many, optional_moment, optional_text, record, text


_NO_PLAN: Final = "SubscriptionRequiredException"
_OPEN: Final = {"filter": {"eventStatusCodes": ["open", "upcoming"]}}
EVENTS = Call("DescribeEvents", result="events[]", params=_OPEN, absent=(_NO_PLAN,))
# The same question: here the refusal is the answer.
SUPPORT = Call("DescribeEvents", params=_OPEN, answer_code=(_NO_PLAN,))
# One request takes ten events and answers entity by entity: what belongs to which event is simpler asked one by one.
ENTITIES = Call(
    "DescribeAffectedEntities",
    result="entities[]",
    params={"filter": {"eventArns": ["$arn"]}},
    when="$eventScopeCode == 'ACCOUNT_SPECIFIC'"
    " && (eventTypeCategory == 'scheduledChange' || actionability == 'ACTION_REQUIRED')",
)
# Only the management account of an organization may ask.
# https://docs.aws.amazon.com/health/latest/APIReference/API_DescribeHealthServiceStatusForOrganization.html
ORGANIZATION = Call("DescribeHealthServiceStatusForOrganization", absent=(_NO_PLAN,))


def _is_answered(code: Any) -> bool:
    return code is None


class Account(Resource):
    """The account, as AWS Health knows it."""

    service: ClassVar[str] = "health"
    type: ClassVar[str] = "AWS::Health::Account"
    scope: ClassVar[Scope] = Scope.GLOBAL

    supported = Fact(
        SUPPORT, "error_code", _is_answered, "Whether its support plan includes the API; without, no event is known."
    )
    organizational_view = Fact(
        ORGANIZATION,
        "healthServiceAccessStatusForOrganization",
        optional_text,
        "``ENABLED``, ``DISABLED`` or ``PENDING``; unset where the support plan does not include the API.",
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one an account."""
        return f"arn:{self.partition}:health::{self.account}:account"

    @property
    def name(self) -> str:
        """What it is called: by the account's id."""
        return self.account


@frozen
class Entity:
    """
    What an event affects.

    Args:
        name: Its id or ARN; of what has none, a word such as ``UNKNOWN``.

        status: ``IMPAIRED``, ``UNIMPAIRED``, ``PENDING``, ``RESOLVED`` or ``UNKNOWN``; None where untold.
    """

    name: str
    status: str | None


class Event(Resource):
    """An event that is open or upcoming; there are none without a support plan that includes the API."""

    service: ClassVar[str] = "health"
    type: ClassVar[str] = "AWS::Health::Event"
    listing: ClassVar[Call] = EVENTS
    scope: ClassVar[Scope] = Scope.GLOBAL
    label: ClassVar[str] = "arn"

    arn = Fact(EVENTS, "arn", text, "The event's ARN.")
    type_code = Fact(EVENTS, "eventTypeCode", text, "What it is, such as ``AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED``.")
    category = Fact(
        EVENTS,
        "eventTypeCategory",
        text,
        "``issue``, ``accountNotification``, ``scheduledChange`` or ``investigation``.",
    )
    scope_code = Fact(EVENTS, "eventScopeCode", optional_text, "``ACCOUNT_SPECIFIC``, ``PUBLIC`` or ``NONE``.")
    event_region = Fact(EVENTS, "region", optional_text, "Where it happens; ``global`` for services without regions.")
    starts = Fact(EVENTS, "startTime", optional_moment, "When it began or will begin; unset where untold.")
    actionability = Fact(
        EVENTS,
        "actionability",
        optional_text,
        "``ACTION_REQUIRED``, ``ACTION_MAY_BE_REQUIRED`` or ``INFORMATIONAL``; unset where untold.",
    )
    entities = Fact(
        ENTITIES,
        "@",
        many(record(Entity, name=("entityValue", text), status="statusCode")),
        "What it affects; asked only of the account's own events that announce a change or require an action.",
    )

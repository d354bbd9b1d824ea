"""
AWS User Notifications, and the contacts that it writes to.

https://docs.aws.amazon.com/notifications/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from awsaudit.declare import Call, Fact, Kind, Resource, Scope
from awsaudit.parser import document, optional_text, text, texts


_GONE = ("ResourceNotFoundException",)
_OF_PARENT = {"notificationConfigurationArn": "$parent:arn"}

CONFIGURATIONS = Call("ListNotificationConfigurations", result="notificationConfigurations[]")
EVENT_RULES = Call("ListEventRules", result="eventRules[]", params=_OF_PARENT, gone=_GONE)
CHANNELS = Call("ListChannels", result="channels[]", params=_OF_PARENT, gone=_GONE)
# IAM writes this service with a hyphen.
# https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsusernotificationscontacts.html
EMAIL_CONTACTS = Call("ListEmailContacts", result="emailContacts[]", action="notifications-contacts:ListEmailContacts")


class NotificationConfiguration(Resource):
    """Which events the account is notified of, and by which channels."""

    service: ClassVar[str] = "notifications"
    type: ClassVar[str] = "AWS::Notifications::NotificationConfiguration"
    listing: ClassVar[Call] = CONFIGURATIONS
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(CONFIGURATIONS, "arn", text, "The configuration's ARN.")
    name = Fact(CONFIGURATIONS, "name", text, "The configuration's name.")
    status = Fact(
        CONFIGURATIONS,
        "status",
        text,
        "``ACTIVE``, ``PARTIALLY_ACTIVE`` where some of its event rules are not, ``INACTIVE`` or ``DELETING``.",
    )


def _active(value: Any) -> tuple[str, ...]:
    return tuple(sorted(region for region, told in (value or {}).items() if text(told["status"]) == "ACTIVE"))


class EventRule(Resource):
    """Which events a notification configuration takes, and from which regions."""

    service: ClassVar[str] = "notifications"
    type: ClassVar[str] = "AWS::Notifications::EventRule"
    listing: ClassVar[Call] = EVENT_RULES
    parent: ClassVar[Kind] = NotificationConfiguration
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(EVENT_RULES, "arn", text, "The event rule's ARN.")
    source = Fact(EVENT_RULES, "source", text, "The source of the events, such as ``aws.health``.")
    event_type = Fact(EVENT_RULES, "eventType", optional_text, "Their detail-type; unset where untold.")
    event_pattern = Fact(
        EVENT_RULES, "eventPattern", document, "A pattern that they have to match besides; unset without one."
    )
    rule_arns = Fact(EVENT_RULES, "managedRules", texts, "The rules of EventBridge that the service made for it.")
    active_regions = Fact(EVENT_RULES, "statusSummaryByRegion", _active, "The regions in which it works.")


class Channel(Resource):
    """Where a notification configuration sends to: a mail contact, a chat, or phones with the console's application."""

    service: ClassVar[str] = "notifications"
    type: ClassVar[str] = "AWS::Notifications::ChannelAssociation"
    listing: ClassVar[Call] = CHANNELS
    parent: ClassVar[Kind] = NotificationConfiguration
    scope: ClassVar[Scope] = Scope.GLOBAL

    destination = Fact(CHANNELS, "@", text, "The ARN of the contact, chat or application.")

    @property
    def arn(self) -> str:
        """The configuration's ARN and the channel's: AWS gives the connection of both no ARN of its own."""
        configuration = self.parent_resource
        return f"{configuration.know('arn') if configuration else ''}/{self.destination}"


class EmailContact(Resource):
    """A mail address that notifications go to; the address itself is not kept."""

    service: ClassVar[str] = "notificationscontacts"
    type: ClassVar[str] = "AWS::NotificationsContacts::EmailContact"
    listing: ClassVar[Call] = EMAIL_CONTACTS
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(EMAIL_CONTACTS, "arn", text, "The contact's ARN.")
    status = Fact(EMAIL_CONTACTS, "status", text, "``active``, or ``inactive`` until somebody follows the link.")

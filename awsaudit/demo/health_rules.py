"""
What becomes of the events of AWS Health: beside the rule at home that works, one that nobody gave a target, one that nothing can
match, a disabled one on standby, and one for global events whose topic keeps EventBridge out.

An event that is overdue, and what User Notifications tells. moto has neither AWS Health nor User Notifications: DescribeEvents,
DescribeAffectedEntities and DescribeHealthServiceStatusForOrganization of health, ListNotificationConfigurations,
ListEventRules and ListChannels of notifications, and ListEmailContacts of notificationscontacts are answered here.
"""

from __future__ import annotations

import datetime
import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company


_GLOBAL: Final = "us-east-1"
_STANDBY: Final = "eu-west-1"
_TYPE: Final = "AWS Health Event"
_CONFIGURATION: Final = f"arn:aws:notifications::{ACCOUNT}:configuration/a01jlbs2k9sign"
_CONTACT: Final = f"arn:aws:notifications-contacts::{ACCOUNT}:emailcontact/a01jlbs2k9mail"
_RETIREMENT: Final = "AWS_EC2_INSTANCE_RETIREMENT_SCHEDULED"
_DEPRECATION: Final = "AWS_EKS_PLANNED_LIFECYCLE_EVENT"


def build(company: Company) -> None:
    """Build it."""
    _rules(company)
    _answer_health(company)
    _answer_notifications(company)


def _rules(company: Company) -> None:
    _rule(company, HOME, "health-capacity", source="aws.health", service=["EC2", "EKS"])
    _rule(company, HOME, "health-network", source="aws.health*", service=["DIRECTCONNECT"])
    _rule(company, _STANDBY, "health-standby", source="aws.health", state="DISABLED")
    _rule(company, _GLOBAL, "health-global", source="aws.health", eventTypeCategory=["issue"])
    # Its policy is the one that every topic begins with, which lets the account publish and no service.
    sns = company.client("sns", _GLOBAL)
    topic = sns.create_topic(Name="health-global")["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="email", Endpoint="oncall@northlight.example")
    company.client("events", _GLOBAL).put_targets(Rule="health-global", Targets=[{"Id": "oncall", "Arn": topic}])


def _rule(
    company: Company, region: str, name: str, *, source: str, state: str = "ENABLED", **detail: list[str]
) -> None:
    pattern = {"source": [source], "detail-type": [_TYPE], **({"detail": detail} if detail else {})}
    company.client("events", region).put_rule(Name=name, EventPattern=json.dumps(pattern), State=state)


def _answer_health(company: Company) -> None:
    """Say what moto does not: an instance that is retired next week, and a version that ends next year."""
    events = (
        _event(_RETIREMENT, "EC2", company.today + datetime.timedelta(days=7)),
        _event(_DEPRECATION, "EKS", company.today + datetime.timedelta(days=200)),
    )

    def entities(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        (arn,) = params["filter"]["eventArns"]
        retired = _RETIREMENT in arn
        name = "i-0a1b2c3d4e5f67890" if retired else f"arn:aws:eks:{HOME}:{ACCOUNT}:cluster/validators"
        return {"entities": [{"eventArn": arn, "entityValue": name, "statusCode": "PENDING"}]}

    front = company.front
    front.answer("health", "DescribeEvents", lambda _, __: {"events": [*events]})
    front.answer("health", "DescribeAffectedEntities", entities)
    # AWS refuses members; a gap that no verdict hangs on would be the only one of the example account.
    status = {"healthServiceAccessStatusForOrganization": "DISABLED"}
    front.answer("health", "DescribeHealthServiceStatusForOrganization", lambda _, __: status)


def _event(code: str, service: str, starts: datetime.datetime) -> dict[str, Any]:
    return {
        "arn": f"arn:aws:health:{HOME}::event/{service}/{code}/{code}_7f3a",
        "service": service,
        "eventTypeCode": code,
        "eventTypeCategory": "scheduledChange",
        "region": HOME,
        "startTime": starts,
        "statusCode": "upcoming",
        "eventScopeCode": "ACCOUNT_SPECIFIC",
    }


def _answer_notifications(company: Company) -> None:
    """Say what moto does not: that the on-call has mail of sign-ins, and of nothing else."""
    made = company.today
    configuration = {
        "arn": _CONFIGURATION,
        "name": "sign-ins",
        "description": "Who signs in to the console",
        "status": "ACTIVE",
        "creationTime": made,
    }
    rule = {
        "arn": f"{_CONFIGURATION}/rule/a01jlbs2k9rule",
        "notificationConfigurationArn": _CONFIGURATION,
        "creationTime": made,
        "source": "aws.signin",
        "eventType": "AWS Console Sign In via CloudTrail",
        "eventPattern": "",
        "regions": [_GLOBAL],
        "managedRules": [f"arn:aws:events:{_GLOBAL}:{ACCOUNT}:rule/AWSUserNotificationsManagedRule-9sign"],
        "statusSummaryByRegion": {_GLOBAL: {"status": "ACTIVE", "reason": "The rule is active"}},
    }
    contact = {
        "arn": _CONTACT,
        "name": "oncall",
        "address": "oncall@northlight.example",
        "status": "active",
        "creationTime": made,
        "updateTime": made,
    }
    front = company.front
    front.answer(
        "notifications", "ListNotificationConfigurations", lambda _, __: {"notificationConfigurations": [configuration]}
    )
    front.answer("notifications", "ListEventRules", lambda _, __: {"eventRules": [rule]})
    front.answer("notifications", "ListChannels", lambda _, __: {"channels": [_CONTACT]})
    front.answer("notificationscontacts", "ListEmailContacts", lambda _, __: {"emailContacts": [contact]})

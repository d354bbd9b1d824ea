"""
The company's event buses with their rules and targets, archives, connections, API destinations and global endpoints.
"""

from __future__ import annotations

import datetime
import json

from collections.abc import Mapping
from typing import Any

from awsaudit.demo.company import ACCOUNT, HOME, Company


STANDBY = "eu-west-1"


def build(company: Company) -> None:
    """Build them."""
    _answer_buses(company)
    _answer_states(company)
    _answer_endpoints(company)
    events = company.client("events")
    events.create_event_bus(Name="beacon", KmsKeyIdentifier=company.ids["key:signer"])
    undelivered = {"Arn": company.ids["queue:events-undelivered"]}
    events.create_event_bus(
        Name="withdrawals", KmsKeyIdentifier=company.ids["key:deposits"], DeadLetterConfig=undelivered
    )
    events.create_event_bus(Name="rewards")
    _rules(company, undelivered)
    _archives(company)
    _destinations(company)
    _metrics(company)


def _rules(company: Company, undelivered: Mapping[str, str]) -> None:
    duties = company.ids["queue:validator-duties"]
    group = {"MessageGroupId": "beacon"}
    token = "gh" + "p_" + "n0rthL1ghtBeac0nDepl0y" + "Tok3nR0tated2026"
    _rule(company, "default", "nightly-report", {"Id": "queue", "Arn": duties, "DeadLetterConfig": undelivered})
    _rule(company, "default", "release", {"Id": "runner", "Arn": duties, "Input": json.dumps({"deployToken": token})})
    _rule(company, "beacon", "slots", {"Id": "duties", "Arn": duties, "DeadLetterConfig": undelivered})
    _rule(
        company,
        "beacon",
        "finality",
        {
            "Id": "exits",
            "Arn": company.ids["queue:exits.fifo"],
            "SqsParameters": group,
            "DeadLetterConfig": undelivered,
        },
    )
    _rule(
        company,
        "beacon",
        "attestations",
        {"Id": "attestations", "Arn": company.ids["queue:attestations.fifo"], "SqsParameters": group},
    )
    _rule(company, "beacon", "forks")
    _rule(company, "rewards", "payouts-2024", {"Id": "duties", "Arn": duties}, state="DISABLED")


def _rule(company: Company, bus: str, name: str, *targets: Mapping[str, Any], state: str = "ENABLED") -> None:
    events = company.client("events")
    when = (
        {"ScheduleExpression": "rate(1 day)"}
        if bus == "default"
        else {"EventPattern": json.dumps({"source": [f"northlight.{bus}"]})}
    )
    events.put_rule(Name=name, EventBusName=bus, State=state, **when)
    if targets:
        events.put_targets(Rule=name, EventBusName=bus, Targets=list(targets))


def _archives(company: Company) -> None:
    events = company.client("events")
    for bus in ("beacon", "rewards"):
        arn = f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus/{bus}"
        events.create_archive(ArchiveName=f"{bus}-events", EventSourceArn=arn, RetentionDays=30)


def _destinations(company: Company) -> None:
    events = company.client("events")
    for name in ("relay", "explorer"):
        parameters = {"ApiKeyAuthParameters": {"ApiKeyName": "X-Api-Key", "ApiKeyValue": "changeme"}}
        connection = events.create_connection(Name=name, AuthorizationType="API_KEY", AuthParameters=parameters)
        events.create_api_destination(
            Name=name,
            ConnectionArn=connection["ConnectionArn"],
            InvocationEndpoint=f"https://{name}.northlight.example/v1/events",
            HttpMethod="POST",
        )


def _metrics(company: Company) -> None:
    """Yesterday one rule's events were refused by their target, another's by the dead-letter queue too."""
    yesterday = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    for metric, rule, failures in (
        ("FailedInvocations", "slots", 3.0),
        ("FailedInvocations", "finality", 32.0),
        ("InvocationsFailedToBeSentToDlq", "finality", 32.0),
    ):
        dimensions = [{"Name": "EventBusName", "Value": "beacon"}, {"Name": "RuleName", "Value": rule}]
        point = {"MetricName": metric, "Dimensions": dimensions, "Timestamp": yesterday, "Value": failures}
        company.client("cloudwatch").put_metric_data(Namespace="AWS/Events", MetricData=[point])


def _answer_buses(company: Company) -> None:
    """Say what moto does not: what a bus was updated to."""
    updates: dict[tuple[str, str], dict[str, Any]] = {}

    def update(params: Mapping[str, Any], region: str) -> dict[str, Any]:
        updates.setdefault((region, params["Name"]), {}).update(params)
        return dict(params)

    def describe(parsed: dict[str, Any], params: Mapping[str, Any], region: str) -> None:
        parsed |= updates.get((region, params.get("Name", "default")), {})

    company.front.answer("events", "UpdateEventBus", update)
    company.front.amend("events", "DescribeEventBus", describe)


def _answer_states(company: Company) -> None:
    """Say what moto does not: an archive that failed, a connection that lost its authorization."""
    reattached: set[str] = set()

    def archives(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for archive in parsed["Archives"]:
            if archive["ArchiveName"] == "rewards-events":
                archive |= {"State": "UPDATE_FAILED", "StateReason": "The event pattern is not valid"}

    def connections(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for connection in parsed["Connections"]:
            if connection["Name"] == "explorer":
                connection |= {"ConnectionState": "DEAUTHORIZED", "StateReason": "The endpoint answered 401"}

    def destinations(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for destination in parsed["ApiDestinations"]:
            if destination["Name"] == "explorer" and "explorer" not in reattached:
                destination["ApiDestinationState"] = "INACTIVE"

    company.front.amend("events", "ListArchives", archives)
    company.front.amend("events", "ListConnections", connections)
    company.front.amend("events", "ListApiDestinations", destinations)
    company.front.amend("events", "UpdateApiDestination", lambda _, params, __: reattached.add(params["Name"]))


def _answer_endpoints(company: Company) -> None:
    """Say what moto does not: the global endpoints, two of them at home."""
    endpoints = {name: _endpoint(name, state) for name, state in (("deposits", "DISABLED"), ("withdrawals", "ENABLED"))}

    def update(params: Mapping[str, Any], _: str) -> dict[str, Any]:
        endpoints[params["Name"]].update(params)
        return {key: value for key, value in endpoints[params["Name"]].items() if key != "CreationTime"}

    company.front.answer(
        "events",
        "ListEndpoints",
        lambda _, region: {"Endpoints": list(endpoints.values()) if region == HOME else []},
    )
    company.front.answer("events", "UpdateEndpoint", update)


def _endpoint(name: str, replication: str) -> dict[str, Any]:
    health = f"arn:aws:route53:::healthcheck/{name}"
    bus = f":{ACCOUNT}:event-bus/withdrawals"
    return {
        "Name": name,
        "Arn": f"arn:aws:events:{HOME}:{ACCOUNT}:endpoint/{name}",
        "RoutingConfig": {"FailoverConfig": {"Primary": {"HealthCheck": health}, "Secondary": {"Route": STANDBY}}},
        "ReplicationConfig": {"State": replication},
        "EventBuses": [{"EventBusArn": f"arn:aws:events:{region}{bus}"} for region in (HOME, STANDBY)],
        "RoleArn": f"arn:aws:iam::{ACCOUNT}:role/northlight-{name}-replication",
        "EndpointId": f"{name[:6]}.veo",
        "State": "ACTIVE",
    }

"""
Who hears of trouble, and who was forgotten: contacts of the account, alarms of the signers, topics that they tell, text messages
to the on-call, the order of payouts, and who may write logs.

moto has no composite alarms, no SMS sandbox and no limit for text messages: DescribeAlarms is amended, and
GetSMSSandboxAccountStatus, ListSMSSandboxPhoneNumbers and GetSMSAttributes are answered, in all regions alike.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.principal import document


# https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama
_VERIFIED: Final = "+447700900142"
_FORGOTTEN: Final = "+447700900857"


def build(company: Company) -> None:
    """Build it."""
    _contacts(company)
    _topics(company)
    _alarms(company)
    _messages(company)
    _order(company)
    _writers(company)


def _contacts(company: Company) -> None:
    """Somebody for operations; nobody for security."""
    company.client("account", "us-east-1").put_alternate_contact(
        AlternateContactType="OPERATIONS",
        Name="On-call",
        Title="Operations",
        EmailAddress="oncall@northlight.example",
        PhoneNumber=_VERIFIED,
    )


def _topics(company: Company) -> None:
    """A topic for the signers whose key keeps alarms out, and a subscriber in clear beside one that is not."""
    sns = company.client("sns")
    signers = sns.create_topic(Name="signers", Attributes={"KmsMasterKeyId": "alias/aws/sns"})["TopicArn"]
    company.ids["topic:signers"] = signers
    sns.subscribe(TopicArn=signers, Protocol="email", Endpoint="signers@northlight.example")
    prices = sns.create_topic(Name="validator-prices")["TopicArn"]
    for scheme in ("http", "https"):
        endpoint = f"{scheme}://hooks.northlight.example/prices"
        sns.subscribe(TopicArn=prices, Protocol=scheme, Endpoint=endpoint)


def _alarms(company: Company) -> None:
    """An alarm that tells the signers, one whose topic is gone, one that somebody switched off, and one over others."""
    cloudwatch = company.client("cloudwatch")
    gone = f"arn:aws:sns:{HOME}:{ACCOUNT}:signers-2023"
    for name, topic, more in (
        ("signer-latency", company.ids["topic:signers"], {}),
        ("signer-memory", gone, {}),
        ("signer-restarts", company.ids["topic:oncall"], {"ActionsEnabled": False}),
        ("missed-attestations", None, {}),
    ):
        cloudwatch.put_metric_alarm(
            AlarmName=name,
            Namespace="Northlight/Signer",
            MetricName=name,
            Statistic="Maximum",
            Period=60,
            EvaluationPeriods=3,
            Threshold=1,
            ComparisonOperator="GreaterThanThreshold",
            AlarmActions=[topic] if topic else [],
            **more,
        )
    over = {
        "AlarmName": "validator-degraded",
        "AlarmArn": f"arn:aws:cloudwatch:{HOME}:{ACCOUNT}:alarm:validator-degraded",
        "AlarmRule": 'ALARM("missed-attestations")',
        "ActionsEnabled": True,
        "AlarmActions": [company.ids["topic:oncall"]],
    }

    def composite(parsed: dict[str, Any], params: Mapping[str, Any], region: str) -> None:
        if region == HOME and "CompositeAlarm" in params.get("AlarmTypes", []):
            parsed["CompositeAlarms"] = [over]

    company.front.amend("cloudwatch", "DescribeAlarms", composite)


def _messages(company: Company) -> None:
    """In the sandbox one number is verified, which hears of missed duties; the other hears of nothing."""
    sns = company.client("sns")
    for name, number in (("validator-duties", _VERIFIED), ("validator-exits", _FORGOTTEN)):
        topic = sns.create_topic(Name=name)["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sms", Endpoint=number)
    numbers = [{"PhoneNumber": _VERIFIED, "Status": "Verified"}, {"PhoneNumber": "+447700900396", "Status": "Pending"}]
    attributes = {"MonthlySpendLimit": "50"}

    def asked(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        return {"attributes": {k: v for k, v in attributes.items() if k in params.get("attributes", attributes)}}

    company.front.answer("sns", "GetSMSSandboxAccountStatus", lambda _, __: {"IsInSandbox": True})
    company.front.answer("sns", "ListSMSSandboxPhoneNumbers", lambda _, __: {"PhoneNumbers": numbers})
    company.front.answer("sns", "GetSMSAttributes", asked)


def _order(company: Company) -> None:
    """Exits keep their order; withdrawals, whose order matters, do not."""
    sns = company.client("sns")
    for name, queue in (("exits", "queue:exits.fifo"), ("withdrawals", "queue:validator-duties")):
        topic = sns.create_topic(
            Name=f"{name}.fifo", Attributes={"FifoTopic": "true"}, Tags=[{"Key": "ordering", "Value": "required"}]
        )["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=company.ids[queue])


def _writers(company: Company) -> None:
    """Queries of names are recorded for this account alone; what an appliance sends, for everybody."""
    logs = company.client("logs")
    queries = {
        "Effect": "Allow",
        "Principal": {"Service": "route53.amazonaws.com"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/aws/route53/*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
    }
    appliance = {
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"arn:aws:logs:{HOME}:{ACCOUNT}:log-group:/appliance/*",
    }
    logs.put_resource_policy(policyName="route53-queries", policyDocument=document(queries))
    logs.put_resource_policy(policyName="appliance", policyDocument=document(appliance))

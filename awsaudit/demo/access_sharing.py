"""
What the company shares by resource policies: soundly with its organization, carelessly with strangers and with everybody.

moto bends the policies of event buses, so PutPermission and RemovePermission are answered here and ListEventBuses is mended;
it has no account settings of ECR, so GetAccountSetting is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, NAME, Company
from awsaudit.demo.organization import MANAGEMENT
from awsaudit.demo.principal import document


STANDBY: Final = "eu-west-1"
STRANGER: Final = "444455556666"
"""An exchange that somebody once worked with."""

ROOT: Final = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
_PARTNER: Final = {"AWS": f"arn:aws:iam::{STRANGER}:root"}
_HEAD: Final = {"AWS": f"arn:aws:iam::{MANAGEMENT}:root"}
# https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
_LOAD_BALANCERS: Final = {"AWS": "arn:aws:iam::054676820928:root"}

Document = Mapping[str, Any]


def build(company: Company) -> None:
    """Build it."""
    _answer(company)
    _queues(company)
    _topics(company)
    _repositories(company)
    _buses(company)
    _secrets(company)
    _keys(company)
    _buckets(company)


def _allow(
    sid: str, principal: Any, action: Any, resource: str | None = "*", condition: Document | None = None
) -> Document:
    on = {"Resource": resource} if resource else {}
    under = {"Condition": condition} if condition else {}
    return {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action, **on, **under}


def _in_organization(company: Company) -> Document:
    return {"StringEquals": {"aws:PrincipalOrgID": company.ids["organization"]}}


def _queues(company: Company) -> None:
    sqs = company.client("sqs")
    topics = f"arn:aws:sns:{HOME}:{ACCOUNT}:slot-alerts"
    sns = {"Service": "sns.amazonaws.com"}
    for name, sid, principal, action, condition in (
        ("market-prices", "Prices", "*", "sqs:SendMessage", {"Bool": {"aws:SecureTransport": "true"}}),
        ("exchange-orders", "Exchange", _PARTNER, "sqs:*", None),
        ("operator-duties", "Company", "*", ["sqs:SendMessage", "sqs:GetQueueUrl"], _in_organization(company)),
        ("gas-prices", "Topics", sns, "sqs:SendMessage", None),
        ("slot-alerts", "Topic", sns, "sqs:SendMessage", {"ArnEquals": {"aws:SourceArn": topics}}),
    ):
        arn = f"arn:aws:sqs:{HOME}:{ACCOUNT}:{name}"
        policy = document(_allow(sid, principal, action, arn, condition))
        sqs.create_queue(QueueName=name, Attributes={"SqsManagedSseEnabled": "true", "Policy": policy})


def _topics(company: Company) -> None:
    sns = company.client("sns")
    sns.create_topic(Name="slot-alerts")
    over_https = {"StringEquals": {"sns:Protocol": "https"}}
    for name, sid, principal, action, condition in (
        ("market-prices", "Readers", {"AWS": "*"}, "SNS:Subscribe", over_https),
        ("exchange-fills", "Exchange", _PARTNER, ["SNS:Subscribe", "SNS:Publish"], None),
    ):
        topic = sns.create_topic(Name=name)["TopicArn"]
        policy = document(_allow(sid, principal, action, topic, condition))
        sns.set_topic_attributes(TopicArn=topic, AttributeName="Policy", AttributeValue=policy)


def _repositories(company: Company) -> None:
    pull = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer", "ecr:BatchCheckLayerAvailability"]
    ecr = company.client("ecr")
    encryption = {"encryptionType": "KMS", "kmsKey": company.ids["key:images"]}
    for name, sid, principal, action in (
        ("sdk", "Pull", "*", pull),
        ("exchange-connector", "Exchange", _PARTNER, [*pull, "ecr:PutImage"]),
        ("base/debian", "Company", _HEAD, pull),
    ):
        ecr.create_repository(
            repositoryName=name,
            imageTagMutability="IMMUTABLE",
            imageScanningConfiguration={"scanOnPush": True},
            encryptionConfiguration=encryption,
        )
        ecr.set_repository_policy(repositoryName=name, policyText=document(_allow(sid, principal, action, None)))
    for region, who in ((HOME, _PARTNER), (STANDBY, _HEAD)):
        every = f"arn:aws:ecr:{region}:{ACCOUNT}:repository/*"
        policy = document(_allow("Replicate", who, ["ecr:CreateRepository", "ecr:ReplicateImage"], every))
        company.client("ecr", region).put_registry_policy(policyText=policy)


def _buses(company: Company) -> None:
    events = company.client("events")
    rules = ["events:PutEvents", "events:PutRule", "events:PutTargets"]
    for name, sid, principal, action, condition in (
        ("market", "Publishers", "*", "events:PutEvents", {"StringEquals": {"events:source": "market"}}),
        ("exchange", "Exchange", _PARTNER, rules, None),
        ("company", "Company", "*", "events:PutEvents", _in_organization(company)),
    ):
        arn = events.create_event_bus(Name=name, KmsKeyIdentifier=company.ids["key:signer"])["EventBusArn"]
        events.put_permission(EventBusName=name, Policy=document(_allow(sid, principal, action, arn, condition)))


def _secrets(company: Company) -> None:
    secrets = company.client("secretsmanager")
    secrets.create_secret(Name="market/feed-token", SecretString="example", KmsKeyId=company.ids["key:signer"], Tags=[])
    policy = document(_allow("Feed", "*", "secretsmanager:GetSecretValue"))
    secrets.put_resource_policy(SecretId="market/feed-token", ResourcePolicy=policy)


def _keys(company: Company) -> None:
    kms = company.client("kms")
    root = _allow("Enable IAM User Permissions", ROOT, "kms:*")
    feed = {"AWS": f"arn:aws:iam::{ACCOUNT}:role/northlight-validator-duties"}
    via = {"StringEquals": {"kms:ViaService": f"s3.{HOME}.amazonaws.com"}}
    gone = {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/northlight-testnet-admin"}}
    made = {}
    for name, statements in (
        ("market-archive", (root, _allow("Feed", "*", "kms:Decrypt", "*", via))),
        ("exchange-archive", (root, _allow("Exchange", _PARTNER, ["kms:Decrypt", "kms:DescribeKey"]))),
        ("duties", (root, _allow("Duties", feed, "kms:*"))),
        ("testnet", (_allow("Administrator", ROOT, "kms:*", "*", gone),)),
    ):
        made[name] = kms.create_key(Description=name, Policy=document(*statements))["KeyMetadata"]["KeyId"]
        kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=made[name])
        kms.enable_key_rotation(KeyId=made[name])
    watcher = f"arn:aws:iam::{STRANGER}:role/settlement"
    kms.create_grant(
        KeyId=made["exchange-archive"], GranteePrincipal=watcher, Operations=["Decrypt"], Name="settlement"
    )


def _buckets(company: Company) -> None:
    s3 = company.client("s3")
    for name, sid, principal, action in (
        ("exchange-reports", "Exchange", _PARTNER, "s3:GetObject"),
        ("load-balancer-logs", "Logs", _LOAD_BALANCERS, "s3:PutObject"),
    ):
        bucket = f"{NAME}-{name}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME})
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        s3.put_bucket_policy(Bucket=bucket, Policy=document(_allow(sid, principal, action, f"arn:aws:s3:::{bucket}/*")))


def _answer(company: Company) -> None:
    """Say what moto does not: the policies of buses as they were put, and the scope of registries' policies."""
    policies: dict[tuple[str, str], str] = {}

    def put(params: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
        if "Policy" not in params:
            return None
        policies[region, params["EventBusName"]] = params["Policy"]
        return {}

    def remove(params: Mapping[str, Any], region: str) -> Mapping[str, Any] | None:
        return {} if policies.pop((region, params["EventBusName"]), None) else None

    def listed(parsed: dict[str, Any], _: Mapping[str, Any], region: str) -> None:
        for bus in parsed["EventBuses"]:
            if (region, bus["Name"]) in policies:
                bus["Policy"] = policies[region, bus["Name"]]

    def setting(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        return {"name": params["name"], "value": "V2"}

    company.front.answer("events", "PutPermission", put)
    company.front.answer("events", "RemovePermission", remove)
    company.front.amend("events", "ListEventBuses", listed)
    company.front.answer("ecr", "GetAccountSetting", setting)

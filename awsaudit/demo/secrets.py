"""
The company's secrets.

moto makes them; how old their values are and how their rotation goes is told here, and changes as the printed commands
change it.
"""

from __future__ import annotations

import datetime
import json

from collections.abc import Mapping
from typing import Any

from attrs import define, field

from awsaudit.demo.company import HOME, Company


STANDBY = "eu-west-1"
PENDING = "5b1d7c4e-0a52-4c9e-9f57-3a0e6f1d2c77"

Params = Mapping[str, Any]
Answer = Mapping[str, Any]


@define
class _Secret:
    """
    What moto does not keep of a secret.

    Args:
        name: The secret's name.

        value_age: Days since its value was changed.

        listed: More of what ListSecrets answers; numbers of dates are days from today.

        rotates: Days between two rotations; None without rotation.

        due_in: Days to the next rotation.

        pending_age: Days since a rotation began that hangs; None where none does.

        failed: Regions that it could not be replicated to, with AWS's reasons.

        standby_key: The key of its replica; None for the one that AWS manages.
    """

    name: str
    value_age: int
    listed: dict[str, Any] = field(factory=dict)
    rotates: int | None = None
    due_in: int = 0
    pending_age: int | None = None
    failed: dict[str, str] = field(factory=dict)
    standby_key: str | None = None


def build(company: Company) -> None:
    """Build them."""
    function = f"arn:aws:lambda:{HOME}:{company.account}:function:rotate-credentials"
    rotated = {"RotationLambdaARN": function}
    quarterly = {"ScheduleExpression": "cron(0 4 1 JAN,APR,JUL,OCT ? *)", "AutomaticallyAfterDays": 92}
    taken = "Secret with this name already exists in this region"
    secrets = [
        _Secret(
            "signer/keystore-password",
            12,
            {**rotated, "PrimaryRegion": HOME},
            rotates=30,
            due_in=18,
            standby_key=company.ids["key:standby"],
        ),
        _Secret("signer/api-token", 5, {**rotated, "PrimaryRegion": HOME}, 30, 25, failed={"us-east-1": taken}),
        _Secret("withdrawals/exchange-api-key", 140, rotated),
        _Secret("rewards/database-url", 210),
        _Secret("beacon/checkpoint-token", 39, rotated, rotates=30, due_in=-9),
        _Secret("validators/fee-recipient-token", 27, rotated, rotates=30, due_in=3, pending_age=4),
        _Secret("deposits/webhook-secret", 54, {**rotated, "RotationRules": quarterly}, rotates=92, due_in=38),
        _Secret("rds!cluster-2f9d6a51-8c1e-4f0b-b7a3-5d1c0e9a4b62", 3, {"OwningService": "rds"}, 7, 4),
        _Secret("monitoring/pager-token", 0),
        _Secret("explorer/old-token", 300),
        _Secret(
            "explorer/session-key",
            21,
            {"RotationLambdaARN": function.replace("credentials", "explorer")},
            rotates=30,
            due_in=9,
        ),
        _Secret("release/registry-password", 400),
        _Secret("prod/payout-password", 30),
        _Secret("prod/settlement-password", 12),
    ]
    _create(company)
    _answer(company, {secret.name: secret for secret in secrets})


def _create(company: Company) -> None:
    client = company.client("secretsmanager")
    standby = [{"Region": STANDBY, "KmsKeyId": company.ids["key:standby"]}]
    for name, settings in (
        ("signer/keystore-password", {"KmsKeyId": company.ids["key:signer"], "AddReplicaRegions": standby}),
        ("signer/api-token", {"KmsKeyId": company.ids["key:signer"], "AddReplicaRegions": [{"Region": STANDBY}]}),
        ("withdrawals/exchange-api-key", {"KmsKeyId": "alias/withdrawals"}),
        ("rewards/database-url", {}),
        ("beacon/checkpoint-token", {"KmsKeyId": company.ids["key:signer"]}),
        ("validators/fee-recipient-token", {"KmsKeyId": company.ids["key:signer"]}),
        ("deposits/webhook-secret", {}),
        ("rds!cluster-2f9d6a51-8c1e-4f0b-b7a3-5d1c0e9a4b62", {}),
        ("explorer/old-token", {}),
        ("explorer/session-key", {"KmsKeyId": company.ids["key:signer"]}),
        ("release/registry-password", {}),
        ("prod/payout-password", {"KmsKeyId": company.ids["key:payouts"]}),
        ("prod/settlement-password", {"KmsKeyId": company.ids["key:signer"]}),
    ):
        client.create_secret(Name=name, SecretString="example", Tags=[{"Key": "team", "Value": "staking"}], **settings)
    client.create_secret(Name="monitoring/pager-token")
    for name in ("explorer/old-token", "release/registry-password"):
        client.delete_secret(SecretId=name, RecoveryWindowInDays=7)
    partner = {
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::210987654321:role/deposit-watcher"},
        "Action": "secretsmanager:GetSecretValue",
        "Resource": "*",
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [partner]})
    client.put_resource_policy(SecretId="deposits/webhook-secret", ResourcePolicy=policy)


# What AWS says of them


def _answer(company: Company, secrets: Mapping[str, _Secret]) -> None:
    _answer_reads(company, secrets)
    _answer_fixes(company, secrets)


def _answer_reads(company: Company, secrets: Mapping[str, _Secret]) -> None:
    def listed(parsed: dict[str, Any], _: Params, region: str) -> None:
        for item in (item for item in parsed["SecretList"] if item["Name"] in secrets):
            secret = secrets[item["Name"]]
            item.update(_listed(company.today, secret, item))
            if region != HOME:
                # moto gives replicas the key of their primary.
                item.pop("KmsKeyId", None)
                item.update({"KmsKeyId": secret.standby_key} if secret.standby_key else {})

    def versions(parsed: dict[str, Any], params: Params, _: str) -> None:
        # moto gives the name for the ARN, and an empty token on the last page.
        parsed["ARN"] = params["SecretId"]
        if not parsed.get("NextToken"):
            parsed.pop("NextToken", None)
        if parsed["Name"] in secrets:
            _date_versions(company.today, secrets[parsed["Name"]], parsed["Versions"])

    def described(parsed: dict[str, Any], _: Params, __: str) -> None:
        failed = secrets[parsed["Name"]].failed if parsed["Name"] in secrets else {}
        entries = [{"Region": region, "Status": "Failed", "StatusMessage": why} for region, why in failed.items()]
        if entries:
            parsed["ReplicationStatus"] = [*parsed.get("ReplicationStatus", ()), *entries]

    company.front.amend("secretsmanager", "ListSecrets", listed)
    company.front.amend("secretsmanager", "ListSecretVersionIds", versions)
    company.front.amend("secretsmanager", "DescribeSecret", described)


def _answer_fixes(company: Company, secrets: Mapping[str, _Secret]) -> None:
    def rotate(params: Params, _: str) -> Answer | None:
        secret = _named(secrets, params)
        if secret is None:
            return None
        rules = params.get("RotationRules", {})
        secret.rotates = secret.due_in = int(rules.get("AutomaticallyAfterDays", secret.rotates or 30))
        secret.listed.pop("RotationRules", None)
        secret.pending_age = None
        if params.get("RotateImmediately", True):
            secret.value_age = 0
        return {"ARN": params["SecretId"], "Name": secret.name}

    def unstage(params: Params, _: str) -> Answer | None:
        secret = _named(secrets, params)
        if secret is None:
            return None
        secret.pending_age = None
        return {"ARN": params["SecretId"], "Name": secret.name}

    def replicate(params: Params, _: str) -> None:
        secret = _named(secrets, params)
        if secret:
            for replica in params["AddReplicaRegions"]:
                secret.failed.pop(replica["Region"], None)

    company.front.answer("secretsmanager", "RotateSecret", rotate)
    company.front.answer("secretsmanager", "UpdateSecretVersionStage", unstage)
    company.front.answer("secretsmanager", "ReplicateSecretToRegions", replicate)


def _named(secrets: Mapping[str, _Secret], params: Params) -> _Secret | None:
    name = params["SecretId"].partition(":secret:")[2].rpartition("-")[0] or params["SecretId"]
    return secrets.get(name)


def _listed(today: datetime.datetime, secret: _Secret, item: Mapping[str, Any]) -> dict[str, Any]:
    day = datetime.timedelta(days=1)
    fields = {"CreatedDate": today - 400 * day, **secret.listed}
    if secret.rotates:
        fields |= {
            "RotationEnabled": True,
            "RotationRules": secret.listed.get("RotationRules", {"AutomaticallyAfterDays": secret.rotates}),
            "LastRotatedDate": today - secret.value_age * day,
            "NextRotationDate": today + secret.due_in * day,
        }
    if secret.pending_age is not None:
        fields["SecretVersionsToStages"] = {**item.get("SecretVersionsToStages", {}), PENDING: ["AWSPENDING"]}

    return fields


def _date_versions(today: datetime.datetime, secret: _Secret, versions: list[dict[str, Any]]) -> None:
    day = datetime.timedelta(days=1)
    for version in versions:
        version["CreatedDate"] = today - secret.value_age * day
    if secret.pending_age is not None:
        began = today - secret.pending_age * day
        versions.append({"VersionId": PENDING, "VersionStages": ["AWSPENDING"], "CreatedDate": began})

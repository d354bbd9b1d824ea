"""
What databases need besides: rotation that reaches them, alarms, insight; and secrets, images and schemas that are kept tidy.

At home: the instance ``exits``, whose security group lets nobody in but its own members, and the secrets of ``deposits`` and
``exits``, which a tag tells apart; a forgotten copy of the one; two repositories in the public gallery, three registries of
schemas. Deposits are watched from within and alarmed, and accept tokens of IAM.

moto keeps no last use of secrets and offers other instance classes: ListSecrets and DescribeDBInstances are mended,
DescribeOrderableDBInstanceOptions is answered. ECR Public, the schema registry, Inspector and delegations of the
organization are answered whole.
"""

from __future__ import annotations

import datetime
import json

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.front import Refusal
from awsaudit.demo.organization import MANAGEMENT
from awsaudit.demo.principal import document, make_role


_ROTATION: Final = f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:rotate-credentials"
_PARTNER: Final = "210987654321"
_BUSES: Final = f"arn:aws:events:{HOME}:{ACCOUNT}:event-bus"
_REGISTRIES: Final = f"arn:aws:schemas:{HOME}:{ACCOUNT}:registry"
_PUBLIC: Final = f"arn:aws:ecr-public::{ACCOUNT}:repository"
# Days since the last use, of those that were not used within the last days; None for never.
_FORGOTTEN: Final[Mapping[str, int | None]] = {"rewards/database-url": 190, "monitoring/pager-token": None}

Params = Mapping[str, Any]


def build(company: Company) -> None:
    """Build them."""
    _exits(company)
    _secrets(company)
    _watched(company)
    _endpoint(company)
    _gallery(company)
    _schemas(company)
    company.front.answer("inspector2", "BatchGetAccountStatus", _inspected)
    company.front.answer("organizations", "ListDelegatedAdministrators", _delegated(company))
    company.front.answer("organizations", "ListDelegatedServicesForAccount", _delegated_services)


# Rotation


def _exits(company: Company) -> None:
    """Make a database that no rotation function gets in to."""
    ec2 = company.client("ec2")
    group = ec2.create_security_group(GroupName="exits", Description="exits", VpcId=company.ids["vpc"])["GroupId"]
    inside = {"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [{"GroupId": group}]}
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[inside])
    company.client("rds").create_db_instance(
        DBInstanceIdentifier="exits",
        Engine="postgres",
        EngineVersion="17.4",
        DBInstanceClass="db.m7g.large",
        AllocatedStorage=100,
        MultiAZ=True,
        DBSubnetGroupName="databases",
        VpcSecurityGroupIds=[group],
        StorageEncrypted=True,
        DeletionProtection=True,
        BackupRetentionPeriod=14,
        MasterUsername="operator",
        MasterUserPassword=token_urlsafe(16),
        Tags=[{"Key": "team", "Value": "staking"}],
    )


def _secrets(company: Company) -> None:
    """Make the secrets of databases, and a copy of one that nobody uses."""
    client = company.client("secretsmanager")
    owned = {"owner": "staking", "environment": "prod", "rotation": "30"}
    for name, tags in (
        ("deposits/prod/password", {**owned, "database": "deposits"}),
        ("deposits/prod/password-old", {**owned, "database": "deposits"}),
        ("deposits/prod/exits-password", {**owned, "database": "exits"}),
    ):
        told = [{"Key": key, "Value": value} for key, value in tags.items()]
        client.create_secret(Name=name, SecretString="example", KmsKeyId=company.ids["key:signer"], Tags=told)
    company.front.amend("secretsmanager", "ListSecrets", _listed(company.today))


def _listed(today: datetime.datetime) -> Any:
    day = datetime.timedelta(days=1)
    rotated = {
        "RotationEnabled": True,
        "RotationLambdaARN": _ROTATION,
        "RotationRules": {"AutomaticallyAfterDays": 30},
        "LastRotatedDate": today - 9 * day,
        "NextRotationDate": today + 21 * day,
    }

    def listed(parsed: dict[str, Any], _: Params, __: str) -> None:
        for item in parsed["SecretList"]:
            name = item["Name"]
            if name in {"deposits/prod/password", "deposits/prod/exits-password"}:
                item.update(rotated)
            if name in _FORGOTTEN:
                days = _FORGOTTEN[name]
                item.update({"LastAccessedDate": today - days * day} if days else {})
            elif name != "deposits/prod/password-old":
                item["LastAccessedDate"] = today - 2 * day

    return listed


# What is seen of databases


def _watched(company: Company) -> None:
    """Let deposits be watched, and faucet be backed up and maintained at once."""
    described = company.ids["rds"]
    described.setdefault((HOME, "deposits"), {}).update(
        {
            "MonitoringInterval": 60,
            "MonitoringRoleArn": make_role(company, "rds-monitoring-role", {"Service": "monitoring.rds.amazonaws.com"}),
            "PerformanceInsightsEnabled": True,
            "PerformanceInsightsKMSKeyId": company.ids["key:deposits"],
            "IAMDatabaseAuthenticationEnabled": True,
        }
    )
    described.setdefault((HOME, "faucet"), {}).update(
        {"PreferredBackupWindow": "03:00-03:30", "PreferredMaintenanceWindow": "sun:03:15-sun:03:45"}
    )
    topic = company.client("sns").create_topic(Name="oncall")["TopicArn"]
    for metric, threshold, comparison in (
        ("FreeStorageSpace", 10 * 1024**3, "LessThanThreshold"),
        ("CPUUtilization", 90, "GreaterThanThreshold"),
    ):
        company.client("cloudwatch").put_metric_alarm(
            AlarmName=f"deposits-{metric}",
            Namespace="AWS/RDS",
            MetricName=metric,
            Dimensions=[{"Name": "DBInstanceIdentifier", "Value": "deposits"}],
            Statistic="Average",
            Period=60,
            EvaluationPeriods=5,
            Threshold=threshold,
            ComparisonOperator=comparison,
            AlarmActions=[topic],
        )
    company.front.answer("rds", "DescribeOrderableDBInstanceOptions", _on_offer)


def _on_offer(params: Params, _: str) -> Params:
    engine = params["Engine"]
    option = {
        "Engine": engine,
        "EngineVersion": params["EngineVersion"],
        "DBInstanceClass": params["DBInstanceClass"],
        "Vpc": True,
        "SupportsEnhancedMonitoring": True,
        "SupportsPerformanceInsights": True,
        "SupportsIAMDatabaseAuthentication": engine.startswith(("mysql", "mariadb", "postgres", "aurora")),
    }

    return {"OrderableDBInstanceOptions": [option]}


# Images


def _endpoint(company: Company) -> None:
    """Let the account's own credentials alone through the endpoint for layers."""
    ec2 = company.client("ec2")
    own = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": "*",
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    }
    for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        if endpoint["ServiceName"].endswith(".ecr.dkr"):
            ec2.modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], PolicyDocument=document(own))


def _gallery(company: Company) -> None:
    """Show two repositories to everybody; a partner pushes to one of them."""
    names = ("validator-exporter", "slashing-monitor")
    pushes = {
        "Sid": "Push",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{_PARTNER}:root"},
        "Action": ["ecr-public:PutImage", "ecr-public:InitiateLayerUpload"],
    }

    def repositories(_: Params, __: str) -> Params:
        return {
            "repositories": [
                {
                    "repositoryArn": f"{_PUBLIC}/{name}",
                    "registryId": ACCOUNT,
                    "repositoryName": name,
                    "repositoryUri": f"public.ecr.aws/n0rthl1ght/{name}",
                    "createdAt": company.today,
                }
                for name in names
            ]
        }

    def policy(params: Params, _: str) -> Params:
        if params["repositoryName"] != "slashing-monitor":
            raise Refusal("RepositoryPolicyNotFoundException", "there is no policy")
        return {"registryId": ACCOUNT, "repositoryName": "slashing-monitor", "policyText": document(pushes)}

    company.front.answer("ecr-public", "DescribeRepositories", repositories)
    company.front.answer("ecr-public", "GetRepositoryPolicy", policy)


# Events


def _schemas(company: Company) -> None:
    """Discover what is sent to the bus of the treasury, and share one registry with somebody."""
    shared = {
        "Sid": "Read",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{_PARTNER}:root"},
        "Action": ["schemas:DescribeSchema", "schemas:ListSchemas"],
        "Resource": [f"{_REGISTRIES}/deposits", f"{_REGISTRIES.replace(':registry', ':schema')}/deposits/*"],
    }
    found = {"DiscovererArn": f"arn:aws:schemas:{HOME}:{ACCOUNT}:discoverer/events-event-bus-treasury"}

    def discoverers(_: Params, region: str) -> Params:
        told = {**found, "DiscovererId": "events-event-bus-treasury", "SourceArn": f"{_BUSES}/treasury"}
        return {"Discoverers": [{**told, "State": "STARTED"}] if region == HOME else []}

    def registries(_: Params, region: str) -> Params:
        names = ("discovered-schemas", "deposits") if region == HOME else ()
        return {"Registries": [{"RegistryArn": f"{_REGISTRIES}/{name}", "RegistryName": name} for name in names]}

    def policy(params: Params, _: str) -> Params:
        if params["RegistryName"] != "deposits":
            raise Refusal("NotFoundException", "there is no policy", 404)
        return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [shared]}), "RevisionId": "1"}

    company.front.answer("schemas", "ListDiscoverers", discoverers)
    company.front.answer("schemas", "ListRegistries", registries)
    company.front.answer("schemas", "GetResourcePolicy", policy)


# Who else looks at the account


def _inspected(_: Params, region: str) -> Params:
    # AWS gives a code and a message whatever the state.
    told = {"errorCode": "ALREADY_ENABLED", "errorMessage": "-"}
    state = {"status": "ENABLED" if region == HOME else "DISABLED", **told}
    kinds = ("ec2", "ecr", "lambda", "lambdaCode")

    return {
        "accounts": [{"accountId": ACCOUNT, "state": state, "resourceState": dict.fromkeys(kinds, state)}],
        "failedAccounts": [],
    }


def _delegated(company: Company) -> Any:
    def told(_: Params, __: str) -> Params:
        arn = f"arn:aws:organizations::{MANAGEMENT}:account/{company.ids['organization']}/{ACCOUNT}"
        return {"DelegatedAdministrators": [{"Id": ACCOUNT, "Arn": arn, "Name": "northlight", "State": "ACTIVE"}]}

    return told


def _delegated_services(_: Params, __: str) -> Params:
    return {"DelegatedServices": [{"ServicePrincipal": "guardduty.amazonaws.com"}]}

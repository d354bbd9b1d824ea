"""
Who pulls images and who pushes them, and what nodes reach besides.

The nodes of the beacon clients read a secret that only one pod needs. The relay's tasks cannot pull their image, and the
explorer's role still pushes, as in the days when it built itself.
"""

from __future__ import annotations

import json

from typing import Any

from awsaudit.demo.company import Company


_TOKEN = "beacon/checkpoint-token"  # noqa: S105 - the name of a secret


def build(company: Company) -> None:
    """Build it."""
    iam = company.client("iam")
    secret = company.client("secretsmanager").describe_secret(SecretId=_TOKEN)
    reads = {
        "Sid": "CheckpointToken",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": secret["ARN"],
    }
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": company.ids["key:signer"]}
    _put(iam, "eks-node-clients", "checkpoint-sync", reads, decrypts)
    _tasks_role(iam, "explorer", "explorer-builds-itself", {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"})
    logs = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    relay = _tasks_role(iam, "relay-execution", "logs", logs)
    _relay(company, relay)


def _tasks_role(iam: Any, name: str, policy: str, *statements: dict[str, Any]) -> str:
    trust = {"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]
    _put(iam, name, policy, *statements)

    return str(arn)


def _put(iam: Any, role: str, name: str, *statements: dict[str, Any]) -> None:
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=document)


def _relay(company: Company, execution_role: str) -> None:
    """Run the relay on ECS at home; its execution role may write logs and not pull."""
    ecs = company.client("ecs")
    repository = company.client("ecr").describe_repositories()["repositories"][0]
    container = {"name": "relay", "image": f"{repository['repositoryUri']}:latest", "memory": 512}
    ecs.create_cluster(clusterName="relay")
    ecs.register_task_definition(
        family="relay", networkMode="awsvpc", executionRoleArn=execution_role, containerDefinitions=[container]
    )
    place = {"subnets": company.ids["subnets:private"], "securityGroups": [company.ids["sg:closed"]]}
    ecs.create_service(
        cluster="relay",
        serviceName="relay",
        taskDefinition="relay",
        desiredCount=1,
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": place},
    )

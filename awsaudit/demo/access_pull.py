"""
Who pulls images and who pushes them, and what nodes reach besides.

The nodes of the beacon clients read a secret that only one pod needs. The relay's tasks cannot pull their image, and the
explorer's role still pushes, as in the days when it built itself.
"""

from __future__ import annotations

from typing import Final

from awsaudit.demo.company import Company
from awsaudit.demo.principal import make_role, put_policy


_TASKS: Final = {"Service": "ecs-tasks.amazonaws.com"}
_TOKEN = "beacon/checkpoint-token"  # noqa: S105 - the name of a secret


def build(company: Company) -> None:
    """Build it."""
    secret = company.client("secretsmanager").describe_secret(SecretId=_TOKEN)
    reads = {
        "Sid": "CheckpointToken",
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": secret["ARN"],
    }
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": company.ids["key:signer"]}
    put_policy(company, "eks-node-clients", "checkpoint-sync", reads, decrypts)
    make_role(company, "explorer", _TASKS, {"Effect": "Allow", "Action": "ecr:*", "Resource": "*"})
    logs = {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "*"}
    _relay(company, make_role(company, "relay-execution", _TASKS, logs))


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

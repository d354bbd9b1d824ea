"""
What runs without hosts of its own: tasks of ECS and functions of Lambda.

The API of the stakers and the validators of the main network are looked after. The faucet of the test network was copied from
the API in an evening: one role for everything, a token in its variables, public addresses in one zone. The node and the
validators of the test network run with what made them work first. Functions gather grants of the same kind.

moto lists no URLs of functions, keeps no condition on them and has one policy for a function and its aliases:
ListFunctionUrlConfigs is answered, and GetPolicy, ListFunctionEventInvokeConfigs (ARNs without $LATEST),
ListEventSourceMappings (what was read last) and DescribeServices (deploymentConfiguration) are mended.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import ClientError

from awsaudit.demo.company import ACCOUNT, HOME, Company
from awsaudit.demo.principal import make_role


_TASKS: Final = {"Service": "ecs-tasks.amazonaws.com"}
_CLUSTER: Final = "staking"
_STRANGER: Final = "777788889999"
_REGISTRY: Final = f"{ACCOUNT}.dkr.ecr.{HOME}.amazonaws.com"
_DIGEST: Final = "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"
_ONE_BY_ONE: Final = {"strategy": "ROLLING", "maximumPercent": 100, "minimumHealthyPercent": 0}
_RULE: Final = f"arn:aws:events:{HOME}:{ACCOUNT}:rule/duties"


def build(company: Company) -> None:
    """Build them."""
    company.client("ecs").create_cluster(clusterName=_CLUSTER)
    _endpoint(company)
    _api(company)
    _faucet(company)
    _nodes(company)
    _validators(company)
    company.front.amend("ecs", "DescribeServices", _deployed_in_turn)
    _functions(company)
    _answer_functions(company)


# Tasks


def _endpoint(company: Company) -> None:
    """Layers of images come through the gateway endpoint of S3 in public subnets as well."""
    ec2 = company.client("ec2")
    public = {"Name": "association.subnet-id", "Values": company.ids["subnets:public"]}
    tables = ec2.describe_route_tables(Filters=[public])["RouteTables"]
    gateway = ec2.describe_vpc_endpoints(Filters=[{"Name": "service-name", "Values": [f"com.amazonaws.{HOME}.s3"]}])[
        "VpcEndpoints"
    ][0]
    ec2.modify_vpc_endpoint(
        VpcEndpointId=gateway["VpcEndpointId"], AddRouteTableIds=[table["RouteTableId"] for table in tables]
    )


def _secret(company: Company, name: str) -> str:
    tags = [{"Key": "team", "Value": "staking"}]
    return str(company.client("secretsmanager").create_secret(Name=name, SecretString="example", Tags=tags)["ARN"])


def _reads(*arns: str) -> Mapping[str, Any]:
    return {"Sid": "Secrets", "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": [*arns]}


def _logs(name: str) -> Mapping[str, Any]:
    options = {"awslogs-group": f"/ecs/{name}", "awslogs-region": HOME, "awslogs-stream-prefix": name}
    return {"logConfiguration": {"logDriver": "awslogs", "options": options}}


def _api(company: Company) -> None:
    """The API of the stakers, with a role to start and one to work."""
    secret = company.ids["secret:staking-api"] = _secret(company, "staking-api/database-password")
    execution = make_role(company, "staking-api-execution", _TASKS, _reads(secret))
    sends = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": company.ids["queue:deposits"]}
    _register(
        company,
        "staking-api",
        {
            "image": f"{_REGISTRY}/base/debian@{_DIGEST}",
            "secrets": [{"name": "DATABASE_PASSWORD", "valueFrom": secret}],
            **_logs("staking-api"),
        },
        executionRoleArn=execution,
        taskRoleArn=make_role(company, "staking-api", _TASKS, sends),
    )
    _serve(company, "staking-api", company.ids["subnets:private"], count=2)


def _faucet(company: Company) -> None:
    """The faucet of the test network has the API's policy, and asks for a secret of its own."""
    key = _secret(company, "faucet/captcha-key")
    role = make_role(company, "faucet", _TASKS, _reads(company.ids["secret:staking-api"]))
    _register(
        company,
        "faucet",
        {
            "image": "northlight/faucet:3",
            "environment": [{"name": "GITHUB_TOKEN", "value": _token("faucet")}],
            "secrets": [{"name": "CAPTCHA_KEY", "valueFrom": key}],
        },
        executionRoleArn=role,
        taskRoleArn=role,
    )
    _serve(company, "faucet", company.ids["subnets:public"][:1], group=company.ids["sg:open"], public=True)


def _nodes(company: Company) -> None:
    """A node for the API's own use, and one of the test network that everybody may ask for everything."""
    geth = {"image": f"{_REGISTRY}/nodes/geth@{_DIGEST}", **_logs("mainnet-rpc")}
    inside = ["--http", "--http.addr=0.0.0.0", "--http.api=eth,net,web3", "--http.vhosts=rpc.northlight.internal"]
    _register(company, "mainnet-rpc", {**geth, "command": inside})
    _serve(company, "mainnet-rpc", company.ids["subnets:private"])
    groups = company.client("ec2").describe_security_groups(
        Filters=[{"Name": "group-name", "Values": ["sepolia-rpc"]}]
    )["SecurityGroups"]
    wide = ["--sepolia", "--http", "--http.addr=0.0.0.0", "--http.api=eth,net,admin", "--http.vhosts=*"]
    _register(
        company,
        "sepolia-rpc",
        {"image": "ethereum/client-go:stable", "command": wide, "privileged": True},
        requiresCompatibilities=["EC2"],
        pidMode="host",
    )
    _serve(company, "sepolia-rpc", company.ids["subnets:public"][:2], group=groups[0]["GroupId"], public=True)


def _validators(company: Company) -> None:
    """One that ends before the next one starts, and one that does not."""
    for name, network in (("mainnet-validator", "mainnet"), ("sepolia-validator", "sepolia")):
        command = ["lighthouse", "vc", f"--network={network}", "--beacon-nodes=http://beacon.northlight.internal:5052"]
        _register(
            company,
            name,
            {"image": f"{_REGISTRY}/validators/lighthouse@{_DIGEST}", "command": command, **_logs(name)},
        )
        _serve(company, name, company.ids["subnets:private"])


def _register(company: Company, name: str, container: Mapping[str, Any], **more: Any) -> None:
    wanted = {"requiresCompatibilities": ["FARGATE"], "cpu": "256", "memory": "512", **more}
    company.client("ecs").register_task_definition(
        family=name, networkMode="awsvpc", containerDefinitions=[{"name": name, **container}], **wanted
    )


def _serve(  # noqa: PLR0913 - what a service says
    company: Company,
    name: str,
    subnets: list[str],
    *,
    group: str | None = None,
    public: bool = False,
    count: int = 1,
) -> None:
    place = {
        "subnets": subnets,
        "securityGroups": [group or company.ids["sg:closed"]],
        "assignPublicIp": "ENABLED" if public else "DISABLED",
    }
    company.client("ecs").create_service(
        cluster=_CLUSTER,
        serviceName=name,
        taskDefinition=name,
        desiredCount=count,
        networkConfiguration={"awsvpcConfiguration": place},
    )


def _deployed_in_turn(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for service in parsed["services"]:
        if service["serviceName"] == "mainnet-validator":
            service["deploymentConfiguration"] = dict(_ONE_BY_ONE)


def _token(of: str) -> str:
    return f"ghp_{hashlib.sha256(of.encode()).hexdigest()[:36]}"


# Functions


def _functions(company: Company) -> None:
    """What the test network's webhook, the price feed and an old clean-up may do, and who may call them."""
    lambda_ = company.client("lambda")
    common = f"arn:aws:iam::{ACCOUNT}:role/northlight-validator-duties"
    _function(company, "sepolia-webhook", common, GITHUB_TOKEN=_token("webhook"), NETWORK="sepolia")
    _function(company, "price-feed", common, PRICES_TABLE="prices")
    _function(company, "clean-up", f"arn:aws:iam::{ACCOUNT}:role/legacy-automation")
    stranger = f"arn:aws:iam::{_STRANGER}:root"
    for function, sid, principal, more in (
        ("sepolia-webhook", "anybody", "*", {}),
        ("sepolia-webhook", "url", "*", {"Action": "lambda:InvokeFunctionUrl", "FunctionUrlAuthType": "NONE"}),
        ("price-feed", "oracle-partner", stranger, {}),
        ("price-feed", "topics", "sns.amazonaws.com", {}),
        ("clean-up", "nightly", "events.amazonaws.com", {"SourceArn": _RULE}),
    ):
        lambda_.add_permission(
            **{"FunctionName": function, "StatementId": sid, "Action": "lambda:InvokeFunction"} | more,
            Principal=principal,
        )
    version = lambda_.publish_version(FunctionName="price-feed")["Version"]
    lambda_.create_alias(FunctionName="price-feed", Name="live", FunctionVersion=version)
    lambda_.add_permission(
        FunctionName="price-feed",
        Qualifier="live",
        StatementId="prices",
        Action="lambda:InvokeFunction",
        Principal="sns.amazonaws.com",
        SourceArn=company.ids["topic:oncall"].replace("oncall", "prices"),
    )
    lambda_.create_function_url_config(FunctionName="sepolia-webhook", AuthType="NONE")
    lambda_.create_function_url_config(FunctionName="price-feed", AuthType="AWS_IAM")


def _function(company: Company, name: str, role: str, **variables: str) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "def handle(event, context):\n    return len(event)\n")
    company.client("lambda").create_function(
        FunctionName=name,
        Runtime="python3.13",
        Handler="index.handle",
        Role=role,
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": variables},
    )


def _answer_functions(company: Company) -> None:
    def urls(params: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        try:
            told = company.client("lambda", region).get_function_url_config(FunctionName=params["FunctionName"])
        except ClientError:
            return {"FunctionUrlConfigs": []}
        kept = {key: value for key, value in told.items() if key != "ResponseMetadata"}
        return {"FunctionUrlConfigs": [{**kept, "LastModifiedTime": kept["CreationTime"]}]}

    company.front.answer("lambda", "ListFunctionUrlConfigs", urls)
    company.front.amend("lambda", "GetPolicy", _with_conditions)
    company.front.amend("lambda", "ListFunctionEventInvokeConfigs", _unpublished)
    company.front.amend("lambda", "ListEventSourceMappings", _last_read)


def _with_conditions(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
    policy = json.loads(parsed["Policy"])
    # moto gives what aliases and the function itself have as one policy.
    of = params.get("Qualifier", "")
    policy["Statement"] = [each for each in policy["Statement"] if _qualifier(each["Resource"]) == of]
    for statement in policy["Statement"]:
        auth = statement.pop("FunctionUrlAuthType", None)
        if auth:
            statement["Condition"] = {"StringEquals": {"lambda:FunctionUrlAuthType": auth}}
    parsed["Policy"] = json.dumps(policy)


def _qualifier(arn: str) -> str:
    return "".join(arn.split(":")[_PARTS + 1 :])


def _unpublished(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for config in parsed["FunctionEventInvokeConfigs"]:
        if config["FunctionArn"].count(":") == _PARTS:
            config["FunctionArn"] += ":$LATEST"


_PARTS: Final = 6  # colons in the ARN of a function without a version


def _last_read(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for mapping in parsed["EventSourceMappings"]:
        failing = mapping["FunctionArn"].endswith(":book-deposits")
        mapping["LastProcessingResult"] = "PROBLEM: Function call failed" if failing else "OK"

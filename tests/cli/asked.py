"""An account to ask questions about, and its snapshot."""

import gzip
import json

import boto3
import moto

from awsaudit.access import EVERYTHING
from awsaudit.scan import Settings, open_live


READ = "secretsmanager:GetSecretValue"
TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
GITHUB = "token.actions.githubusercontent.com"
BUILDS = {
    "Effect": "Allow",
    "Principal": {"Federated": f"arn:aws:iam::123456789012:oidc-provider/{GITHUB}"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {f"{GITHUB}:sub": "repo:example/app:ref:refs/heads/main"}},
}
NO_ORGANIZATION = "AWSOrganizationsNotInUseException"


def document(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(action, resource="*", **more):
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def build(session):
    """Make an account in which one role reads a secret, and a user may assume it; with a role of CI and four administrators."""
    iam, secrets = session.client("iam"), session.client("secretsmanager")
    arn = secrets.create_secret(Name="prod/db", SecretString="x")["ARN"]
    secrets.create_secret(Name="prod/other", SecretString="x")
    root = {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Action": "sts:AssumeRole"}
    for name, trust, statement in (
        ("reader", root, allow(READ, arn)),
        ("ci", BUILDS, allow("sns:Publish")),
        ("guarded", TRUST, allow(READ, arn, Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})),
        *((f"admin-{n}", TRUST, allow("*")) for n in range(4)),
    ):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=document(trust))
        iam.put_role_policy(RoleName=name, PolicyName="own", PolicyDocument=document(statement))
    iam.create_user(UserName="anna")
    iam.put_user_policy(UserName="anna", PolicyName="own", PolicyDocument=document(allow("sts:AssumeRole")))
    policy = {"Effect": "Allow", "Principal": {"AWS": "444455556666"}, "Action": READ, "Resource": "*"}
    secrets.put_resource_policy(SecretId="prod/other", ResourcePolicy=document(policy))
    for number in range(11):
        session.client("sqs").create_queue(QueueName=f"queue-{number}")

    return arn


def snapshot(path):
    """Write the account's snapshot to *path*; return the secret's ARN."""
    with moto.mock_aws():
        session = boto3.Session("test", "test", region_name="eu-west-1")
        arn = build(session)
        settings = Settings(regions=("eu-west-1",), save_snapshot=path)
        open_live(settings, session, facts=EVERYTHING).collect()
    # moto says of an account outside an organization that there is none such.
    fail(path, "organizations", "DescribeAccount", NO_ORGANIZATION, "unavailable")

    return arn


def fail(path, service, operation, code="AccessDenied", kind="denied"):
    """Turn the answers to an operation in the snapshot at *path* into failures."""
    with gzip.open(path, "rt") as file:
        lines = [json.loads(line) for line in file]
    for line in lines:
        if (line.get("service"), line.get("operation")) == (service, operation):
            line.pop("answer", None)
            line["error"] = {"code": code, "kind": kind, "cause": None}
    with gzip.open(path, "wt") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)

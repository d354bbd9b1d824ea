import datetime
import json

import boto3

from botocore.stub import Stubber

from awsaudit.parser import fact_tree
from awsaudit.projection import merge, project
from awsaudit.resources.cloudformation import STACKS, Stack
from awsaudit.testing import fake


ARN = "arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0f1e2d3c-0000-1111-2222-333344445555"
CHECKED = datetime.datetime(2026, 11, 20, 8, 0, tzinfo=datetime.UTC)
ANSWER = {
    "StackId": ARN,
    "StackName": "shop",
    "CreationTime": datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    "StackStatus": "UPDATE_COMPLETE",
    "RoleARN": "arn:aws:iam::111122223333:role/shop-stack",
    "Parameters": [{"ParameterKey": "Password", "ParameterValue": "in plain text"}],
    "Outputs": [{"OutputKey": "Token", "OutputValue": "in plain text"}],
    "DriftInformation": {"StackDriftStatus": "IN_SYNC", "LastCheckTimestamp": CHECKED},
    "Tags": [{"Key": "team", "Value": "shop"}],
}


def answered(stack):
    """
    Return what botocore makes of AWS's answer.
    """
    client = boto3.client("cloudformation", "eu-west-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stub:
        stub.add_response("describe_stacks", {"Stacks": [stack]})
        (found,) = client.get_paginator("describe_stacks").paginate().build_full_result()["Stacks"]

    return json.loads(json.dumps(found, default=datetime.datetime.isoformat))


def test_stack_is_read():
    """
    A stack is known by its id; drift has a state and a time.
    """
    stack = fake(Stack, {STACKS: answered(ANSWER)})

    assert (ARN, "shop", "UPDATE_COMPLETE") == (stack.arn, stack.name, stack.status)
    assert "arn:aws:iam::111122223333:role/shop-stack" == stack.role_arn
    assert ("IN_SYNC", CHECKED) == (stack.drift_status, stack.drift_checked_at)
    assert (("Password",), {"team": "shop"}, None) == (stack.parameter_names, stack.tags, stack.parent_id)


def test_stack_with_little_is_read():
    """
    Without a role nobody's is meant; nobody ever looked for drift.
    """
    little = {key: ANSWER[key] for key in ("StackId", "StackName", "CreationTime", "StackStatus")}
    stack = fake(Stack, {STACKS: answered(little)})

    assert (None, "NOT_CHECKED", None, ()) == (
        stack.role_arn,
        stack.drift_status,
        stack.drift_checked_at,
        stack.parameter_names,
    )


def test_values_are_not_kept():
    """
    Parameters and outputs hold passwords at times.
    """
    tree = merge(*(fact_tree(f.path, f.parse, sensitive=f.sensitive) for f in Stack.facts().values()))

    assert "in plain text" not in str(project(tree, answered(ANSWER)))

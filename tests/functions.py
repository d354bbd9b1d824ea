"""Functions of Lambda with their policies, for tests."""

import json

from awsaudit.resources.lambda_ import (
    ALIAS_CONFIGURATION,
    ALIAS_POLICY,
    ALIASES,
    FUNCTIONS,
    INVOKE_CONFIGS,
    POLICY,
    EventInvokeConfig,
    Function,
    FunctionAlias,
)
from awsaudit.testing import fake
from tests.estate import OWN, document


ARN = f"arn:aws:lambda:eu-west-1:{OWN}:function:book"


def grant(principal, action="lambda:InvokeFunction", sid="grant", resource=ARN, **condition):
    """Return a statement of a function's policy."""
    given = {"Condition": condition} if condition else {}
    return {"Sid": sid, "Effect": "Allow", "Principal": principal, "Action": action, "Resource": resource, **given}


def _policy(statements):
    return {"Policy": json.dumps(document(*statements))} if statements else None


def function(*statements, name="book", **more):
    listed = {"FunctionName": name, "FunctionArn": ARN.replace("book", name), "Role": f"arn:aws:iam::{OWN}:role/book"}
    return fake(Function, {FUNCTIONS: {**listed, **more}, POLICY: _policy(statements)})


def alias(*statements, of=None, name="live", dead_letter=None):
    config = {"DeadLetterConfig": {"TargetArn": dead_letter}} if dead_letter else {}
    return fake(
        FunctionAlias,
        {
            ALIASES: {"AliasArn": f"{ARN}:{name}", "Name": name, "FunctionVersion": "7"},
            ALIAS_POLICY: _policy(statements),
            ALIAS_CONFIGURATION: config,
        },
        parent=of or function(),
    )


def invoke_config(of, qualifier="$LATEST", destination=f"arn:aws:sqs:eu-west-1:{OWN}:failed"):
    told = {"OnFailure": {"Destination": destination}} if destination else {}
    return fake(
        EventInvokeConfig,
        {INVOKE_CONFIGS: {"FunctionArn": f"{of.arn}:{qualifier}", "DestinationConfig": told}},
        parent=of,
    )

"""Roles that take OIDC tokens, and the providers of these."""

import json
import shlex

from awsaudit.resources.iam import PROVIDER, PROVIDERS, OidcProvider
from awsaudit.testing import fake
from tests.estate import allow, document, role


GITHUB = "token.actions.githubusercontent.com"
BITBUCKET = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
ARN = "arn:aws:iam::111122223333:oidc-provider/"


def taking(issuer, condition=None, **more):
    """Return the statement that takes tokens of *issuer*."""
    provider = issuer if issuer == "accounts.google.com" else f"{ARN}{issuer}"
    action = "sts:AssumeRoleWithWebIdentity"
    found = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": action, **more}
    return found | ({"Condition": condition} if condition else {})


def sub(issuer, *values, operator="StringLike"):
    return {operator: {f"{issuer}:sub": list(values)}}


WRITES = allow("s3:PutObject", resource="arn:aws:s3:::site/*")


def trusting(*statements, may=(WRITES,), **more):
    """Return a role with the trust policy of *statements*, which may write to a bucket unless it is said what it *may*."""
    return role("deploy", *may, trust=document(*statements), **more)


def pinned(issuer, *values, operator="StringLike", **more):
    """Return a role that takes subjects of *issuer*."""
    return trusting(taking(issuer, sub(issuer, *values, operator=operator)), **more)


def provider(issuer, *audiences):
    arn = {"Arn": f"{ARN}{issuer}"}
    return fake(OidcProvider, {PROVIDERS: arn, PROVIDER: {"Url": issuer, "ClientIDList": list(audiences)}})


def corrected(finding):
    """Return the role after the command of *finding* was run."""
    words = shlex.split(finding.fix)
    assert ["aws", "iam", "update-assume-role-policy", "--role-name", "deploy", "--policy-document"] == words[:-1]
    return role("deploy", trust=json.loads(words[-1]))

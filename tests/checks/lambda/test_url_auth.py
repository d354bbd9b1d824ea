import json

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.lambda_ import URL_POLICY, URLS, FunctionUrl
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.lambda_.url_auth import url_auth
from tests.estate import OWN, alone, document
from tests.functions import ARN, function, grant


URL = "https://abc.lambda-url.eu-west-1.on.aws/"


def url(*statements, auth="NONE", arn=ARN, **more):
    listed = {"FunctionUrl": URL, "FunctionArn": arn, "AuthType": auth}
    policy = {"Policy": json.dumps(document(*statements))} if statements else None
    return fake(FunctionUrl, {URLS: listed, URL_POLICY: policy, **more}, parent=function())


def look(judged):
    return run_check(url_auth, judged, *alone())


def everybody(resource=ARN, **condition):
    return grant("*", "lambda:InvokeFunctionUrl", resource=resource, **condition)


@pytest.mark.parametrize(
    "statement",
    [
        everybody(),
        everybody(StringEquals={"lambda:FunctionUrlAuthType": "NONE"}),
        grant({"AWS": "*"}, "lambda:*"),
    ],
)
def test_flags_urls_that_ask_nobody(statement):
    """
    With a policy that lets everybody in.
    """
    [finding] = look(url(statement))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert (
        "aws lambda update-function-url-config --region eu-west-1 --function-name book --auth-type AWS_IAM"
        == finding.fix
    )


def test_aliases_are_named():
    """
    The URL is the alias's.
    """
    [finding] = look(url(everybody(f"{ARN}:live"), arn=f"{ARN}:live"))

    assert finding.fix.endswith("--function-name book --auth-type AWS_IAM --qualifier live")


def test_signed_requests_pass():
    """
    Whatever the policy says.
    """
    assert [Status.PASS] == statuses(look(url(everybody(), auth="AWS_IAM")))


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [grant({"AWS": f"arn:aws:iam::{OWN}:root"}, "lambda:InvokeFunctionUrl")],
        [everybody(StringEquals={"lambda:FunctionUrlAuthType": "AWS_IAM"})],
        [everybody(StringEquals={"aws:PrincipalOrgID": "o-abcdefghij"})],
    ],
)
def test_remarks_on_urls_that_let_nobody_in(statements):
    """
    Requests get 403.
    """
    [finding] = look(url(*statements))

    assert Status.PASS is finding.status
    assert "its policy lets nobody in" in finding.message


def test_a_refused_policy_is_unknown():
    """
    It may let everybody in.
    """
    blind = fake(FunctionUrl, {URLS: {"FunctionArn": ARN, "AuthType": "NONE"}}, parent=function())

    assert [Status.UNKNOWN] == statuses(look(blind))

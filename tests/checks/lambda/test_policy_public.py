import shlex

import pytest

from awsaudit import Severity, Status
from awsaudit.gap import Gap
from awsaudit.resources.lambda_ import FUNCTIONS, POLICY, Function
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.lambda_.policy_public import policy_public
from tests.estate import OWN, alone
from tests.functions import ARN, alias, function, grant


def look(callee):
    return run_check(policy_public, callee, *alone())


@pytest.mark.parametrize("principal", ["*", {"AWS": "*"}])
@pytest.mark.parametrize("action", ["lambda:InvokeFunction", "lambda:*", "*"])
def test_flags_everybody(principal, action):
    """
    The command takes the one statement away.
    """
    [finding] = look(function(grant(principal, action)))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "aws lambda remove-permission --region eu-west-1 --function-name book --statement-id grant" == finding.fix


def test_aliases_have_policies_of_their_own():
    """
    The command names both.
    """
    [finding] = look(alias(grant("*", resource=f"{ARN}:live")))

    assert ["--function-name", ARN, "--statement-id", "grant", "--qualifier", "live"] == shlex.split(finding.fix)[5:]


@pytest.mark.parametrize(
    "condition",
    [
        {"ArnLike": {"AWS:SourceArn": f"arn:aws:sns:eu-west-1:{OWN}:topic"}},
        {"StringEquals": {"AWS:SourceAccount": OWN}},
        {"StringEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}},
        {"StringEquals": {"lambda:EventSourceToken": "amzn1.ask.skill.x"}},
        {"StringEquals": {"lambda:FunctionUrlAuthType": "NONE"}},
        {"Bool": {"lambda:InvokedViaFunctionUrl": "true"}},
    ],
)
def test_pinned_statements_pass(condition):
    """
    By a source, an account, an organization, a token; those of a URL are judged with it.
    """
    assert [Status.PASS] == statuses(look(function(grant("*", **condition))))


def test_others_pass():
    """
    No policy, the own account, a service.
    """
    assert [Status.PASS] == statuses(look(function()))
    own = function(grant({"AWS": f"arn:aws:iam::{OWN}:root"}), grant({"Service": "sns.amazonaws.com"}, sid="sns"))
    assert [Status.PASS] == statuses(look(own))


def test_remarks_on_urls_to_come():
    """
    The statement opens nothing as long as there is no URL.
    """
    [finding] = look(function(grant("*", "lambda:InvokeFunctionUrl")))

    assert Status.PASS is finding.status
    assert "opens whatever URL it is given to everybody" in finding.message


def test_a_refused_policy_is_unknown():
    """
    It may be public.
    """
    gap = refused(Function, POLICY)
    blind = fake(Function, {FUNCTIONS: {"FunctionName": "book", "FunctionArn": ARN}, POLICY: gap})

    assert isinstance(gap, Gap)
    assert [Status.UNKNOWN] == statuses(look(blind))

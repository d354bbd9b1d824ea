import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.organizations import OrganizationAccount
from awsaudit.testing import run_check, statuses
from awsaudit_checks.codepipeline.cross_account_action_role import cross_account_action_role
from tests.checks.codepipeline.lines import ROLE, action, pipeline, source, stage
from tests.estate import FOREIGN, OWN, alone, document, member_of, role, trusting


ABROAD, HOME = f"arn:aws:iam::{FOREIGN}:role/deploy", f"arn:aws:iam::{OWN}:role/deploy"


def line(arn):
    deploys = action("stack", "Deploy", "CloudFormation", roleArn=arn)
    return pipeline(stage("Source", source()), stage("Deploy", deploys))


def ruled(arn):
    rule = {"name": "quiet", "ruleTypeId": {"category": "Rule", "provider": "LambdaInvoke"}, "roleArn": arn}
    return pipeline(stage("Source", source()), stage("Deploy", onSuccess={"conditions": [{"rules": [rule]}]}))


def from_whom(principal):
    return document({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"})


@pytest.mark.parametrize(
    ("judged", "said"), [(line(ABROAD), "its action stack in Deploy"), (ruled(ABROAD), "its rule quiet")]
)
def test_flags_roles_of_accounts_that_nobody_knows(judged, said):
    """
    Of actions, and of the rules of conditions.
    """
    [finding] = run_check(cross_account_action_role, judged, *alone())

    assert (Status.FAIL, Severity.MEDIUM, FOREIGN) == (finding.status, finding.severity, finding.found)
    assert said in finding.message
    assert ["AWS::CodePipeline::Pipeline", "AWS::IAM::Role"] == [hop.type for hop in finding.path]


def test_accepts_known_accounts():
    """
    The account itself, the organization's, and whom the user named.
    """
    named = Trust(accounts=(FOREIGN,))

    assert [Status.PASS] == statuses(run_check(cross_account_action_role, line(HOME), *alone()))
    assert [Status.PASS] == statuses(
        run_check(cross_account_action_role, line(ABROAD), *member_of("o-exampleorgid", FOREIGN))
    )
    assert [Status.PASS] == statuses(run_check(cross_account_action_role, line(ABROAD), *alone(), trust=named))


@pytest.mark.parametrize(
    ("trust", "notes"),
    [
        (from_whom(f"arn:aws:iam::{OWN}:root"), 1),
        (from_whom(ROLE), 0),
        (trusting("codepipeline.amazonaws.com"), 0),
    ],
)
def test_remarks_on_an_own_role_that_trusts_the_account(trust, notes):
    """
    AWS's form names the pipeline's role.
    """
    [finding] = run_check(cross_account_action_role, line(HOME), role("deploy", trust=trust), *alone())

    assert (Status.PASS, notes) == (finding.status, len(finding.notes))


def test_does_not_apply_without_roles_of_actions():
    """
    The pipeline's own role is another matter.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(cross_account_action_role, pipeline(), *alone()))


def test_is_unknown_where_the_organization_was_not_seen():
    """
    The account may be one of it.
    """
    around = member_of("o-exampleorgid")[:2]
    [finding] = run_check(cross_account_action_role, line(ABROAD), *around, unlisted=[OrganizationAccount])

    assert Status.UNKNOWN is finding.status

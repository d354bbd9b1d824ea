import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.s3 import ACCOUNT_PUBLIC_ACCESS, AccountPublicAccess
from awsaudit.resources.secretsmanager import Secret
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.oidc_production_guarded import oidc_production_guarded
from tests.estate import allow, alone, deny, repository, role, secret, taking, trusting


PRODUCTION = secret("prod/api")
READS = allow("secretsmanager:GetSecretValue", resource=PRODUCTION.arn)
ANY_BRANCH = taking("repo:example/app:*", operator="StringLike")


def judge(*statements, trust=ANY_BRANCH, others=(PRODUCTION,), **more):
    wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
    return run_check(oidc_production_guarded, role("deploy", *statements, trust=trust), *others, wide, *alone(), **more)


def test_flags_any_branch_in_production():
    """
    Whoever pushes a branch reads a secret of production; the path goes from the repository to it.
    """
    [finding] = judge(READS)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "GitHub Actions repo:example/app:* reads prod/api of production, from any branch" == finding.message
    assert ["subject", "AWS::IAM::OIDCProvider", "AWS::IAM::Role", "AWS::SecretsManager::Secret"] == [
        hop.type for hop in finding.path
    ]


def test_flags_pushing_images_of_production():
    """
    Who replaces the image acts in production at its next start.
    """
    assert [Status.FAIL] == statuses(judge(allow("ecr:*"), others=(repository("prod/api"),)))


def test_is_critical_where_anybody_builds():
    """
    A subject that any owner's repository has opens production to everybody.
    """
    [finding] = judge(READS, trust=taking("repo:*", operator="StringLike"))

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)


@pytest.mark.parametrize("subject", ["repo:example/app:environment:production", "repo:example/app:ref:refs/heads/main"])
def test_a_named_environment_or_branch_passes(subject):
    """
    Whether it asks for a review is the provider's to say.
    """
    assert [Status.PASS] == statuses(judge(READS, trust=taking(subject)))


@pytest.mark.parametrize("statements", [[], [READS, deny("secretsmanager:*")], [allow("ecr:BatchGetImage")]])
def test_reaching_nothing_of_production_passes(statements):
    """
    Any branch may do what touches no production.
    """
    assert [Status.PASS] == statuses(judge(*statements))


def test_what_production_is_can_be_said():
    """
    By default names and tags tell; the configuration may say otherwise.
    """
    live, reads = secret("live/api"), allow("secretsmanager:GetSecretValue")
    wide = fake(AccountPublicAccess, {ACCOUNT_PUBLIC_ACCESS: None})
    holder, named = role("deploy", reads, trust=ANY_BRANCH), Trust(production=("name=live/*",))

    assert [Status.PASS] == statuses(judge(reads, others=(live,)))
    assert [Status.FAIL] == statuses(run_check(oidc_production_guarded, holder, live, wide, *alone(), trust=named))


def test_unlisted_secrets_are_unknown():
    """
    One of them may be of production.
    """
    assert [Status.UNKNOWN] == statuses(judge(READS, others=(), unlisted=[Secret]))


def test_does_not_apply_to_roles_that_no_build_becomes():
    """
    A role of a service is none of its business.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(READS, trust=trusting("lambda.amazonaws.com")))

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.oidc_github_sub_wildcard import oidc_github_sub_wildcard
from tests.checks.iam.tokens import BITBUCKET, GITHUB, pinned, sub, taking, trusting


ENTERPRISE = "token.actions.githubusercontent.com/acme"


@pytest.mark.parametrize(
    ("issuer", "value", "severity"),
    [
        (GITHUB, "repo:acme/*", Severity.HIGH),
        (GITHUB, "repo:acme/app*", Severity.HIGH),
        (GITHUB, "repository_owner:acme", Severity.HIGH),
        (GITHUB, "repo:acme/*:environment:prod", Severity.HIGH),
        (ENTERPRISE, "repo:*", Severity.HIGH),
        ("github.example.com/_services/token", "repo:acme/*", Severity.HIGH),
        (GITHUB, "repo:acme/app:*", Severity.MEDIUM),
        (GITHUB, "repo:acme/app:ref:refs/heads/*", Severity.MEDIUM),
        (GITHUB, "repo:acme/app:ref:refs/tags/*", Severity.MEDIUM),
        (GITHUB, "repo:acme/app:pull_request", Severity.MEDIUM),
        (GITHUB, "repo:acme@1/app@2:*", Severity.MEDIUM),
    ],
)
def test_flags_a_repository_or_a_branch_that_is_open(issuer, value, severity):
    """
    Other repositories of the owner weigh more than other branches of one.
    """
    (finding,) = run_check(oidc_github_sub_wildcard, pinned(issuer, value))

    assert (Status.FAIL, severity, value) == (finding.status, finding.severity, finding.found)
    assert "such as sub " in finding.message


@pytest.mark.parametrize(
    "condition",
    [
        sub(GITHUB, "repo:acme/app:environment:prod", operator="StringEquals"),
        sub(
            GITHUB,
            "repo:acme/app:ref:refs/heads/main",
            "repo:acme@1/app@2:ref:refs/heads/main",
            operator="StringEquals",
        ),
        sub(GITHUB, "repo:acme@*/app@*:ref:refs/heads/main"),
        sub(GITHUB, "repo:acme/*")
        | {"StringEquals": {f"{GITHUB}:repository_id": "1", f"{GITHUB}:environment": "prod"}},
        sub(GITHUB, "job_workflow_ref:acme/ci/.github/workflows/deploy.yml@refs/heads/main", operator="StringEquals"),
        {"StringEquals": {f"{GITHUB}:repository": "acme/app", f"{GITHUB}:ref": "refs/heads/main"}},
    ],
)
def test_accepts_a_repository_with_its_branch(condition):
    """
    In the subject or in claims of their own, with immutable ids or without.
    """
    assert [Status.PASS] == statuses(run_check(oidc_github_sub_wildcard, trusting(taking(GITHUB, condition))))


def test_says_where_a_wildcard_is_a_mere_character():
    """
    StringEquals makes the role one that nobody can assume.
    """
    (finding,) = run_check(oidc_github_sub_wildcard, pinned(GITHUB, "repo:acme/*", operator="StringEquals"))

    assert Severity.INFO is finding.severity
    assert "to StringEquals a wildcard is a mere character" in finding.message
    assert finding.path[-1].holds is False


@pytest.mark.parametrize("trusted", [trusting(taking(GITHUB)), pinned(GITHUB, "repo:acme*"), pinned(BITBUCKET, "*")])
def test_leaves_the_rest_to_others(trusted):
    """
    No subject, an open owner, and other issuers.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_github_sub_wildcard, trusted))


def test_takes_accepted_subjects_for_known():
    """
    The account's owner may let in all of an organization.
    """
    trust = Trust(subjects=(f"{GITHUB}=repo:acme/*",))

    assert [Status.PASS] == statuses(run_check(oidc_github_sub_wildcard, pinned(GITHUB, "repo:acme/*"), trust=trust))


def test_does_not_know_what_was_refused():
    """
    Without the trust policy there is no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(oidc_github_sub_wildcard, fake(Role)))

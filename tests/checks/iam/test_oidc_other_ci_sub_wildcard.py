import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.oidc_other_ci_sub_wildcard import oidc_other_ci_sub_wildcard
from tests.checks.iam.tokens import EKS, GITHUB, pinned, taking, trusting


CIRCLE = "oidc.circleci.com/org/acme"
SPACELIFT = "acme.app.spacelift.io"
AZURE = "vstoken.dev.azure.com/1-2"
BUILDKITE = "agent.buildkite.com"


@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        (CIRCLE, "org/acme/project/*"),
        (CIRCLE, "org/*"),
        (SPACELIFT, "space:*"),
        (AZURE, "sc://acme/*"),
        (BUILDKITE, "organization:acme:*"),
        ("oidc.example.com", "*:prod"),
    ],
)
def test_flags_a_project_that_is_open(issuer, value):
    """
    The wildcard comes before the project ends.
    """
    (finding,) = run_check(oidc_other_ci_sub_wildcard, pinned(issuer, value))

    assert (Status.FAIL, Severity.HIGH, value) == (finding.status, finding.severity, finding.found)


@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        (CIRCLE, "org/acme/project/1-2/user/*"),
        (SPACELIFT, "space:prod:*"),
        (SPACELIFT, "space:*:stack:network:run_type:TRACKED:scope:write"),
        (AZURE, "sc://acme/app/aws-prod"),
        (BUILDKITE, "organization:acme:pipeline:app:*"),
        ("oidc.example.com", "deployer:prod"),
    ],
)
def test_accepts_a_project(issuer, value):
    """
    What comes after it is not asked.
    """
    assert [Status.PASS] == statuses(run_check(oidc_other_ci_sub_wildcard, pinned(issuer, value)))


def test_accepts_a_project_by_a_claim_of_its_own():
    """
    STS compares CircleCI's project since 2026.
    """
    condition = {"StringEquals": {f"{CIRCLE}:oidc.circleci.com/project-id": "1-2"}}

    assert [Status.PASS] == statuses(run_check(oidc_other_ci_sub_wildcard, trusting(taking(CIRCLE, condition))))


def test_says_where_no_token_is_taken():
    """
    A subject that the issuer never makes.
    """
    (finding,) = run_check(oidc_other_ci_sub_wildcard, pinned(CIRCLE, "project/1-2"))

    assert Severity.INFO is finding.severity


@pytest.mark.parametrize(
    "trusted",
    [
        trusting(taking(CIRCLE)),
        pinned(BUILDKITE, "organization:acme*"),
        pinned(GITHUB, "repo:acme/*"),
        trusting(taking(EKS)),
    ],
)
def test_leaves_the_rest_to_others(trusted):
    """
    No subject, an open owner, and issuers with a check of their own.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_other_ci_sub_wildcard, trusted))


def test_takes_accepted_subjects_for_known():
    """
    The account's owner may let in every project.
    """
    trust = Trust(subjects=(f"{CIRCLE}=org/acme/*",))
    findings = run_check(oidc_other_ci_sub_wildcard, pinned(CIRCLE, "org/acme/project/*"), trust=trust)

    assert [Status.PASS] == statuses(findings)


def test_does_not_know_what_was_refused():
    """
    Without the trust policy there is no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(oidc_other_ci_sub_wildcard, fake(Role)))

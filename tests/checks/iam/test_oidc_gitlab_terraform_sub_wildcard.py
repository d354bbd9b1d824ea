import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.oidc_gitlab_terraform_sub_wildcard import oidc_gitlab_terraform_sub_wildcard
from tests.checks.iam.tokens import GITHUB, pinned, taking, trusting
from tests.estate import allow


GITLAB = "gitlab.com"
OWN_GITLAB = "git.example.com"
TERRAFORM = "app.terraform.io"
OWN_TERRAFORM = "tfe.example.com"


@pytest.mark.parametrize(
    ("issuer", "value", "severity"),
    [
        (GITLAB, "project_path:acme/*:ref_type:branch:ref:main", Severity.HIGH),
        (OWN_GITLAB, "project_path:acme/team/*", Severity.HIGH),
        (OWN_GITLAB, "project_path:*:ref_type:branch:ref:main", Severity.HIGH),
        (TERRAFORM, "organization:acme:project:*:workspace:*:run_phase:apply", Severity.HIGH),
        (TERRAFORM, "organization:acme:project:app:stack:*:deployment:prod:operation:apply", Severity.HIGH),
        (OWN_TERRAFORM, "organization:acme:*", Severity.HIGH),
        (GITLAB, "project_path:acme/app:*", Severity.MEDIUM),
        (GITLAB, "project_id:12:ref_type:branch:ref:*", Severity.MEDIUM),
        (TERRAFORM, "organization:acme:project:app:workspace:prod:run_phase:*", Severity.MEDIUM),
        (GITLAB, "project:acme/app:*", Severity.INFO),
        (TERRAFORM, "workspace:prod:*", Severity.INFO),
    ],
)
def test_flags_what_is_open(issuer, value, severity):
    """
    Other projects and workspaces weigh more than other branches and phases; a subject of another form is no use.
    """
    (finding,) = run_check(oidc_gitlab_terraform_sub_wildcard, pinned(issuer, value))

    assert (Status.FAIL, severity, value) == (finding.status, finding.severity, finding.found)


@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        (GITLAB, "project_path:acme/team/app:ref_type:branch:ref:main"),
        (GITLAB, "project_id:12:ref_type:tag:ref:v1"),
        (OWN_GITLAB, "project_path:acme/app:ref:main"),
        (TERRAFORM, "organization:acme:project:app:workspace:prod:run_phase:apply"),
        (TERRAFORM, "organization:acme:project:*:workspace:prod:run_phase:apply"),
        (TERRAFORM, "organization:acme:project:app:stack:net:deployment:prod:operation:apply"),
    ],
)
def test_accepts_what_is_written_out(issuer, value):
    """
    Workspaces have a name of their own in the organization, so the project of one may be any.
    """
    assert [Status.PASS] == statuses(run_check(oidc_gitlab_terraform_sub_wildcard, pinned(issuer, value)))


@pytest.mark.parametrize(
    "trusted", [trusting(taking(GITLAB)), pinned(GITLAB, "project_path:acme*"), pinned(GITHUB, "repo:acme/*")]
)
def test_leaves_the_rest_to_others(trusted):
    """
    No subject, an open owner, and other issuers.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_gitlab_terraform_sub_wildcard, trusted))


def test_takes_accepted_subjects_for_known():
    """
    The account's owner may let in a group.
    """
    trust = Trust(subjects=(f"{GITLAB}=project_path:acme/*",))
    findings = run_check(oidc_gitlab_terraform_sub_wildcard, pinned(GITLAB, "project_path:acme/*"), trust=trust)

    assert [Status.PASS] == statuses(findings)


def test_does_not_know_what_was_refused():
    """
    Without the trust policy there is no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(oidc_gitlab_terraform_sub_wildcard, fake(Role)))


@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        (GITLAB, "project_path:acme/app:*"),
        (TERRAFORM, "organization:acme:project:app:workspace:prod:run_phase:*"),
    ],
)
def test_any_branch_or_phase_of_a_role_that_reads_passes(issuer, value):
    """
    A plan that reads is what a phase is for.
    """
    (finding,) = run_check(oidc_gitlab_terraform_sub_wildcard, pinned(issuer, value, may=[allow("ec2:Describe*")]))

    assert Status.PASS is finding.status
    assert "the role can only read" in finding.message

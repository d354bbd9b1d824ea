import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.oidc_sub_owner_unpinned import oidc_sub_owner_unpinned
from tests.checks.iam.tokens import BITBUCKET, EKS, GITHUB, pinned, sub, taking, trusting


@pytest.mark.parametrize(
    ("issuer", "value", "witness"),
    [
        (GITHUB, "repo:acme*", "repo:acmex/"),
        (GITHUB, "repo:*/app:*", "/app:"),
        (GITHUB, "repo:acme*/app*:ref:refs/heads/main", "repo:acmex/app"),
        (GITHUB, "repo:*", "repo:"),
        ("gitlab.com", "project_path:acme*", "project_path:acmex/"),
        ("app.terraform.io", "organization:acme*", "organization:acmex:"),
        ("app.eu.terraform.io", "organization:*:project:p:workspace:w:run_phase:apply", "organization:"),
        ("agent.buildkite.com", "organization:acme*", "organization:acmex:"),
    ],
)
def test_flags_an_owner_that_is_open(issuer, value, witness):
    """
    The finding shows the subject of a stranger that is taken.
    """
    (finding,) = run_check(oidc_sub_owner_unpinned, pinned(issuer, value))

    assert (Status.FAIL, Severity.CRITICAL, None) == (finding.status, finding.severity, finding.fix)
    assert witness in finding.message
    assert value == finding.found


@pytest.mark.parametrize(
    ("issuer", "value"),
    [
        (GITHUB, "repo:acme/*"),
        (GITHUB, "repo:acme@*/app@*:environment:prod"),
        (GITHUB, "repository_owner:acme:*"),
        ("gitlab.com", "project_path:acme/*"),
        ("app.terraform.io", "organization:acme:*"),
    ],
)
def test_accepts_an_owner_up_to_its_delimiter(issuer, value):
    """
    What follows is another check's question.
    """
    assert [Status.PASS] == statuses(run_check(oidc_sub_owner_unpinned, pinned(issuer, value)))


@pytest.mark.parametrize("claim", ["repository_id", "repository_owner_id", "enterprise_id"])
def test_accepts_a_claim_of_its_own(claim):
    """
    An id belongs to one owner.
    """
    condition = sub(GITHUB, "repo:*") | {"StringEquals": {f"{GITHUB}:{claim}": "12"}}

    assert [Status.PASS] == statuses(run_check(oidc_sub_owner_unpinned, trusting(taking(GITHUB, condition))))


@pytest.mark.parametrize(
    "trusted", [trusting(taking(GITHUB)), pinned(GITHUB, "*"), pinned(BITBUCKET, "*:*:*"), trusting(taking(EKS))]
)
def test_leaves_the_rest_to_others(trusted):
    """
    No subject at all, and issuers of one tenant.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_sub_owner_unpinned, trusted))


def test_takes_accepted_subjects_for_known():
    """
    The account's owner says whose they are.
    """
    trust = Trust(subjects=(f"{GITHUB}=repo:acme*",))

    assert [Status.PASS] == statuses(run_check(oidc_sub_owner_unpinned, pinned(GITHUB, "repo:acme*"), trust=trust))


def test_does_not_know_what_was_refused():
    """
    Without the trust policy there is no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(oidc_sub_owner_unpinned, fake(Role)))

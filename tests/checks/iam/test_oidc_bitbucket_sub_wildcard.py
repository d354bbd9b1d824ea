import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.oidc_bitbucket_sub_wildcard import oidc_bitbucket_sub_wildcard
from tests.checks.iam.tokens import BITBUCKET, GITHUB, pinned, sub, taking, trusting
from tests.estate import allow


REPOSITORY = "{11111111-aaaa-bbbb-cccc-000000000001}"
ENVIRONMENT = "{22222222-aaaa-bbbb-cccc-000000000002}"
WORKSPACE = "33333333-aaaa-bbbb-cccc-000000000003"


@pytest.mark.parametrize(
    ("value", "severity"),
    [
        ("*:*:*", Severity.HIGH),
        ("{*", Severity.HIGH),
        (f"*:{ENVIRONMENT}:*", Severity.HIGH),
        (f"{REPOSITORY}:*", Severity.MEDIUM),
        (f"{REPOSITORY}*", Severity.MEDIUM),
        (f"{REPOSITORY}:*:*", Severity.MEDIUM),
        (f"{REPOSITORY.strip('{}')}:*", Severity.INFO),
        (f"{REPOSITORY}:{ENVIRONMENT}", Severity.INFO),
    ],
)
def test_flags_what_is_open(value, severity):
    """
    Any repository of the workspace, any branch of one; without braces no token at all.
    """
    (finding,) = run_check(oidc_bitbucket_sub_wildcard, pinned(BITBUCKET, value))

    assert (Status.FAIL, severity, None) == (finding.status, finding.severity, finding.fix)


def test_says_where_the_workspace_stands_in_the_place_of_the_repository():
    """
    The audience tells the workspace's UUID; no subject begins with it.
    """
    condition = sub(BITBUCKET, f"{{{WORKSPACE}}}:{REPOSITORY}:*")
    condition |= {"StringEquals": {f"{BITBUCKET}:aud": f"ari:cloud:bitbucket::workspace/{WORKSPACE}"}}
    (finding,) = run_check(oidc_bitbucket_sub_wildcard, trusting(taking(BITBUCKET, condition)))

    assert Severity.INFO is finding.severity
    assert f"asks for the workspace {WORKSPACE}" in finding.message


def test_accepts_repository_and_environment():
    """
    The step is another one each time.
    """
    findings = run_check(oidc_bitbucket_sub_wildcard, pinned(BITBUCKET, f"{REPOSITORY}:{ENVIRONMENT}:*"))

    assert [Status.PASS] == statuses(findings)


@pytest.mark.parametrize(
    "trusted", [trusting(taking(BITBUCKET)), pinned(BITBUCKET, "*"), pinned(GITHUB, "repo:acme/*")]
)
def test_leaves_the_rest_to_others(trusted):
    """
    No subject, and other issuers.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_bitbucket_sub_wildcard, trusted))


def test_takes_accepted_subjects_for_known():
    """
    The account's owner may let in every branch.
    """
    trust = Trust(subjects=(f"{BITBUCKET}={REPOSITORY}:*",))
    findings = run_check(oidc_bitbucket_sub_wildcard, pinned(BITBUCKET, f"{REPOSITORY}:*"), trust=trust)

    assert [Status.PASS] == statuses(findings)


def test_does_not_know_what_was_refused():
    """
    Without the trust policy there is no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(oidc_bitbucket_sub_wildcard, fake(Role)))


def test_any_branch_of_a_role_that_reads_passes():
    """
    It is told, though.
    """
    reading = pinned(BITBUCKET, f"{REPOSITORY}:*", may=[allow("s3:Get*")])
    (finding,) = run_check(oidc_bitbucket_sub_wildcard, reading)

    assert Status.PASS is finding.status
    assert "takes tokens of any branch and step of a repository; the role can only read" in finding.message

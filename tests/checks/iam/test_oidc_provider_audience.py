import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import PROVIDERS, OidcProvider
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.oidc_provider_audience import oidc_provider_audience
from tests.checks.iam.tokens import ARN, BITBUCKET, EKS, GITHUB, provider


def test_flags_an_audience_that_nobody_expects():
    """
    The command takes it off the list; what is expected stays.
    """
    (finding,) = run_check(oidc_provider_audience, provider(GITHUB, "sts.amazonaws.com", "https://github.com/acme"))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert (
        "aws iam remove-client-id-from-open-id-connect-provider "
        f"--open-id-connect-provider-arn {ARN}{GITHUB} --client-id https://github.com/acme"
    ) == finding.fix


def test_tells_audiences_apart():
    """
    Each has a finding of its own.
    """
    assert ["a", "b"] == [f.sub_key for f in run_check(oidc_provider_audience, provider(EKS, "a", "b"))]


@pytest.mark.parametrize(
    ("issuer", "audience"),
    [
        (GITHUB, "sts.amazonaws.com"),
        (EKS, "sts.amazonaws.com"),
        (BITBUCKET, "ari:cloud:bitbucket::workspace/33333333-aaaa"),
        ("app.terraform.io", "aws.workload.identity"),
        ("oidc.circleci.com/org/1-2", "1-2"),
        ("acme.app.spacelift.io", "acme.app.spacelift.io"),
        ("vstoken.dev.azure.com/1-2", "api://AzureADTokenExchange"),
    ],
)
def test_accepts_the_audience_of_the_issuer(issuer, audience):
    """
    The one that its documentation names for AWS.
    """
    assert [Status.PASS] == statuses(run_check(oidc_provider_audience, provider(issuer, audience)))


def test_the_option_says_what_is_expected():
    """
    It replaces what follows from the issuer, and is the only word on those whose audience is free.
    """
    audiences = ("gitlab.com=https://gitlab.com", f"{GITHUB}=aws-*")

    def run(issuer, audience):
        return statuses(run_check(oidc_provider_audience, provider(issuer, audience), audiences=audiences))

    assert [Status.PASS] == run("gitlab.com", "https://gitlab.com")
    assert [Status.FAIL] == run("gitlab.com", "vault")
    assert [Status.PASS] == run(GITHUB, "aws-prod")
    assert [Status.FAIL] == run(GITHUB, "sts.amazonaws.com")


def test_does_not_judge_free_audiences():
    """
    GitLab's jobs choose them.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_provider_audience, provider("gitlab.com", "vault")))


def test_says_that_no_audience_is_no_token():
    """
    It does no harm, and no good either.
    """
    (finding,) = run_check(oidc_provider_audience, provider(GITHUB))

    assert (Severity.INFO, None) == (finding.severity, finding.fix)


def test_does_not_know_what_was_refused():
    """
    The provider's list could not be read.
    """
    hidden = fake(OidcProvider, {PROVIDERS: {"Arn": f"{ARN}{GITHUB}"}})

    assert [Status.UNKNOWN] == statuses(run_check(oidc_provider_audience, hidden))

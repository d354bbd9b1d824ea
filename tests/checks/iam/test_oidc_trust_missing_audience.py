import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import PROVIDERS, OidcProvider, Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.iam.oidc_trust_missing_audience import oidc_trust_missing_audience
from tests.checks.iam.tokens import ARN, EKS, GITHUB, corrected, provider, sub, taking, trusting


SUBJECT = sub(GITHUB, "repo:acme/app:environment:prod")
TWO = provider(GITHUB, "sts.amazonaws.com", "https://vault.example.com")


def audience(*values, operator="StringEquals", claim="aud", issuer=GITHUB):
    return {operator: {f"{issuer}:{claim}": list(values)}}


@pytest.mark.parametrize(
    "condition",
    [
        SUBJECT,
        SUBJECT | {"StringLikeIfExists": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        {"StringLike": {**SUBJECT["StringLike"], f"{GITHUB}:aud": "*"}},
    ],
)
def test_flags_a_role_that_takes_several_audiences(condition):
    """
    The command adds the audience that the issuer's tokens for AWS have, and the role then passes.
    """
    (finding,) = run_check(oidc_trust_missing_audience, trusting(taking(GITHUB, condition)), TWO)

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert "sts.amazonaws.com or https://vault.example.com" in finding.message
    assert [Status.PASS] == statuses(run_check(oidc_trust_missing_audience, corrected(finding), TWO))


def test_gives_no_command_where_the_audience_is_the_owners_to_know():
    """
    Of GitLab everybody chooses it.
    """
    taken = trusting(taking("gitlab.com", sub("gitlab.com", "project_path:acme/app:*")))
    (finding,) = run_check(oidc_trust_missing_audience, taken, provider("gitlab.com", "one", "two"))

    assert (Status.FAIL, None) == (finding.status, finding.fix)


def test_accepts_an_audience_of_the_policys_own():
    """
    One of the listed, or some.
    """
    one = trusting(taking(GITHUB, SUBJECT | audience("sts.amazonaws.com")))

    assert [Status.PASS] == statuses(run_check(oidc_trust_missing_audience, one, TWO))


def test_accepts_a_provider_with_one_audience():
    """
    AWS refuses every other.
    """
    taken = trusting(taking(GITHUB, SUBJECT))
    findings = run_check(oidc_trust_missing_audience, taken, provider(GITHUB, "sts.amazonaws.com"))

    assert [Status.PASS] == statuses(findings)


def test_google_has_no_list():
    """
    AWS knows Google itself: the application has to be asked for.
    """
    google = "accounts.google.com"
    by_audience = sub(google, "117") | audience("123", claim="oaud", issuer=google)

    assert [Status.FAIL] == statuses(
        run_check(oidc_trust_missing_audience, trusting(taking(google, sub(google, "117"))))
    )
    assert [Status.PASS] == statuses(run_check(oidc_trust_missing_audience, trusting(taking(google, by_audience))))


@pytest.mark.parametrize("others", [(), (provider(GITHUB),)])
def test_does_not_judge_a_provider_that_takes_nothing(others):
    """
    It was deleted, or lists no audience.
    """
    taken = trusting(taking(GITHUB, SUBJECT))

    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_trust_missing_audience, taken, *others))


def test_does_not_judge_pods():
    """
    That is a remark of eks-irsa-trust-subject.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_trust_missing_audience, trusting(taking(EKS))))


def test_does_not_know_without_the_provider():
    """
    Its list was refused, or all providers were.
    """
    taken = trusting(taking(GITHUB, SUBJECT))
    hidden = fake(OidcProvider, {PROVIDERS: {"Arn": f"{ARN}{GITHUB}"}})

    assert [Status.UNKNOWN] == statuses(run_check(oidc_trust_missing_audience, taken, hidden))
    assert [Status.UNKNOWN] == statuses(run_check(oidc_trust_missing_audience, taken, unlisted=[OidcProvider]))
    assert [Status.UNKNOWN] == statuses(run_check(oidc_trust_missing_audience, fake(Role)))

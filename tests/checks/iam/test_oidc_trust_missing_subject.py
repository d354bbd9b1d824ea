import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import ROLES, Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.iam.oidc_trust_missing_subject import oidc_trust_missing_subject
from tests.checks.iam.tokens import BITBUCKET, EKS, GITHUB, pinned, sub, taking, trusting
from tests.estate import role


@pytest.mark.parametrize(
    ("issuer", "severity"),
    [
        (GITHUB, Severity.CRITICAL),
        ("gitlab.com", Severity.CRITICAL),
        ("app.terraform.io", Severity.CRITICAL),
        ("accounts.google.com", Severity.CRITICAL),
        ("oidc.vercel.com", Severity.CRITICAL),
        (f"{GITHUB}/acme", Severity.HIGH),
        (BITBUCKET, Severity.HIGH),
        ("oidc.circleci.com/org/acme", Severity.HIGH),
        ("idp.example.com", Severity.HIGH),
    ],
)
def test_flags_a_role_that_asks_for_no_subject(issuer, severity):
    """
    Critical where everybody gets tokens, high where a tenant's projects do; no command, as nobody knows the subject.
    """
    (finding,) = run_check(oidc_trust_missing_subject, trusting(taking(issuer)))

    assert (Status.FAIL, severity, None) == (finding.status, finding.severity, finding.fix)
    assert f"takes every token of {issuer}" in finding.message
    assert ["subject", "AWS::IAM::OIDCProvider", "AWS::IAM::Role"] == [hop.type for hop in finding.path]


@pytest.mark.parametrize(
    "condition",
    [
        sub(GITHUB, "*"),
        sub(GITHUB, "repo:acme/app:*", operator="StringLikeIfExists"),
        sub(GITHUB, "repo:acme/app:*", operator="ForAllValues:StringLike"),
        sub(GITHUB, "repo:evil/app:*", operator="StringNotLike"),
        {"Null": {f"{GITHUB}:sub": "false"}},
        {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        {"StringEquals": {f"{GITHUB}:ref": "refs/heads/main"}},
    ],
)
def test_flags_conditions_that_do_not_bind(condition):
    """
    They look like one, and a stranger meets them.
    """
    (finding,) = run_check(oidc_trust_missing_subject, trusting(taking(GITHUB, condition)))

    assert Status.FAIL is finding.status


@pytest.mark.parametrize(
    "condition",
    [
        sub(GITHUB, "repo:acme/app:environment:prod", operator="StringEquals"),
        sub(GITHUB, "repo:acme/*"),
        sub(GITHUB, "repo:acme*/app:*"),
        {"StringEquals": {f"{GITHUB}:SUB": "repo:acme/app:environment:prod"}},
        {"StringEquals": {f"{GITHUB}:repository_id": "12"}},
        {"StringEquals": {f"{GITHUB}:enterprise_id": "7"}},
    ],
)
def test_accepts_a_subject(condition):
    """
    How narrow it is, other checks say; claims of their own that name the repository count.
    """
    assert [Status.PASS] == statuses(run_check(oidc_trust_missing_subject, trusting(taking(GITHUB, condition))))


def test_deny_for_all_but_one_is_a_subject():
    """
    Whom a Deny spares is asked for as well.
    """
    spared = taking(GITHUB, sub(GITHUB, "repo:acme/app:environment:prod", operator="StringNotEquals"), Effect="Deny")

    assert [Status.PASS] == statuses(run_check(oidc_trust_missing_subject, trusting(taking(GITHUB), spared)))


def test_tells_statements_apart():
    """
    Each has a finding of its own.
    """
    findings = run_check(oidc_trust_missing_subject, trusting(taking(GITHUB, Sid="One"), taking("gitlab.com")))

    assert [f"{GITHUB} One", "gitlab.com"] == [finding.sub_key for finding in findings]


@pytest.mark.parametrize(
    "trusted", [trusting(taking(EKS)), role("ec2"), trusting(taking("cognito-identity.amazonaws.com"))]
)
def test_does_not_judge_pods_and_people(trusted):
    """
    Pods are eks-irsa-trust-subject's question, signed-in users nobody's here.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(oidc_trust_missing_subject, trusted))


def test_accepting_a_subject_does_not_excuse_asking_for_none():
    """
    What the owner accepts is a subject, and everybody else gets in, too.
    """
    trust = Trust(subjects=(f"{GITHUB}=repo:acme/*",))

    assert [Status.FAIL] == statuses(run_check(oidc_trust_missing_subject, trusting(taking(GITHUB)), trust=trust))


@pytest.mark.parametrize(
    "hidden",
    [
        fake(Role),
        fake(Role, {ROLES: {"RoleName": "x", "Arn": "arn:aws:iam::111122223333:role/x"}}),
        trusting({"Effect": "?"}),
    ],
)
def test_does_not_know_a_policy_that_it_cannot_read(hidden):
    """
    Refused, not told, or no policy.
    """
    assert [Status.UNKNOWN] == statuses(run_check(oidc_trust_missing_subject, hidden))


def test_does_not_know_what_hangs_on_the_unknown():
    """
    An operator that nobody knows may let anybody in, or nobody.
    """
    doubtful = trusting(taking(GITHUB, {"StringMaybe": {f"{GITHUB}:sub": "repo:acme/app"}}))
    (finding,) = run_check(oidc_trust_missing_subject, doubtful)

    assert Status.UNKNOWN is finding.status
    assert "the operator StringMaybe" in finding.message


def test_a_pinned_role_passes():
    """
    The plain good case.
    """
    good = pinned(GITHUB, "repo:acme/app:environment:prod", operator="StringEquals")

    assert [Status.PASS] == statuses(run_check(oidc_trust_missing_subject, good))

import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import Role
from awsaudit.testing import fake, run_check, statuses
from awsaudit.trust import Trust
from awsaudit_checks.eks.irsa_trust_subject import irsa_trust_subject
from tests.checks.iam.tokens import EKS, GITHUB, pinned, sub, taking, trusting
from tests.estate import role


ACCOUNT = "system:serviceaccount:jobs:loader"
AUDIENCE = {f"{EKS}:aud": "sts.amazonaws.com"}


@pytest.mark.parametrize(
    ("condition", "severity"),
    [
        (None, Severity.HIGH),
        ({"StringEquals": AUDIENCE}, Severity.HIGH),
        (sub(EKS, "*"), Severity.HIGH),
        (sub(EKS, "system:serviceaccount:*"), Severity.HIGH),
        (sub(EKS, "system:serviceaccount:*:loader"), Severity.HIGH),
        (sub(EKS, "system:serviceaccount:job?:loader"), Severity.HIGH),
        (sub(EKS, ACCOUNT, operator="StringEqualsIfExists"), Severity.HIGH),
        (sub(EKS, ACCOUNT, operator="ForAllValues:StringEquals"), Severity.HIGH),
        (sub(EKS, "system:serviceaccount:jobs:*"), Severity.MEDIUM),
        (sub(EKS, "system:serviceaccount:jobs:load*"), Severity.MEDIUM),
        (sub(EKS, "system:serviceaccount:jobs:*", operator="StringEquals"), Severity.INFO),
    ],
)
def test_flags_pods_that_it_does_not_name(condition, severity):
    """
    Any pod, a pod in any namespace, any account of one namespace; no command, as nobody knows the right one.
    """
    (finding,) = run_check(irsa_trust_subject, trusting(taking(EKS, condition)))

    assert (Status.FAIL, severity, None) == (finding.status, finding.severity, finding.fix)


@pytest.mark.parametrize("operator", ["StringEquals", "StringLike", "ForAnyValue:StringEquals"])
def test_accepts_names_written_out(operator):
    """
    By either operator, and several of them.
    """
    condition = sub(EKS, ACCOUNT, "system:serviceaccount:web:api", operator=operator)
    condition[operator] |= AUDIENCE
    (finding,) = run_check(irsa_trust_subject, trusting(taking(EKS, condition)))

    assert (Status.PASS, ()) == (finding.status, finding.notes)


def test_remarks_on_a_missing_audience():
    """
    A token for another service opens the role, too.
    """
    (finding,) = run_check(irsa_trust_subject, pinned(EKS, ACCOUNT))

    assert Status.PASS is finding.status
    assert ("statement 1 does not ask for the audience sts.amazonaws.com",) == finding.notes


def test_deny_subtracts():
    """
    All but one account are denied.
    """
    spared = taking(EKS, sub(EKS, ACCOUNT, operator="StringNotEquals"), Effect="Deny")
    findings = run_check(irsa_trust_subject, trusting(taking(EKS), spared))

    assert [Status.PASS] == statuses(findings)


def test_takes_accepted_subjects_for_known():
    """
    The account's owner may let in a namespace.
    """
    trust = Trust(subjects=(f"{EKS.lower()}=system:serviceaccount:jobs:*",))
    findings = run_check(irsa_trust_subject, pinned(EKS, "system:serviceaccount:jobs:*"), trust=trust)

    assert [Status.PASS] == statuses(findings)


@pytest.mark.parametrize("trusted", [role("node"), pinned(GITHUB, "repo:acme/*")])
def test_does_not_judge_other_roles(trusted):
    """
    Tokens of no cluster are taken.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(irsa_trust_subject, trusted))


def test_does_not_know_what_was_refused():
    """
    Without the trust policy there is no verdict.
    """
    assert [Status.UNKNOWN] == statuses(run_check(irsa_trust_subject, fake(Role)))

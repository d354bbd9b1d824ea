import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import ROLES, Role
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.iam.oidc_role_overprivileged import oidc_role_overprivileged
from tests.estate import OWN, allow, alone, deny, managed, role, taking, trusting


PINNED = taking("repo:example/app:environment:production")


def judge(*statements, trust=PINNED, others=(), **more):
    return run_check(oidc_role_overprivileged, role("deploy", *statements, trust=trust, **more), *others, *alone())


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (allow("*"), "may do everything"),
        (allow("iam:*"), "may change every role"),
        (allow("secretsmanager:GetSecretValue"), "may read every secret"),
        (allow("ssm:GetParameter*"), "may read every parameter"),
        (allow("kms:*"), "may decrypt with every key"),
    ],
)
def test_flags_rights_that_no_build_needs(statement, said):
    """
    An administrator, and who reads or decrypts everything; the path goes from the repository to it.
    """
    [finding] = judge(statement)

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert f"GitHub Actions repo:example/app:environment:production {said}" in finding.message
    assert ["subject", "AWS::IAM::OIDCProvider", "AWS::IAM::Role"] == [hop.type for hop in finding.path[:3]]


def test_flags_a_way_to_become_mightier():
    """
    Passing a mightier role to a function is as good as having its rights.
    """
    mighty = role("mighty", allow("*"), trust=trusting("lambda.amazonaws.com"))
    passing = allow("iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction")
    [finding] = judge(passing, others=(mighty,))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "make itself mightier" in finding.message


@pytest.mark.parametrize("trust", [taking(None), taking("repo:*", operator="StringLike")])
def test_is_critical_where_anybody_builds(trust):
    """
    With no subject, or with one that any owner's repository has, everybody on GitHub has these rights.
    """
    [finding] = judge(allow("*"), trust=trust)

    assert (Status.FAIL, Severity.CRITICAL) == (finding.status, finding.severity)
    assert "it is open to builds of others, too" in finding.message


@pytest.mark.parametrize(
    "statements",
    [
        [allow("ecr:PutImage", resource=f"arn:aws:ecr:eu-west-1:{OWN}:repository/app")],
        [allow("secretsmanager:GetSecretValue", resource=f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret:app/*")],
        [allow("secretsmanager:*"), deny("secretsmanager:GetSecretValue")],
    ],
)
def test_scoped_rights_pass(statements):
    """
    Rights by ARN, and rights that are denied, pass.
    """
    assert [Status.PASS] == statuses(judge(*statements))


def test_a_boundary_holds_it_back():
    """
    What the boundary does not allow is no right.
    """
    arn = f"arn:aws:iam::{OWN}:policy/edge"
    edge = managed(arn, allow("ecr:*"))

    assert [Status.PASS] == statuses(judge(allow("*"), boundary=arn, others=(edge,)))


@pytest.mark.parametrize(
    "trust",
    [
        trusting("ec2.amazonaws.com"),
        taking("system:serviceaccount:app:app", issuer="oidc.eks.eu-west-1.amazonaws.com/id/1"),
        taking("repo:example/*"),
    ],
)
def test_does_not_apply(trust):
    """
    Roles of services and pods; and one that nobody becomes, since a wildcard under StringEquals is a character.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(allow("*"), trust=trust))


def test_refused_policies_are_unknown():
    """
    A role that was refused might be anything.
    """
    hidden = fake(Role, {ROLES: refused(Role, ROLES)})

    assert [Status.UNKNOWN] == statuses(run_check(oidc_role_overprivileged, hidden, *alone()))

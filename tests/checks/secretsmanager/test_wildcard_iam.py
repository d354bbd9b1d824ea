import pytest

from awsaudit import Severity, Status, Trust
from awsaudit.resources.iam import ROLES, Role
from awsaudit.testing import fake, refused, run_check, statuses
from awsaudit_checks.secretsmanager.wildcard_iam import wildcard_iam
from tests.estate import OWN, allow, alone, deny, group, managed, role, user


READ = "secretsmanager:GetSecretValue"
SECRETS = f"arn:aws:secretsmanager:eu-west-1:{OWN}:secret"


def judge(holder, *others, **more):
    return run_check(wildcard_iam, holder, *others, *alone(), **more)


@pytest.mark.parametrize(
    "statement",
    [
        allow(READ),
        allow("secretsmanager:*"),
        allow("secretsmanager:Get*", resource=f"{SECRETS}:*"),
        allow(READ, resource="arn:aws:secretsmanager:*:*:secret:*"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
    ],
)
def test_flags_every_secret(statement):
    """
    Every way of writing every secret fails.
    """
    [finding] = judge(role("app", statement))

    assert (Status.FAIL, Severity.HIGH) == (finding.status, finding.severity)
    assert "it may read every secret of eu-west-1 by the inline policy app-0 of app, statement 1" in finding.message
    assert ["AWS::IAM::Role", "AWS::SecretsManager::Secret"] == [hop.type for hop in finding.path]


def test_flags_what_a_group_gives():
    """
    A user has the policies of its groups.
    """
    assert [Status.FAIL] == statuses(judge(user("ada", groups=["ops"]), group("ops", allow(READ))))


@pytest.mark.parametrize(
    "statements",
    [
        [],
        [allow(READ, resource=f"{SECRETS}:app/*")],
        [allow(READ, Condition={"StringEquals": {"aws:ResourceTag/team": "app"}})],
        [allow(READ, Condition={"StringLike": {"secretsmanager:SecretId": f"{SECRETS}:app/*"}})],
        [allow(READ), deny("secretsmanager:*")],
        [allow("secretsmanager:DescribeSecret")],
    ],
)
def test_scoped_rights_pass(statements):
    """
    ARNs that name an application, tags, ids, and denials pass.
    """
    assert [Status.PASS] == statuses(judge(role("app", *statements)))


def test_a_network_says_where_and_not_which():
    """
    A condition on the network leaves every secret open from there: low.
    """
    inside = allow(READ, Condition={"StringEquals": {"aws:SourceVpce": "vpce-1"}})
    [finding] = judge(role("app", inside))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert "if aws:sourcevpce allows it" in finding.message


def test_a_boundary_holds_it_back():
    """
    What the boundary does not allow is no right.
    """
    arn = f"arn:aws:iam::{OWN}:policy/edge"

    assert [Status.PASS] == statuses(judge(role("app", allow(READ), boundary=arn), managed(arn, allow("s3:*"))))


def test_the_fix_takes_aws_policies_away():
    """
    A policy of AWS's is detached, and that makes it pass; one's own is not touched.
    """
    arn = "arn:aws:iam::aws:policy/SecretsManagerReadWrite"
    [finding] = judge(role("app", attached=[arn]), managed(arn, allow("secretsmanager:*")))

    assert f"aws iam detach-role-policy --role-name app --policy-arn {arn}" == finding.fix
    assert judge(role("app", allow(READ)))[0].fix is None


@pytest.mark.parametrize(
    ("holder", "trust"),
    [
        (role("admin", allow("*")), Trust()),
        (role("linked", allow(READ), path="/aws-service-role/x.amazonaws.com/"), Trust()),
        (role("breakglass", allow(READ)), Trust(administrators=(f"arn:aws:iam::{OWN}:role/break*",))),
    ],
)
def test_does_not_apply(holder, trust):
    """
    Administrators, those of the configuration too, and service-linked roles are not judged.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(holder, trust=trust))


def test_refused_policies_are_unknown():
    """
    A role whose policies were refused might read anything.
    """
    assert [Status.UNKNOWN] == statuses(judge(fake(Role, {ROLES: refused(Role, ROLES)})))

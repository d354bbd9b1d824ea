from awsaudit import Severity, Status, Trust
from awsaudit.resources.iam import Role
from awsaudit.testing import run_check, statuses
from awsaudit_checks.secretsmanager.reader_count import reader_count
from tests.estate import OWN, allow, alone, deny, document, key, role, secret, user


READ = allow("secretsmanager:GetSecretValue")
GITHUB = f"arn:aws:iam::{OWN}:oidc-provider/token.actions.githubusercontent.com"
CI = document(
    {
        "Effect": "Allow",
        "Principal": {"Federated": GITHUB},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:example/app:environment:prod"}},
    }
)
PRODUCTION = secret("prod/api", Tags=[{"Key": "env", "Value": "prod"}])


def judge(of, *others, **options):
    return run_check(reader_count, of, *others, *alone(), **options)


def test_workloads_pass():
    """
    A secret of production that only roles of services read; how many is noted.
    """
    [finding] = judge(PRODUCTION, role("app", READ), role("other", allow("s3:*")))

    assert (Status.PASS, ("1 principals may read it, administrators apart",)) == (finding.status, finding.notes)


def test_flags_ci_from_outside():
    """
    CI that becomes the reader is told with the path from its provider to the secret.
    """
    [finding] = judge(PRODUCTION, role("deploy", READ, trust=CI))

    assert (Status.FAIL, Severity.LOW) == (finding.status, finding.severity)
    assert ["identity provider", "AWS::IAM::Role", "AWS::SecretsManager::Secret"] == [h.type for h in finding.path]
    assert "statement 1" in finding.path[1].by


def test_follows_a_chain_of_roles():
    """
    CI that becomes a role which may become the reader comes to it as well.
    """
    jump = role("jump", allow("sts:AssumeRole", resource=f"arn:aws:iam::{OWN}:role/reader"), trust=CI)
    by_role = document(
        {"Effect": "Allow", "Principal": {"AWS": jump.arn}, "Action": "sts:AssumeRole"},
    )
    [finding] = judge(PRODUCTION, role("reader", READ, trust=by_role), jump)

    assert Status.FAIL == finding.status
    assert finding.path[0].resource.startswith(GITHUB)
    assert [jump.arn, f"arn:aws:iam::{OWN}:role/reader", PRODUCTION.arn] == [h.resource for h in finding.path[1:]]


def test_a_deny_in_the_secret_keeps_ci_out():
    """
    The secret's own policy may leave one role only.
    """
    only = deny(
        "secretsmanager:GetSecretValue",
        Principal="*",
        Condition={"ArnNotEquals": {"aws:PrincipalArn": f"arn:aws:iam::{OWN}:role/app"}},
    )
    closed = secret("prod/api", only, Tags=[{"Key": "env", "Value": "prod"}])

    assert [Status.PASS] == statuses(judge(closed, role("app", READ), role("deploy", READ, trust=CI)))


def test_a_key_keeps_ci_out():
    """
    Who may not decrypt does not read.
    """
    locked = secret("prod/api", key_id="k-1", Tags=[{"Key": "env", "Value": "prod"}])

    assert [Status.PASS] == statuses(judge(locked, key("k-1"), role("deploy", READ, trust=CI)))


def test_strict_counts_readers():
    """
    With *strict* more than *most* readers fail, and administrators are none of them.
    """
    readers = [user(f"u{n}", READ) for n in range(3)]
    few = judge(secret("api"), *readers, role("admin", allow("*")), strict=True, most=3)
    [many] = judge(secret("api"), *readers, strict=True, most=2)

    assert [Status.PASS] == statuses(few)
    assert (Status.FAIL, "3") == (many.status, many.found)
    assert "3 principals may read it, u0, u1, u2" in many.message


def test_does_not_apply():
    """
    What is not of production is counted with *strict* only; what AWS owns or deletes is not.
    """
    assert [Status.NOT_APPLICABLE] == statuses(judge(secret("api"), user("ada", READ)))
    assert [Status.NOT_APPLICABLE] == statuses(judge(secret("prod/x", OwningService="rds"), strict=True))
    gone = secret("prod/x", DeletedDate="2026-12-01T00:00:00+00:00")
    assert [Status.NOT_APPLICABLE] == statuses(judge(gone, strict=True))


def test_what_production_is_can_be_said():
    """
    The configuration says by tag or name what production is.
    """
    live = secret("live-api")

    assert [Status.PASS] == statuses(judge(live, role("app", READ), trust=Trust(production=("name=live-*",))))


def test_unlisted_roles_are_unknown():
    """
    Who reads it is not known where roles could not be listed.
    """
    assert [Status.UNKNOWN] == statuses(judge(PRODUCTION, unlisted=[Role]))

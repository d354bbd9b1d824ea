import pytest

from awsaudit import Severity, Status
from awsaudit.resources.iam import POLICIES, ManagedPolicy
from awsaudit.testing import fake, run_check, statuses
from awsaudit_checks.codeconnections.use_scoped import use_scoped
from tests.estate import OWN, allow, deny, document, group, managed, role, user


NAMES = ("codeconnections", "codestar-connections")
ONE = f"arn:aws:codeconnections:eu-west-1:{OWN}:connection/0f1e2d3c-0000-1111-2222-333344445555"


def use(name="codeconnections", resource="*", **more):
    return allow(f"{name}:UseConnection", resource=resource, **more)


def of_repository(*repositories, name="codeconnections", operator="StringEquals"):
    return {operator: {f"{name}:FullRepositoryId": list(repositories)}}


@pytest.mark.parametrize(
    "statement",
    [
        *(use(name) for name in NAMES),
        *(use(name, f"arn:aws:{name}:*:{OWN}:connection/*") for name in NAMES),
        use(NAMES[1], f"arn:aws:{NAMES[0]}:eu-west-1:{OWN}:connection/*"),
        use(resource=f"arn:aws:codeconnections:us-west-2:{OWN}:*"),
        allow("codeconnections:*"),
        allow("codestar-connections:Use*"),
        use(Condition=of_repository("*", operator="StringLike")),
        use(Condition={"Bool": {"aws:MultiFactorAuthPresent": "true"}}),
        use(Condition={"StringEquals": {"codeconnections:ProviderAction": "GetBranch"}}),
    ],
)
def test_flags_every_connection_for_any_repository(statement):
    """
    Under both names, and by wildcards; a second factor names no connection.
    """
    [finding] = run_check(use_scoped, role("deploy", statement))

    assert (Status.FAIL, Severity.MEDIUM, None) == (finding.status, finding.severity, finding.fix)
    assert "allows using every connection for any repository" in finding.message
    assert "deploy-0" == finding.sub_key


@pytest.mark.parametrize(
    "statements",
    [
        [use(resource=ONE)],
        [use(resource=[ONE, ONE.replace("codeconnections", "codestar-connections")])],
        [use(name, Condition=of_repository("northlight/app", name=key)) for name in NAMES for key in NAMES],
        [use(Condition=of_repository("northlight/*", operator="StringLike"))],
        [use(Condition={"StringEquals": {"aws:ResourceTag/team": "wallet"}})],
        [use(), deny("codeconnections:UseConnection", Condition=of_repository("n/app", operator="StringNotEquals"))],
        [allow("codeconnections:ListConnections")],
    ],
)
def test_accepts_connections_or_repositories_that_are_named(statements):
    """
    By ARN, by tag, or by repository, also in a Deny; either name of the key will do.
    """
    judged = managed(f"arn:aws:iam::{OWN}:policy/forge", *statements)

    assert [Status.PASS] == statuses(run_check(use_scoped, judged))


def test_judges_policies_of_users_groups_and_managed_ones():
    """
    A managed policy is judged once, and says who has it.
    """
    arn = f"arn:aws:iam::{OWN}:policy/forge"
    [of_policy] = run_check(use_scoped, managed(arn, use()), role("deploy", attached=[arn]))

    assert "the role deploy has it" in of_policy.message
    assert [Status.FAIL] == statuses(run_check(use_scoped, user("ada", use())))
    assert [Status.FAIL] == statuses(run_check(use_scoped, group("ops", use())))


@pytest.mark.parametrize(
    "judged",
    [
        role("admin", allow("*")),
        role("plain"),
        managed("arn:aws:iam::aws:policy/AWSCodePipeline_FullAccess", use()),
        managed(f"arn:aws:iam::{OWN}:policy/unused", use(), attachments=0),
    ],
)
def test_does_not_apply_to_administrators_and_policies_that_grant_nothing(judged):
    """
    Nor to those that AWS writes.
    """
    assert [Status.NOT_APPLICABLE] == statuses(run_check(use_scoped, judged))


def test_a_policy_that_is_none_is_unknown():
    """
    It cannot be read.
    """
    broken = {**document(), "Statement": "x"}
    item = {
        "Arn": f"arn:aws:iam::{OWN}:policy/x",
        "PolicyVersionList": [{"IsDefaultVersion": True, "Document": broken}],
        "AttachmentCount": 1,
        "DefaultVersionId": "v1",
    }

    assert [Status.UNKNOWN] == statuses(run_check(use_scoped, fake(ManagedPolicy, {POLICIES: item})))

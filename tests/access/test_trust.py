import pytest

from awsaudit import Gap, GapKind
from awsaudit.access import (
    DIRECT,
    Context,
    PolicyKind,
    PolicySet,
    Request,
    Unread,
    Verdict,
    anonymous,
    evaluate,
    parse_policy,
    role,
    saml_identity,
    service,
    user,
    web_identity,
)
from tests.access.documents import ROLE, USER
from tests.estate import FOREIGN, OWN, allow, deny, document


ALLOW, DENY, CONDITIONAL = Verdict.ALLOW, Verdict.DENY, Verdict.CONDITIONAL
ASSUME = "sts:AssumeRole"
TARGET = f"arn:aws:iam::{OWN}:role/deploy"
ROOT = f"arn:aws:iam::{OWN}:root"
STRANGER = f"arn:aws:iam::{FOREIGN}:user/eve"
PROVIDER = f"arn:aws:iam::{OWN}:oidc-provider/gitlab.com"
SAML = f"arn:aws:iam::{OWN}:saml-provider/corp"
MAY = parse_policy(document(allow("sts:*")), PolicyKind.IDENTITY)
GAP = Gap(OWN, "aws-global", "iam", "GetRole", "AccessDenied", GapKind.DENIED)


def trust(*principals, action=ASSUME, **more):
    statements = [{"Effect": "Allow", "Principal": p, "Action": action, **more} for p in principals]
    return parse_policy(document(*statements), PolicyKind.TRUST)


def verdict(by, policy, *own, action=ASSUME, context=DIRECT, **more):
    policies = PolicySet(identity=own, resource=policy, **more)
    return evaluate(Request(by, action, TARGET, context=context), policies).verdict


def test_a_role_that_trusts_nobody_is_assumed_by_nobody():
    """
    The trust policy has to name the principal, whatever its own policies say ("How IAM roles differ from resource-based
    policies").
    """
    assert DENY is verdict(user(USER), trust(), MAY)
    assert DENY is verdict(user(USER), None, MAY)
    assert DENY is verdict(user(USER), trust({"AWS": ROLE}), MAY)
    assert DENY is verdict(user(USER), trust({"Service": "ec2.amazonaws.com"}), MAY)


@pytest.mark.parametrize(("by", "named"), [(user(USER), USER), (role(ROLE), ROLE), (user(USER), "*")])
def test_who_is_named_needs_no_policy_of_its_own(by, named):
    """
    In one account a principal that the trust policy names may assume the role without a policy of its own ("Granting a user
    permissions to switch roles").
    """
    assert ALLOW is verdict(by, trust({"AWS": named}))
    assert ALLOW is verdict(by, trust({"AWS": named}), MAY)


def test_a_named_account_delegates():
    """
    Where the account is named, the principal's own policy has to allow it.
    """
    assert DENY is verdict(user(USER), trust({"AWS": ROOT}))
    assert ALLOW is verdict(user(USER), trust({"AWS": OWN}), MAY)


@pytest.mark.parametrize("named", [STRANGER, FOREIGN, "*"])
def test_another_account_needs_both(named):
    """
    Across accounts the trust policy and the principal's own policy have to allow it ("IAM tutorial: delegate access across
    AWS accounts using IAM roles").
    """
    assert DENY is verdict(user(STRANGER), trust({"AWS": named}))
    assert ALLOW is verdict(user(STRANGER), trust({"AWS": named}), MAY)
    assert DENY is verdict(user(STRANGER), trust({"AWS": ROOT}), MAY)


def test_an_external_id_is_a_condition():
    """
    sts:ExternalId has to be as the trust policy says; what it will be is not known ("Access to AWS accounts owned by third
    parties").
    """
    policy = trust({"AWS": FOREIGN}, Condition={"StringEquals": {"sts:ExternalId": "12345"}})

    assert ALLOW is verdict(user(STRANGER), policy, MAY, context=DIRECT.with_({"sts:ExternalId": "12345"}))
    assert DENY is verdict(user(STRANGER), policy, MAY, context=DIRECT.with_({"sts:ExternalId": "1"}))
    assert DENY is verdict(user(STRANGER), policy, MAY, context=DIRECT.with_(absent=["sts:ExternalId"]))
    assert CONDITIONAL is verdict(user(STRANGER), policy, MAY)


def test_a_service_needs_the_trust_policy_only():
    """
    A service that assumes a role is named in the trust policy, and may be bound to a source ("The confused deputy
    problem").
    """
    by = service("events.amazonaws.com")
    source = {"StringEquals": {"aws:SourceAccount": OWN}}

    assert ALLOW is verdict(by, trust({"Service": "events.amazonaws.com"}))
    assert DENY is verdict(by, trust({"Service": "lambda.amazonaws.com"}))
    bound = trust({"Service": "events.amazonaws.com"}, Condition=source)
    assert ALLOW is verdict(by, bound, context=Context({"aws:SourceAccount": OWN}))
    assert DENY is verdict(by, bound, context=Context({"aws:SourceAccount": FOREIGN}))
    assert CONDITIONAL is verdict(by, bound, context=Context())


@pytest.mark.parametrize(
    ("by", "action"),
    [(web_identity(PROVIDER), "sts:AssumeRoleWithWebIdentity"), (saml_identity(SAML), "sts:AssumeRoleWithSAML")],
)
def test_a_federated_identity_needs_the_trust_policy_only(by, action):
    """
    Who comes with a token or an assertion has no policy of its own ("AssumeRoleWithWebIdentity", "AssumeRoleWithSAML").
    """
    assert ALLOW is verdict(by, trust({"Federated": by.arn}, action=action), action=action)
    assert DENY is verdict(by, trust({"Federated": by.arn}), action=action)
    assert DENY is verdict(by, trust({"Federated": by.arn + "2"}, action=action), action=action)
    assert DENY is verdict(by, trust({"AWS": ROOT}, action=action), action=action)
    assert DENY is verdict(anonymous(), trust({"Federated": by.arn}, action=action), action=action)


def test_the_subject_of_a_token_is_a_condition():
    """
    Keys of the provider such as ``gitlab.com:sub`` are compared like others, and unknown unless given.
    """
    action = "sts:AssumeRoleWithWebIdentity"
    condition = {"StringLike": {"gitlab.com:sub": "project_path:team/*"}}
    policy = trust({"Federated": PROVIDER}, action=action, Condition=condition)
    by = web_identity(PROVIDER)

    for subject, expected in (("project_path:team/app", ALLOW), ("project_path:other/app", DENY)):
        assert expected is verdict(by, policy, action=action, context=DIRECT.with_({"GitLab.com:sub": subject}))
    assert CONDITIONAL is verdict(by, policy, action=action)


def test_a_trust_policy_has_no_resource():
    """
    It is about the role that it hangs on, and denies as any other does.
    """
    denies = {"Effect": "Deny", "Principal": {"AWS": USER}, "Action": "*"}
    policy = parse_policy(
        document({"Effect": "Allow", "Principal": {"AWS": OWN}, "Action": "sts:*"}, denies), PolicyKind.TRUST
    )

    assert DENY is verdict(user(USER), policy, MAY)
    assert ALLOW is verdict(role(ROLE), policy, MAY)


def test_boundaries_and_denies_limit_who_assumes():
    """
    A role's session is limited by its boundary; a Deny of its own always counts ("Permissions boundaries").
    """
    narrow = parse_policy(document(allow("s3:*")), PolicyKind.BOUNDARY)
    forbids = parse_policy(document(deny("sts:*")), PolicyKind.IDENTITY)

    assert DENY is verdict(role(ROLE), trust({"AWS": ROLE}), MAY, boundary=narrow)
    assert ALLOW is verdict(user(USER), trust({"AWS": USER}), boundary=narrow)
    assert DENY is verdict(user(USER), trust({"AWS": USER}), forbids)


def test_a_trust_policy_that_could_not_be_read_is_unknown():
    """
    It may trust the principal or not.
    """
    unread = Unread("the trust policy", PolicyKind.TRUST, GAP)

    assert CONDITIONAL is verdict(user(USER), unread, MAY)
    assert CONDITIONAL is verdict(user(USER), unread)


def test_other_actions_on_a_role_are_not_the_trust_policys():
    """
    Passing or changing a role is for the principal's own policies alone.
    """
    policies = parse_policy(document(allow("iam:*")), PolicyKind.IDENTITY)

    assert ALLOW is verdict(user(USER), None, policies, action="iam:PassRole")

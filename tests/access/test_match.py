import pytest

from awsaudit.access import (
    PolicyKind,
    Principal,
    PrincipalKind,
    Request,
    anonymous,
    parse_policy,
    role,
    root_user,
    saml_identity,
    service,
    user,
    web_identity,
)
from awsaudit.access.match import Grasp, met
from awsaudit.access.truth import YES
from tests.access.documents import QUEUE, ROLE, USER
from tests.estate import FOREIGN, OWN, allow, deny, document


ROOT = f"arn:aws:iam::{OWN}:root"
SESSION = f"arn:aws:sts::{OWN}:assumed-role/app/one"
PROVIDER = f"arn:aws:iam::{OWN}:oidc-provider/gitlab.com"
CARLA = Principal(
    PrincipalKind.FEDERATED_USER, f"arn:aws:sts::{OWN}:federated-user/carla", OWN, parent=f"arn:aws:iam::{OWN}:user/ann"
)


def meets(statement, by=None, action="sqs:SendMessage", resource=QUEUE, kind=PolicyKind.RESOURCE, **more):
    """Return what is met of a policy of one statement: a grasp and True or None each."""
    policy = parse_policy(document(statement), kind, "the policy")
    on = QUEUE if kind is PolicyKind.RESOURCE else None
    found = met(policy, Request(by or user(USER), action, resource), on=on, **more)
    return [(m.grasp, m.truth.value) for m in found]


def covered(resource, asked=QUEUE, element="Resource"):
    """Return whether an entry of Resource or NotResource covers what is asked for: True, False or None."""
    found = meets({"Effect": "Allow", "Action": "*", element: resource}, resource=asked, kind=PolicyKind.IDENTITY)
    return found[0][1] if found else False


@pytest.mark.parametrize(
    ("actions", "is_about"),
    [
        ("sqs:SendMessage", True),
        ("SQS:SENDMESSAGE", True),
        ("sqs:Send*", True),
        ("sqs:?endMessage", True),
        ("*", True),
        ("*:*", True),
        ("sqs:SendMessageBatch", False),
        ("sns:*", False),
        (["sns:*", "sqs:*"], True),
        ([], False),
    ],
)
def test_actions(actions, is_about):
    """
    Actions are globs in which upper and lower case are the same ("IAM JSON policy elements: Action").
    """
    element = {"Effect": "Allow", "Resource": "*"}

    assert is_about == bool(meets({**element, "Action": actions}, kind=PolicyKind.IDENTITY))
    if actions:
        assert is_about != bool(meets({**element, "NotAction": actions}, kind=PolicyKind.IDENTITY))


@pytest.mark.parametrize(
    ("resource", "covers"),
    [
        (QUEUE, True),
        ("*", True),
        (QUEUE.upper(), False),
        (QUEUE.replace("orders", "Orders"), False),
        (f"arn:aws:sqs:*:{OWN}:ord*", True),
        (f"arn:*:sqs:eu-west-1:{OWN}:order?", True),
        ("arn:aws:sqs:*", True),
        ("arn:aws:sns:*", False),
        (f"arn:aws:sqs:*-9:{OWN}:*", False),
        (QUEUE + "s", False),
        ("orders", None),
        ("o*", None),
        ([QUEUE + "s", QUEUE], True),
    ],
)
def test_resources(resource, covers):
    """
    Resources are globs in which case counts; NotResource is what it does not list ("Resource", "NotResource"). What an
    entry that is no ARN matches nobody says.
    """
    assert covers is covered(resource)
    assert (None if covers is None else not covers) is covered(resource, element="NotResource")


@pytest.mark.parametrize(
    ("resource", "asked", "covers"),
    [
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/*", True),
        ("arn:aws:s3:::*", "arn:aws:s3:::b/*", True),
        ("arn:aws:s3:::b/private/*", "arn:aws:s3:::b/*", None),
        ("arn:aws:s3:::*/public/*", "arn:aws:s3:::b/*", None),
        ("arn:aws:s3:::c/*", "arn:aws:s3:::b/*", False),
        ("arn:aws:s3:::b", "*", None),
        ("*", "*", True),
        ("arn:aws:s3:::?*", "arn:aws:s3:::*?", True),
    ],
)
def test_resources_with_wildcards_are_asked_for_as_a_whole(resource, asked, covers):
    """
    A request for all of several resources is met where all are covered, and in doubt where only some are.
    """
    assert covers is covered(resource, asked)
    assert (None if covers is None else not covers) is covered(resource, asked, "NotResource")


def test_what_a_policy_hangs_on_goes_without_saying():
    """
    Policies of ECR repositories and trust policies have no Resource: they are about what they hang on; for a policy of an
    identity there is nothing ("IAM JSON policy elements: Resource").
    """
    bare = {"Effect": "Allow", "Principal": "*", "Action": "sqs:*"}

    assert [(Grasp.DIRECT, True)] == meets(bare)
    assert [] == meets({"Effect": "Allow", "Action": "sqs:*"}, kind=PolicyKind.IDENTITY)


@pytest.mark.parametrize(
    ("principal", "by", "grasp"),
    [
        ("*", user(USER), Grasp.DIRECT),
        ({"AWS": "*"}, root_user(FOREIGN), Grasp.DIRECT),
        ("*", role(ROLE), Grasp.ANYONE),
        ("*", anonymous(), Grasp.DIRECT),
        ("*", service("events.amazonaws.com"), Grasp.DIRECT),
        ({"AWS": OWN}, user(USER), Grasp.ACCOUNT),
        ({"AWS": ROOT}, role(ROLE), Grasp.ACCOUNT),
        ({"AWS": ROOT}, root_user(OWN), Grasp.ACCOUNT),
        ({"AWS": FOREIGN}, user(USER), None),
        ({"AWS": ROOT}, anonymous(), None),
        ({"AWS": ROOT}, service("events.amazonaws.com"), None),
        ({"AWS": USER}, user(USER), Grasp.DIRECT),
        ({"AWS": USER}, user(USER.replace("ann", "Ann")), None),
        ({"AWS": USER.replace("ann", "*")}, user(USER), None),
        ({"AWS": ROLE}, role(ROLE), Grasp.ROLE),
        ({"AWS": ROLE}, role(ROLE, "one"), Grasp.ROLE),
        ({"AWS": SESSION}, role(ROLE, "one"), Grasp.DIRECT),
        ({"AWS": SESSION}, role(ROLE, "two"), None),
        ({"AWS": SESSION}, role(ROLE.replace("app", "team/app"), "one"), Grasp.DIRECT),
        ({"AWS": SESSION}, user(USER), None),
        ({"AWS": CARLA.arn}, CARLA, Grasp.DIRECT),
        ({"AWS": USER}, CARLA, Grasp.ROLE),
        ({"AWS": "AROAEXAMPLEEXAMPLE001"}, role(ROLE), None),
        ({"Service": "events.amazonaws.com"}, service("events.amazonaws.com"), Grasp.DIRECT),
        ({"Service": "EVENTS.amazonaws.com"}, service("events.amazonaws.com"), Grasp.DIRECT),
        ({"Service": "logs.eu-west-1.amazonaws.com"}, service("logs.amazonaws.com"), Grasp.DIRECT),
        ({"Service": "sns.amazonaws.com"}, service("events.amazonaws.com"), None),
        ({"Service": "events.amazonaws.com"}, user(USER), None),
        ({"Federated": PROVIDER}, web_identity(PROVIDER), Grasp.DIRECT),
        ({"Federated": PROVIDER}, saml_identity(PROVIDER.replace("oidc", "saml")), None),
        ({"AWS": ROOT}, web_identity(PROVIDER), None),
        ({}, user(USER), None),
        ({"AWS": []}, user(USER), None),
    ],
)
def test_principals(principal, by, grasp):
    """
    Accounts delegate, roles reach their sessions, everything else is named itself, without wildcards ("AWS JSON policy
    elements: Principal").
    """
    assert ([(grasp, True)] if grasp else []) == meets(allow("*", Principal=principal), by)


def test_a_session_without_a_name_may_be_any():
    """
    Whether a policy that names a session is about a session of the role is not known without its name.
    """
    assert [(Grasp.DIRECT, None)] == meets(allow("*", Principal={"AWS": SESSION}), role(ROLE))
    assert {(Grasp.DIRECT, None), (Grasp.ROLE, True)} == set(
        meets(allow("*", Principal={"AWS": [SESSION, ROLE]}), role(ROLE))
    )


def test_a_statement_of_a_resource_without_principal_is_about_nobody():
    """
    A statement of a resource's policy has to name somebody; what it says otherwise is for the caller to drop
    ("AWS JSON policy elements: Principal").
    """
    assert [(None, True)] == meets(allow("*"))


def unlisted(*arns, by, effect="Deny", **more):
    found = meets({"Effect": effect, "NotPrincipal": {"AWS": list(arns)}, "Action": "*", "Resource": "*"}, by, **more)
    return found[0][1] if found else False


def test_not_principal_denies_whoever_is_not_listed():
    """
    Deny with NotPrincipal hits everybody else: strangers, services, anonymous callers ("NotPrincipal").
    """
    for by in (user(USER + "a"), role(ROLE), anonymous(), service("events.amazonaws.com"), root_user(FOREIGN)):
        assert unlisted(USER, by=by) is True
    assert unlisted(USER, ROOT, by=user(USER)) is False
    assert unlisted(ROOT, by=root_user(OWN)) is False


def test_not_principal_may_hit_who_is_listed_without_the_account():
    """
    AWS may check the account first: whoever is listed without it is in doubt, and so is a session without the role's
    ("NotPrincipal").
    """
    assert unlisted(USER, by=user(USER)) is None
    assert unlisted(ROLE, SESSION, by=role(ROLE, "one")) is None
    assert unlisted(ROOT, ROLE, by=role(ROLE, "one")) is None
    assert unlisted(ROOT, ROLE, SESSION, by=role(ROLE, "one")) is False


def test_an_account_in_not_principal_does_not_spare_its_users():
    """
    The account alone is listed: its root user is spared, its users and roles are not ("NotPrincipal").
    """
    assert unlisted(ROOT, by=user(USER)) is True
    assert unlisted(ROOT, by=role(ROLE)) is True


def test_not_principal_with_deny_always_hits_who_has_a_boundary():
    """
    Deny with NotPrincipal hits a principal with a permissions boundary, whomever it lists ("NotPrincipal").
    """
    assert unlisted(USER, ROOT, by=user(USER), bounded=YES) is True


def test_not_principal_with_allow_is_everybody_else():
    """
    AWS takes it no more; in an old document it reads as everybody who is not listed ("NotPrincipal").
    """
    assert unlisted(USER, by=user(USER), effect="Allow", bounded=YES) is False
    assert unlisted(USER, by=user(USER + "a"), effect="Allow") is True
    assert unlisted("*", by=user(USER), effect="Allow") is False
    assert unlisted("*", by=user(USER)) is False


def test_only_statements_about_the_action_are_met():
    """
    A statement counts if action, resource, principal and conditions all match ("Policy evaluation logic").
    """
    text = document(
        allow("sqs:*", resource=QUEUE + "s"),
        allow("sns:*"),
        allow("sqs:*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
        deny("sqs:*", Condition={"StringEquals": {"x:unknown": "1"}}),
        allow("sqs:*"),
    )
    found = list(met(parse_policy(text, PolicyKind.IDENTITY, "p"), Request(user(USER), "sqs:SendMessage", QUEUE)))

    assert [(4, None), (5, True)] == [(m.statement.number, m.truth.value) for m in found]
    assert "x:unknown (p, statement 4)" == str(found[0].truth.doubts[0])

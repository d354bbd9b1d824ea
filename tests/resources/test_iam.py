import json
import urllib.parse

import pytest

from awsaudit import EvidenceMissing
from awsaudit.resources.iam import (
    GROUPS,
    PASSWORD_POLICY,
    POLICIES,
    PROVIDER,
    PROVIDERS,
    ROLES,
    SAML_PROVIDERS,
    USERS,
    Account,
    AccountCredentials,
    Group,
    ManagedPolicy,
    OidcProvider,
    PasswordPolicy,
    Role,
    SamlProvider,
    User,
)
from awsaudit.testing import call_faults, fake
from tests.checks.iam.report import key, report, root, row
from tests.test_collect import Session, collect


ACCOUNT = "arn:aws:iam::111122223333"


@pytest.fixture(name="session")
def _session():
    session = Session()
    yield session
    for stub in session.stubs.values():
        stub.assert_no_pending_responses()


@pytest.mark.parametrize(
    "kind", [Account, AccountCredentials, PasswordPolicy, Role, User, Group, ManagedPolicy, OidcProvider, SamlProvider]
)
def test_calls_exist(kind):
    """
    Operations, parameters and result paths are those of the service's model.
    """
    assert [] == list(call_faults(kind))


def test_user_has_groups_and_a_boundary():
    """
    A user without either has no groups and no boundary.
    """
    boundary = {"PermissionsBoundaryArn": f"{ACCOUNT}:policy/edge"}
    listed = {
        "Arn": f"{ACCOUNT}:user/ada",
        "UserId": "AIDAEXAMPLE",
        "GroupList": ["ops"],
        "PermissionsBoundary": boundary,
    }
    user, plain = fake(User, {USERS: listed}), fake(User, {USERS: {"UserId": "AIDAOTHER"}})

    assert ("AIDAEXAMPLE", ("ops",), f"{ACCOUNT}:policy/edge") == (user.unique_id, user.groups, user.boundary_arn)
    assert ((), None) == (plain.groups, plain.boundary_arn)


def test_group_has_policies():
    """
    A group has inline and attached policies like a role.
    """
    group = fake(
        Group,
        {
            GROUPS: {
                "Arn": f"{ACCOUNT}:group/ops",
                "GroupName": "ops",
                "GroupId": "AGPAEXAMPLE",
                "GroupPolicyList": [{"PolicyName": "read", "PolicyDocument": {"Statement": []}}],
                "AttachedManagedPolicies": [{"PolicyName": "edge", "PolicyArn": f"{ACCOUNT}:policy/edge"}],
            }
        },
    )

    assert ("ops", "AGPAEXAMPLE") == (group.name, group.unique_id)
    assert ["read"] == [policy.name for policy in group.inline]
    assert [f"{ACCOUNT}:policy/edge"] == [policy.arn for policy in group.attached]


def test_role_has_instance_profiles_and_a_last_use():
    """
    A role that was not used for 400 days has no last use.
    """
    listed = {
        "RoleId": "AROAEXAMPLE",
        "InstanceProfileList": [{"Arn": f"{ACCOUNT}:instance-profile/node"}],
        "RoleLastUsed": {"LastUsedDate": "2026-11-01T10:00:00Z", "Region": "eu-west-1"},
    }
    role, idle = fake(Role, {ROLES: listed}), fake(Role, {ROLES: {"RoleId": "AROAIDLE", "RoleLastUsed": {}}})

    assert ("AROAEXAMPLE", (f"{ACCOUNT}:instance-profile/node",)) == (role.unique_id, role.instance_profile_arns)
    assert "2026-11-01" == role.last_used.date().isoformat()
    assert ((), None) == (idle.instance_profile_arns, idle.last_used)


def test_managed_policy_has_a_version_and_uses_as_boundary():
    """
    AWS may leave the count out where it is no boundary; the path is no part of the name.
    """
    listed = {"Arn": f"{ACCOUNT}:policy/team/edge", "DefaultVersionId": "v3", "PermissionsBoundaryUsageCount": 2}
    policy = fake(ManagedPolicy, {POLICIES: listed})

    assert ("edge", "v3", 2) == (policy.name, policy.version, policy.boundary_uses)
    assert 0 == fake(ManagedPolicy, {POLICIES: {"DefaultVersionId": "v1"}}).boundary_uses


def test_identity_providers_are_read():
    """
    An OpenID Connect provider has its issuer without a scheme, and audiences.
    """
    arn = f"{ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"
    details = {"Url": "token.actions.githubusercontent.com", "ClientIDList": ["sts.amazonaws.com"]}
    provider = fake(OidcProvider, {PROVIDERS: {"Arn": arn}, PROVIDER: details})

    assert (arn, "token.actions.githubusercontent.com") == (provider.arn, provider.url)
    assert ("sts.amazonaws.com",) == provider.audiences
    assert (
        f"{ACCOUNT}:saml-provider/okta"
        == fake(SamlProvider, {SAML_PROVIDERS: {"Arn": f"{ACCOUNT}:saml-provider/okta"}}).arn
    )


def test_providers_are_asked_about_one_by_one(session):
    """
    A provider that was deleted meanwhile is none; what is refused of another one costs its details only.
    """
    arns = [f"{ACCOUNT}:oidc-provider/{host}" for host in ("one.example", "gone.example", "other.example")]
    iam = session.stub("iam", "us-east-1")
    iam.add_response("list_open_id_connect_providers", {"OpenIDConnectProviderList": [{"Arn": arn} for arn in arns]})
    told = {"Url": "one.example", "ClientIDList": ["sts.amazonaws.com"], "Tags": [{"Key": "env", "Value": "prod"}]}
    iam.add_response("get_open_id_connect_provider", told, {"OpenIDConnectProviderArn": arns[0]})
    iam.add_client_error("get_open_id_connect_provider", "NoSuchEntity", http_status_code=404)
    iam.add_client_error("get_open_id_connect_provider", "AccessDenied", http_status_code=403)

    one, other = collect(session, OidcProvider).every(OidcProvider)

    assert ("one.example", ("sts.amazonaws.com",), {"env": "prod"}) == (one.url, one.audiences, one.tags)
    assert arns[2] == other.arn
    with pytest.raises(EvidenceMissing, match="grant iam:GetOpenIDConnectProvider"):
        _ = other.audiences


@pytest.mark.parametrize("told", ["[]", '"*"', "{", "not JSON"])
def test_a_document_that_is_no_object_is_malformed(session, told):
    """
    What is no JSON object once botocore has decoded what it can is missing evidence, not an empty policy.
    """
    bad = urllib.parse.quote(told)
    good = urllib.parse.quote(json.dumps({"Statement": []}))
    role = {
        "Arn": f"{ACCOUNT}:role/reader",
        "RoleName": "reader",
        "AssumeRolePolicyDocument": good,
        "RolePolicyList": [
            {"PolicyName": "fine", "PolicyDocument": good},
            {"PolicyName": "odd", "PolicyDocument": bad},
        ],
    }
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": bad}
    policy = {"Arn": f"{ACCOUNT}:policy/edge", "PolicyVersionList": [version]}
    answer = {"RoleDetailList": [role], "Policies": [policy]}
    session.stub("iam", "us-east-1").add_response("get_account_authorization_details", answer, {})

    inventory = collect(session, Role, ManagedPolicy)
    (found,), (managed,) = inventory.every(Role), inventory.every(ManagedPolicy)

    assert {"Statement": []} == found.trust
    with pytest.raises(EvidenceMissing, match="Unreadable:inline"):
        _ = found.inline
    with pytest.raises(EvidenceMissing, match="Unreadable:document"):
        _ = managed.document


def test_policy_has_versions_that_are_not_in_force():
    """
    The version in force is not among them.
    """
    versions = [
        {"VersionId": "v2", "IsDefaultVersion": True, "Document": {"Statement": []}},
        {"VersionId": "v1", "IsDefaultVersion": False, "Document": {"Statement": [{"Sid": "Old"}]}},
    ]
    policy = fake(ManagedPolicy, {POLICIES: {"Arn": f"{ACCOUNT}:policy/edge", "PolicyVersionList": versions}})

    assert [("v1", {"Statement": [{"Sid": "Old"}]})] == [(v.id, v.document) for v in policy.other_versions]


def test_the_report_tells_of_everybody():
    """
    By ARN; what is never, none or not told is unset.
    """
    told = report(root(key()), row("ada", key(used=None), password=True, password_last_used="no_information")).rows
    ada, itself = told[f"{ACCOUNT}:user/ada"], told[f"{ACCOUNT}:root"]

    assert (True, None, None, False) == (ada.password, ada.password_used, ada.password_changed, ada.mfa)
    assert ([None], (False, False)) == ([each.used for each in ada.active_keys], ada.certificates)
    assert (None, "s3") == (itself.password, itself.active_keys[0].service)


def test_words_of_the_report_are_read_in_either_case():
    """
    AWS's pages write TRUE, its reports true.
    """
    told = report(row("ada", password="TRUE", mfa_active="TRUE")).rows[f"{ACCOUNT}:user/ada"]

    assert (True, True) == (told.password, told.mfa)


def test_password_policy_keeps_what_a_change_has_to_repeat():
    """
    What AWS leaves out stays out, and so does what only follows from the rest; without a policy there is nothing.
    """
    answer = {"MinimumPasswordLength": 12, "RequireSymbols": False, "ExpirePasswords": False}
    policy, none = fake(PasswordPolicy, {PASSWORD_POLICY: answer}), fake(PasswordPolicy, {PASSWORD_POLICY: None})

    assert (12, None) == (policy.minimum_length, policy.remembered)
    assert {"MinimumPasswordLength": 12, "RequireSymbols": False} == policy.settings
    assert (None, None, {}) == (none.minimum_length, none.remembered, none.settings)

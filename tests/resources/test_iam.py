from awsaudit.resources.iam import (
    GROUPS,
    POLICIES,
    PROVIDER,
    PROVIDERS,
    ROLES,
    SAML_PROVIDERS,
    USERS,
    Group,
    ManagedPolicy,
    OidcProvider,
    Role,
    SamlProvider,
    User,
)
from awsaudit.testing import fake


ACCOUNT = "arn:aws:iam::111122223333"


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
    AWS leaves the count out where it is no boundary.
    """
    policy = fake(ManagedPolicy, {POLICIES: {"DefaultVersionId": "v3", "PermissionsBoundaryUsageCount": 2}})

    assert ("v3", 2) == (policy.version, policy.boundary_uses)
    assert fake(ManagedPolicy, {POLICIES: {"DefaultVersionId": "v1"}}).boundary_uses is None


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

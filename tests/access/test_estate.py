import pytest

from awsaudit.access import (
    PolicyKind,
    Unread,
    control_policies,
    holders,
    identity_of,
    key_layers,
    key_named,
    policies_of,
    principal_of,
    readable,
    trust_of,
    unread_controls,
    zone_of,
)
from awsaudit.access.estate import attached_to, boundary_of, managed_policy
from awsaudit.errors import EvidenceMissing, Undecided
from awsaudit.resources.iam import ROLES, Group, ManagedPolicy, Role, User
from awsaudit.resources.kms import ALIASES, Alias, Key
from awsaudit.resources.kms import DESCRIBE as KEY_DETAILS
from awsaudit.resources.kms import LIST as KEYS
from awsaudit.resources.organizations import (
    CONTENT,
    PLACE,
    SERVICE_CONTROL,
    TARGETS,
    OrganizationAccount,
    OrganizationPlace,
    ServiceControlPolicy,
)
from awsaudit.testing import fake, refused
from awsaudit.trust import Trust
from tests.estate import FOREIGN, OWN, allow, deny, document, group, key, managed, member_of, role, user


def names(level):
    return [layer.name for layer in level]


# The zone of trust


def test_the_zone_is_the_account_its_organization_and_whom_the_owner_names(make_account):
    """
    Accounts of the organization, and those that the configuration trusts, are no strangers; others are.
    """
    account = make_account(organization=member_of("o-abcdefghij", FOREIGN), trust=Trust(vendors=("777788889999",)))
    zone = zone_of(account)

    assert {OWN, FOREIGN, "777788889999"} == zone.accounts
    assert zone.has_organization("o-abcdefghij")
    assert zone.has("123456789012") is False
    assert zone is zone_of(account)


def test_an_organization_that_could_not_be_seen_leaves_strangers_unknown(make_account):
    """
    Whether an account is in the organization is not known where its accounts could not be listed.
    """
    zone = zone_of(make_account(organization=member_of("o-abcdefghij")[:2], unlisted=[OrganizationAccount]))

    assert zone.has(FOREIGN) is None
    assert "organizations" == zone.unseen.service


# Policies of principals


def test_identity_policies_are_inline_attached_and_of_groups(make_account):
    """
    A user has its own policies and those of its groups, each called by name.
    """
    reads = managed("arn:aws:iam::111122223333:policy/reads", allow("s3:Get*"))
    anna = user("anna", allow("s3:*"), attached=[reads.arn], groups=["ops"])
    account = make_account(anna, reads, group("ops", deny("s3:*")))

    assert [
        "the inline policy anna-0 of anna",
        "the policy reads",
        "the inline policy ops-0 of the group ops",
    ] == names(identity_of(anna, account))


def test_policies_that_could_not_be_read_stay_in_their_place(make_account):
    """
    A group or policy that AWS does not list, or refuses, is unread, not absent.
    """
    anna = user("anna", attached=["arn:aws:iam::aws:policy/Unlisted"], groups=["ghosts"], boundary="arn:x:policy/edge")
    for account in (make_account(anna), make_account(anna, unlisted=[Group, ManagedPolicy])):
        layers = (*identity_of(anna, account), boundary_of(anna, account))
        assert [Unread] * 3 == [type(layer) for layer in layers]
        assert all(layer.gap or layer.reason for layer in layers)


def test_a_document_that_is_no_policy_is_unread(make_account):
    """
    It was read, and nobody can say what it means.
    """
    odd = managed("arn:aws:iam::111122223333:policy/odd", {"Effect": "Perhaps"})

    layer = managed_policy(odd.arn, PolicyKind.IDENTITY, make_account(odd))

    assert "statement 1: the Effect" in layer.reason
    with pytest.raises(Undecided, match="the policy odd cannot be read"):
        readable(layer)


def test_principals(make_account):
    """
    A role's session may bring tags of its own, a user's tags are all; service-linked roles are marked.
    """
    anna, linked = user("anna", Tags=[{"Key": "team", "Value": "ops"}]), role("x", path="/aws-service-role/x/")
    account = make_account(anna, linked)

    assert {"team": "ops"} == principal_of(anna, account).tags
    assert "" == principal_of(anna, account).organization
    assert principal_of(linked, account).tags is None
    assert principal_of(linked, account).service_linked


def test_holders_are_all_or_nothing(make_account):
    """
    Roles and users; a refused listing leaves no answer.
    """
    account = make_account(role("app"), user("anna"))

    assert ["app", "anna"] == [holder.name for holder in holders(account)]
    with pytest.raises(EvidenceMissing):
        holders(make_account(role("app"), unlisted=[User]))


def test_trust_policies():
    """
    A trust policy is read; where it was refused it is unread.
    """
    assert "the trust policy of app" == trust_of(role("app")).name
    hidden = role("app")
    hidden.values["trust"] = refused(Role, ROLES)
    assert "GetAccountAuthorizationDetails" == trust_of(hidden).gap.operation


def test_the_policy_of_a_resource():
    """
    None without one; it is called by what it hangs on.
    """
    assert attached_to(None, "the queue orders") is None
    assert "the resource policy of the queue orders" == attached_to(document(), "the queue orders").name
    assert readable(None) is None


# The organization


def organization(*policies):
    found, _, *accounts = member_of("o-abcdefghij", FOREIGN)
    place = fake(OrganizationPlace, {PLACE: {"Id": OWN, "Paths": [f"o-abcdefghij/r-1/ou-2/{OWN}/"]}})
    return (found, place, *accounts, *policies)


def control(name, *targets):
    item = {"Id": f"p-{name}", "Arn": f"arn:aws:organizations::aws:policy/{name}", "Name": name}
    results = {SERVICE_CONTROL: item, CONTENT: document(allow("*")), TARGETS: [{"TargetId": t} for t in targets]}
    return fake(ServiceControlPolicy, results)


def test_control_policies_by_level(make_account):
    """
    Root, unit, account: each level has the policies that hang there; others bind somebody else.
    """
    policies = (control("all", "r-1", "ou-2", OWN), control("unit", "ou-2"), control("else", "ou-9"))
    account = make_account(organization=organization(*policies))

    levels = control_policies(account, PolicyKind.SCP)

    assert [["all"], ["all", "unit"], ["all"]] == [
        [name.removeprefix("the service control policy ") for name in names(level)] for level in levels
    ]
    assert unread_controls(account) is None
    assert levels == policies_of(role("app"), account).scps


def test_control_policies_bind_nobody_outside_and_in_the_management_account(make_account):
    """
    They do not bind the management account, nor one in no organization.
    """
    assert () == control_policies(make_account(), PolicyKind.SCP)
    assert () == control_policies(make_account(organization=member_of("o-abcdefghij")), PolicyKind.SCP)


def test_control_policies_that_were_refused(make_account):
    """
    They stand as one unread layer, which is left out of what decides unless it is asked for.
    """
    account = make_account(organization=organization(), unlisted=[ServiceControlPolicy])

    assert "organizations" == unread_controls(account).gap.service
    assert () == policies_of(role("app"), account).scps
    assert 1 == len(policies_of(role("app"), account, unread_controls=True).scps)


# Keys


def test_keys_by_every_name(make_account):
    """
    By id, ARN, alias or the alias's ARN; a foreign key cannot be seen.
    """
    own = key("k-1")
    arn = f"arn:aws:kms:eu-west-1:{OWN}:alias/app"
    alias = fake(Alias, {ALIASES: {"AliasName": "alias/app", "AliasArn": arn, "TargetKeyId": "k-1"}})
    account = make_account(own, alias)

    assert {own} == {key_named(name, "eu-west-1", account) for name in ("k-1", own.arn, "alias/app", arn)}
    assert key_named("alias/none", "eu-west-1", account) is None
    with pytest.raises(EvidenceMissing):
        key_named(f"arn:aws:kms:eu-west-1:{FOREIGN}:key/k-1", "eu-west-1", account)


def test_the_policies_of_keys():
    """
    A customer's key has its own; AWS's lets the account through its service; a refused one is unread, as are grants.
    """
    policy, grants = key_layers(key("k-1"))
    aws, _ = key_layers(key("k-2", manager="AWS"))
    item = {"KeyId": "k-3", "KeyArn": f"arn:aws:kms:eu-west-1:{OWN}:key/k-3"}
    hidden, unseen = key_layers(fake(Key, {KEYS: item, KEY_DETAILS: {"KeyManager": "CUSTOMER"}}))

    assert ("the key policy of the key k-1", ()) == (policy.name, grants)
    assert ["kms:calleraccount", "kms:viaservice"] == [c.key for c in aws.statements[0].conditions]
    assert ("GetKeyPolicy", "ListGrants") == (hidden.gap.operation, unseen[0].gap.operation)

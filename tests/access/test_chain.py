import hypothesis.strategies as st
import pytest

from hypothesis import given, settings

from awsaudit.access import Through, Verdict, able, origins, question, reach, steps_into, ways_into, who_can
from awsaudit.access.chain import REACHED, entrances
from awsaudit.errors import EvidenceMissing
from awsaudit.resources.codebuild import DETAILS, Project
from awsaudit.resources.codebuild import LIST as PROJECTS
from awsaudit.resources.ec2 import INSTANCES, Instance
from awsaudit.resources.ecs import DESCRIBE_SERVICES, SERVICES, TASK_DEFINITION, Service
from awsaudit.resources.ecs import LIST as ECS_CLUSTERS
from awsaudit.resources.ecs import Cluster as EcsCluster
from awsaudit.resources.eks import (
    DESCRIBE_NODEGROUP,
    DESCRIBE_POD_IDENTITY,
    LIST_NODEGROUPS,
    LIST_POD_IDENTITIES,
    Cluster,
    Nodegroup,
    PodIdentityAssociation,
)
from awsaudit.resources.eks import LIST as EKS_CLUSTERS
from awsaudit.resources.iam import Role
from awsaudit.resources.kms import Key
from awsaudit.resources.lambda_ import FUNCTIONS, Function
from awsaudit.resources.lambda_ import POLICY as FUNCTION_POLICY
from awsaudit.resources.organizations import (
    CONTENT,
    PLACE,
    RESOURCE_CONTROL,
    SERVICE_CONTROL,
    TARGETS,
    OrganizationPlace,
    ResourceControlPolicy,
    ServiceControlPolicy,
)
from awsaudit.resources.secretsmanager import LIST as SECRETS
from awsaudit.resources.secretsmanager import Secret
from awsaudit.testing import fake
from tests.estate import FOREIGN, OWN, allow, deny, document, group, key, managed, member_of, role, secret, user


READ = "secretsmanager:GetSecretValue"
ASSUME = "sts:AssumeRole"
SECRET = secret("db")
ROOT = f"arn:aws:iam::{OWN}:root"


def arn(kind, name):
    return f"arn:aws:iam::{OWN}:{kind}/{name}"


def trust(*principals, **more):
    return document({"Effect": "Allow", "Principal": {"AWS": list(principals)}, "Action": ASSUME, **more})


def federated(provider, **conditions):
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::{OWN}:oidc-provider/{provider}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": conditions,
        }
    )


def readers(account, resource=SECRET, **more):
    """Return who can read the secret and how certain that is, the root user apart."""
    found = who_can(READ, resource.arn, account, **more)
    return {access.origin: access.verdict.value for access in found if access.type != "root user"}


READER = role("reader", allow(READ), trust=trust(arn("role", "deploy")))


# Those who may do it themselves


def test_names_those_whose_own_policies_allow(make_account):
    """
    Users by a policy of their own or of a group, roles, and the root user; with the statement that decides.
    """
    account = make_account(
        SECRET,
        user("anna", allow(READ)),
        user("ben", groups=["ops"]),
        user("carl", allow("s3:*")),
        group("ops", allow("secretsmanager:*")),
        role("app", allow(READ, resource=f"{SECRET.arn}")),
        role("other", allow(READ, resource="arn:aws:secretsmanager:eu-west-1:111122223333:secret:else")),
    )

    found = {a.origin: a for a in who_can(READ, SECRET.arn, account)}

    assert {arn("user", "anna"), arn("user", "ben"), arn("role", "app"), ROOT} == found.keys()
    assert "the inline policy ops-0 of the group ops, statement 1" == found[arn("user", "ben")].path[-1].by
    assert {Verdict.ALLOW} == {a.verdict for a in found.values()}


def test_boundaries_and_denials_take_away(make_account):
    """
    A boundary that does not allow it, and a Deny of the resource's policy, keep the principal off.
    """
    boundary = managed("arn:aws:iam::111122223333:policy/edge", allow("sqs:*"))
    barred = deny(READ, Principal={"AWS": arn("role", "barred")})
    guarded = secret("guarded", barred)
    account = make_account(
        guarded, boundary, role("barred", allow(READ)), role("bound", allow(READ), boundary=boundary.arn)
    )

    assert {} == readers(account, guarded)


def test_a_condition_that_is_not_known_makes_it_conditional(make_account):
    """
    What an answer hangs on is named with policy and statement.
    """
    only_here = {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    account = make_account(SECRET, role("app", allow(READ, **only_here)))

    [access] = [a for a in who_can(READ, SECRET.arn, account) if a.origin != ROOT]

    assert Verdict.CONDITIONAL is access.verdict
    assert ("aws:sourcevpce (the inline policy app-0 of app, statement 1)",) == access.depends_on
    assert access.path[-1].holds is None


def test_a_secret_under_a_key_takes_two_rights(make_account):
    """
    Reading needs the secret and its key: one of both is not enough, and a key that cannot be seen is a doubt.
    """
    own = key("k-1")
    locked = secret("locked", key_id=own.arn)
    half, both = role("half", allow(READ)), role("both", allow(READ, "kms:Decrypt"))

    assert {arn("role", "both"): "allow"} == readers(make_account(locked, own, half, both), locked)
    unseen = readers(make_account(locked, half, both, unlisted=[Key]), locked)
    assert {arn("role", "half"): "conditional", arn("role", "both"): "conditional"} == unseen


def test_a_key_that_the_secret_does_not_tell_is_a_doubt(make_account):
    """
    Whether there is a key at all may be what was refused.
    """
    silent = fake(Secret, {SECRETS: {"ARN": SECRET.arn, "Name": "db", "KmsKeyId": 5, "CreatedDate": None}})
    account = make_account(silent, role("app", allow(READ)))

    assert "conditional" == readers(account, silent)[arn("role", "app")]


def test_a_default_key_of_aws_that_is_not_there_yet(make_account):
    """
    AWS makes it when it is used first, and whoever may read the secret may then use it.
    """
    default = secret("default", key_id="alias/aws/secretsmanager")

    assert {arn("role", "app"): "allow"} == readers(make_account(default, role("app", allow(READ))), default)


# The organization


def control(kind, listing, *statements, target="r-1"):
    item = {"Id": "p-1", "Arn": "arn:aws:organizations::aws:policy/p-1", "Name": "edge"}
    return fake(kind, {listing: item, CONTENT: document(*statements), TARGETS: [{"TargetId": target}]})


def in_organization(*policies):
    organization, _, *accounts = member_of("o-abcdefghij", FOREIGN)
    where = {"Id": OWN, "Paths": [f"o-abcdefghij/r-1/{OWN}/"]}
    return (organization, fake(OrganizationPlace, {PLACE: where}), *accounts, *policies)


def test_service_control_policies_bind_principals_and_the_root_user(make_account):
    """
    What the organization does not allow nobody of the account may do.
    """
    policy = control(ServiceControlPolicy, SERVICE_CONTROL, deny(READ), allow("*"))
    account = make_account(SECRET, role("app", allow(READ)), organization=in_organization(policy))

    assert [] == list(who_can(READ, SECRET.arn, account))


def test_resource_control_policies_bind_outsiders(make_account):
    """
    A resource control policy that denies strangers keeps off whom the secret's own policy lets in.
    """
    shared = secret("shared", allow(READ, Principal={"AWS": "777788889999"}))
    outside = {"StringNotEquals": {"aws:PrincipalOrgID": "o-abcdefghij"}}
    policy = control(
        ResourceControlPolicy, RESOURCE_CONTROL, allow("*", Principal="*"), deny("*", Principal="*", Condition=outside)
    )

    open_ = readers(make_account(shared, organization=in_organization()), shared)
    closed = readers(make_account(shared, organization=in_organization(policy)), shared)

    assert {"account 777788889999": "allow"} == open_
    assert {} == closed


def test_control_policies_that_could_not_be_read_fence_every_answer(make_account):
    """
    They can only take away: the answer is conditional, and hangs on nothing else.
    """
    account = make_account(
        SECRET, role("app", allow(READ)), organization=in_organization(), unlisted=[ServiceControlPolicy]
    )

    [access] = [a for a in who_can(READ, SECRET.arn, account) if a.type == "AWS::IAM::Role"]

    assert Verdict.CONDITIONAL is access.verdict
    assert access.fenced
    assert "organizations" == access.unread[0].gap.service


# Chains of roles


def test_follows_roles_to_the_secret(make_account):
    """
    A user assumes a role that assumes another that reads; each hop names policy and statement.
    """
    deploy = role("deploy", allow(ASSUME), trust=trust(ROOT))
    account = make_account(SECRET, READER, deploy, user("anna", allow(ASSUME, resource=deploy.arn)))

    [path] = [a.path for a in who_can(READ, SECRET.arn, account) if a.origin == arn("user", "anna")]

    assert [arn("user", "anna"), deploy.arn, READER.arn, SECRET.arn] == [hop.resource for hop in path]
    assert [
        "",
        "assumes it: the inline policy anna-0 of anna, statement 1; the trust policy of deploy, statement 1",
        "assumes it: the inline policy deploy-0 of deploy, statement 1; the trust policy of reader, statement 1",
        "the inline policy reader-0 of reader, statement 1",
    ] == [hop.by for hop in path]


@pytest.mark.parametrize("through", list(Through))
def test_paths_that_are_wanted(make_account, through):
    """
    None: themselves only; roles: whoever assumes them; all: what runs with them, too.
    """
    deploy = role("deploy", allow(ASSUME), trust=trust(ROOT))
    account = make_account(SECRET, READER, deploy, function(deploy))
    wanted = {
        Through.NONE: {READER.arn},
        Through.ROLES: {READER.arn, deploy.arn},
        Through.ALL: {READER.arn, deploy.arn, FUNCTION},
    }

    assert wanted[through] == readers(account, through=through).keys()


def test_roles_that_trust_each_other_end(make_account):
    """
    A cycle is gone round once.
    """
    one = role("one", allow(ASSUME), trust=trust(ROOT))
    two = role("two", allow(ASSUME, READ), trust=trust(one.arn))
    account = make_account(SECRET, one, two)

    assert {one.arn, two.arn} == readers(account).keys()
    assert [SECRET.arn] == [a.resource for a in reach(one.arn, account)]
    assert [one.arn] == [way.hops[0].resource for way in ways_into(two, account)]


def test_a_longer_path_that_is_certain_goes_before_a_short_one_in_doubt(make_account):
    """
    Who may come by two ways is told by the one that hangs on nothing.
    """
    mfa = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}
    middle = role("middle", allow(ASSUME), trust=trust(arn("user", "anna")))
    both = document(
        {"Effect": "Allow", "Principal": {"AWS": arn("user", "anna")}, "Action": ASSUME, **mfa},
        {"Effect": "Allow", "Principal": {"AWS": middle.arn}, "Action": ASSUME},
    )
    account = make_account(SECRET, role("reader", allow(READ), trust=both), middle, user("anna"))

    found = [a for a in who_can(READ, SECRET.arn, account) if a.origin == arn("user", "anna")]

    assert [(Verdict.ALLOW, 2)] == [(a.verdict, a.roles) for a in found]
    assert [Verdict.ALLOW] == [a.verdict for a in reach(arn("user", "anna"), account)]


def test_a_named_principal_needs_no_policy_of_its_own(make_account):
    """
    A trust policy that names a user, a role or one of its sessions lets it in; one that names the account asks for more.
    """
    session = f"arn:aws:sts::{OWN}:assumed-role/batch/nightly"
    account = make_account(
        user("anna"),
        role("batch"),
        *(role(f"r{n}", trust=trust(who)) for n, who in enumerate([arn("user", "anna"), session, ROOT])),
    )

    into = [[s.origin for s in steps_into(r, account)] for r in account.seen(Role) if r.name.startswith("r")]

    assert [[arn("user", "anna")], [arn("role", "batch")], []] == into


def test_a_foreign_account_that_is_trusted(make_account):
    """
    Who may assume a role from outside is told as outside, with the conditions.
    """
    account = make_account(SECRET, role("vendor", allow(READ), trust=trust(f"arn:aws:iam::{FOREIGN}:root")))

    [access] = [a for a in who_can(READ, SECRET.arn, account) if a.outside]

    assert f"account {FOREIGN}" == access.origin
    assert 1 == access.roles
    assert {} == {o: v for o, v in readers(account, through=Through.NONE).items() if "account" in o}


# What runs with roles

FUNCTION = f"arn:aws:lambda:eu-west-1:{OWN}:function:relay"


def function(holder):
    return fake(
        Function,
        {FUNCTIONS: {"FunctionArn": FUNCTION, "FunctionName": "relay", "Role": holder.arn}, FUNCTION_POLICY: None},
    )


def instance(state="running"):
    profile = {"IamInstanceProfile": {"Arn": arn("instance-profile", "app")}}
    return fake(Instance, {INSTANCES: {"InstanceId": "i-1", "State": {"Name": state}, **profile}})


def nodes(holder):
    item = {"nodegroupArn": "arn:aws:eks:eu-west-1:111122223333:nodegroup/prod/a/1", "nodeRole": holder.arn}
    cluster = fake(Cluster, {EKS_CLUSTERS: "prod"})
    return fake(Nodegroup, {LIST_NODEGROUPS: "a", DESCRIBE_NODEGROUP: item}, parent=cluster)


def pods(holder, target=None):
    listed = {"associationArn": "arn:x", "clusterName": "prod", "namespace": "pay", "serviceAccount": "api"}
    detail = {"roleArn": holder.arn, "targetRoleArn": target}
    cluster = fake(Cluster, {EKS_CLUSTERS: "prod"})
    return fake(PodIdentityAssociation, {LIST_POD_IDENTITIES: listed, DESCRIBE_POD_IDENTITY: detail}, parent=cluster)


def service(holder, part="taskRoleArn"):
    task = {"taskDefinitionArn": f"arn:aws:ecs:eu-west-1:{OWN}:task-definition/web:1", "family": "web", "revision": 1}
    cluster = fake(EcsCluster, {ECS_CLUSTERS: "arn:aws:ecs:eu-west-1:111122223333:cluster/main"})
    name = f"arn:aws:ecs:eu-west-1:{OWN}:service/main/web"
    results = {SERVICES: name, DESCRIBE_SERVICES: {"serviceArn": name}, TASK_DEFINITION: {**task, part: holder.arn}}

    return fake(Service, results, parent=cluster)


def builds(holder):
    return fake(Project, {PROJECTS: "image", DETAILS: {"name": "image", "serviceRole": holder.arn}})


APP = role("app", allow(READ), InstanceProfileList=[{"Arn": arn("instance-profile", "app")}])


@pytest.mark.parametrize(
    ("entry", "origin"),
    [
        (function(APP), FUNCTION),
        (instance(), f"arn:aws:ec2:eu-west-1:{OWN}:instance/i-1"),
        (nodes(APP), "arn:aws:eks:eu-west-1:111122223333:nodegroup/prod/a/1"),
        (pods(APP), "prod: system:serviceaccount:pay:api"),
        (service(APP), f"arn:aws:ecs:eu-west-1:{OWN}:service/main/web"),
        (service(APP, "executionRoleArn"), f"arn:aws:ecs:eu-west-1:{OWN}:service/main/web"),
        (builds(APP), f"arn:aws:codebuild:eu-west-1:{OWN}:project/image"),
    ],
    ids=["function", "instance", "nodes", "pods", "tasks", "execution", "builds"],
)
def test_names_what_runs_with_a_role(make_account, entry, origin):
    """
    Whoever controls it has the role's rights; reach tells the same the other way round.
    """
    account = make_account(SECRET, APP, entry)

    assert {APP.arn: "allow", origin: "allow"} == readers(account)
    assert [SECRET.arn] == [a.resource for a in reach(origin, account)]


def test_a_terminated_instance_and_a_role_between(make_account):
    """
    A terminated instance has no credentials; pods whose association names a target role have that role's only.
    """
    assert {APP.arn: "allow"} == readers(make_account(SECRET, APP, instance("terminated")))
    between = role("between")
    account = make_account(SECRET, APP, between, pods(between, APP.arn))
    assert {APP.arn, "prod: system:serviceaccount:pay:api"} == readers(account).keys()


GITHUB = "token.actions.githubusercontent.com"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"


@pytest.mark.parametrize(
    ("provider", "subject"), [(GITHUB, "repo:example/app:ref:refs/heads/main"), (EKS, "system:serviceaccount:pay:api")]
)
def test_tokens_from_outside(make_account, provider, subject):
    """
    CI and service accounts come with tokens; they are named by provider and subject, and the provider stands for all.
    """
    claims = {"StringEquals": {f"{provider}:sub": subject, f"{provider}:aud": "sts.amazonaws.com"}}
    account = make_account(SECRET, role("ci", allow(READ), trust=federated(provider, **claims)))
    name = f"arn:aws:iam::{OWN}:oidc-provider/{provider}"

    [access] = [a for a in who_can(READ, SECRET.arn, account, through=Through.ROLES) if a.outside]

    assert (f"{name} {subject}", "identity provider", Verdict.ALLOW) == (access.origin, access.type, access.verdict)
    assert f"StringEquals {provider.lower()}:sub = {subject}" in access.path[1].by
    for who in (name, access.origin):
        assert [SECRET.arn] == [a.resource for a in reach(who, account)]


def test_who_outside_may_become_a_role(make_account):
    """
    By a token, by another role on the way, or from another account; not who is of the account, and nobody without paths.
    """
    claims = {"StringEquals": {f"{GITHUB}:sub": "repo:example/app:environment:prod"}}
    ci = role("ci", allow(ASSUME), trust=federated(GITHUB, **claims))
    target = role("deploy", trust=trust(ci.arn, f"arn:aws:iam::{FOREIGN}:root"))
    account = make_account(ci, target, user("anna", allow(ASSUME)))
    subject = f"arn:aws:iam::{OWN}:oidc-provider/{GITHUB} repo:example/app:environment:prod"

    by_token, direct = list(entrances(ci, account)), {a.origin: a for a in entrances(target, account)}

    assert [(subject, "sts:AssumeRoleWithWebIdentity")] == [(a.origin, a.action) for a in by_token]
    assert {subject, f"account {FOREIGN}"} == direct.keys()
    assert [subject, ci.arn, target.arn] == [hop.resource for hop in direct[subject].path]
    assert {ASSUME} == {a.action for a in direct.values()}
    assert [] == list(entrances(ci, account, through=Through.NONE))


@pytest.mark.parametrize("action", ["sts:AssumeRoleWithWebIdentity", "sts:assumerolewithwebidentity"])
def test_who_can_come_with_a_token(make_account, action):
    """
    Asked for the action itself, a provider's subjects are who may do it to the role; no SAML provider, and no user.
    """
    claims = {"StringEquals": {f"{GITHUB}:sub": "repo:example/app:environment:prod"}}
    ci = role("ci", trust=federated(GITHUB, **claims))
    account = make_account(ci, user("anna", allow("sts:*")))

    [access] = who_can(action, ci.arn, account)

    assert access.origin.endswith(f"/{GITHUB} repo:example/app:environment:prod")
    assert (True, Verdict.ALLOW, ci.arn) == (access.outside, access.verdict, access.path[-1].resource)
    assert [] == list(who_can("sts:AssumeRoleWithSAML", ci.arn, account))


def test_tokens_that_a_deny_refuses(make_account):
    """
    A Deny in the trust policy takes the way away.
    """
    refusing = federated(GITHUB)
    refusing["Statement"].append({**refusing["Statement"][0], "Effect": "Deny"})

    assert {arn("role", "ci"): "allow"} == readers(make_account(SECRET, role("ci", allow(READ), trust=refusing)))


# What cannot be read


def test_an_unreadable_trust_policy_leaves_the_way_open(make_account):
    """
    Who asks to assume the role may, and somebody else may, too: both are in doubt.
    """
    broken = role("broken", allow(READ), trust={"Statement": [{"Effect": "Maybe"}]})
    account = make_account(SECRET, broken, user("anna", allow(ASSUME)), user("ben"))

    assert {
        broken.arn: "allow",
        arn("user", "anna"): "conditional",
        "whomever the trust policy of broken lets in": "conditional",
    } == readers(account)


def test_a_policy_that_aws_does_not_tell_makes_its_holders_doubtful(make_account):
    """
    An attached policy that is not in the answer is unknown, not absent.
    """
    account = make_account(SECRET, role("app", attached=["arn:aws:iam::aws:policy/ReadOnlyAccess"]))

    [access] = [a for a in who_can(READ, SECRET.arn, account) if a.type == "AWS::IAM::Role"]

    assert Verdict.CONDITIONAL is access.verdict
    assert "the policy ReadOnlyAccess" == access.unread[0].name


def test_an_unreadable_resource_policy_lets_in_somebody(make_account):
    """
    The policy of the secret was refused: whom it lets in is not known.
    """
    hidden = fake(Secret, {SECRETS: {"ARN": SECRET.arn, "Name": "db", "CreatedDate": None}})
    account = make_account(hidden, role("app"))

    assert {
        arn("role", "app"): "conditional",
        "whomever the resource policy of the secret db lets in": "conditional",
    } == readers(account, hidden)


def test_one_listing_that_was_refused_hides_no_other(make_account):
    """
    Functions were refused: that is said, and the nodes are named all the same.
    """
    account = make_account(SECRET, APP, nodes(APP), unlisted=[Function])

    found = {a.origin: a for a in who_can(READ, SECRET.arn, account)}

    assert "arn:aws:eks:eu-west-1:111122223333:nodegroup/prod/a/1" in found
    assert "unknown" == found["lambda:ListFunctions (eu-west-1)"].type
    assert Verdict.CONDITIONAL is found["lambda:ListFunctions (eu-west-1)"].verdict
    assert "lambda:ListFunctions (eu-west-1)" not in origins(account)


def test_one_detail_that_was_refused_hides_no_other(make_account):
    """
    A node group that could not be described hides none of the others.
    """
    cluster = fake(Cluster, {EKS_CLUSTERS: "prod"})
    account = make_account(SECRET, APP, fake(Nodegroup, {LIST_NODEGROUPS: "b"}, parent=cluster), nodes(APP))

    assert "arn:aws:eks:eu-west-1:111122223333:nodegroup/prod/a/1" in readers(account)


def test_nobody_can_be_named_without_roles(make_account):
    """
    Where roles could not be listed there is no answer.
    """
    with pytest.raises(EvidenceMissing, match="GetAccountAuthorizationDetails"):
        list(who_can(READ, SECRET.arn, make_account(SECRET, unlisted=[Role])))


# Resources and principals that are not there


@pytest.mark.parametrize(
    ("resource", "message"),
    [
        (f"{SECRET.arn}X", "the account has no"),
        ("arn:aws:dynamodb:eu-west-1:111122223333:table/t", "reads no policies of dynamodb"),
    ],
)
def test_resources_that_are_not_there(make_account, resource, message):
    """
    A resource that the account has not, or of a kind that is not modelled, is an error.
    """
    with pytest.raises(LookupError, match=message):
        list(who_can(READ, resource, make_account(SECRET)))


def test_principals_that_are_not_there(make_account):
    """
    Nobody is called so.
    """
    with pytest.raises(LookupError, match="nobody in the account"):
        list(reach(arn("user", "nobody"), make_account(SECRET)))


def test_a_key_either_signs_or_encrypts(make_account):
    """
    Reach asks of each key what it can do.
    """
    account = make_account(key("k-1"), key("k-2", usage="SIGN_VERIFY"), role("app", allow("kms:*")))

    assert {("k-1", "kms:Decrypt"), ("k-1", "kms:ScheduleKeyDeletion"), ("k-2", "kms:Sign"),
            ("k-2", "kms:ScheduleKeyDeletion")} == {
        (a.resource.rpartition("/")[2], a.action) for a in reach(arn("role", "app"), account)
    }  # fmt: skip


def test_a_grant_for_one_source_is_no_grant_for_others(make_account):
    """
    A grant that is bound to a source resource lets nobody in who calls KMS himself.
    """
    grant = {"GrantId": "g-1", "GranteePrincipal": arn("role", "app"), "Operations": ["Decrypt"]}
    bound = {**grant, "Constraints": {"SourceArn": "arn:aws:s3:::b"}}

    def decrypting(*grants):
        account = make_account(own := key("k-1", grants=grants), role("app"))
        return [a.type for a in able(question("kms:Decrypt", own, account), Key.type, account)]

    assert ["AWS::IAM::Role", "root user"] == decrypting(grant)
    assert ["root user"] == decrypting(bound)


# The two directions agree

NAMES = ("a", "b", "c", "d")
ENTITY = st.sampled_from([ROOT, *(arn("role", name) for name in NAMES), arn("user", "u"), "*"])
MFA = {"Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}


@st.composite
def accounts(draw):
    """Return roles and a user with random rights to assume each other, and to read."""
    found = []
    for name in NAMES:
        who = draw(st.lists(ENTITY, min_size=1, max_size=2, unique=True))
        more = MFA if draw(st.booleans()) else {}
        rights = draw(
            st.lists(st.sampled_from([allow(ASSUME), allow(READ), deny(READ), allow(READ, **MFA)]), max_size=2)
        )
        found.append(role(name, *rights, trust=trust(*who, **more)))

    return (*found, user("u", *draw(st.lists(st.sampled_from([allow(ASSUME), allow(READ)]), max_size=2))))


@settings(max_examples=60, deadline=None)
@given(accounts(), st.sampled_from(list(Through)))
def test_who_can_and_reach_agree(make_account, resources, through):
    """
    Somebody is among those who can, if and only if the resource is among what they reach; and as certainly.
    """
    account = make_account(SECRET, *resources, function(resources[0]))
    certain = {}
    for access in who_can(READ, SECRET.arn, account, through=through):
        certain[access.origin] = certain.get(access.origin, False) or access.verdict is Verdict.ALLOW
    others = {}
    for origin in origins(account, through):
        for access in reach(origin, account, through=through):
            if access.action == READ:
                others[origin] = others.get(origin, False) or access.verdict is Verdict.ALLOW

    assert {o: c for o, c in certain.items() if o in set(origins(account, through))} == others


def test_every_kind_of_resource_is_asked_for():
    """
    Reach asks for kinds whose policies are read, and for one action at least.
    """
    assert all(wanted for wanted in REACHED.values())
    assert 8 == len(REACHED)

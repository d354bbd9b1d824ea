"""How far subjects are pinned. The subjects are those of the providers' own documentation."""

import pytest

from awsaudit.access import PolicyKind, parse_policy
from awsaudit.access.federation import oidc_scope
from awsaudit.access.subject import Family, Width, family_of, is_shared


GITHUB = "token.actions.githubusercontent.com"
BITBUCKET = "api.bitbucket.org/2.0/workspaces/acme/pipelines-config/identity/oidc"
EKS = "oidc.eks.eu-west-1.amazonaws.com/id/ABC"
CIRCLE = "oidc.circleci.com/org/acme"
REPOSITORY = "{2a7d1c3e-aaaa}"
ENVIRONMENT = "{5b6c7d8e-bbbb}"
ACTION = "sts:AssumeRoleWithWebIdentity"


def statement(issuer=GITHUB, condition=None, **more):
    provider = issuer if issuer == "accounts.google.com" else f"arn:aws:iam::111122223333:oidc-provider/{issuer}"
    found = {"Effect": "Allow", "Principal": {"Federated": provider}, "Action": ACTION, **more}
    return found | ({"Condition": condition} if condition is not None else {})


def scope(*statements, **more):
    return oidc_scope(parse_policy({"Version": "2012-10-17", "Statement": list(statements)}, PolicyKind.TRUST), **more)


def trust(issuer=GITHUB, condition=None, *more, **options):
    (found,) = scope(statement(issuer, condition), *more, **options).trusts
    return found


def sub(*values, operator="StringLike", issuer=GITHUB):
    return {operator: {f"{issuer}:sub": list(values)}}


WIDTHS = [
    (GITHUB, "repo:acme*/app*:ref:refs/heads/main", Width.OWNER),
    (GITHUB, "repo:acme@*/app@*:ref:refs/heads/main", Width.FIXED),
    (GITHUB, "repo:acme@*/app@*:environment:*", Width.CONTEXT),
    (GITHUB, "repo:acme/*", Width.PROJECT),
    (GITHUB, "repo:acme/app*:environment:prod", Width.PROJECT),
    (GITHUB, "repo:acme/app:*", Width.CONTEXT),
    (GITHUB, "repo:acme/app*", Width.PROJECT),
    (GITHUB, "repo:acme/app:ref:refs/heads/*", Width.CONTEXT),
    (GITHUB, "repo:acme/app:ref:refs/tags/v*", Width.CONTEXT),
    (GITHUB, "repo:acme/app:pull_request", Width.CONTEXT),
    (GITHUB, "repo:acme/app", Width.CONTEXT),
    (GITHUB, "repo:acme/app:environment:prod", Width.FIXED),
    (GITHUB, "repo:acme/app:environment:prod:*", Width.FIXED),
    (GITHUB, "repo:acme/app:environment:prod*", Width.CONTEXT),
    (GITHUB, "repo:acme/app:ref:refs/heads/main", Width.FIXED),
    (GITHUB, "repo:acme@1/app@2:environment:prod", Width.FIXED),
    (GITHUB, "repo:*/app:*", Width.OWNER),
    (GITHUB, "repo:acm?/app:*", Width.OWNER),
    (GITHUB, "repo:*", Width.OWNER),
    (GITHUB, "*:environment:prod", Width.OWNER),
    (GITHUB, "environment:prod", Width.OWNER),
    (GITHUB, "*", Width.MISSING),
    (GITHUB, "repository_owner:acme", Width.PROJECT),
    (GITHUB, "repository_owner:acme:*", Width.PROJECT),
    (GITHUB, "repository_id:12:environment:prod", Width.FIXED),
    (GITHUB, "job_workflow_ref:acme/ci/.github/workflows/deploy.yml@refs/heads/main", Width.FIXED),
    (GITHUB, "job_workflow_ref:acme/ci/.github/workflows/deploy.yml@*", Width.CONTEXT),
    (BITBUCKET, "*", Width.MISSING),
    (BITBUCKET, "*:*:*", Width.PROJECT),
    (BITBUCKET, "{*", Width.PROJECT),
    (BITBUCKET, f"{REPOSITORY}:*", Width.CONTEXT),
    (BITBUCKET, f"{REPOSITORY}*", Width.CONTEXT),
    (BITBUCKET, f"{REPOSITORY}:{ENVIRONMENT}:*", Width.FIXED),
    (BITBUCKET, f"{REPOSITORY}:{ENVIRONMENT}*", Width.FIXED),
    (BITBUCKET, "2a7d1c3e-aaaa:*", Width.NOBODY),
    (BITBUCKET, f"{REPOSITORY}:{ENVIRONMENT}", Width.NOBODY),
    ("gitlab.com", "project_path:acme*", Width.OWNER),
    ("gitlab.com", "project_path:acme/*:ref_type:branch:ref:main", Width.PROJECT),
    ("gitlab.com", "project_path:acme/team/*:ref_type:branch:ref:main", Width.PROJECT),
    ("gitlab.com", "project_path:acme/app:ref_type:branch:ref:*", Width.CONTEXT),
    ("gitlab.com", "project_path:acme/app:*", Width.CONTEXT),
    ("gitlab.com", "project_path:acme/team/app:ref_type:branch:ref:main", Width.FIXED),
    ("gitlab.com", "project_id:42:ref_type:branch:ref:main", Width.FIXED),
    ("git.example.com", "project_path:*:ref_type:branch:ref:main", Width.PROJECT),
    ("app.terraform.io", "organization:acme*", Width.OWNER),
    ("app.terraform.io", "organization:acme:*", Width.PROJECT),
    ("app.terraform.io", "organization:acme:project:*:workspace:*:run_phase:apply", Width.PROJECT),
    ("app.terraform.io", "organization:acme:project:*:workspace:app:run_phase:*", Width.CONTEXT),
    ("app.terraform.io", "organization:acme:project:*:workspace:app:run_phase:apply", Width.FIXED),
    ("app.terraform.io", "organization:acme:project:p:stack:s:deployment:*:operation:apply", Width.FIXED),
    ("tfe.example.com", "organization:*:project:*:workspace:app:run_phase:apply", Width.FIXED),
    ("tfe.example.com", "organization:acme:project:p:workspace:*:run_phase:apply", Width.PROJECT),
    (CIRCLE, "org/acme/project/*", Width.PROJECT),
    (CIRCLE, "org/acme/project/1-2/user/*", Width.CONTEXT),
    ("agent.buildkite.com", "organization:acme*", Width.OWNER),
    ("agent.buildkite.com", "organization:acme:pipeline:*", Width.PROJECT),
    ("agent.buildkite.com", "organization:acme:pipeline:app:*", Width.CONTEXT),
    ("agent.buildkite.com", "organization:acme:pipeline:app:ref:refs/heads/main:commit:*:step:*", Width.FIXED),
    ("vstoken.dev.azure.com/1-2", "sc://acme/*", Width.PROJECT),
    ("vstoken.dev.azure.com/1-2", "sc://acme/app/aws", Width.FIXED),
    ("acme.app.spacelift.io", "space:*", Width.PROJECT),
    ("acme.app.spacelift.io", "space:prod:*", Width.CONTEXT),
    ("proidc.upbound.io", "mcp:acme*", Width.OWNER),
    ("proidc.upbound.io", "mcp:acme/*", Width.PROJECT),
    ("proidc.upbound.io", "mcp:acme/one:provider:provider-aws", Width.FIXED),
    (EKS, "*", Width.MISSING),
    (EKS, "system:serviceaccount:*:loader", Width.PROJECT),
    (EKS, "system:serviceaccount:jobs:*", Width.CONTEXT),
    (EKS, "system:serviceaccount:jobs:loader", Width.FIXED),
    ("idp.example.com", "*", Width.MISSING),
    ("idp.example.com", "*-prod", Width.PROJECT),
    ("idp.example.com", "build:prod", Width.FIXED),
]


@pytest.mark.parametrize(("issuer", "value", "width"), WIDTHS, ids=[f"{i[:14]} {v}" for i, v, _ in WIDTHS])
def test_tells_how_far_a_subject_is_pinned(issuer, value, width):
    """
    The widest token that the statement takes decides: of another owner, another project, or another run.
    """
    found = trust(issuer, sub(value, issuer=issuer))

    assert width is found.width
    assert bool(found.witness) == (width > Width.FIXED)


@pytest.mark.parametrize(("issuer", "value", "width"), [w for w in WIDTHS if w[2] > Width.FIXED])
def test_the_witness_is_taken(issuer, value, width):
    """
    Beside a Deny of the same pattern, a statement for exactly the witness lets nobody in.
    """
    witness = trust(issuer, sub(value, issuer=issuer)).witness["sub"]
    deny = {"Effect": "Deny", "Principal": "*", "Action": ACTION, "Condition": sub(value, issuer=issuer)}
    both = trust(issuer, sub(witness, operator="StringEquals", issuer=issuer), deny)

    assert Width.NOBODY is both.width


def test_a_wildcard_is_a_character_to_string_equals():
    """
    Nobody has a subject with an asterisk in it: the role cannot be assumed.
    """
    assert Width.NOBODY is trust(GITHUB, sub("repo:acme/*", operator="StringEquals")).width
    assert Width.FIXED is trust(GITHUB, sub("repo:acme/app:environment:prod", operator="StringEquals")).width


@pytest.mark.parametrize(
    "condition",
    [
        None,
        {"StringEquals": {f"{GITHUB}:aud": "sts.amazonaws.com"}},
        sub("repo:acme/app:*", operator="StringLikeIfExists"),
        sub("repo:acme/app:*", operator="ForAllValues:StringLike"),
        sub("repo:evil/*", operator="StringNotLike"),
        {"Null": {f"{GITHUB}:sub": "false"}},
        {"StringEquals": {f"{GITHUB}:environment": "prod"}},
    ],
)
def test_what_does_not_bind_is_missing(condition):
    """
    Another claim, IfExists, ForAllValues, negations and Null leave the subject to anybody.
    """
    assert Width.MISSING is trust(GITHUB, condition).width


def test_names_of_keys_are_the_same_in_either_case():
    """
    TOKEN.ACTIONS…:SUB is the same key.
    """
    condition = {"StringEquals": {f"{GITHUB}:SUB".upper(): "repo:acme/app:environment:prod"}}

    assert Width.FIXED is trust(GITHUB, condition).width


def test_the_key_of_another_issuer_lets_nobody_in():
    """
    A token of GitHub has no claim of GitLab's.
    """
    assert Width.NOBODY is trust(GITHUB, sub("*", issuer="gitlab.com")).width


@pytest.mark.parametrize(
    ("claims", "subject", "width"),
    [
        ({"repository_id": "12"}, None, Width.CONTEXT),
        ({"repository_id": "12"}, "repo:*", Width.CONTEXT),
        ({"repository": "acme/app"}, None, Width.CONTEXT),
        ({"repository": "acme/app", "ref": "refs/heads/main"}, None, Width.FIXED),
        ({"repository_id": "12", "environment": "prod"}, None, Width.FIXED),
        ({"environment": "prod"}, "repo:acme/app:*", Width.FIXED),
        ({"enterprise_id": "7"}, None, Width.PROJECT),
        ({"repository_owner_id": "7"}, "*", Width.PROJECT),
        ({"job_workflow_ref": "acme/ci/.github/workflows/d.yml@refs/heads/main"}, "repo:acme/*", Width.FIXED),
    ],
)
def test_claims_of_their_own_count(claims, subject, width):
    """
    STS compares more of GitHub's claims since 2026: each fixes what it names.
    """
    condition = {"StringEquals": {f"{GITHUB}:{claim}": value for claim, value in claims.items()}}

    assert width is trust(GITHUB, condition | (sub(subject) if subject else {})).width


def test_a_wildcard_in_a_claim_of_its_own_is_open():
    """
    StringLike on the repository with another owner's possible.
    """
    assert Width.OWNER is trust(GITHUB, {"StringLike": {f"{GITHUB}:repository": "acme*/app"}}).width
    assert Width.PROJECT is trust(GITHUB, {"StringLike": {f"{GITHUB}:repository": "acme/*"}}).width


def test_deny_subtracts():
    """
    An Allow for all beside a Deny of all but one organization leaves that organization.
    """
    spared = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": ACTION,
        "Condition": sub("repo:acme/*", operator="StringNotLike"),
    }
    fixed = sub("repo:acme/app:environment:prod", operator="StringNotEquals")

    assert Width.PROJECT is trust(GITHUB, sub("repo:*"), spared).width
    assert Width.PROJECT is trust(GITHUB, None, spared).width
    assert Width.FIXED is trust(GITHUB, sub("repo:*"), {**spared, "Condition": fixed}).width
    assert Width.NOBODY is trust(GITHUB, sub("repo:*"), {k: v for k, v in spared.items() if k != "Condition"}).width


def test_several_subjects_are_all_looked_at():
    """
    One that is open is enough; several that are fixed are fixed.
    """
    fixed = ("repo:acme/one:environment:prod", "repo:acme/two:environment:prod")

    assert Width.FIXED is trust(GITHUB, sub(*fixed)).width
    assert Width.OWNER is trust(GITHUB, sub(*fixed, "repo:ac*/three:environment:prod")).width


def test_conditions_on_one_key_have_to_hold_together():
    """
    A wide pattern beside a narrow one leaves the narrow one.
    """
    condition = sub("*") | sub("repo:acme/app:environment:prod", operator="StringEquals")

    assert Width.FIXED is trust(GITHUB, condition).width


def test_a_network_of_ones_own_keeps_strangers_out():
    """
    Who is not in the network does not get in; the owner's own projects still do.
    """
    assert Width.PROJECT is trust(GITHUB, {"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}).width
    assert Width.MISSING is trust(GITHUB, {"IpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/1"]}}).width


def test_accepted_subjects_are_no_strangers():
    """
    What the account's owner accepts is not reported; what goes beyond it is.
    """
    accepted = (f"{GITHUB}=repo:acme/*", "gitlab.com=*")

    assert Width.FIXED is trust(GITHUB, sub("repo:acme/*"), accepted=accepted).width
    assert Width.OWNER is trust(GITHUB, sub("repo:ac*"), accepted=accepted).width
    assert Width.MISSING is trust(GITHUB, None, accepted=accepted).width


def test_google_names_the_application_by_the_audience():
    """
    ``aud`` is who asked for the token, ``oaud`` is what anybody may ask for.
    """
    google = "accounts.google.com"

    assert Width.FIXED is trust(google, {"StringEquals": {f"{google}:aud": "123.apps.googleusercontent.com"}}).width
    assert Width.MISSING is trust(google, {"StringEquals": {f"{google}:oaud": "sts.amazonaws.com"}}).width
    assert Width.FIXED is trust(google, {"StringEquals": {f"{google}:sub": "117"}}).width


def test_each_provider_of_each_statement_is_told():
    """
    Statements for other principals and other actions are not about tokens.
    """
    two = statement() | {
        "Principal": {"Federated": [statement()["Principal"]["Federated"], "arn:aws:iam::111122223333:saml-provider/x"]}
    }
    service = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:*"}
    other = statement(BITBUCKET, Action="sts:AssumeRole")

    assert [GITHUB, EKS] == [t.issuer for t in scope(two, service, other, statement(EKS)).trusts]


def test_too_many_outcomes_are_undecided():
    """
    Patterns that cannot be told apart in time leave it open.
    """
    issuer = "idp.example.com"
    values = [f"*{a}*{b}*{c}*" for a in "abc" for b in "hij" for c in "mno"]
    condition = sub(*values, issuer=issuer) | sub(*values, issuer=issuer, operator="StringNotLike")
    found = trust(issuer, condition)

    assert found.undecided


def test_a_doubt_is_told():
    """
    An operator that nobody knows hangs in the balance.
    """
    found = trust(GITHUB, sub("repo:*") | {"StringMaybe": {f"{GITHUB}:aud": "x"}})

    assert "the operator StringMaybe" == found.depends_on[0].on


@pytest.mark.parametrize(
    ("issuer", "family", "shared"),
    [
        (GITHUB, Family.GITHUB, True),
        (f"{GITHUB}/acme", Family.GITHUB, False),
        ("token.actions.acme.ghe.com", Family.GITHUB, False),
        ("github.example.com/_services/token", Family.GITHUB, False),
        (BITBUCKET, Family.BITBUCKET, False),
        ("gitlab.com", Family.GITLAB, True),
        ("gitlab.example.com", Family.GITLAB, False),
        ("app.eu.terraform.io", Family.TERRAFORM, True),
        (CIRCLE, Family.CIRCLECI, False),
        ("agent.buildkite.com", Family.BUILDKITE, True),
        ("vstoken.dev.azure.com/1", Family.AZURE_DEVOPS, False),
        ("acme.app.spacelift.io", Family.SPACELIFT, False),
        ("accounts.google.com", Family.GOOGLE, True),
        ("cognito-identity.amazonaws.com", Family.COGNITO, False),
        ("cognito-idp.eu-west-1.amazonaws.com/eu-west-1_x", Family.COGNITO, False),
        (EKS, Family.EKS, False),
        ("oidc.vercel.com", Family.OTHER, True),
        ("notgitlab.com", Family.OTHER, False),
    ],
)
def test_knows_issuers(issuer, family, shared):
    """
    By the issuer's name, all of it.
    """
    assert (family, shared) == (family_of(issuer, ()), is_shared(issuer))

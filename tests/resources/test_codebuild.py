import pytest

from awsaudit.plan import trees_of
from awsaudit.projection import project as kept_of
from awsaudit.resources.codebuild import (
    CREDENTIALS,
    DETAILS,
    LIST,
    POLICY,
    BuildspecKind,
    Project,
    SourceCredential,
    Variable,
    WebhookScope,
)
from awsaudit.testing import fake


TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9" * 2


ANSWER = {
    "name": "release",
    "serviceRole": "arn:aws:iam::111122223333:role/release",
    "source": {
        "type": "GITHUB",
        "location": "https://github.com/example/release.git",
        "buildspec": "version: 0.2\nenv: in plain text",
    },
    "environment": {
        "environmentVariables": [
            {"name": "STAGE", "value": "in plain text"},
            {"name": "TOKEN", "value": "ci/token:key", "type": "SECRETS_MANAGER"},
        ]
    },
    "webhook": {
        "payloadUrl": "https://codebuild.eu-west-1.amazonaws.com/webhooks?t=in plain text",
        "secret": "in plain text",
        "filterGroups": [
            [
                {"type": "EVENT", "pattern": "PULL_REQUEST_CREATED"},
                {"type": "ACTOR_ACCOUNT_ID", "pattern": "^1$", "excludeMatchedPattern": True},
            ]
        ],
        "pullRequestBuildPolicy": {"requiresCommentApproval": "FORK_PULL_REQUESTS", "approverRoles": ["GITHUB_WRITE"]},
    },
}


def test_project_is_read():
    """
    Variables have their name and where their value comes from, plain text unless it is said; a reference is no secret.
    """
    project_ = fake(Project, {LIST: "release", DETAILS: ANSWER})

    assert "arn:aws:codebuild:eu-west-1:111122223333:project/release" == project_.arn
    assert ("arn:aws:iam::111122223333:role/release", "GITHUB") == (project_.role_arn, project_.source_type)
    assert (Variable("STAGE", "PLAINTEXT"), Variable("TOKEN", "SECRETS_MANAGER", "ci/token:key")) == project_.variables


def test_webhook_is_read():
    """
    Groups of filters stay groups; a webhook without filters is one all the same.
    """
    hook = fake(Project, {LIST: "release", DETAILS: ANSWER}).webhook
    bare = fake(Project, {LIST: "release", DETAILS: {**ANSWER, "webhook": {"url": "https://example.com"}}}).webhook
    none = fake(Project, {LIST: "release", DETAILS: {"name": "release"}}).webhook

    assert [[("EVENT", False), ("ACTOR_ACCOUNT_ID", True)]] == [[(f.kind, f.excludes) for f in g] for g in hook.filters]
    assert ("FORK_PULL_REQUESTS", ("GITHUB_WRITE",), None) == (hook.approval, hook.approvers, hook.branches)
    assert ((), None) == (bare.filters, bare.approval)
    assert none is None


def test_values_and_secrets_are_not_kept():
    """
    Evidence of a project has no values of variables, no build specification, no secret and no token of the webhook.
    """
    tree = next(tree for call, tree in trees_of(Project) if call == DETAILS)

    assert "in plain text" not in str(kept_of(tree, {"projects": [ANSWER]}))


def project(**changes):
    return fake(Project, {LIST: "release", DETAILS: {**ANSWER, **changes}})


def test_source_is_read():
    """
    A location loses user and query; what it gave away is a hit. Nothing is read of a connection but its ARN.
    """
    found = project(
        source={
            "type": "GITHUB",
            "location": f"https://x-access-token:{TOKEN}@github.com/example/release.git?ref=main",
            "insecureSsl": True,
            "auth": {
                "type": "CODECONNECTIONS",
                "resource": "arn:aws:codeconnections:eu-west-1:111122223333:connection/1",
            },
        }
    ).source

    assert ("https://github.com/example/release.git", True) == (found.location, found.insecure_ssl)
    assert ["github-token"] == [hit.detector for hit in found.leaks]
    assert ("CODECONNECTIONS", "arn:aws:codeconnections:eu-west-1:111122223333:connection/1") == (
        found.auth_type,
        found.auth_resource,
    )
    assert TOKEN not in repr(found)


@pytest.mark.parametrize(
    ("given", "kind", "place", "words"),
    [
        (None, BuildspecKind.REPOSITORY, None, ()),
        ("", BuildspecKind.REPOSITORY, None, ()),
        ("ci/build.yml", BuildspecKind.REPOSITORY, "ci/build.yml", ()),
        ("arn:aws:s3:::specs/build.yml", BuildspecKind.BUCKET, "arn:aws:s3:::specs/build.yml", ()),
        ("version: 0.2\n# no docker\nphases: {}\n", BuildspecKind.INLINE, None, ()),
        ("version: 0.2\nphases:\n  build:\n    commands: [docker build .]\n", BuildspecKind.INLINE, None, ("docker",)),
        ('{"version": 0.2, "phases": {}}', BuildspecKind.INLINE, None, ()),
    ],
)
def test_buildspec_is_read(given, kind, place, words):
    """
    One line is a path or an ARN, several are the specification; of that only words that are asked for are kept.
    """
    found = project(source={"type": "GITHUB", "buildspec": given} if given is not None else {"type": "GITHUB"})

    assert (kind, place, words) == (
        found.source.buildspec.kind,
        found.source.buildspec.place,
        found.source.buildspec.words,
    )


def test_secrets_are_found():
    """
    Variables in plain text and specifications in the project are looked through; references are none.
    """
    spec = f"version: 0.2\nenv:\n  variables:\n    NPM: npm_{'a1B2c3D4e5F6' * 3}\n  secrets-manager:\n    T: ci/gh:token-7x\n"
    found = project(
        source={"type": "GITHUB", "buildspec": "buildspec.yml"},
        secondarySources=[{"type": "S3", "buildspec": spec}],
        environment={
            "image": "aws/codebuild/standard:7.0",
            "type": "LINUX_CONTAINER",
            "environmentVariables": [
                {"name": "DEPLOY_TOKEN", "value": TOKEN},
                {"name": "STAGE", "value": "production", "type": "PLAINTEXT"},
                {"name": "GH_TOKEN", "value": "ci/gh:token-7x", "type": "SECRETS_MANAGER"},
            ],
        },
    ).secrets

    assert [("DEPLOY_TOKEN", "github-token"), ("buildspec", "npm-token")] == [(h.name, h.detector) for h in found]


def test_settings_are_read():
    """
    What AWS leaves out is what it does then: logs in CloudWatch, none in a bucket, builds nobody else sees.
    """
    bare = project()
    full = project(
        tags=[{"key": "stage", "value": "production"}],
        artifacts={"type": "S3", "location": "releases", "encryptionDisabled": True},
        secondaryArtifacts=[{"type": "S3", "location": "maps", "artifactIdentifier": "maps"}],
        encryptionKey="alias/releases",
        environment={
            "image": "example/builder",
            "type": "LINUX_CONTAINER",
            "computeType": "BUILD_GENERAL1_SMALL",
            "privilegedMode": True,
            "imagePullCredentialsType": "SERVICE_ROLE",
            "registryCredential": {"credential": "ci/registry", "credentialProvider": "SECRETS_MANAGER"},
        },
        cache={"type": "S3", "location": "caches/release", "cacheNamespace": "all"},
        logsConfig={"cloudWatchLogs": {"status": "DISABLED"}, "s3Logs": {"status": "ENABLED", "location": "logs/x"}},
        vpcConfig={"vpcId": "vpc-1"},
        projectVisibility="PUBLIC_READ",
        resourceAccessRole="arn:aws:iam::111122223333:role/public",
        buildBatchConfig={"serviceRole": "arn:aws:iam::111122223333:role/batch"},
        timeoutInMinutes=20,
    )

    assert ("ENABLED", "DISABLED", "PRIVATE") == (bare.logs.cloudwatch, bare.logs.s3, bare.visibility)
    assert (None, None, (), {}, None) == (bare.artifacts, bare.cache, bare.secondary_artifacts, bare.tags, bare.vpc_id)
    assert ({"stage": "production"}, "alias/releases", "vpc-1", 20) == (
        full.tags,
        full.encryption_key,
        full.vpc_id,
        full.timeout,
    )
    assert ("releases", True, "maps") == (
        full.artifacts.location,
        full.artifacts.encryption_disabled,
        full.secondary_artifacts[0].identifier,
    )
    assert ("SERVICE_ROLE", "ci/registry", True) == (
        full.environment.image_pull_credentials,
        full.environment.registry_credential,
        full.environment.privileged,
    )
    assert ("caches/release", "all") == (full.cache.location, full.cache.namespace)
    assert ("DISABLED", "ENABLED", "logs/x") == (full.logs.cloudwatch, full.logs.s3, full.logs.s3_location)
    assert ("PUBLIC_READ", "arn:aws:iam::111122223333:role/public", "arn:aws:iam::111122223333:role/batch") == (
        full.visibility,
        full.resource_access_role_arn,
        full.batch_role_arn,
    )


def test_scope_of_a_webhook_is_read():
    """
    A webhook of an organization says which.
    """
    scope = {"scope": "GITHUB_ORGANIZATION", "name": "example"}
    hook = project(webhook={"scopeConfiguration": scope, "status": "ACTIVE", "manualCreation": True}).webhook

    assert (WebhookScope("GITHUB_ORGANIZATION", "example", None), "ACTIVE", True) == (
        hook.scope,
        hook.status,
        hook.manual_creation,
    )


def test_policy_is_read():
    """
    The policy is JSON as text; without one there is none.
    """
    shared = fake(Project, {LIST: "release", DETAILS: ANSWER, POLICY: {"policy": '{"Statement": []}'}})
    alone = fake(Project, {LIST: "release", DETAILS: ANSWER, POLICY: None})

    assert ({"Statement": []}, None) == (shared.policy, alone.policy)


def test_credential_is_read():
    """
    An account's credential says for whom it is and of which kind.
    """
    arn = "arn:aws:codebuild:eu-west-1:111122223333:token/github"
    found = fake(SourceCredential, {CREDENTIALS: {"arn": arn, "serverType": "GITHUB", "authType": "OAUTH"}})

    assert (arn, "GITHUB", "OAUTH", None) == (found.arn, found.server_type, found.auth_type, found.resource)

"""
AWS CodeBuild.

https://docs.aws.amazon.com/codebuild/latest/APIReference/
"""

from __future__ import annotations

import enum

from typing import Any, ClassVar, Final

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, From, Resource
from awsaudit.gist import Gist
from awsaudit.parser import (
    document,
    flag,
    gist,
    many,
    optional,
    optional_integer,
    optional_text,
    record,
    secret_hits,
    tags,
    text,
    texts,
    where,
)
from awsaudit.projection import SECRET, Tree
from awsaudit.secrets import Hit


@frozen
class Variable:
    """
    An environment variable of a project; the value of one in plain text is not kept.

    Args:
        name: Its name.

        kind: ``PLAINTEXT``, or where the value comes from: ``PARAMETER_STORE`` or ``SECRETS_MANAGER``.

        reference: The parameter's name, or the secret's name or ARN, perhaps with a JSON key, a version's label and its id
            after it; None in plain text.
    """

    name: str
    kind: str
    reference: str | None = None


class BuildspecKind(enum.Enum):
    """Where the build specification of a source is."""

    REPOSITORY = "repository"
    """In the source, where whoever changes the source changes it: at the usual place, or at a path."""

    INLINE = "inline"
    """In the project itself."""

    BUCKET = "bucket"
    """In a bucket of S3."""


@frozen
class Buildspec:
    """
    Where a source's build specification is; the text itself may hold secrets and is not kept.

    Args:
        kind: Where it is.

        place: The path, or the ARN of the object; None for the usual place and in the project.

        words: Which of `BUILD_WORDS` one in the project has, comments left out; empty elsewhere.
    """

    kind: BuildspecKind
    place: str | None = None
    words: tuple[str, ...] = ()


@frozen
class Source:
    """
    Where the source of a project's builds is.

    Args:
        type: Such as ``GITHUB``, ``S3``, ``CODEPIPELINE`` or ``NO_SOURCE``.

        location: The repository's URL without user and query, or bucket and path; None where AWS tells none.

        leaks: What the secret detectors found in the location.

        insecure_ssl: TLS to the source is not verified.

        auth_type: ``CODECONNECTIONS``, ``SECRETS_MANAGER`` or ``OAUTH``; None where the account's credential for the provider
            serves.

        auth_resource: The ARN of the connection or the secret; None without one.

        buildspec: Where the build specification is.

        identifier: What a secondary source is called; None for the first one.
    """

    type: str
    location: str | None
    leaks: tuple[Hit, ...]
    insecure_ssl: bool
    auth_type: str | None
    auth_resource: str | None
    buildspec: Buildspec
    identifier: str | None


@frozen
class Artifacts:
    """
    What a project's builds leave behind.

    Args:
        type: ``S3``, ``CODEPIPELINE`` or ``NO_ARTIFACTS``.

        location: The bucket; None unless it is one.

        encryption_disabled: They are stored without the encryption that CodeBuild does.

        identifier: What secondary artifacts are called; None for the first ones.
    """

    type: str
    location: str | None
    encryption_disabled: bool
    identifier: str | None


@frozen
class Environment:
    """
    What builds run in.

    Args:
        image: The image, as written there.

        type: Such as ``LINUX_CONTAINER``.

        compute: Such as ``BUILD_GENERAL1_SMALL``.

        privileged: Builds may run a Docker daemon, as root of the host's kernel.

        image_pull_credentials: ``CODEBUILD`` or ``SERVICE_ROLE``: with whose rights the image is pulled; None untold.

        registry_credential: ARN or name of the secret for a private registry; None without one.

        fleet_arn: The fleet of reserved machines; None without one.
    """

    image: str
    type: str
    compute: str | None
    privileged: bool
    image_pull_credentials: str | None
    registry_credential: str | None
    fleet_arn: str | None


@frozen
class Cache:
    """
    What builds keep for the next ones.

    Args:
        type: ``S3``, ``LOCAL`` or ``NO_CACHE``.

        location: Bucket and prefix of a cache in S3; None for others.

        namespace: Projects of one location and namespace share what is cached; None where it is the project's own.

        modes: What a local cache keeps.
    """

    type: str
    location: str | None
    namespace: str | None
    modes: tuple[str, ...]


@frozen
class Logs:
    """
    Where builds log to.

    Args:
        cloudwatch: ``ENABLED`` or ``DISABLED`` for CloudWatch Logs, which is enabled where AWS is silent.

        group: The name of the log group; None for the one that is called after the project.

        s3: The same for a bucket, which is disabled where AWS is silent.

        s3_location: Bucket and prefix; None without one.

        s3_encryption_disabled: Logs are stored in the bucket without the encryption that CodeBuild does.
    """

    cloudwatch: str
    group: str | None
    s3: str
    s3_location: str | None
    s3_encryption_disabled: bool


@frozen
class WebhookFilter:
    """
    What an event has to be to start a build.

    Args:
        kind: What is looked at, such as ``EVENT``, ``ACTOR_ACCOUNT_ID`` or ``HEAD_REF``.

        pattern: Names of events for ``EVENT``, else a regular expression.

        excludes: Whether the event must not match.
    """

    kind: str
    pattern: str
    excludes: bool


@frozen
class WebhookScope:
    """
    Which repositories send their events, where it is more than the project's own.

    Args:
        kind: ``GITHUB_ORGANIZATION``, ``GITHUB_GLOBAL`` or ``GITLAB_GROUP``.

        name: The organization, enterprise or group.

        domain: Where it is hosted, unless at the provider; None there.
    """

    kind: str
    name: str
    domain: str | None


@frozen
class Webhook:
    """
    What lets events of a repository start builds.

    Args:
        branches: A regular expression of branches; None for all of them. AWS advises filters in its place.

        filters: Groups of filters: all of a group must match, and one group must. Without any, every event starts a build.

        approval: Which pull requests have to be approved first: ``ALL_PULL_REQUESTS``, ``FORK_PULL_REQUESTS`` or
            ``DISABLED``; None where AWS does not say.

        approvers: Roles in the repository whose holders need no approval, such as ``GITHUB_WRITE``.

        scope: Which repositories send events; None for the project's own.

        manual_creation: The owner makes the webhook at the provider, CodeBuild does not.

        status: ``CREATING``, ``CREATE_FAILED``, ``ACTIVE`` or ``DELETING``; None where AWS does not say.

        build_type: ``BUILD``, ``BUILD_BATCH`` or ``RUNNER_BUILDKITE_BUILD``; None where AWS does not say.
    """

    branches: str | None
    filters: tuple[tuple[WebhookFilter, ...], ...]
    approval: str | None
    approvers: tuple[str, ...]
    scope: WebhookScope | None = None
    manual_creation: bool = False
    status: str | None = None
    build_type: str | None = None


# fmt: off
IMAGE_WORDS: Final = (
    "docker", "docker-compose", "dockerd", "buildx", "buildctl", "buildkit", "dind", "buildah", "podman", "nerdctl", "kaniko",
    "earthly", "dagger", "skaffold", "cibuildwheel", "testcontainers", "minikube", "k3d", "use-container",
)
"""What builds or runs containers, in a build specification."""

SCRIPT_WORDS: Final = (
    "sh", "bash", "make", "rake", "gradle", "gradlew", "mvn", "mvnw", "sbt", "bazel", "npm", "npx", "yarn", "pnpm", "tox",
    "nox", "invoke", "cdk", "sam", "serverless", "copilot", "packer", "ansible-playbook", "pack", "ps1",
)
"""What runs commands that a build specification does not show, those of containers among them."""
# fmt: on

TEST_WORDS: Final = ("test", "tests", "testing", "pytest", "unittest", "qa", "lint", "scan", "verify", "reports")
"""What speaks of tests, in a build specification."""

BUILD_WORDS: Final = (*IMAGE_WORDS, *SCRIPT_WORDS, *TEST_WORDS)
"""What is looked for in build specifications."""

_REFERS = "type == 'SECRETS_MANAGER' || type == 'PARAMETER_STORE'"
_PLAIN = f"!({_REFERS})"
_REFERENCE = record(str, object=("value", text))


class _Found:
    """Parse what the secret detectors say of a value; nothing else of it is kept."""

    tree: Tree = SECRET

    def __call__(self, value: Any) -> tuple[Hit, ...]:
        return secret_hits(value)


_FOUND = _Found()


def _given(found: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return found


def _kind(value: Any) -> str:
    return optional_text(value) or "PLAINTEXT"


def _shown(what: Gist | None) -> str | None:
    return (what.shown or None) if what else None


def _hits(what: Gist | None) -> tuple[Hit, ...]:
    return what.hits if what else ()


def _buildspec(what: Gist | None) -> Buildspec:
    if what is None or what.shown == "":
        return Buildspec(BuildspecKind.REPOSITORY)
    if what.shown is None:
        return Buildspec(BuildspecKind.INLINE, words=what.words)
    kind = BuildspecKind.BUCKET if what.shown.startswith("arn:") else BuildspecKind.REPOSITORY

    return Buildspec(kind, what.shown)


def _visibility(value: Any) -> str:
    return optional_text(value) or "PRIVATE"


def _cloudwatch(value: Any) -> str:
    return optional_text(value) or "ENABLED"


def _s3(value: Any) -> str:
    return optional_text(value) or "DISABLED"


def _secrets(**parts: Any) -> tuple[Hit, ...]:
    variables = [hit for found in parts.pop("variables") for hit in found or ()]
    return tuple(dict.fromkeys([*variables, *parts["first"], *(hit for found in parts["others"] for hit in found)]))


_SOURCE = record(
    Source,
    type=("type", text),
    location=("location", gist(_shown)),
    leaks=("location", gist(_hits)),
    insecure_ssl=("insecureSsl", flag),
    auth_type="auth.type",
    auth_resource="auth.resource",
    buildspec=("buildspec", gist(_buildspec, *BUILD_WORDS)),
    identifier="sourceIdentifier",
)
_ARTIFACTS = record(
    Artifacts,
    type=("type", text),
    location="location",
    encryption_disabled=("encryptionDisabled", flag),
    identifier="artifactIdentifier",
)
_BUILDSPEC_HITS = gist(_hits, *BUILD_WORDS)


LIST = Call("ListProjects", result="projects[]")
DETAILS = Call(
    "BatchGetProjects",
    result="projects[]",
    batch=Batch("names", 100, key="name", failures="projectsNotFound[]"),
)
# A project that is shared with nobody has no policy.
# https://docs.aws.amazon.com/codebuild/latest/APIReference/API_GetResourcePolicy.html
POLICY = Call(
    "GetResourcePolicy",
    params={"resourceArn": From(DETAILS, "arn")},
    absent=("ResourceNotFoundException",),
)


class Project(Resource):
    """A build project."""

    service: ClassVar[str] = "codebuild"
    type: ClassVar[str] = "AWS::CodeBuild::Project"
    listing: ClassVar[Call] = LIST

    name = Fact(LIST, "@", text, "The project's name.")
    role_arn = Fact(DETAILS, "serviceRole", optional_text, "The role that builds run with; unset where AWS says none.")
    batch_role_arn = Fact(
        DETAILS,
        "buildBatchConfig.serviceRole",
        optional_text,
        "The role that batches of builds run with; unset without.",
    )
    resource_access_role_arn = Fact(
        DETAILS,
        "resourceAccessRole",
        optional_text,
        "The role that shows logs and artifacts of public builds to everybody; unset without.",
    )
    source_type = Fact(
        DETAILS, "source.type", text, "Where the source is, such as ``GITHUB``, ``CODEPIPELINE`` or ``NO_SOURCE``."
    )
    source = Fact(DETAILS, "source", _SOURCE, "Its first source: where it is, how it is read, what builds it.")
    secondary_sources = Fact(DETAILS, "secondarySources", many(_SOURCE), "Its other sources.")
    artifacts = Fact(DETAILS, "artifacts", optional(_ARTIFACTS), "What its builds leave behind.")
    secondary_artifacts = Fact(DETAILS, "secondaryArtifacts", many(_ARTIFACTS), "What they leave behind besides.")
    encryption_key = Fact(
        DETAILS,
        "encryptionKey",
        optional_text,
        "ARN or alias of the KMS key for what builds leave behind; unset for the one of S3.",
    )
    environment = Fact(
        DETAILS,
        "environment",
        record(
            Environment,
            image=("image", text),
            type=("type", text),
            compute="computeType",
            privileged=("privilegedMode", flag),
            image_pull_credentials="imagePullCredentialsType",
            registry_credential="registryCredential.credential",
            fleet_arn="fleet.fleetArn",
        ),
        "What its builds run in.",
    )
    variables = Fact(
        DETAILS,
        "environment.environmentVariables",
        many(record(Variable, name=("name", text), kind=("type", _kind), reference=("@", where(_REFERS, _REFERENCE)))),
        "Its environment variables, without values in plain text.",
    )
    secrets = Fact(
        DETAILS,
        "@",
        record(
            _secrets,
            variables=(
                "environment.environmentVariables",
                many(where(_PLAIN, record(_given, found=("value", _FOUND)))),
            ),
            first=("source.buildspec", _BUILDSPEC_HITS),
            others=("secondarySources[].buildspec", many(_BUILDSPEC_HITS)),
        ),
        "What the secret detectors found in variables in plain text and in build specifications of the project itself.",
    )
    cache = Fact(
        DETAILS,
        "cache",
        optional(
            record(
                Cache,
                type=("type", text),
                location="location",
                namespace="cacheNamespace",
                modes=("modes", texts),
            )
        ),
        "What its builds keep for the next ones; unset where AWS says nothing.",
    )
    logs = Fact(
        DETAILS,
        "logsConfig",
        record(
            Logs,
            cloudwatch=("cloudWatchLogs.status", _cloudwatch),
            group="cloudWatchLogs.groupName",
            s3=("s3Logs.status", _s3),
            s3_location="s3Logs.location",
            s3_encryption_disabled=("s3Logs.encryptionDisabled", flag),
        ),
        "Where its builds log to.",
    )
    file_systems = Fact(
        DETAILS, "fileSystemLocations[].identifier", texts, "What the file systems are called that its builds mount."
    )
    vpc_id = Fact(DETAILS, "vpcConfig.vpcId", optional_text, "The network that builds run in; unset without one.")
    visibility = Fact(
        DETAILS,
        "projectVisibility",
        _visibility,
        "``PUBLIC_READ`` where everybody may read its builds, or ``PRIVATE``.",
    )
    timeout = Fact(DETAILS, "timeoutInMinutes", optional_integer, "Minutes that a build may take; unset untold.")
    tags = Fact(DETAILS, "tags", tags, "Its tags.")
    # The secret and the payload URL of a webhook are not kept.
    webhook = Fact(
        DETAILS,
        "webhook",
        optional(
            record(
                Webhook,
                branches="branchFilter",
                filters=(
                    "filterGroups",
                    many(
                        many(
                            record(
                                WebhookFilter,
                                kind=("type", text),
                                pattern=("pattern", text),
                                excludes=("excludeMatchedPattern", flag),
                            )
                        )
                    ),
                ),
                approval="pullRequestBuildPolicy.requiresCommentApproval",
                approvers=("pullRequestBuildPolicy.approverRoles", texts),
                scope=(
                    "scopeConfiguration",
                    optional(record(WebhookScope, kind=("scope", text), name=("name", text), domain="domain")),
                ),
                manual_creation=("manualCreation", flag),
                status="status",
                build_type="buildType",
            )
        ),
        "What lets events of the repository start builds; unset without a webhook.",
    )
    policy = Fact(POLICY, "policy", document, "Its resource policy; unset where it is shared with nobody.")

    @property
    def arn(self) -> str:
        """The project's ARN; the listing tells all of it."""
        return f"arn:{self.partition}:codebuild:{self.region}:{self.account}:project/{self.name}"


CREDENTIALS = Call("ListSourceCredentials", result="sourceCredentialsInfos[]")


class SourceCredential(Resource):
    """What an account's builds read the repositories of one provider with, unless a project has its own."""

    service: ClassVar[str] = "codebuild"
    type: ClassVar[str] = "AWS::CodeBuild::SourceCredential"
    listing: ClassVar[Call] = CREDENTIALS

    arn = Fact(CREDENTIALS, "arn", text, "The credential's ARN.")
    server_type = Fact(CREDENTIALS, "serverType", text, "The provider, such as ``GITHUB``.")
    auth_type = Fact(
        CREDENTIALS,
        "authType",
        text,
        "``CODECONNECTIONS``, ``SECRETS_MANAGER``, ``OAUTH``, ``BASIC_AUTH`` or ``PERSONAL_ACCESS_TOKEN``.",
    )
    resource = Fact(
        CREDENTIALS, "resource", optional_text, "The ARN of the connection or the secret; unset for the other types."
    )

"""
AWS CodePipeline.

https://docs.aws.amazon.com/codepipeline/latest/APIReference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from attrs import evolve, field, frozen

from awsaudit.declare import Call, Fact, From, Resource
from awsaudit.gist import Gist
from awsaudit.parser import (
    gist,
    integer,
    many,
    optional,
    optional_integer,
    optional_moment,
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
class ArtifactStore:
    """
    Where a pipeline keeps its artifacts.

    Args:
        region: The region whose actions use it; None where it is the pipeline's only one.

        location: The bucket.

        type: ``S3``.

        key_id: Id or ARN of the KMS key, or the ARN of an alias; None for the default key of S3.
    """

    region: str | None
    location: str
    type: str
    key_id: str | None


@frozen
class ConditionRule:
    """
    A rule of a condition of a stage.

    Args:
        name: Its name.

        provider: Such as ``DeploymentWindow``, ``CloudWatchAlarm``, ``LambdaInvoke`` or ``VariableCheck``.

        role_arn: The role that it is asked with; None for the pipeline's.

        region: Where it is asked; None for the pipeline's region.
    """

    name: str
    provider: str
    role_arn: str | None = None
    region: str | None = None


@frozen
class StageCondition:
    """
    What is asked as a stage is entered, has succeeded or has failed.

    Args:
        result: What becomes of the stage where the rules are not met: ``FAIL``, ``ROLLBACK``, ``RETRY`` or ``SKIP``; None
            untold.

        rules: The rules; all of them have to be met.
    """

    result: str | None
    rules: tuple[ConditionRule, ...]


@frozen
class Failure:
    """
    What becomes of a stage that failed.

    Args:
        result: ``ROLLBACK``, ``FAIL``, ``RETRY`` or ``SKIP``; None untold.

        retry_mode: ``FAILED_ACTIONS`` or ``ALL_ACTIONS``; None without retries.

        conditions: What is asked before.
    """

    result: str | None
    retry_mode: str | None = None
    conditions: tuple[StageCondition, ...] = ()


# fmt: off
CONFIGURATION_KEYS: Final = (
    "Branch", "BranchName", "PollForSourceChanges", "DetectChanges", "FullRepositoryId", "Owner", "Repo", "RepositoryName",
    "ImageTag", "ImageTags", "ImageDigest", "ECRRepositoryName", "RegistryType", "S3Bucket", "S3ObjectKey",
    "AllowOverrideForS3ObjectKey", "ConnectionArn", "OutputArtifactFormat",
    "ProjectName", "PrimarySource", "BatchEnabled", "NotificationArn",
    "ClusterName", "ServiceName", "Namespace", "HelmReleaseName", "FunctionName", "FunctionAlias",
    "ApplicationName", "DeploymentGroupName", "EnvironmentName", "StackName", "StackSetName", "ActionMode",
    "ChangeSetName", "Capabilities", "RoleArn", "AdministrationRoleArn", "ExecutionRoleName", "BucketName", "Extract",
    "CannedACL", "KMSEncryptionKeyARN", "InstanceTagKey", "InstanceTagValue", "PipelineName", "StateMachineArn",
    "Application", "Environment", "ConfigurationProfile", "DeploymentStrategy", "ProductId", "InspectorRunMode",
)
"""Keys of actions' configurations whose values name something; those of all others are not kept."""

COMMAND_WORDS: Final = (
    "test", "tests", "testing", "pytest", "unittest", "jest", "mocha", "tox", "nox", "junit", "qa", "lint", "scan", "verify",
    "deploy", "apply", "release", "publish",
)
"""What is looked for in the commands of compute actions."""

# https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference.html
_LEAKY: Final = (
    "OAuthToken", "EnvironmentVariables", "UserParameters", "ParameterOverrides", "Parameters", "CustomData",
    "ExternalEntityLink", "Input", "Variables", "BuildspecOverride", "SourceRevisions", "DeployScript", "PreScript",
    "PostScript", "ClientId", "ClientSecret", "RefreshToken",
)
# fmt: on
# Only of these is it documented which keys there are.
_DOCUMENTED: Final = "actionTypeId.owner == 'AWS' || actionTypeId.provider == 'GitHub'"
_PLAIN: Final = "type != 'SECRETS_MANAGER' && type != 'PARAMETER_STORE'"


@frozen
class Action:
    """
    An action of a stage.

    Args:
        name: Its name, unique in its stage.

        category: ``Source``, ``Build``, ``Test``, ``Deploy``, ``Invoke``, ``Approval`` or ``Compute``.

        owner: ``AWS``, ``ThirdParty`` or ``Custom``.

        provider: Such as ``CodeCommit``, ``CodeStarSourceConnection``, ``CodeBuild`` or ``Manual``.

        version: The version of the action type.

        run_order: Actions of one number run side by side, those of greater ones after them; 1 where AWS says none.

        role_arn: The role that it runs with; None for the pipeline's.

        region: Where it runs; None for the pipeline's region.

        inputs: The artifacts that it takes.

        outputs: The artifacts that it makes.

        configuration: Its configuration, `CONFIGURATION_KEYS` alone; nothing of one that AWS does not document.

        commands: Which of `COMMAND_WORDS` each of its commands has; empty for actions that are not made of commands.

        timeout: Minutes that an approval is waited for; None untold.

        leaks: What the secret detectors found in configuration, commands and environment variables.
    """

    name: str
    category: str
    owner: str
    provider: str
    version: str
    run_order: int = 1
    role_arn: str | None = None
    region: str | None = None
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    configuration: Mapping[str, str] = field(factory=dict, hash=False)
    commands: tuple[tuple[str, ...], ...] = ()
    timeout: int | None = None
    leaks: tuple[Hit, ...] = ()

    def configured(self, key: str) -> str | None:
        """Return the value of *key* in the configuration; None without one."""
        return self.configuration.get(key)


@frozen
class Stage:
    """
    A stage of a pipeline.

    Args:
        name: Its name, unique in the pipeline.

        actions: Its actions, in the order in which they are written.

        on_failure: What becomes of it where it fails; None where nothing is set.

        before_entry: What is asked before it is entered.

        on_success: What is asked once it has succeeded.

        leaks: What the secret detectors found in configurations and commands of the rules of its conditions.
    """

    name: str
    actions: tuple[Action, ...]
    on_failure: Failure | None = None
    before_entry: tuple[StageCondition, ...] = ()
    on_success: tuple[StageCondition, ...] = ()
    leaks: tuple[Hit, ...] = ()


@frozen
class Patterns:
    """
    Globs that a name has to match, and must not match.

    Args:
        includes: One of them has to match; without any, every name does.

        excludes: None of them may match.
    """

    includes: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@frozen
class PushFilter:
    """
    Which pushes start a pipeline.

    Args:
        tag_names: Tags that are pushed; None where it is not asked for tags.

        branches: Branches that are pushed to; None where it is not asked for branches.

        paths: Files that are changed; None where it is not asked for files.
    """

    tag_names: Patterns | None
    branches: Patterns | None
    paths: Patterns | None


@frozen
class PullRequestFilter:
    """
    Which pull requests start a pipeline.

    Args:
        events: ``OPEN``, ``UPDATED`` and ``CLOSED``; empty for all of them.

        branches: Branches that are to be merged into; None where it is not asked for branches.

        paths: Files that are changed; None where it is not asked for files.
    """

    events: tuple[str, ...]
    branches: Patterns | None
    paths: Patterns | None


@frozen
class Trigger:
    """
    Which events of a repository start a pipeline; with one of them, commits of the branch alone do not any more.

    Args:
        provider: ``CodeStarSourceConnection``.

        source_action: The source action that the repository is that of; None untold.

        push: Which pushes.

        pull_requests: Which pull requests.
    """

    provider: str
    source_action: str | None
    push: tuple[PushFilter, ...]
    pull_requests: tuple[PullRequestFilter, ...]


class _Found:
    """Parse what the secret detectors say of a value; nothing else of it is kept."""

    tree: Tree = SECRET

    def __call__(self, value: Any) -> tuple[Hit, ...]:
        return secret_hits(value)


_FOUND = _Found()


def _given(**values: str | None) -> Mapping[str, str]:
    return {key: value for key, value in values.items() if value is not None}


def _joined(**parts: Any) -> tuple[Hit, ...]:
    return tuple(dict.fromkeys(hit for found in parts.values() for hit in found or ()))


def _spoken(what: Gist | None) -> tuple[tuple[str, ...], tuple[Hit, ...]]:
    return (what.words, what.hits) if what else ((), ())


def _one(found: tuple[Hit, ...]) -> tuple[Hit, ...]:
    return found


def _action(**parts: Any) -> Action:
    commands = parts.pop("commands")
    variables = [hit for found in parts.pop("variables") for hit in found or ()]
    leaks = [*(parts.pop("documented") or ()), *(parts.pop("other") or ()), *variables]
    leaks += [evolve(hit, name="commands") for _, found in commands for hit in found]
    parts["configuration"] = parts["configuration"] or {}

    return Action(**parts, commands=tuple(words for words, _ in commands), leaks=tuple(dict.fromkeys(leaks)))


def _stage(**parts: Any) -> Stage:
    conditions = [*parts.pop("entered"), *parts.pop("succeeded"), *parts.pop("failed")]
    return Stage(**parts, leaks=tuple(dict.fromkeys(hit for found in conditions for hit in found)))


def _stores(value: Any) -> tuple[ArtifactStore, ...]:
    one, several = value or (None, None)
    stores = {None: one} if one else several or {}

    return tuple(_store(region, store) for region, store in sorted(stores.items(), key=lambda item: item[0] or ""))


def _store(region: str | None, store: Mapping[str, Any]) -> ArtifactStore:
    key = store.get("encryptionKey") or {}
    return ArtifactStore(region, text(store["location"]), text(store["type"]), optional_text(key.get("id")))


def _secrets(value: tuple[Stage, ...]) -> tuple[Hit, ...]:
    found = [evolve(hit, name=f"{s.name}.{a.name}.{hit.name}") for s in value for a in s.actions for hit in a.leaks]
    found += [evolve(hit, name=f"{s.name}.{hit.name}") for s in value for hit in s.leaks]

    return tuple(dict.fromkeys(found))


_RULE = record(
    ConditionRule,
    name=("name", text),
    provider=("ruleTypeId.provider", text),
    role_arn="roleArn",
    region="region",
)
_CONDITIONS = many(record(StageCondition, result="result", rules=("rules", many(_RULE))))
_RULE_LEAKS = many(record(_joined, configuration=("configuration", _FOUND), commands=("commands", _FOUND)))
_PATTERNS = optional(record(Patterns, includes=("includes", texts), excludes=("excludes", texts)))
_ACTION = record(
    _action,
    name=("name", text),
    category=("actionTypeId.category", text),
    owner=("actionTypeId.owner", text),
    provider=("actionTypeId.provider", text),
    version=("actionTypeId.version", text),
    run_order=("runOrder || `1`", integer),
    role_arn="roleArn",
    region="region",
    inputs=("inputArtifacts[].name", texts),
    outputs=("outputArtifacts[].name", texts),
    configuration=(
        "@",
        where(_DOCUMENTED, record(_given, **{key: f"configuration.{key}" for key in CONFIGURATION_KEYS})),
    ),
    documented=(
        "@",
        where(_DOCUMENTED, record(_joined, **{key: (f"configuration.{key}", _FOUND) for key in _LEAKY})),
    ),
    other=("@", where(f"!({_DOCUMENTED})", record(_joined, found=("configuration", _FOUND)))),
    commands=("commands", many(gist(_spoken, *COMMAND_WORDS))),
    variables=("environmentVariables", many(where(_PLAIN, record(_one, found=("value", _FOUND))))),
    timeout=("timeoutInMinutes", optional_integer),
)
_STAGES = many(
    record(
        _stage,
        name=("name", text),
        actions=("actions", many(_ACTION)),
        on_failure=(
            "onFailure",
            optional(
                record(
                    Failure,
                    result="result",
                    retry_mode="retryConfiguration.retryMode",
                    conditions=("conditions", _CONDITIONS),
                )
            ),
        ),
        before_entry=("beforeEntry.conditions", _CONDITIONS),
        on_success=("onSuccess.conditions", _CONDITIONS),
        entered=("beforeEntry.conditions[].rules[]", _RULE_LEAKS),
        succeeded=("onSuccess.conditions[].rules[]", _RULE_LEAKS),
        failed=("onFailure.conditions[].rules[]", _RULE_LEAKS),
    )
)
_TRIGGER = record(
    Trigger,
    provider=("providerType", text),
    source_action="gitConfiguration.sourceActionName",
    push=(
        "gitConfiguration.push",
        many(
            record(
                PushFilter,
                tag_names=("tags", _PATTERNS),
                branches=("branches", _PATTERNS),
                paths=("filePaths", _PATTERNS),
            )
        ),
    ),
    pull_requests=(
        "gitConfiguration.pullRequest",
        many(
            record(
                PullRequestFilter,
                events=("events", texts),
                branches=("branches", _PATTERNS),
                paths=("filePaths", _PATTERNS),
            )
        ),
    ),
)

_GONE = ("PipelineNotFoundException",)

LIST = Call("ListPipelines", result="pipelines[]")
PIPELINE = Call("GetPipeline", params={"name": "$name"}, gone=_GONE)
STATE = Call("GetPipelineState", params={"name": "$name"}, gone=_GONE)
TAGS = Call(
    "ListTagsForResource",
    result="tags",
    params={"resourceArn": From(PIPELINE, "metadata.pipelineArn")},
    gone=("ResourceNotFoundException",),
)


class _SecretsOf:
    """Parse the stages into what the secret detectors found in them."""

    tree: Tree = _STAGES.tree

    def __call__(self, value: Any) -> tuple[Hit, ...]:
        return _secrets(_STAGES(value))


class Pipeline(Resource):
    """A pipeline."""

    service: ClassVar[str] = "codepipeline"
    type: ClassVar[str] = "AWS::CodePipeline::Pipeline"
    listing: ClassVar[Call] = LIST

    name = Fact(LIST, "name", text, "The pipeline's name.")
    role_arn = Fact(
        PIPELINE, "pipeline.roleArn", text, "The role of the pipeline; actions may have roles of their own."
    )
    pipeline_type = Fact(
        PIPELINE, "pipeline.pipelineType || 'V1'", text, "``V1``, also where AWS says none, or ``V2``."
    )
    execution_mode = Fact(
        PIPELINE,
        "pipeline.executionMode || 'SUPERSEDED'",
        text,
        "``SUPERSEDED``, also where AWS says none, ``QUEUED`` or ``PARALLEL``.",
    )
    stages = Fact(PIPELINE, "pipeline.stages", _STAGES, "Its stages in order.")
    stores = Fact(
        PIPELINE,
        "pipeline.[artifactStore, artifactStores]",
        _stores,
        "Where it keeps its artifacts: one store, or one for each region of its actions.",
    )
    triggers = Fact(PIPELINE, "pipeline.triggers", many(_TRIGGER), "Which events of a repository start it; V2 only.")
    polling_disabled_at = Fact(
        PIPELINE,
        "metadata.pollingDisabledAt",
        optional_moment,
        "When AWS stopped to look for changes, as it does after 30 days without a run; unset while it looks.",
    )
    secrets = Fact(
        PIPELINE,
        "pipeline.stages",
        _SecretsOf(),
        "What the secret detectors found in configurations, commands and environment variables of actions and rules; "
        "names begin with the stage and the action.",
    )
    disabled_transitions = Fact(
        STATE,
        "stageStates[?inboundTransitionState.enabled == `false`].stageName",
        texts,
        "The stages that nothing enters, because somebody disabled the transition into them.",
    )
    tags = Fact(TAGS, "@", tags, "Its tags.")

    @property
    def arn(self) -> str:
        """The pipeline's ARN; the listing tells all of it."""
        return f"arn:{self.partition}:codepipeline:{self.region}:{self.account}:{self.name}"


WEBHOOKS = Call("ListWebhooks", result="webhooks[]")


class Webhook(Resource):
    """What lets a provider outside AWS start a pipeline; neither its URL nor its secret is kept."""

    service: ClassVar[str] = "codepipeline"
    type: ClassVar[str] = "AWS::CodePipeline::Webhook"
    listing: ClassVar[Call] = WEBHOOKS
    label: ClassVar[str] = "name"

    name = Fact(WEBHOOKS, "definition.name", text, "The webhook's name.")
    arn = Fact(WEBHOOKS, "arn", text, "The webhook's ARN.")
    target_pipeline = Fact(WEBHOOKS, "definition.targetPipeline", text, "The name of the pipeline that it starts.")
    target_action = Fact(WEBHOOKS, "definition.targetAction", text, "The source action that it speaks for.")
    authentication = Fact(
        WEBHOOKS, "definition.authentication", text, "``GITHUB_HMAC``, ``IP`` or ``UNAUTHENTICATED``."
    )
    allowed_ip_range = Fact(
        WEBHOOKS,
        "definition.authenticationConfiguration.AllowedIPRange",
        optional_text,
        "The network that may call it, in CIDR form; unset unless its network is what it is told by.",
    )
    error_code = Fact(
        WEBHOOKS, "errorCode", optional_text, "Why it could not be registered with the provider; unset without error."
    )

"""What the stages of a pipeline do, in which order, and what stands before them."""

from __future__ import annotations

import re

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit import Hop, Inventory, NotApplicable
from awsaudit.resources.codepipeline import Action, Pipeline, Stage


STAGE: Final = "AWS::CodePipeline::Stage"
"""The type of the hops that draw a pipeline."""

PUT_CHANGED: Final = (
    "PIPELINE=$(aws codepipeline get-pipeline --region {region} --name {name} --query {changed} --output json) && "
    'aws codepipeline update-pipeline --region {region} --pipeline "$PIPELINE"'
)
"""Puts a pipeline again as it is, but for what the JMESPath expression ``changed`` changes of it."""


@frozen
class Place:
    """
    An action and where it stands.

    Args:
        index: The position of its stage, 0 for the first one.

        stage: Its stage.

        action: The action.
    """

    index: int
    stage: Stage
    action: Action

    def after(self, other: Place) -> bool:
        """Tell whether this action waits for *other*; those of one stage and one run order run side by side."""
        if self.index != other.index:
            return self.index > other.index

        return self.action.run_order > other.action.run_order


def places(pipeline: Pipeline) -> tuple[Place, ...]:
    """Return the actions of *pipeline* in the order in which they run."""
    found = [Place(i, stage, action) for i, stage in enumerate(pipeline.stages) for action in stage.actions]
    return tuple(sorted(found, key=lambda place: (place.index, place.action.run_order)))


def sources(pipeline: Pipeline) -> tuple[Place, ...]:
    """Return the source actions of *pipeline*."""
    return tuple(place for place in places(pipeline) if place.action.category == "Source")


def is_polled(action: Action) -> bool:
    """Tell whether CodePipeline looks for changes of the source *action* again and again; AWS does where nothing is said."""
    if action.provider not in {"CodeCommit", "S3", "GitHub"}:
        return False

    return (action.configured("PollForSourceChanges") or "true").lower() != "false"


def deploying(pipeline: Pipeline) -> tuple[Place, ...]:
    """
    Return the actions of *pipeline* that deploy, in order.

    Raises:
        NotApplicable: There are none.
    """
    found = tuple(place for place in places(pipeline) if is_deploying(place))
    if not found:
        raise NotApplicable("no action of the pipeline deploys")

    return found


def is_deploying(place: Place) -> bool:
    """
    Tell whether the action at *place* deploys: by its category, or since it or its stage is called so.

    Terraform, CDK and Helm are run by builds, commands and functions; their names are all that tells them from others.
    """
    action = place.action
    if action.category == "Deploy":
        # It says what would be changed, and changes nothing.
        return action.configured("ActionMode") != "CHANGE_SET_REPLACE"
    if action.category not in {"Build", "Compute", "Invoke"} or action.provider == "InspectorScan":
        return False
    own, stage = words_of(action.name), words_of(place.stage.name)
    if own & _PREPARING:
        return False
    if own & _BUILDING and not own & _DEPLOYING:
        # A stage called Release is where releases are built, too.
        return bool(stage & _DEPLOYING - {"release"}) and not stage & _BUILDING

    return bool((own | stage | words_of(action.configured("ProjectName") or "")) & _DEPLOYING)


def words_of(name: str) -> frozenset[str]:
    """Return the words of *name* in lower case, whether they are told apart by case or by signs."""
    return frozenset(word.lower() for word in _WORD.findall(name))


_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+[0-9]*", re.ASCII)
_DEPLOYING: Final = frozenset({"deploy", "deploys", "deployment", "deployments", "apply", "release", "rollout"})
# fmt: off
_PREPARING: Final = frozenset({
    "test", "tests", "testing", "smoke", "check", "checks", "verify", "validate", "validation", "plan", "diff", "synth",
    "scan", "lint", "qa", "approve", "approval", "notify", "notification", "rollback", "undeploy", "destroy", "cleanup",
})
# fmt: on
_BUILDING: Final = frozenset({"build", "compile", "package", "publish"})


def production_places(pipeline: Pipeline, account: Inventory) -> tuple[Place, ...]:
    """
    Return the actions of *pipeline* that deploy to production, in order; empty if none of those that deploy does.

    Raises:
        NotApplicable: No action deploys.
        EvidenceMissing: The pipeline's tags would tell, and could not be read.
    """
    return tuple(place for place in deploying(pipeline) if is_production(place, pipeline, account))


def is_production(place: Place, pipeline: Pipeline, account: Inventory) -> bool:
    """
    Tell whether the action at *place* works on production.

    Stage, action, what it deploys to and the role that it does it with tell by their names. Where they name another
    environment it is not production; where they name none, name and tags of the pipeline tell.

    Raises:
        EvidenceMissing: The pipeline's tags would tell, and could not be read.
    """
    trust = account.target.trust
    names = tuple(_names(place))
    if any(trust.is_production(name, {}) for name in names):
        return True
    if any(_is_elsewhere(name) for name in names):
        return False

    return trust.is_production(pipeline.name, {}) or trust.is_production(pipeline.name, pipeline.tags)


def _names(place: Place) -> Iterator[str]:
    yield place.stage.name
    yield place.action.name
    yield from (value for key in _TARGETS if (value := place.action.configured(key)))
    yield from (role.rpartition("/")[2] for role in (place.action.role_arn, place.action.configured("RoleArn")) if role)


# fmt: off
_TARGETS: Final = (
    "ProjectName", "ApplicationName", "DeploymentGroupName", "EnvironmentName", "ClusterName", "ServiceName", "Namespace",
    "StackName", "StackSetName", "FunctionName", "FunctionAlias", "BucketName", "PipelineName", "Environment",
    "InstanceTagValue",
)
_ELSEWHERE: Final = frozenset({
    "dev", "develop", "development", "test", "tests", "testing", "qa", "uat", "staging", "stg", "preprod", "preproduction",
    "nonprod", "nonproduction", "sandbox", "alpha", "beta", "gamma", "int", "integration", "demo", "preview",
})
# fmt: on
_NOT_PRODUCTION: Final = re.compile(r"(?i)(?:pre|non?|not)[^a-z0-9]?prod")


def _is_elsewhere(name: str) -> bool:
    return bool(words_of(name) & _ELSEWHERE) or _NOT_PRODUCTION.search(name) is not None


def release_of(pipeline: Pipeline, account: Inventory) -> Place:
    """
    Return the action before which all has to be well: the first one that deploys to production, or, where none is known
    to, the last one that deploys.

    Raises:
        NotApplicable: No action deploys.
        EvidenceMissing: The pipeline's tags would tell, and could not be read.
    """
    return next(iter(production_places(pipeline, account)), deploying(pipeline)[-1])


def is_approved(place: Place, pipeline: Pipeline) -> bool:
    """Tell whether people approve before the action at *place* runs."""
    return any(p.action.category == "Approval" and place.after(p) for p in places(pipeline))


def rules_before(place: Place) -> tuple[str, ...]:
    """Return what is asked before the stage at *place* is entered, such as ``DeploymentWindow``; empty for nothing."""
    return tuple(rule.provider for condition in place.stage.before_entry for rule in condition.rules)


def is_test(place: Place) -> bool:
    """Tell whether the action at *place* tests, as its category, its names or its commands tell."""
    action = place.action
    if action.category == "Test" or action.provider == "InspectorScan":
        return True
    if action.category not in {"Build", "Compute"}:
        return False
    project = action.configured("ProjectName") or ""
    named = words_of(f"{place.stage.name} {action.name} {project}")
    spoken = {word for words in action.commands for word in words}

    return any(word.startswith("test") or word in _TESTING for word in (*named, *spoken))


# fmt: off
_TESTING: Final = frozenset({
    "qa", "lint", "scan", "verify", "pytest", "unittest", "unittests", "jest", "mocha", "tox", "nox", "junit",
})
# fmt: on


def stages_path(pipeline: Pipeline, *, gap: str = "", missing: str = "") -> tuple[Hop, ...]:
    """
    Return the stages of *pipeline* as a path, one hop a stage, in order.

    Args:
        pipeline: The pipeline.

        gap: The name of the stage at which something is missing.

        missing: What that is; it stands behind what the stage does.
    """
    return tuple(_hop(stage, missing if stage.name == gap else None) for stage in pipeline.stages)


def _hop(stage: Stage, missing: str | None) -> Hop:
    shown = [described(action) for action in stage.actions[:_SHOWN]]
    if len(stage.actions) > _SHOWN:
        shown.append(f"{len(stage.actions) - _SHOWN} more")
    by = ", ".join(shown)

    return Hop(stage.name, STAGE, f"{by}; {missing}" if missing else by, holds=missing is None)


_SHOWN: Final = 4


def described(action: Action) -> str:
    """Return what *action* does in a few words, such as ``Source: CodeCommit shop@main``."""
    where = next((value for key in _OBJECTS if (value := action.configured(key))), "")
    branch = action.configured("BranchName") or action.configured("Branch") or action.configured("ImageTag")
    what = f" {where}@{branch}" if where and branch else f" {where}" if where else ""

    return f"{action.category}: {action.provider}{what}"


_OBJECTS: Final = (
    "FullRepositoryId",
    "RepositoryName",
    "Repo",
    "S3Bucket",
    *_TARGETS[:1],
    *_TARGETS[2:],
    "ApplicationName",
)


def changed(pipeline: Pipeline, stage: str, with_: str) -> dict[str, str]:
    """
    Return what `PUT_CHANGED` is filled with to put other stages in the place of one; empty where it must not be.

    Configurations of providers outside AWS hold tokens that AWS masks as it tells them: put again, they would be lost.

    Args:
        pipeline: The pipeline.

        stage: The name of the stage; its position may have changed as the command is run.

        with_: JMESPath of the list of stages that come in its place; ``@`` is the stage itself.
    """
    if any(place.action.owner != "AWS" for place in places(pipeline)):
        return {}

    return {"changed": f"pipeline | merge(@, {{stages: map(&(name == '{stage}' && {with_} || [@]), stages)[]}})"}

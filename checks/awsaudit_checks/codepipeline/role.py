"""The roles that a pipeline works with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from attrs import frozen

from awsaudit import Hop, Inventory
from awsaudit.resources.codebuild import Project
from awsaudit.resources.codepipeline import Pipeline, Stage
from awsaudit.resources.iam import Role


ROLES: Final = (Pipeline.name, Pipeline.role_arn, Pipeline.stages)
"""What `used_by` looks at."""

BUILDERS: Final = (Project.name, Project.role_arn, Project.batch_role_arn)
"""What `builders` looks at."""


@frozen
class Used:
    """
    A role that a pipeline works with.

    Args:
        arn: The role's ARN.

        does: What is done with it, as the beginning of a sentence.

        place: What tells it from others of the pipeline: the names of stage and action; empty for the pipeline's own.
    """

    arn: str
    does: str
    place: str = ""

    @property
    def account(self) -> str:
        """The account of the role."""
        return account_of(self.arn)


def account_of(arn: str) -> str:
    """Return the account in *arn*."""
    return [*arn.split(":"), "", "", "", "", ""][4]


def used_by(pipeline: Pipeline) -> Iterator[Used]:
    """Yield the roles of *pipeline*, of its actions and of the rules of its stages' conditions, each use of its own."""
    yield Used(pipeline.role_arn, "the pipeline works")
    for stage in pipeline.stages:
        for action in stage.actions:
            if action.role_arn:
                yield Used(
                    action.role_arn, f"its action {action.name} in {stage.name} works", f"{stage.name}.{action.name}"
                )
        yield from _of_rules(stage)


def _of_rules(stage: Stage) -> Iterator[Used]:
    failed = stage.on_failure.conditions if stage.on_failure else ()
    for condition in (*stage.before_entry, *stage.on_success, *failed):
        for rule in condition.rules:
            if rule.role_arn:
                yield Used(rule.role_arn, f"its rule {rule.name} in {stage.name} is asked", f"{stage.name}.{rule.name}")


def builders(pipeline: Pipeline, account: Inventory) -> Iterator[tuple[Project, str]]:
    """
    Yield the build projects that *pipeline* runs, each with the ARN of a role that it builds with.

    Raises:
        EvidenceMissing: The projects of the region could not be listed, or one of them not be read.
    """
    names = {
        (action.region or pipeline.region, name)
        for stage in pipeline.stages
        for action in stage.actions
        if action.provider == "CodeBuild" and (name := action.configured("ProjectName"))
    }
    for region, name in sorted(names):
        if region in account.regions:
            project = account.first(Project, lambda p, name=name: p.name == name, region)  # type: ignore[misc]
            for arn in (project.role_arn, project.batch_role_arn) if project else ():
                if project and arn:
                    yield project, arn


def own_roles(pipeline: Pipeline, account: Inventory) -> Iterator[tuple[Used, Role]]:
    """
    Yield the roles of the account that *pipeline* and its actions work with, each once.

    Raises:
        EvidenceMissing: One could not be seen.
    """
    seen: set[str] = set()
    for used in used_by(pipeline):
        role = account.by_arn(Role, used.arn) if used.account == account.account and used.arn not in seen else None
        seen.add(used.arn)
        if role:
            yield used, role


def way_to(pipeline: Pipeline, used: Used) -> tuple[Hop, ...]:
    """Return the path from *pipeline* to a role that it works with."""
    return (Hop(pipeline.arn, Pipeline.type), Hop(used.arn, Role.type, f"{used.does} with the role"))

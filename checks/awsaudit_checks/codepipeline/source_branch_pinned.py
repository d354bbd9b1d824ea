from collections.abc import Iterator
from fnmatch import fnmatchcase

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.stage import Place, production_places, sources


@check(
    "codepipeline-source-branch-pinned",
    title="Production pipelines track a protected branch or tag",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let the source action follow the branch that releases are made from, or start the pipeline by tags.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/pipelines-filter.html",
    ),
)
def source_branch_pinned(
    pipeline: Pipeline,
    account: Inventory,
    *,
    work_branches: tuple[str, ...] = (
        *("dev", "dev[-_/]*", "develop", "development", "feature", "feature[-_/]*", "features/*", "feat[-_/]*"),
        *("wip", "wip[-_/]*", "experiment*", "spike[-_/]*", "bugfix/*", "test", "testing", "sandbox", "users/*"),
    ),
) -> Iterator[Problem]:
    """
    Branches that people work on take pushes without review; a pipeline that follows one puts half-done work into
    production. A source without a branch fails, and one whose branch is called as work_branches says, letter case aside.
    Whether the branch of another name is protected, its repository tells. Sources that start by tags pass.
    """
    if not production_places(pipeline, account):
        raise NotApplicable("no action of the pipeline deploys to production")
    repositories = [place for place in sources(pipeline) if place.action.provider in _GIT]
    if not repositories:
        raise NotApplicable("no source of the pipeline is a repository with branches")
    for place in repositories:
        branch = place.action.configured("BranchName") or place.action.configured("Branch")
        if _starts_by_tags(place, pipeline):
            continue
        if branch is None or any(fnmatchcase(branch.lower(), pattern.lower()) for pattern in work_branches):
            yield Problem(
                f"{place.action.name} follows the branch {branch}, and the pipeline deploys to production"
                if branch
                else f"{place.action.name} names no branch, and the pipeline deploys to production",
                expected="a branch that releases are made from, or tags",
                found=branch or "no branch",
                sub_key=place.action.name,
            )


_GIT = frozenset({"CodeCommit", "CodeStarSourceConnection", "GitHub", "Bitbucket"})


def _starts_by_tags(place: Place, pipeline: Pipeline) -> bool:
    """Tell whether nothing but tags, those of some names, starts the pipeline from the source at *place*."""
    own = [trigger for trigger in pipeline.triggers if trigger.source_action in {None, place.action.name}]
    pushes = [push for trigger in own for push in trigger.push]

    return bool(pushes) and all(push.tag_names is not None and push.branches is None for push in pushes)

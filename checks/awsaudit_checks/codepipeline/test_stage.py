from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codebuild import TEST_WORDS, BuildspecKind, Project
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.stage import Place, is_test, places, release_of, stages_path


_TEST_WORDS: Final = frozenset(TEST_WORDS)


@check(
    "codepipeline-test-stage",
    title="The pipeline tests before it deploys",
    severity=Severity.LOW,
    uses=(Project.name, Project.source),
    remediation=Remediation(
        text="Add an action that tests, by category Test or by a build that is called so, before the one that deploys.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/integrations-action-type.html",
    ),
)
def test_stage(pipeline: Pipeline, account: Inventory) -> Iterator[Problem]:
    """
    Where nothing is tested on the way, users find what is broken. Passing are actions of category Test, and builds and
    commands that speak of tests in the names of action, stage or project, in commands or in a build specification that
    the project itself holds. What is in a repository cannot be seen: then it is not known. Counted is what runs before
    the first deployment to production, or before the last one where none is known to be.
    """
    release = release_of(pipeline, account)
    earlier = [place for place in places(pipeline) if release.after(place)]
    if any(is_test(place) for place in earlier):
        return
    builds = [place for place in earlier if place.action.category == "Build"]
    unseen = [place for place in builds if not _is_seen(place, pipeline, account)]
    if any(_speaks_of_tests(place, pipeline, account) for place in builds if place not in unseen):
        return
    if unseen:
        names = ", ".join(dict.fromkeys(place.action.name for place in unseen))
        raise Undecided(f"what {names} runs is in a repository, and no name says that it tests")
    yield Problem(
        f"nothing is tested before {release.action.name} in {release.stage.name} deploys",
        expected="an action that tests",
        found="none",
        path=stages_path(pipeline, gap=release.stage.name, missing="nothing is tested before"),
    )


def _is_seen(place: Place, pipeline: Pipeline, account: Inventory) -> bool:
    """Tell whether all that the build at *place* runs can be seen; what is not of CodeBuild cannot."""
    project = _project(place, pipeline, account)
    return project is not None and project.source.buildspec.kind is BuildspecKind.INLINE


def _speaks_of_tests(place: Place, pipeline: Pipeline, account: Inventory) -> bool:
    project = _project(place, pipeline, account)
    return project is not None and not _TEST_WORDS.isdisjoint(project.source.buildspec.words)


def _project(place: Place, pipeline: Pipeline, account: Inventory) -> Project | None:
    name = place.action.configured("ProjectName")
    if place.action.provider != "CodeBuild" or name is None:
        return None

    return account.first(Project, lambda project: project.name == name, place.action.region or pipeline.region)

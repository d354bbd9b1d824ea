from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codepipeline import Pipeline
from awsaudit_checks.codepipeline.stage import deploying, places, sources, stages_path


_BUILT: Final = frozenset({"ECR", "S3"})


@check(
    "codepipeline-build-stage",
    title="The pipeline builds",
    severity=Severity.LOW,
    remediation=Remediation(
        text="Add an action of category Build or Compute before the first one that deploys.",
        cli=None,
        url="https://docs.aws.amazon.com/codepipeline/latest/userguide/action-reference-CodeBuild.html",
    ),
)
def build_stage(pipeline: Pipeline) -> Iterator[Problem]:
    """
    A pipeline that builds nothing deploys what somebody built elsewhere, or the sources as they are: nobody can tell which
    commit runs. A build, or commands, up to the first deployment pass. Where all sources are images or objects, they were
    built before, and there is nothing to build.
    """
    first = deploying(pipeline)[0]
    if all(place.action.provider in _BUILT for place in sources(pipeline)):
        raise NotApplicable("its sources are images or objects that were built before")
    built = [place for place in places(pipeline) if place.action.category in {"Build", "Compute"}]
    if not any(not place.after(first) for place in built):
        yield Problem(
            f"nothing is built before {first.action.name} in {first.stage.name} deploys",
            expected="an action of category Build or Compute",
            found="none",
            path=stages_path(pipeline, gap=first.stage.name, missing="nothing is built before"),
        )

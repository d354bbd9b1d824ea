from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import Note, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import IMAGE_WORDS, SCRIPT_WORDS, TEST_WORDS, BuildspecKind, Project
from awsaudit_checks.codebuild.change import change


_JOB: Final = "WORKFLOW_JOB_QUEUED"


@check(
    "codebuild-privileged-mode",
    title="Privileged mode is off unless images are built",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Turn privileged mode off; keep it in a project of its own that builds images and nothing else.",
        cli=change("environment", "merge(projects[0].environment, {privilegedMode: `false`})"),
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/create-project.html",
    ),
)
def privileged_mode(project: Project, *, allowed: tuple[str, ...] = ()) -> Iterator[Problem | Note]:
    """
    In privileged mode a build is root with the devices of the machine below it, and a dependency that turns bad gets more
    than a container. It is needed to run Docker. Where the project itself holds the build specification and neither
    builds images nor calls a script that may, it fails; a specification in the repository or in S3 is not read, and only
    remarked on. `allowed` has globs of projects that need it.
    """
    if not project.environment.privileged:
        return
    if any(fnmatchcase(project.name, pattern) for pattern in allowed):
        yield Note("it is privileged, and allowed to be")
        return
    if set(project.source.buildspec.words) & set(IMAGE_WORDS) or _keeps_layers(project):
        return
    why = _unclear(project)
    if why:
        yield Note(f"it is privileged, and whether it needs that cannot be told: {why}")
        return
    yield Problem("builds are privileged, and run no containers", expected="unprivileged", found="privileged")


def _keeps_layers(project: Project) -> bool:
    # https://docs.aws.amazon.com/codebuild/latest/userguide/build-caching.html
    return project.cache is not None and "LOCAL_DOCKER_LAYER_CACHE" in project.cache.modes


def _unclear(project: Project) -> str | None:
    """Return why it cannot be told whether *project* needs the mode; None where it can."""
    buildspec, hook = project.source.buildspec, project.webhook
    # A runner runs what workflows of the repository say, and buildspecs only if these ask for it.
    # https://docs.aws.amazon.com/codebuild/latest/userguide/action-runner-overview.html
    if hook and any(f.kind == "EVENT" and _JOB in f.pattern for group in hook.filters for f in group):
        return "it runs jobs of workflows"
    if buildspec.kind is not BuildspecKind.INLINE:
        return "its build specification is not in the project"
    if set(buildspec.words) & {*SCRIPT_WORDS, *TEST_WORDS}:
        return "its build specification calls tools that may run containers"

    return "it mounts file systems" if project.file_systems else None

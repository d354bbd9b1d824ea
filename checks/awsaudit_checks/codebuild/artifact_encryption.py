from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.change import change


_ON: Final = "{encryptionDisabled: `false`}"
_OTHERS: Final = change("secondary-artifacts", f"projects[0].secondaryArtifacts[].merge(@, {_ON})")


@check(
    "codebuild-artifact-encryption",
    title="Build artifacts are encrypted",
    severity=Severity.MEDIUM,
    remediation=Remediation(
        text="Let CodeBuild encrypt the artifacts; who reads them needs the right to decrypt with the project's key.",
        cli=change("artifacts", f"merge(projects[0].artifacts, {_ON})"),
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/security-encryption.html",
    ),
)
def artifact_encryption(project: Project) -> Iterator[Problem]:
    """
    CodeBuild encrypts what it leaves in S3 with the project's key unless it is told not to; then no key policy stands
    between whoever may read the bucket and what is about to be deployed. Artifacts of pipelines are the pipeline's.
    """
    first = (project.artifacts,) if project.artifacts else ()
    kept = [artifacts for artifacts in (*first, *project.secondary_artifacts) if artifacts.type == "S3"]
    if not kept:
        raise NotApplicable("its builds leave nothing in S3")
    for artifacts in kept:
        if artifacts.encryption_disabled:
            among = artifacts in project.secondary_artifacts
            name = f"secondary artifacts {artifacts.identifier}" if among else "its artifacts"
            yield Problem(
                f"{name} in the bucket {artifacts.location} are not encrypted by CodeBuild",
                expected="encrypted",
                found="encryptionDisabled",
                sub_key=f"secondary/{artifacts.identifier}" if among else "",
                cli=_OTHERS if among else None,
            )

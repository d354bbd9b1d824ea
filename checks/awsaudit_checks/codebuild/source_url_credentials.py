from collections.abc import Iterator

from awsaudit import NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project
from awsaudit_checks.codebuild.source import key_of, sources_of, word_of


@check(
    "codebuild-source-url-credentials",
    title="Source URLs contain no credentials",
    severity=Severity.CRITICAL,
    equivalents=("prowler:codebuild_project_source_repo_url_no_sensitive_credentials",),
    remediation=Remediation(
        text="Revoke the credential where it was issued: whoever may describe the project has read it. Then read the "
        "repository by a connection, and put the bare URL there.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/access-tokens.html",
    ),
)
def source_url_credentials(project: Project) -> Iterator[Problem]:
    """
    A token in the URL of a repository is shown to everybody who may describe the project, stands in its history in
    CloudTrail, and is in the log of each clone. A user alone in the URL passes, as it is a name; a random-looking one is a
    guess and fails with lower severity.
    """
    sources = [source for source in sources_of(project) if source.location or source.leaks]
    if not sources:
        raise NotApplicable("it names no place of its source")
    for source in sources:
        for hit in source.leaks[:1]:
            found = f"a {hit.detector}" if hit.typed else "what looks like a token"
            yield Problem(
                f"the URL of {word_of(source)} holds {found}: {hit.masked}",
                expected="a connection",
                found=hit.masked,
                sub_key=key_of(source),
                severity=None if hit.typed else Severity.MEDIUM,
            )

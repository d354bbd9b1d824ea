from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Note, Problem, Remediation, Severity, check
from awsaudit.resources.codebuild import Project, Source, SourceCredential
from awsaudit_checks.codebuild.source import GIT, key_of, sources_of, word_of


_TOKENS: Final = {
    "PERSONAL_ACCESS_TOKEN": "a personal access token",
    "BASIC_AUTH": "a user and password",
    "OAUTH": "a person's OAuth token",
}
_SECRET: Final = "SECRETS_MANAGER"  # noqa: S105 - where a token is kept


@check(
    "codebuild-source-auth-connection",
    title="Sources authenticate by connection, not PAT or basic auth",
    severity=Severity.MEDIUM,
    uses=(
        Project.source,
        Project.secondary_sources,
        SourceCredential.arn,
        SourceCredential.auth_type,
        SourceCredential.server_type,
    ),
    remediation=Remediation(
        text="Make a connection to the provider, let the source of each project name it, and delete the stored credential.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/access-tokens.html",
    ),
)
def source_auth_connection(judged: Project | SourceCredential, account: Inventory) -> Iterator[Problem | Note]:
    """
    A personal access token or an app password is a person's: it reads whatever that person reads, lives until somebody
    thinks of it, and serves every project of the account. A connection passes; a token in Secrets Manager passes with a
    remark, as it is rotated in one place. A stored credential that no project uses fails by itself.
    """
    if isinstance(judged, SourceCredential):
        yield from _idle(judged, account)
        return
    ways = [(source, _way(source, judged, account)) for source in sources_of(judged) if source.type in GIT]
    if not any(way for _, way in ways):
        raise NotApplicable("no source of it is read with a credential of a Git provider")
    for source, (way, where) in [(source, way) for source, way in ways if way]:
        if way in _TOKENS:
            yield Problem(
                f"{word_of(source)} on {source.type} is read with {_TOKENS[way]}, {where}",
                expected="CODECONNECTIONS",
                found=way,
                sub_key=key_of(source),
            )
        elif way == _SECRET:
            yield Note(f"{word_of(source)} is read with a token in Secrets Manager, {where}")


def _way(source: Source, project: Project, account: Inventory) -> tuple[str, str] | None:
    """
    Return how *source* is read, and where that is set; None where it is read without a credential.

    A source that is none holds the credential for the project's others.
    https://docs.aws.amazon.com/codebuild/latest/userguide/multiple-access-tokens.html
    """
    if source.auth_type:
        return source.auth_type, "by the project"
    first = project.source
    if first.type == "NO_SOURCE" and first.auth_type:
        return first.auth_type, "by the project"
    stored = account.first(SourceCredential, lambda one: one.server_type == source.type, project.region)

    return (stored.auth_type, "the account's for that provider") if stored else None


def _idle(credential: SourceCredential, account: Inventory) -> Iterator[Problem]:
    if credential.auth_type not in _TOKENS:
        return
    user = account.first(Project, lambda project: _uses(project, credential), credential.region)
    if user:
        raise NotApplicable("the projects that use it are judged")
    yield Problem(
        f"{_TOKENS[credential.auth_type]} for {credential.server_type} is stored, and no project uses it",
        expected="none",
        found=credential.auth_type,
        cli="aws codebuild delete-source-credentials --region {region} --arn {arn}",
    )


def _uses(project: Project, credential: SourceCredential) -> bool:
    if project.source.type == "NO_SOURCE" and project.source.auth_type:
        return False

    return any(s.type == credential.server_type and not s.auth_type for s in sources_of(project))

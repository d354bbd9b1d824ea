from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

from awsaudit import NotApplicable, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.codebuild import Project, Source
from awsaudit_checks.codebuild.source import GIT, key_of, sources_of, word_of


# What stands for the location where a webhook takes the events of an organization.
# https://docs.aws.amazon.com/codebuild/latest/userguide/github-global-organization-webhook-events.html
_MANY: Final = "CODEBUILD_DEFAULT_WEBHOOK_SOURCE_LOCATION"
_HOSTS: Final = {"GITHUB": "github.com", "GITLAB": "gitlab.com", "BITBUCKET": "bitbucket.org"}


@check(
    "codebuild-source-provider-allowed",
    title="Sources come from allowed providers and organizations",
    severity=Severity.MEDIUM,
    equivalents=("prowler:codebuild_project_uses_allowed_github_organizations",),
    remediation=Remediation(
        text="Fork or move the repository to an organization of yours and build it from there, or allow its owner.",
        cli=None,
        url="https://docs.aws.amazon.com/codebuild/latest/userguide/change-project.html",
    ),
)
def source_provider_allowed(
    project: Project, *, providers: tuple[str, ...] = (), organizations: tuple[str, ...] = ()
) -> Iterator[Problem]:
    """
    Whoever owns a repository decides what the build runs, with the rights of the build's role. `providers` are types of
    sources such as GITHUB or CODECOMMIT; `organizations` are owners at Git providers, as ``owner`` or ``host/owner``, globs
    included; a group of GitLab stands for the groups below it. Nothing is judged until one of them is set.
    """
    sources = [source for source in sources_of(project) if source.type not in {"CODEPIPELINE", "NO_SOURCE"}]
    if not sources:
        raise NotApplicable("it has no source of its own")
    if not (providers or organizations):
        raise NotApplicable("no provider and no organization is set as allowed")
    for source in sources:
        wrong = _wrong(source, project, providers, organizations)
        if wrong:
            yield Problem(
                f"{word_of(source)} {wrong}",
                expected=", ".join((*providers, *organizations)),
                found=source.location or source.type,
                sub_key=key_of(source),
            )


def _wrong(source: Source, project: Project, providers: tuple[str, ...], organizations: tuple[str, ...]) -> str | None:
    if providers and source.type not in providers:
        return f"is on {source.type}"
    if not organizations or source.type not in GIT:
        return None
    owner = _owner(source, project)
    if owner is None:
        raise Undecided(f"whose {word_of(source)} is cannot be told")

    return None if any(_is_of(owner, pattern.lower()) for pattern in organizations) else f"belongs to {owner}"


def _owner(source: Source, project: Project) -> str | None:
    """Return host and owner of *source*, in lower case."""
    scope = project.webhook.scope if project.webhook else None
    if source.location == _MANY:
        return f"{scope.domain or _HOSTS.get(source.type, '')}/{scope.name}".lower() if scope else None
    _, scheme, rest = (source.location or "").partition("://")
    owner, slash, _ = rest.strip("/").rpartition("/")

    return owner.lower() if scheme and slash and "/" in owner else None


def _is_of(owner: str, pattern: str) -> bool:
    parts = owner.split("/")
    # A host has a dot; an owner without one may be at any. Groups of GitLab lie in one another.
    starts = ["/".join(parts[:end]) for end in range(2, len(parts) + 1)]
    hosted = "." in pattern.partition("/")[0] and "/" in pattern
    named = starts if hosted else [start.partition("/")[2] for start in starts]

    return any(fnmatchcase(name, pattern) for name in named)

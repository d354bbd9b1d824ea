"""
Who issues tokens to AWS, and how their subjects are built: whose they are, of which project, and of which run of it.

https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_oidc_secure-by-default.html
"""

from __future__ import annotations

import enum
import functools
import re
import string

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from awsaudit.access.pattern import Item, Pattern, Wild


class Family(enum.Enum):
    """Who issues a token; the value is how people call it."""

    GITHUB = "GitHub Actions"
    BITBUCKET = "Bitbucket Pipelines"
    GITLAB = "GitLab"
    TERRAFORM = "HCP Terraform"
    CIRCLECI = "CircleCI"
    BUILDKITE = "Buildkite"
    AZURE_DEVOPS = "Azure DevOps"
    SPACELIFT = "Spacelift"
    GOOGLE = "Google"
    COGNITO = "Amazon Cognito"
    EKS = "Amazon EKS"
    OTHER = "another issuer"


class Width(enum.IntEnum):
    """How far a statement leaves open whose token it takes; comparable."""

    NOBODY = 0
    """No token that the issuer makes is taken."""

    FIXED = 1
    """Whose it is, the project and the branch, environment or phase are fixed."""

    CONTEXT = 2
    """Any branch, environment or phase of a fixed project."""

    PROJECT = 3
    """Any project of a fixed owner."""

    OWNER = 4
    """Projects of owners that it does not name."""

    MISSING = 5
    """Nothing about the subject is asked."""

    def __str__(self) -> str:
        """Return the word for it."""
        return self.name.lower()


# The fields of a form, with what they tell. An id of a repository is nobody else's, so it tells the owner as well.
_TELLS: Final = {
    "owner": frozenset({Width.OWNER}),
    "project": frozenset({Width.PROJECT}),
    "context": frozenset({Width.CONTEXT}),
    "id": frozenset({Width.OWNER, Width.PROJECT}),
    "whole": frozenset({Width.OWNER, Width.PROJECT, Width.CONTEXT}),
}
_ANY: Final[tuple[Item, ...]] = (Wild.ONE_INSIDE, Wild.STAR_INSIDE)
_SHAPES: Final[dict[str, tuple[str, tuple[Item, ...]]]] = {
    "": ("[^:/@*?{}]+", _ANY),
    "path": ("[^:@*?]+", _ANY),
    "maybe": ("[^:*?]*", (Wild.STAR_INSIDE,)),
    "text": ("[^*?]+", (Wild.ONE, Wild.STAR)),
    # The name of a claim that tells nothing of whose a token is.
    "claim": (r"(?!(?:repo|repository(?:_owner)?(?:_id)?|enterprise(?:_id)?|job_workflow_ref):)[^:/@*?{}]+", _ANY),
}


@frozen(cache_hash=True)
class Field:
    """
    A part of a claim that differs from token to token.

    Args:
        tells: What is fixed where this part is.

        shape: What characters it may have.

        random: Whether nobody can choose or foresee it.
    """

    tells: frozenset[Width]
    shape: str
    random: bool = False


@frozen(cache_hash=True)
class Form:
    """
    A way in which a claim is built.

    Args:
        parts: Its texts and fields in order.
    """

    parts: tuple[str | Field, ...]

    @functools.cached_property
    def pattern(self) -> Pattern:
        """What matches every text of the form, and some that are none."""
        items: list[Item] = []
        for part in self.parts:
            items.extend(part if isinstance(part, str) else _SHAPES[part.shape][1])

        return Pattern(tuple(items))

    @functools.cached_property
    def _regex(self) -> re.Pattern[str]:
        return re.compile(
            "".join(re.escape(p) if isinstance(p, str) else f"({_SHAPES[p.shape][0]})" for p in self.parts)
        )

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its fields in order."""
        return tuple(part for part in self.parts if isinstance(part, Field))

    def read(self, text: str) -> tuple[str, ...] | None:
        """Return the values of the fields in *text*; None where it has not this form."""
        found = self._regex.fullmatch(text)
        return found.groups() if found else None

    def spell(self, values: Iterable[str]) -> str:
        """Return the text of the form that has *values* in its fields."""
        given = iter(values)
        return "".join(part if isinstance(part, str) else next(given) for part in self.parts)


@functools.cache
def form(text: str) -> Form:
    """Return the form that *text* spells: ``{field}``, ``{field:shape}``, and doubled braces for braces."""
    parts: list[str | Field] = []
    for before, name, shape, _ in string.Formatter().parse(text):
        if before:
            parts.append(before)
        if name is not None:
            parts.append(Field(_TELLS.get(name, frozenset()), shape or "", random=name == "random"))

    return Form(tuple(parts))


def _forms(*texts: str) -> tuple[Form, ...]:
    return tuple(form(text) for text in dict.fromkeys(texts))


# GitHub docs, "OpenID Connect reference": the context is the environment, or pull_request, or the ref; a pull request is
# anybody's who may open one, so it never is fixed. Repositories with immutable subjects add ids after an @.
# Customised subjects are other claims, strung together. Anybody may customise his own, so a claim that names no owner
# fixes none.
# https://docs.github.com/en/actions/reference/security/oidc
_WORKFLOW: Final = "job_workflow_ref:{owner}/{project}/.github/workflows/{project:path}@{context:path}"
_REPOSITORIES: Final = ("repo:{owner}/{project}", "repo:{owner}@{any}/{project}@{any}", "repository_id:{id}")
_OWNERS: Final = ("repository_owner:{owner}", "repository_owner_id:{owner}", "enterprise_id:{owner}")
_CONTEXT: Final = ":{any:claim}:{context:path}"
_CLAIM: Final = "{any:claim}:{any:path}"
_GITHUB: Final = _forms(
    *(head + ":ref:refs/heads/{context:path}" for head in _REPOSITORIES),
    *(head + context for context in (_CONTEXT, ":pull_request", "") for head in _REPOSITORIES),
    *(head + more for more in ("", f":{_CLAIM}", f":{_WORKFLOW}") for head in _OWNERS),
    *(head + context + f":{_WORKFLOW}" for context in (_CONTEXT, ":pull_request", "") for head in _REPOSITORIES),
    *(f"{head}{_CONTEXT}{_CONTEXT}" for head in _REPOSITORIES),
    _WORKFLOW,
    f"{_WORKFLOW}:{_CLAIM}",
    *(f"{_CLAIM}:{head}" for head in (*_REPOSITORIES, *_OWNERS)),
    _CLAIM,
    f"{_CLAIM}:{_CLAIM}",
)
_GITHUB_CLAIMS: Final = {
    "repository": _forms("{owner}/{project}"),
    "repository_id": _forms("{id}"),
    "repository_owner": _forms("{owner}"),
    "repository_owner_id": _forms("{owner}"),
    "enterprise": _forms("{owner}"),
    "enterprise_id": _forms("{owner}"),
    "environment": _forms("{context:text}"),
    "ref": _forms("refs/heads/{context:path}", "{context:path}"),
    "job_workflow_ref": _forms(_WORKFLOW.removeprefix("job_workflow_ref:")),
}
# GitLab docs, "OpenID Connect (OIDC) authentication using ID tokens": the components after the path can be chosen.
# https://docs.gitlab.com/ci/secrets/id_token_authentication
_GITLAB: Final = _forms(
    *(
        head + context
        for head in ("project_path:{owner}/{project:path}", "project_id:{id}", "namespace_id:{owner}:project_id:{id}")
        for context in (
            ":ref_type:branch:ref:{context:path}",
            ":ref_type:tag:ref:{context:path}",
            ":ref:{context:path}",
            ":ref:{context:path}:ref_type:{any}",
            ":ref_type:{any}",
            "",
            ":{any}:{context:path}",
        )
    )
)
# HashiCorp's documentation, "Workload identity": of a workspace, and of a deployment of a stack. Tokens of older Terraform
# Enterprise have no project.
# https://docs.hashicorp.com/terraform/cloud-docs/workspaces/dynamic-provider-credentials/workload-identity-tokens
# https://support.hashicorp.com/hc/en-us/articles/13138701895699-Updating-Workload-Identity-for-Projects
_TERRAFORM: Final = _forms(
    *(
        "organization:{owner}:" + scope + phase
        for scope in ("project:{any:path}:workspace:{project}:run_phase:", "workspace:{project}:run_phase:")
        for phase in ("{context}",)
    ),
    "organization:{owner}:project:{any:path}:stack:{project}:deployment:{any}:operation:{context}",
)
# Atlassian Support, "Deploy on AWS using Bitbucket Pipelines OpenID Connect": with a deployment environment or without;
# the step is another one each time.
# https://support.atlassian.com/bitbucket-cloud/docs/deploy-on-aws-using-bitbucket-pipelines-openid-connect/
_BITBUCKET: Final = _forms("{{{project}}}:{{{context}}}:{{{random}}}", "{{{project}}}:{{{random}}}")
# CircleCI docs, "OpenID Connect tokens", with and without where the source is.
_CIRCLECI: Final = _forms(
    "org/{owner}/project/{id}/user/{any}",
    "org/{owner}/project/{id}/user/{any}/vcs-origin/{any:path}/vcs-ref/{context:path}",
)
# Buildkite docs, "OIDC with AWS".
# https://buildkite.com/docs/pipelines/security/oidc/aws
_BUILDKITE: Final = _forms(
    "organization:{owner}:pipeline:{project}:ref:{context:path}:commit:{any}:step:{any:maybe}",
)
# Microsoft's "Workload identity federation" of service connections, and the tokens of pipelines.
_AZURE: Final = _forms("sc://{owner}/{project}/{context}", "p://{owner}/{project}/{context}")
# Spacelift docs, "OpenID Connect (OIDC)": a space, or a stack of it, is what is pinned.
_SPACELIFT: Final = _forms(
    "space:{project}:stack:{project}:run_type:{any}:scope:{context}",
    "space:{project}:module:{project}:run_type:{any}:scope:{context}",
)
# EKS User Guide, "Assign IAM roles to Kubernetes service accounts".
_EKS: Final = _forms("system:serviceaccount:{project}:{context}")
# Of shared issuers AWS has more on its list; most name the owner behind the first colon, as in Upbound's
# mcp:ORGANIZATION/CONTROL-PLANE:provider:NAME.
_OTHER_SHARED: Final = _forms(
    "{any}:{owner}:{any}:{project}:{context:text}",
    "{any}:{owner}/{project}:{context:text}",
    "{any}:{owner}/{project}",
    "{any}:{owner}:{context:text}",
    "{any}:{owner}",
    "{whole}",
)
# Nothing is known of the form: a fixed beginning stands for a fixed owner.
_OTHER: Final = _forms("{id}:{context:text}", "{id}/{context:text}", "{whole}")
_NUMBER: Final = _forms("{whole}")

_SUBJECTS: Final = {
    Family.GITHUB: _GITHUB,
    Family.BITBUCKET: _BITBUCKET,
    Family.GITLAB: _GITLAB,
    Family.TERRAFORM: _TERRAFORM,
    Family.CIRCLECI: _CIRCLECI,
    Family.BUILDKITE: _BUILDKITE,
    Family.AZURE_DEVOPS: _AZURE,
    Family.SPACELIFT: _SPACELIFT,
    Family.GOOGLE: _NUMBER,
    Family.EKS: _EKS,
    Family.OTHER: _OTHER,
    Family.COGNITO: _OTHER,
}
# Subjects of these may be chosen so freely that a text of no known form is taken for what it says.
_FREE: Final = frozenset({Family.GITHUB, Family.GITLAB, Family.BUILDKITE, Family.GOOGLE, Family.OTHER, Family.COGNITO})
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html
# Of Google, ``aud`` is the application or service account that asked for the token; ``oaud`` is what it asked for.
_CLAIMS: Final = {
    Family.GITHUB: _GITHUB_CLAIMS,
    Family.GOOGLE: {"aud": _forms("{whole:text}"), "email": _forms("{whole:text}")},
    Family.CIRCLECI: {
        "oidc.circleci.com/project-id": _forms("{id}"),
        "project-id": _forms("{id}"),
        "oidc.circleci.com/vcs-ref": _forms("{context:path}"),
        "vcs-ref": _forms("{context:path}"),
    },
}
# AWS's own list of issuers that everybody gets tokens from, with HCP Terraform's in Europe and Google; of the last three
# the audience says whose a token is.
_BY_AUDIENCE: Final = frozenset({"api.pulumi.com/oidc", "oidc.vercel.com", "sandboxes.cloud"})
_SHARED: Final = frozenset(
    {
        "accounts.google.com",
        "agent.buildkite.com",
        "app.eu.terraform.io",
        "app.terraform.io",
        "gitlab.com",
        "oidc-configuration.audit-log.githubusercontent.com",
        "oidc.codefresh.io",
        "proidc.upbound.io",
        "scalr.io",
        "studio.datachain.ai/api",
        "token.actions.githubusercontent.com",
        "tokens.cloud.shisho.dev",
        "vstoken.actions.githubusercontent.com",
        *_BY_AUDIENCE,
    }
)
_ISSUERS: Final = (
    (Family.GITHUB, r"(vs)?token\.actions\.githubusercontent\.com(/.*)?|token\.actions\.[^./]+\.ghe\.com(/.*)?|.*/_services/token"),
    (Family.BITBUCKET, r"api\.bitbucket\.org/2\.0/workspaces/.*"),
    (Family.GITLAB, r"gitlab\.com|gitlab\.[^/]*(/.*)?"),
    (Family.TERRAFORM, r"app\.(eu\.)?terraform\.io"),
    (Family.CIRCLECI, r"oidc\.circleci\.com/.*"),
    (Family.BUILDKITE, r"agent\.buildkite\.com"),
    (Family.AZURE_DEVOPS, r"vstoken\.dev\.azure\.com/.*"),
    (Family.SPACELIFT, r"[^/]+\.app(\.us)?\.spacelift\.io"),
    (Family.GOOGLE, r"accounts\.google\.com"),
    (Family.COGNITO, r"cognito-(identity|idp)\.[^/]*amazonaws\.com(\.cn)?(/.*)?"),
    (Family.EKS, r"oidc\.eks\..*"),
)  # fmt: skip
# What runs on a host of one's own is known by its subjects.
_BEGINNINGS: Final = (
    ("project_path:", Family.GITLAB),
    ("project_id:", Family.GITLAB),
    ("organization:", Family.TERRAFORM),
    ("system:serviceaccount:", Family.EKS),
    ("space:", Family.SPACELIFT),
)
CI: Final = frozenset(Family) - {Family.GOOGLE, Family.COGNITO, Family.EKS, Family.OTHER}
"""The families that are known to build and deploy."""


def family_of(issuer: str, subjects: Iterable[str]) -> Family:
    """
    Return who *issuer* is.

    Args:
        issuer: Its URL without ``https://``.

        subjects: The subjects that a policy asks for: they tell what runs on a host of one's own.
    """
    name = issuer.lower().rstrip("/")
    for family, regex in _ISSUERS:
        if re.fullmatch(regex, name):
            return family
    for subject in subjects:
        for beginning, family in _BEGINNINGS:
            if subject.startswith(beginning):
                return family

    return Family.OTHER


def is_shared(issuer: str) -> bool:
    """Tell whether everybody gets tokens from *issuer*, rather than one tenant."""
    return issuer.lower().rstrip("/") in _SHARED


def is_free(family: Family) -> bool:
    """Tell whether subjects of *family* may be of forms that are not known here."""
    return family in _FREE


def forms_of(family: Family, issuer: str, claim: str) -> tuple[Form, ...]:
    """Return the forms of a claim that says whose a token is; none for other claims."""
    if claim == "sub":
        return _OTHER_SHARED if family is Family.OTHER and is_shared(issuer) else _SUBJECTS[family]
    if claim == "aud" and issuer.lower().rstrip("/") in _BY_AUDIENCE:
        return _forms("{owner:text}")

    return _CLAIMS.get(family, {}).get(claim, ())

"""
AWS CodeBuild.

https://docs.aws.amazon.com/codebuild/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, Resource
from awsaudit.parser import flag, many, optional, optional_text, record, text, texts, where


@frozen
class Variable:
    """
    An environment variable of a project; the value of one in plain text is not kept.

    Args:
        name: Its name.

        kind: ``PLAINTEXT``, or where the value comes from: ``PARAMETER_STORE`` or ``SECRETS_MANAGER``.

        reference: The parameter's name, or the secret's name or ARN, perhaps with a JSON key, a version's label and its id
            after it; None in plain text.
    """

    name: str
    kind: str
    reference: str | None = None


@frozen
class WebhookFilter:
    """
    What an event has to be to start a build.

    Args:
        kind: What is looked at, such as ``EVENT``, ``ACTOR_ACCOUNT_ID`` or ``HEAD_REF``.

        pattern: Names of events for ``EVENT``, else a regular expression.

        excludes: Whether the event must not match.
    """

    kind: str
    pattern: str
    excludes: bool


@frozen
class Webhook:
    """
    What lets events of a repository start builds.

    Args:
        branches: A regular expression of branches; None for all of them. AWS advises filters in its place.

        filters: Groups of filters: all of a group must match, and one group must. Without any, every event starts a build.

        approval: Which pull requests have to be approved first: ``ALL_PULL_REQUESTS``, ``FORK_PULL_REQUESTS`` or
            ``DISABLED``; None where AWS does not say.

        approvers: Roles in the repository whose holders need no approval, such as ``GITHUB_WRITE``.
    """

    branches: str | None
    filters: tuple[tuple[WebhookFilter, ...], ...]
    approval: str | None
    approvers: tuple[str, ...]


_REFERS = "type == 'SECRETS_MANAGER' || type == 'PARAMETER_STORE'"
_REFERENCE = record(str, object=("value", text))


def _kind(value: Any) -> str:
    return optional_text(value) or "PLAINTEXT"


LIST = Call("ListProjects", result="projects[]")
DETAILS = Call(
    "BatchGetProjects",
    result="projects[]",
    batch=Batch("names", 100, key="name", failures="projectsNotFound[]"),
)


class Project(Resource):
    """A build project."""

    service: ClassVar[str] = "codebuild"
    type: ClassVar[str] = "AWS::CodeBuild::Project"
    listing: ClassVar[Call] = LIST

    name = Fact(LIST, "@", text, "The project's name.")
    role_arn = Fact(DETAILS, "serviceRole", optional_text, "The role that builds run with; unset where AWS says none.")
    source_type = Fact(
        DETAILS, "source.type", text, "Where the source is, such as ``GITHUB``, ``CODEPIPELINE`` or ``NO_SOURCE``."
    )
    variables = Fact(
        DETAILS,
        "environment.environmentVariables",
        many(record(Variable, name=("name", text), kind=("type", _kind), reference=("@", where(_REFERS, _REFERENCE)))),
        "Its environment variables, without values in plain text.",
    )
    # The secret and the payload URL of a webhook are not kept.
    webhook = Fact(
        DETAILS,
        "webhook",
        optional(
            record(
                Webhook,
                branches="branchFilter",
                filters=(
                    "filterGroups",
                    many(
                        many(
                            record(
                                WebhookFilter,
                                kind=("type", text),
                                pattern=("pattern", text),
                                excludes=("excludeMatchedPattern", flag),
                            )
                        )
                    ),
                ),
                approval="pullRequestBuildPolicy.requiresCommentApproval",
                approvers=("pullRequestBuildPolicy.approverRoles", texts),
            )
        ),
        "What lets events of the repository start builds; unset without a webhook.",
    )

    @property
    def arn(self) -> str:
        """The project's ARN; the listing tells all of it."""
        return f"arn:{self.partition}:codebuild:{self.region}:{self.account}:project/{self.name}"

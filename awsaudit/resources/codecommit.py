"""
AWS CodeCommit.

https://docs.aws.amazon.com/codecommit/latest/APIReference/
"""

from __future__ import annotations

from typing import Any, ClassVar

from attrs import frozen

from awsaudit.declare import Batch, Call, Fact, Kind, Resource
from awsaudit.parser import document, many, optional_text, record, text, texts


_GONE = ("RepositoryDoesNotExistException",)

LIST = Call("ListRepositories", result="repositories[]")
DETAILS = Call(
    "BatchGetRepositories",
    result="repositories[]",
    batch=Batch(
        "repositoryNames",
        100,
        each="$repositoryName",
        key="repositoryName",
        value="$repositoryName",
        failures="errors[]",
        failure_key="repositoryName",
        failure_code="errorCode",
    ),
)
TRIGGERS = Call("GetRepositoryTriggers", result="triggers", params={"repositoryName": "$repositoryName"}, gone=_GONE)
TEMPLATES = Call(
    "ListAssociatedApprovalRuleTemplatesForRepository",
    result="approvalRuleTemplateNames[]",
    params={"repositoryName": "$parent:repositoryName"},
    gone=_GONE,
)
TEMPLATE = Call(
    "GetApprovalRuleTemplate",
    result="approvalRuleTemplate",
    params={"approvalRuleTemplateName": "$@"},
    gone=("ApprovalRuleTemplateDoesNotExistException",),
)


@frozen
class Trigger:
    """
    Who is told of what happens in a repository.

    Args:
        name: The trigger's name.

        destination_arn: The topic or function.

        branches: The branches that it is about; empty for all.

        events: What it is about: ``all``, ``updateReference``, ``createReference`` or ``deleteReference``.
    """

    name: str
    destination_arn: str
    branches: tuple[str, ...]
    events: tuple[str, ...]


@frozen
class ApprovalRule:
    """
    What the pull requests of a template's repositories need.

    Args:
        references: The branches that they have to go to, as ``refs/heads/main``; empty for all.

        approvals: How many approvals they need, by the statement that asks for most.
    """

    references: tuple[str, ...]
    approvals: int


def approval_rule(value: Any) -> ApprovalRule:
    """Parse the content of an approval rule template, which is JSON as text."""
    content = document(value)
    if content is None:
        raise ValueError("an approval rule without content")
    needed = [int(s["NumberOfApprovalsNeeded"]) for s in content["Statements"]]

    return ApprovalRule(texts(content.get("DestinationReferences")), max(needed, default=0))


class Repository(Resource):
    """A Git repository."""

    service: ClassVar[str] = "codecommit"
    type: ClassVar[str] = "AWS::CodeCommit::Repository"
    listing: ClassVar[Call] = LIST

    name = Fact(LIST, "repositoryName", text, "The repository's name.")
    default_branch = Fact(
        DETAILS, "defaultBranch", optional_text, "The default branch; unset as long as nothing was pushed."
    )
    triggers = Fact(
        TRIGGERS,
        "@",
        many(
            record(
                Trigger,
                name=("name", text),
                destination_arn=("destinationArn", text),
                branches=("branches", texts),
                events=("events", texts),
            )
        ),
        "Who is told of what happens in it.",
    )

    @property
    def arn(self) -> str:
        """The repository's ARN; the listing tells all of it."""
        return f"arn:{self.partition}:codecommit:{self.region}:{self.account}:{self.name}"


class RepositoryApprovalTemplate(Resource):
    """An approval rule template of a repository: what its pull requests need. Templates have no ARN."""

    service: ClassVar[str] = "codecommit"
    type: ClassVar[str] = "AWS::CodeCommit::ApprovalRuleTemplate"
    listing: ClassVar[Call] = TEMPLATES
    parent: ClassVar[Kind] = Repository

    name = Fact(TEMPLATES, "@", text, "The template's name.")
    rule = Fact(TEMPLATE, "approvalRuleTemplateContent", approval_rule, "What it asks for.")

    @property
    def arn(self) -> str:
        """The repository's ARN and the template's name."""
        repository = self.parent_resource
        return f"{repository.know('arn') if repository else ''}/{self.name}"

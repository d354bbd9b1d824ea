"""
Amazon ECR Public: what the account shows in the public gallery. Its one endpoint for that is in us-east-1.

https://docs.aws.amazon.com/AmazonECRPublic/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource, Scope
from awsaudit.parser import document, text


LIST = Call("DescribeRepositories", result="repositories[]", page_size=("maxResults", 1000))
POLICY = Call(
    "GetRepositoryPolicy",
    params={"repositoryName": "$repositoryName"},
    absent=("RepositoryPolicyNotFoundException",),
    gone=("RepositoryNotFoundException",),
)


class PublicRepository(Resource):
    """A repository that everybody may pull from."""

    service: ClassVar[str] = "ecr-public"
    type: ClassVar[str] = "AWS::ECR::PublicRepository"
    listing: ClassVar[Call] = LIST
    scope: ClassVar[Scope] = Scope.GLOBAL

    arn = Fact(LIST, "repositoryArn", text, "The repository's ARN.")
    name = Fact(LIST, "repositoryName", text, "The repository's name, namespaces included.")
    uri = Fact(LIST, "repositoryUri", text, "Where it is pulled from.")
    policy = Fact(POLICY, "policyText", document, "Who may push and administer; unset without a policy.")

"""
IAM Access Analyzer.

https://docs.aws.amazon.com/access-analyzer/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import many, optional_text, record, text, texts


ANALYZERS = Call("ListAnalyzers", result="analyzers[]")
EXTERNAL = ("ACCOUNT", "ORGANIZATION")
"""The types of analyzers that look for access from outside."""

FINDINGS = Call(
    "ListFindingsV2",
    result="findings",
    params={
        "analyzerArn": "$arn",
        "filter": {"status": {"eq": ["ACTIVE"]}, "findingType": {"eq": ["ExternalAccess"]}},
    },
    when="$status=='ACTIVE' && (type=='ACCOUNT' || type=='ORGANIZATION')",
    action="access-analyzer:ListFindings",
)


@frozen
class External:
    """
    A finding of an analyzer: something that outsiders get at.

    Args:
        id: The finding's id.

        resource: The ARN of what they get at.

        type: CloudFormation's name of its type.

        owner: The account that it belongs to.
    """

    id: str
    resource: str
    type: str
    owner: str


class Analyzer(Resource):
    """An analyzer of a region."""

    service: ClassVar[str] = "accessanalyzer"
    type: ClassVar[str] = "AWS::AccessAnalyzer::Analyzer"
    listing: ClassVar[Call] = ANALYZERS

    arn = Fact(ANALYZERS, "arn", text, "The analyzer's ARN.")
    name = Fact(ANALYZERS, "name", text, "The analyzer's name.")
    kind = Fact(ANALYZERS, "type", text, "``ACCOUNT``, ``ORGANIZATION``, or one for unused or internal access.")
    status = Fact(ANALYZERS, "status", text, "``ACTIVE``, ``CREATING``, ``DISABLED`` or ``FAILED``.")
    external = Fact(
        FINDINGS,
        "@",
        many(
            record(
                External,
                id=("id", text),
                resource=("resource", text),
                type=("resourceType", text),
                owner=("resourceOwnerAccount", text),
            )
        ),
        "What outsiders get at; empty for analyzers of another kind, and those that do not work.",
    )
    reason = Fact(ANALYZERS, "statusReason.code", optional_text, "Why it does not work; unset where it does.")


ALL = Call("ListAnalyzers", result="analyzers")


class Region(Resource):
    """A region, in which somebody ought to look for access from outside."""

    service: ClassVar[str] = "accessanalyzer"
    type: ClassVar[str] = "AWS::AccessAnalyzer::Region"

    working = Fact(ALL, "[?status=='ACTIVE'].type", texts, "The types of the analyzers that work.")
    starting = Fact(ALL, "[?status=='CREATING'].type", texts, "The types of those that are being made.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:access-analyzer:{self.region}:{self.account}:region"

    @property
    def name(self) -> str:
        """The region."""
        return self.region

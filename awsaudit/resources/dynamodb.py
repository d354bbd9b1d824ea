"""
Amazon DynamoDB.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from attrs import frozen

from awsaudit.declare import Call, Fact, From, Resource
from awsaudit.parser import document, many, optional_text, record, text


_GONE = ("ResourceNotFoundException",)
_NO_POLICY = "PolicyNotFoundException"

LIST = Call("ListTables", result="TableNames[]")
DESCRIBE = Call("DescribeTable", result="Table", params={"TableName": "$@"}, gone=_GONE)
POLICY = Call(
    "GetResourcePolicy",
    result="Policy",
    params={"ResourceArn": From(DESCRIBE, "TableArn")},
    absent=(_NO_POLICY,),
    gone=_GONE,
)
# A stream that was turned off is found no more a day later, while the table still names it.
STREAM_POLICY = Call(
    "GetResourcePolicy",
    result="Policy",
    params={"ResourceArn": From(DESCRIBE, "LatestStreamArn")},
    absent=(_NO_POLICY, "ResourceNotFoundException"),
)


@frozen
class KeyPart:
    """
    A part of the primary key of a table.

    Args:
        name: The attribute.

        kind: ``HASH`` for the partition key, ``RANGE`` for the sort key.
    """

    name: str
    kind: str


class Table(Resource):
    """A table, with its newest stream."""

    service: ClassVar[str] = "dynamodb"
    type: ClassVar[str] = "AWS::DynamoDB::Table"
    listing: ClassVar[Call] = LIST
    label: ClassVar[str] = "name"

    name = Fact(LIST, "@", text, "The table's name, unique in account and region.")
    key = Fact(
        DESCRIBE,
        "KeySchema",
        many(record(KeyPart, name=("AttributeName", text), kind=("KeyType", text))),
        "The attributes of its primary key.",
    )
    stream_arn = Fact(DESCRIBE, "LatestStreamArn", optional_text, "Its newest stream; unset if it never had one.")
    policy = Fact(POLICY, "@", document, "Its resource policy; unset without one.")
    stream_policy = Fact(STREAM_POLICY, "@", document, "The resource policy of its newest stream; unset without one.")

    @property
    def arn(self) -> str:
        """The table's ARN."""
        return f"arn:{self.partition}:dynamodb:{self.region}:{self.account}:table/{self.name}"

"""
AWS CloudFormation.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import optional_moment, optional_text, secret_hits, tags, text, texts


# Stacks that were deleted are told only to who asks for one by its id.
STACKS = Call("DescribeStacks", result="Stacks[]")


class Stack(Resource):
    """A stack, also one that is nested in another or that a stack set made."""

    service: ClassVar[str] = "cloudformation"
    type: ClassVar[str] = "AWS::CloudFormation::Stack"
    listing: ClassVar[Call] = STACKS
    label: ClassVar[str] = "name"

    arn = Fact(STACKS, "StackId", text, "The stack's id, which is an ARN.")
    name = Fact(STACKS, "StackName", text, "The stack's name, unique among those of a region that are not deleted.")
    status = Fact(
        STACKS,
        "StackStatus",
        text,
        "Such as ``UPDATE_COMPLETE``; ``REVIEW_IN_PROGRESS`` for one without resources yet.",
    )
    role_arn = Fact(
        STACKS,
        "RoleARN",
        optional_text,
        "The role that CloudFormation works with whoever asks; unset where it takes the rights of who asks.",
    )
    parent_id = Fact(STACKS, "ParentId", optional_text, "The stack that it is nested in; unset for one of its own.")
    drift_status = Fact(
        STACKS,
        "DriftInformation.StackDriftStatus || 'NOT_CHECKED'",
        text,
        "``DRIFTED``, ``IN_SYNC``, ``UNKNOWN`` where a resource could not be compared, or ``NOT_CHECKED``.",
    )
    drift_checked_at = Fact(
        STACKS,
        "DriftInformation.LastCheckTimestamp",
        optional_moment,
        "When somebody last began to compare the stack, or a resource of it, with its template; unset for never.",
    )
    # Of parameters and outputs no value is kept: many a password is one. What is NoEcho AWS shows as asterisks.
    parameter_names = Fact(STACKS, "Parameters[].ParameterKey", texts, "The names of its parameters.")
    parameter_secrets = Fact(
        STACKS, "Parameters[].ParameterValue", secret_hits, "Secrets that its parameters show.", sensitive=True
    )
    resolved_secrets = Fact(
        STACKS,
        "Parameters[].ResolvedValue",
        secret_hits,
        "Secrets in the Parameter Store that its parameters show.",
        sensitive=True,
    )
    output_secrets = Fact(
        STACKS, "Outputs[].OutputValue", secret_hits, "Secrets that its outputs show.", sensitive=True
    )
    tags = Fact(STACKS, "Tags", tags, "Its tags.")

"""
AWS Backup.

https://docs.aws.amazon.com/aws-backup/latest/devguide/api-reference.html
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import optional_moment, text


PROTECTED = Call("ListProtectedResources", result="Results[]")


class ProtectedResource(Resource):
    """A resource of which AWS Backup holds a recovery point."""

    service: ClassVar[str] = "backup"
    type: ClassVar[str] = "AWS::Backup::ProtectedResource"
    listing: ClassVar[Call] = PROTECTED
    label: ClassVar[str] = "arn"

    arn = Fact(PROTECTED, "ResourceArn", text, "The ARN of the resource itself.")
    last_backup = Fact(PROTECTED, "LastBackupTime", optional_moment, "When it was last backed up.")

"""
AWS Systems Manager.

https://docs.aws.amazon.com/systems-manager/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import optional_text, text


# Best effort is what AWS promises of a page: an empty one with a token is not the last.
PARAMETERS = Call("DescribeParameters", result="Parameters[]", page_size=("MaxResults", 50))


class Parameter(Resource):
    """A parameter of the Parameter Store; its value is never read."""

    service: ClassVar[str] = "ssm"
    type: ClassVar[str] = "AWS::SSM::Parameter"
    listing: ClassVar[Call] = PARAMETERS

    name = Fact(PARAMETERS, "Name", text, "The parameter's name, with its path.")
    kind = Fact(PARAMETERS, "Type", text, "``String``, ``StringList`` or ``SecureString``.")
    key_id = Fact(
        PARAMETERS, "KeyId", optional_text, "Alias, id or ARN of the KMS key of a ``SecureString``; unset for others."
    )

    @property
    def arn(self) -> str:
        """The parameter's ARN, in which a name with a path has one slash, not two."""
        return f"arn:{self.partition}:ssm:{self.region}:{self.account}:parameter/{self.name.removeprefix('/')}"


INSTANCES = Call("DescribeInstanceInformation", result="InstanceInformationList[]", page_size=("MaxResults", 50))


class ManagedInstance(Resource):
    """A host whose agent reports to Systems Manager."""

    service: ClassVar[str] = "ssm"
    type: ClassVar[str] = "AWS::SSM::ManagedInstance"
    listing: ClassVar[Call] = INSTANCES
    label: ClassVar[str] = "id"

    id = Fact(INSTANCES, "InstanceId", text, "The id of the instance, or of a host outside EC2.")
    ping = Fact(INSTANCES, "PingStatus", optional_text, "``Online``, ``ConnectionLost`` or ``Inactive``.")

    @property
    def arn(self) -> str:
        """The ARN by which Systems Manager calls it."""
        return f"arn:{self.partition}:ssm:{self.region}:{self.account}:managed-instance/{self.id}"

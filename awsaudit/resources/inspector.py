"""
Amazon Inspector.

https://docs.aws.amazon.com/inspector/v2/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import optional_text


STATUS = Call("BatchGetAccountStatus", params={"accountIds": ["$scan:account"]})


class Scanning(Resource):
    """
    What Inspector scans in a region.

    Its states are ``ENABLING``, ``ENABLED``, ``DISABLING``, ``DISABLED``, ``SUSPENDING`` and ``SUSPENDED``; unset where AWS
    told of no such kind of scan.
    """

    service: ClassVar[str] = "inspector2"
    type: ClassVar[str] = "AWS::InspectorV2::Scanning"

    ec2 = Fact(STATUS, "accounts[0].resourceState.ec2.status", optional_text, "The state of scans of instances.")
    ecr = Fact(STATUS, "accounts[0].resourceState.ecr.status", optional_text, "That of images.")
    functions = Fact(STATUS, "accounts[0].resourceState.lambda.status", optional_text, "That of packages of functions.")
    function_code = Fact(
        STATUS, "accounts[0].resourceState.lambdaCode.status", optional_text, "That of the functions' own code."
    )
    error = Fact(STATUS, "failedAccounts[0].errorCode", optional_text, "Why AWS could not tell; unset where it did.")

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:inspector2:{self.region}:{self.account}:scanning"

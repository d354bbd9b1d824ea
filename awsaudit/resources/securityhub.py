"""
AWS Security Hub CSPM.

https://docs.aws.amazon.com/securityhub/1.0/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, From, Resource
from awsaudit.parser import optional_text, texts


# InvalidAccessException is what AWS answers where Security Hub was never switched on.
# https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeHub.html
HUB = Call("DescribeHub", absent=("InvalidAccessException", "ResourceNotFoundException"))
STANDARDS = Call("GetEnabledStandards", result="StandardsSubscriptions", when=From(HUB, "HubArn"))


class Hub(Resource):
    """Security Hub in a region."""

    service: ClassVar[str] = "securityhub"
    type: ClassVar[str] = "AWS::SecurityHub::Hub"

    hub_arn = Fact(HUB, "HubArn", optional_text, "The hub's ARN; unset where Security Hub is off.")
    standards = Fact(
        STANDARDS,
        "[?StandardsStatus=='READY' || StandardsStatus=='INCOMPLETE'].StandardsArn",
        texts,
        "The standards that it checks.",
    )
    pending = Fact(
        STANDARDS, "[?StandardsStatus=='PENDING'].StandardsArn", texts, "The standards that are being switched on."
    )

    @property
    def arn(self) -> str:
        """What stands for an ARN: there is one a region."""
        return f"arn:{self.partition}:securityhub:{self.region}:{self.account}:hub/default"

    @property
    def name(self) -> str:
        """The region."""
        return self.region

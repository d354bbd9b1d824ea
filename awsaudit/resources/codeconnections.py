"""
AWS CodeConnections, which was called CodeStar Connections.

https://docs.aws.amazon.com/codeconnections/latest/APIReference/
"""

from __future__ import annotations

from typing import ClassVar

from awsaudit.declare import Call, Fact, Resource
from awsaudit.parser import optional_text, text


# There is no paginator for it in botocore; its token is followed all the same.
CONNECTIONS = Call("ListConnections", result="Connections[]")


class Connection(Resource):
    """
    A connection to a provider of repositories.

    The service changed its name: ARNs say ``codestar-connections`` or ``codeconnections`` for one and the same connection,
    and the id at their end tells whether two of them mean one.
    """

    service: ClassVar[str] = "codeconnections"
    type: ClassVar[str] = "AWS::CodeConnections::Connection"
    listing: ClassVar[Call] = CONNECTIONS

    arn = Fact(CONNECTIONS, "ConnectionArn", text, "The connection's ARN, in either spelling.")
    name = Fact(CONNECTIONS, "ConnectionName", text, "The connection's name.")
    provider_type = Fact(CONNECTIONS, "ProviderType", optional_text, "The provider, such as ``GitHub``; unset untold.")
    status = Fact(
        CONNECTIONS, "ConnectionStatus", text, "``PENDING`` until somebody completes it, ``AVAILABLE`` or ``ERROR``."
    )
    owner_account = Fact(
        CONNECTIONS, "OwnerAccountId", optional_text, "The AWS account that it belongs to; unset untold."
    )
    host_arn = Fact(
        CONNECTIONS, "HostArn", optional_text, "The host, for a provider that customers run; unset for others."
    )

    @property
    def id(self) -> str:
        """What the connection is called at the end of its ARN, whichever spelling that has."""
        return self.arn.rpartition("/")[2]

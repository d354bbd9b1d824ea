"""
What all parts of the example account share: its name, regions, clients, and the ids of what was built before.
"""

from __future__ import annotations

import datetime

from typing import Any, Final

from attrs import define, field


ACCOUNT: Final = "123456789012"
HOME: Final = "eu-central-1"
"""Where the company runs its validators."""

REGIONS: Final = ("eu-central-1", "eu-west-1", "us-east-1")
"""The enabled regions: home, standby, and the home of global services."""

NAME: Final = "northlight"


@define
class Company:
    """
    The example company and its account.

    Args:
        session: A boto3 session whose clients talk to the example account.

        front: The layer in front of the fake AWS (`awsaudit.demo.front.Front`).

        ids: Ids and ARNs of what was built, by a short name such as ``vpc`` or ``role:node``, for later parts.
    """

    session: Any
    front: Any
    ids: dict[str, Any] = field(factory=dict)

    @property
    def account(self) -> str:
        """The account's id."""
        return ACCOUNT

    @property
    def today(self) -> datetime.datetime:
        """This moment: the account is as young as the process."""
        return datetime.datetime.now(datetime.UTC)

    def client(self, service: str, region: str = HOME) -> Any:
        """Return a client that talks to the example account."""
        return self.session.client(service, region_name=region)

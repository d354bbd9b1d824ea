"""
Whom an account trusts: itself, its organization, and whom its owner named.
"""

from __future__ import annotations

import ipaddress

from collections.abc import Iterable

from attrs import frozen

from awsaudit.access.condition import matcher, networks_of
from awsaudit.gap import Gap


@frozen
class TrustZone:
    """
    The accounts, organizations and networks that are no strangers.

    Args:
        accounts: Ids of accounts, with those of the organization's as far as they are known.

        organizations: Ids of organizations.

        networks: Address ranges, CIDR.

        unseen: Why the organization's accounts are not known; None if they are, or there is no organization.

        own_organization: The id of the account's own organization; None where it has none, or that could not be seen.
    """

    accounts: frozenset[str] = frozenset()
    organizations: frozenset[str] = frozenset()
    networks: tuple[str, ...] = ()
    unseen: Gap | None = None
    own_organization: str | None = None

    def has(self, account: str | None) -> bool | None:
        """Tell whether *account* is in the zone; None where the organization's accounts are not known."""
        if account in self.accounts:
            return True

        return None if self.unseen else False

    def has_organization(self, organization: str | None) -> bool:
        """Tell whether the organization is in the zone."""
        return organization in self.organizations

    @property
    def ranges(self) -> tuple[str, ...]:
        """The address ranges from which no stranger comes: those of the zone, and those that are not of the internet."""
        return (*_NOT_PUBLIC, *self.networks)

    def has_address(self, address: str) -> bool:
        """Tell whether an address is in the zone, or is one that no request from the internet has."""
        return matcher("ipaddress", self.ranges)(address)


# https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html, RFC 6598, RFC 4193, RFC 4291
_NOT_PUBLIC = (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/3", "::/127", "fc00::/7", "fe80::/10",
)  # fmt: skip
_BROAD_V4 = 2**24
_BROAD_V6 = 2**96


def is_broad(values: Iterable[str]) -> bool:
    """
    Tell whether the address ranges *values* add up to much of the internet.

    S3 calls a policy public that is bound to ranges as wide as 0.0.0.0/1; up to a /8 is one owner's.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
    """
    networks = tuple(networks_of(values))
    v4 = ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv4Network))
    v6 = ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv6Network))

    return sum(n.num_addresses for n in v4) > _BROAD_V4 or sum(n.num_addresses for n in v6) > _BROAD_V6

"""
Which accounts are scanned together: those of an organization, or those that are named.
"""

from __future__ import annotations

import threading

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from attrs import frozen

from awsaudit import log
from awsaudit.errors import ConfigError, CredentialsError, SelectionError
from awsaudit.evidence import Failure, Request
from awsaudit.fleet import Member, OrganizationScan
from awsaudit.partition import home_region
from awsaudit.plan import plan_facts
from awsaudit.resources.organizations import ACCOUNTS, OrganizationAccount
from awsaudit.scan import Settings, identify, known_regions, plan_of
from awsaudit.selection import nearest


if TYPE_CHECKING:
    import boto3


ROLE: Final = "awsaudit"
"""The role that is assumed in each account if no other is named; it needs what `awsaudit policy` prints, and no more."""

LISTING: Final = (OrganizationAccount.id, OrganizationAccount.name, OrganizationAccount.state)
"""What is read of the organization: the only call that a scan of one makes besides those of its accounts, and AssumeRole."""

ACTIVE: Final = "ACTIVE"


@frozen
class Accounts:
    """
    Which accounts are scanned.

    Args:
        org: Whether those of the organization that the credentials belong to, as far as they are active.

        ids: Accounts; with *org* only these of it.

        role: The name of the role to assume in each, with its path if it has one.

        role_arns: Roles to assume, one for each account, in place of all this.

        external_id: What the roles' trust policies ask for.
    """

    org: bool = False
    ids: tuple[str, ...] = ()
    role: str = ROLE
    role_arns: tuple[str, ...] = ()
    external_id: str | None = None

    @property
    def several(self) -> bool:
        """Whether it is more than the account of the credentials, or of one role."""
        return self.org or bool(self.ids) or len(self.role_arns) > 1


_ORGANIZATION: Final = Accounts(org=True)


def open_organization(
    settings: Settings,
    session: boto3.Session,
    accounts: Accounts,
    *,
    cancelled: threading.Event | None = None,
) -> OrganizationScan:
    """
    Return a scan of several accounts.

    Args:
        settings: What to do in each.

        session: Whose credentials the roles are assumed with; an account that they belong to is scanned with them.

        accounts: Which accounts.

        cancelled: Stops the scan when set.

    Raises:
        CredentialsError: There are none, AWS refuses them, or the organization's accounts could not be listed.
        ConfigError: A role is no role, or two are of the same account.
        SelectionError: The selection names something that nobody knows, an account that the organization has not among it.
    """
    if settings.save_snapshot is not None:
        raise ConfigError("--save-snapshot saves one account")
    chosen = plan_of(settings)

    from awsaudit.session import Entrance  # noqa: PLC0415 - boto3 is slow to import

    found = members(session, accounts, settings)
    entrance = Entrance(session, accounts.external_id)

    def enter(member: Member) -> boto3.Session:
        return session if member.role_arn is None else entrance.open(member.role_arn)

    return OrganizationScan(found, enter, settings, plan=chosen, cancelled=cancelled)


def members(
    session: boto3.Session, accounts: Accounts = _ORGANIZATION, settings: Settings | None = None
) -> tuple[Member, ...]:
    """
    Return the accounts to scan, by id.

    Args:
        session: Whose credentials the roles are assumed with.

        accounts: Which accounts; unset means every active one of the organization.

        settings: What a scan is to do; of it the regions are looked at, and how many requests a second are sent.

    Raises:
        CredentialsError: There are none, AWS refuses them, or the organization's accounts could not be listed.
        ConfigError: A role is no role, or two are of the same account.
        SelectionError: A region or an account is not there, or no account is left.
    """
    from awsaudit.live import Live, Tuning  # noqa: PLC0415 - boto3 is slow to import

    settings = settings or Settings()
    source = Live(session, plan_facts(LISTING if accounts.org else ()), Tuning(max_rate=settings.max_rate))
    try:
        identity = identify(source, session, settings.regions)
        partition, own = identity["Arn"].split(":")[1], identity["Account"]
        known_regions(settings, session, partition)
        if accounts.role_arns:
            return tuple(_of_roles(accounts.role_arns, partition))
        listed = _listed(source, own, partition) if accounts.org else {}
    finally:
        source.close()
    ids = sorted(_narrowed(listed, accounts.ids) if accounts.org else set(accounts.ids))
    if not ids:
        raise SelectionError("no account is left to scan")
    role = f"role/{accounts.role.removeprefix('/')}"

    return tuple(
        Member(
            id_,
            partition,
            None if id_ == own else f"arn:{partition}:iam::{id_}:{role}",
            listed.get(id_, {}).get("Name"),
        )
        for id_ in ids
    )


def _of_roles(role_arns: tuple[str, ...], partition: str) -> Iterator[Member]:
    from awsaudit.session import account_of  # noqa: PLC0415 - boto3 is slow to import

    found: dict[str, Member] = {}
    for role_arn in dict.fromkeys(role_arns):
        where, account = account_of(role_arn)
        if where != partition:
            raise ConfigError(f"--role-arn: {role_arn} is of the partition {where}, the credentials are of {partition}")
        if account in found:
            raise ConfigError(f"--role-arn: {found[account].role_arn} and {role_arn} are of the same account")
        found[account] = Member(account, where, role_arn)
    yield from (found[account] for account in sorted(found))


def _listed(source: Any, own: str, partition: str) -> Mapping[str, Mapping[str, str]]:
    """Return what AWS says of each account of the organization, by id."""
    service = OrganizationAccount.service
    answer = source.ask(Request.of(home_region(partition, service), service, ACCOUNTS.operation, {}))
    if isinstance(answer, Failure):
        if answer.code in ACCOUNTS.absent:
            raise ConfigError(f"the account {own} belongs to no organization; name --accounts in place of --org")
        raise CredentialsError(
            f"the accounts of the organization could not be listed ({answer.code}); only its management account and "
            "delegated administrators may, with organizations:ListAccounts. Or name --accounts in place of --org"
        )
    listed = {account["Id"]: account for account in answer.get("Accounts", ())}
    active = sum(account.get("State", ACTIVE) == ACTIVE for account in listed.values())
    log.info("organization.listed", accounts=len(listed), active=active)

    return listed


def _narrowed(listed: Mapping[str, Mapping[str, str]], wanted: tuple[str, ...]) -> Iterator[str]:
    """Yield the accounts to scan; one whose state AWS does not tell is tried."""
    for id_ in wanted:
        if id_ not in listed:
            raise SelectionError(f"--accounts: the organization has no account {id_!r}{nearest(id_, listed)}")
        state = listed[id_].get("State", ACTIVE)
        if state != ACTIVE:
            raise SelectionError(f"--accounts: the account {id_} is not active but {state}")
    for id_, account in listed.items():
        if account.get("State", ACTIVE) == ACTIVE and (not wanted or id_ in wanted):
            yield id_

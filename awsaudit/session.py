"""
Credentials: whose account a scan looks at.

They are found exactly as the AWS CLI finds them, and its cache of assumed roles is shared, so that a profile with MFA asks
for its code once.
"""

from __future__ import annotations

import functools
import threading

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import boto3
import botocore.session

from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials, JSONFileCache
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

from awsaudit.errors import ConfigError, CredentialsError
from awsaudit.gap import ASSUME, Gap, GapKind, cause, classify
from awsaudit.partition import GLOBAL, home_region
from awsaudit.selection import nearest


_CLI_CACHE: Final = Path("~/.aws/cli/cache")
_PATIENT: Final = Config(
    connect_timeout=5,
    read_timeout=15,
    retries={"mode": "standard", "total_max_attempts": 4},
    user_agent_extra="awsaudit",
)


def open_session(
    profile: str | None = None, role_arn: str | None = None, external_id: str | None = None
) -> boto3.Session:
    """
    Return a session with the credentials that a scan uses.

    Args:
        profile: A profile of the AWS CLI; unset means what the AWS CLI would use.

        role_arn: A role to assume with them; its credentials are renewed as long as the scan lasts.

        external_id: What the role's trust policy asks for.

    Raises:
        ConfigError: There is no such profile, or the role is no role.
        CredentialsError: The role cannot be assumed.
    """
    if external_id and not role_arn:
        raise ConfigError("--external-id goes with --role-arn")
    own = botocore.session.Session(profile=profile)
    try:
        _share_cache(own)
        session = boto3.Session(botocore_session=own)
        return session if role_arn is None else Entrance(session, external_id).open(role_arn)
    except ProfileNotFound as error:
        name = profile or str(error.kwargs.get("profile", ""))
        raise ConfigError(f"there is no profile {name!r}{nearest(name, own.available_profiles)}") from None


class Entrance:
    """
    Opens sessions with the credentials of other roles, one for each account that is to be scanned.

    It may be used from several threads.

    Args:
        session: Whose credentials the roles are assumed with.

        external_id: What the roles' trust policies ask for.
    """

    def __init__(self, session: boto3.Session, external_id: str | None = None) -> None:
        self._own: Any = session._session  # noqa: SLF001 - boto3 has no public way to it
        self._external_id = external_id
        # botocore's sessions are not safe to make clients from in two threads.
        self._lock = threading.Lock()

    def open(self, role_arn: str) -> boto3.Session:
        """
        Return a session with the credentials of a role; they are renewed as long as the session is used.

        Raises:
            ConfigError: It is no role.
            CredentialsError: It cannot be assumed.
        """
        partition, account = account_of(role_arn)
        try:
            credentials = self._credentials(role_arn, partition)
            credentials.get_frozen_credentials()
        except ClientError as error:
            raise _refused(role_arn, account, error) from None
        except ProfileNotFound:
            raise
        except BotoCoreError as error:
            gap = _gap(role_arn, account, type(error).__name__, GapKind.UNAVAILABLE)
            raise CredentialsError(f"the role {role_arn} cannot be assumed: {error}", gap) from None
        with self._lock:
            session = botocore.session.Session(profile=self._own.profile)
            session.register_component("credential_provider", _Resolver(credentials))
            # What botocore knows of the services is read once for all accounts.
            loader = self._own.get_component("data_loader")
            session.register_component("data_loader", loader)
            opened = boto3.Session(botocore_session=session)
            loader.search_paths[:] = dict.fromkeys(loader.search_paths)

        return opened

    def _credentials(self, role_arn: str, partition: str) -> Any:
        with self._lock:
            source = self._own.get_credentials()
        if source is None:
            raise CredentialsError(
                "there are no AWS credentials to assume the role with; run `aws configure` or `aws sso login`, or name a --profile"
            )
        region = self._own.get_config_variable("region") or home_region(partition, "sts")
        extra = {"RoleSessionName": "awsaudit", **({"ExternalId": self._external_id} if self._external_id else {})}
        fetcher = AssumeRoleCredentialFetcher(
            functools.partial(self._client, region), source, role_arn, extra_args=extra
        )

        return DeferredRefreshableCredentials(_Renewal(fetcher.fetch_credentials), "assume-role")

    def _client(self, region: str, service: str, **keys: Any) -> Any:
        with self._lock:
            return self._own.create_client(service, region_name=region, config=_PATIENT, **keys)


class _Renewal:
    """Fetches a role's credentials; once it is refused it asks no more, however many calls wait to be signed."""

    def __init__(self, fetch: Callable[[], Mapping[str, Any]]) -> None:
        self._fetch = fetch
        self._refusal: ClientError | None = None

    def __call__(self) -> Mapping[str, Any]:
        if self._refusal is not None:
            raise self._refusal
        try:
            return self._fetch()
        except ClientError as error:
            if _kind(error) is GapKind.DENIED:
                self._refusal = error
            raise


def account_of(role_arn: str) -> tuple[str, str]:
    """
    Return the partition and the account of a role.

    Raises:
        ConfigError: It is no role.
    """
    parts = role_arn.split(":")
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "iam" or not parts[5].startswith("role/"):  # noqa: PLR2004 - an ARN has six parts
        raise ConfigError(f"--role-arn: not the ARN of a role: {role_arn!r}")

    return parts[1], parts[4]


def _share_cache(session: botocore.session.Session) -> None:
    """Keep assumed roles where the AWS CLI keeps them, as it does itself."""
    cache = JSONFileCache(str(_CLI_CACHE.expanduser()))
    resolver = session.get_component("credential_provider")
    for provider in resolver.providers:
        if provider.METHOD in {"assume-role", "assume-role-with-web-identity"}:
            provider.cache = cache


class _Resolver:
    """What botocore asks for a session's credentials."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        """Return them."""
        return self._credentials


def _refused(role_arn: str, account: str, error: ClientError) -> CredentialsError:
    answer: Mapping[str, Any] = error.response
    code = str(answer.get("Error", {}).get("Code", "Unknown"))
    why = cause(str(answer.get("Error", {}).get("Message", "")))
    hint = (
        "the role's trust policy must admit these credentials and they need sts:AssumeRole; check --external-id"
        if code == "AccessDenied"
        else "check the credentials that are to assume it"
    )

    return CredentialsError(
        f"the role {role_arn} cannot be assumed ({code}); {hint}", _gap(role_arn, account, code, _kind(error), why)
    )


def _kind(error: ClientError) -> GapKind:
    answer: Mapping[str, Any] = error.response
    code = str(answer.get("Error", {}).get("Code", "Unknown"))
    return classify(code, int(answer.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)))


def _gap(role_arn: str, account: str, code: str, kind: GapKind, why: str | None = None) -> Gap:
    return Gap(account, GLOBAL, "sts", ASSUME, code, kind, ("sts:AssumeRole",), role_arn, why)

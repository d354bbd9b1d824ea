"""
Credentials: whose account a scan looks at.

They are found exactly as the AWS CLI finds them, and its cache of assumed roles is shared, so that a profile with MFA asks
for its code once.
"""

from __future__ import annotations

import functools

from pathlib import Path
from typing import Any, Final

import boto3
import botocore.session

from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials, JSONFileCache
from botocore.exceptions import BotoCoreError, ClientError, ProfileNotFound

from awsaudit.errors import ConfigError, CredentialsError
from awsaudit.partition import home_region
from awsaudit.selection import nearest


_CLI_CACHE: Final = Path("~/.aws/cli/cache")


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
        if role_arn is None:
            return session
        return _assumed(own, role_arn, external_id)
    except ProfileNotFound as error:
        name = profile or str(error.kwargs.get("profile", ""))
        raise ConfigError(f"there is no profile {name!r}{nearest(name, own.available_profiles)}") from None
    except ClientError as error:
        raise CredentialsError(_refused(role_arn, error)) from None
    except BotoCoreError as error:
        raise CredentialsError(f"the role {role_arn} cannot be assumed: {error}") from None


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


def _assumed(own: botocore.session.Session, role_arn: str, external_id: str | None) -> boto3.Session:
    parts = role_arn.split(":")
    if len(parts) != 6 or parts[0] != "arn" or parts[2] != "iam" or not parts[5].startswith("role/"):  # noqa: PLR2004 - an ARN has six parts
        raise ConfigError(f"--role-arn: not the ARN of a role: {role_arn!r}")
    source = own.get_credentials()
    if source is None:
        raise CredentialsError(
            "there are no AWS credentials to assume the role with; run `aws configure` or `aws sso login`, or name a --profile"
        )
    region = own.get_config_variable("region") or home_region(parts[1], "sts")
    fetcher = AssumeRoleCredentialFetcher(
        functools.partial(own.create_client, region_name=region),
        source,
        role_arn,
        extra_args={"RoleSessionName": "awsaudit", **({"ExternalId": external_id} if external_id else {})},
    )
    credentials = DeferredRefreshableCredentials(fetcher.fetch_credentials, "assume-role")
    credentials.get_frozen_credentials()
    session = botocore.session.Session(profile=own.profile)
    session.register_component("credential_provider", _Resolver(credentials))

    return boto3.Session(botocore_session=session)


def _refused(role_arn: str | None, error: ClientError) -> str:
    code = error.response.get("Error", {}).get("Code", "Unknown")
    hint = (
        "the role's trust policy must admit these credentials and they need sts:AssumeRole; check --external-id"
        if code == "AccessDenied"
        else "check the credentials that are to assume it"
    )

    return f"the role {role_arn} cannot be assumed ({code}); {hint}"

"""
Who signs in to the company's account, and with what: users with passwords and keys, of people, machines and builds.

The credential report of moto is dated 2015 and has no row of the root user; GetCredentialReport is answered here, with a row
for every user there is. GetAccountSummary is, because moto does not count the root user's credentials; ListVirtualMFADevices
and ListServerCertificates, because nobody can register a device as the root user there, nor upload an expired certificate.
"""

from __future__ import annotations

import csv
import datetime
import io

from collections.abc import Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from awsaudit.demo.access_iam import BOUNDARY
from awsaudit.demo.company import Company
from awsaudit.demo.principal import make_role, put_policy


_COLUMNS: Final = (
    "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
    "password_next_rotation", "mfa_active", "access_key_1_active", "access_key_1_last_rotated",
    "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
    "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region",
    "access_key_2_last_used_service", "cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
)  # fmt: skip


@frozen
class _Key:
    """An access key: made and used so many days ago, used None for never."""

    made: int
    used: int | None
    service: str = "s3"
    active: bool = True


@frozen
class _Said:
    """What the report says of a user: made, signed in and got the password so many days ago."""

    made: int
    keys: tuple[_Key, ...] = ()
    signed_in: int | None = None
    password: int | None = None
    mfa: bool = False


_USERS: Final[Mapping[str, _Said]] = {
    "jenkins-deploy": _Said(900, (_Key(410, 1, "ecr"), _Key(120, 2, "eks"))),
    "gitlab-runner": _Said(700),
    "chain-indexer": _Said(620, (_Key(620, 0),)),
    "price-feed": _Said(500, (_Key(500, 90, "secretsmanager", active=False),)),
    "validator-metrics": _Said(60, (_Key(20, 0, "monitoring"),)),
    "maren": _Said(640, (_Key(30, 3, "eks"),), signed_in=1, password=80, mfa=True),
    "tomasz": _Said(200, (_Key(200, None),), signed_in=130, password=199),
}
_SUMMARY: Final = {
    "AccountMFAEnabled": 1,
    "AccountAccessKeysPresent": 1,
    "AccountPasswordPresent": 1,
    "AccountSigningCertificatesPresent": 0,
}
_ROOT: Final = _Said(1380, (_Key(1379, 300),), signed_in=210, mfa=True)


def build(company: Company) -> None:
    """Build them."""
    iam = company.client("iam")
    for name in _USERS:
        iam.create_user(UserName=name)
    iam.update_account_password_policy(
        MinimumPasswordLength=12, RequireSymbols=True, RequireNumbers=True, PasswordReusePrevention=24
    )
    _sandbox(company)
    today = company.today
    company.front.answer("iam", "GetCredentialReport", lambda _, __: _report(company, today))
    company.front.answer("iam", "GetAccountSummary", lambda _, __: {"SummaryMap": _SUMMARY})
    company.front.answer("iam", "ListVirtualMFADevices", lambda _, __: {"VirtualMFADevices": [_device(company)]})
    company.front.answer("iam", "ListServerCertificates", lambda _, __: _certificates(company))


def _sandbox(company: Company) -> None:
    """A role for trials: its policies allow nearly all, and its boundary next to nothing of it."""
    everything_else = {"Effect": "Allow", "NotAction": ["iam:*", "organizations:*"], "Resource": "*"}
    decrypts = {"Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*"}
    make_role(company, "sandbox", {"Service": "lambda.amazonaws.com"})
    iam = company.client("iam")
    iam.put_role_permissions_boundary(RoleName="sandbox", PermissionsBoundary=BOUNDARY)
    for name, statement in (("trials", everything_else), ("any-key", decrypts)):
        put_policy(company, "sandbox", name, statement)
    for name in ("AdministratorAccess", "AWSCloudShellFullAccess"):
        iam.attach_role_policy(RoleName="sandbox", PolicyArn=f"arn:aws:iam::aws:policy/{name}")


def _device(company: Company) -> Mapping[str, Any]:
    """The root user's second factor, on the phone of one of the founders."""
    return {"SerialNumber": f"arn:aws:iam::{company.account}:mfa/root-account-mfa-device"}


def _certificates(company: Company) -> Mapping[str, Any]:
    """One that expired before the status page moved, and the one it has now."""
    found: list[dict[str, Any]] = []
    for name, days in (("status-page-2024", -300), ("status-page", 200)):
        arn = f"arn:aws:iam::{company.account}:server-certificate/{name}"
        told = {
            "Path": "/",
            "ServerCertificateName": name,
            "ServerCertificateId": f"ASCAEXAMPLE{len(found)}XXXXX",
            "Arn": arn,
        }
        found.append({**told, "Expiration": company.today + datetime.timedelta(days=days)})

    return {"ServerCertificateMetadataList": found}


def _report(company: Company, today: datetime.datetime) -> Mapping[str, Any]:
    users = company.client("iam").get_paginator("list_users").paginate().build_full_result()["Users"]
    text = io.StringIO()
    lines = csv.DictWriter(text, _COLUMNS, restval="N/A")
    lines.writeheader()
    root = dict(_columns(_ROOT, today))
    # AWS does not tell of the root user's password but that somebody signed in with it.
    untold = {"password_enabled": "not_supported", "password_last_changed": "not_supported"}
    lines.writerow({**root, "user": "<root_account>", "arn": f"arn:aws:iam::{company.account}:root", **untold})
    for user in users:
        said = dict(_columns(_USERS.get(user["UserName"], _Said(0)), today))
        lines.writerow({**said, "user": user["UserName"], "arn": user["Arn"]})

    return {"Content": text.getvalue().encode(), "ReportFormat": "text/csv", "GeneratedTime": company.today}


def _columns(said: _Said, today: datetime.datetime) -> Iterator[tuple[str, str]]:
    def moment(days: int | None, never: str) -> str:
        return never if days is None else f"{today - datetime.timedelta(days=days):%Y-%m-%dT%H:%M:%S+00:00}"

    yield "user_creation_time", moment(said.made, "")
    yield "password_enabled", _flag(said.password is not None)
    yield "password_last_used", moment(said.signed_in, "N/A" if said.password is None else "no_information")
    yield "password_last_changed", moment(said.password, "N/A")
    yield "mfa_active", _flag(said.mfa)
    for number in (1, 2):
        key = said.keys[number - 1] if number <= len(said.keys) else None
        at = f"access_key_{number}_"
        yield f"{at}active", _flag(key is not None and key.active)
        yield f"cert_{number}_active", "false"
        if key:
            yield f"{at}last_rotated", moment(key.made, "N/A")
            yield f"{at}last_used_date", moment(key.used, "N/A")
            yield f"{at}last_used_region", "N/A" if key.used is None else "eu-central-1"
            yield f"{at}last_used_service", "N/A" if key.used is None else key.service


def _flag(value: object) -> str:
    return str(bool(value)).lower()

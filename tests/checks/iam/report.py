"""Credential reports in short."""

from awsaudit.resources.iam import REPORT, SUMMARY, AccountCredentials
from awsaudit.testing import ACCOUNT, fake


MADE = "2026-11-24T09:00:00+00:00"
YEAR_AGO = "2025-11-20T08:00:00+00:00"
LAST_WEEK = "2026-11-17T08:00:00+00:00"
NOW = "2026-11-24T08:00:00+00:00"
COLUMNS = (
    "user", "arn", "user_creation_time", "password_enabled", "password_last_used", "password_last_changed",
    "password_next_rotation", "mfa_active", "access_key_1_active", "access_key_1_last_rotated",
    "access_key_1_last_used_date", "access_key_1_last_used_region", "access_key_1_last_used_service",
    "access_key_2_active", "access_key_2_last_rotated", "access_key_2_last_used_date", "access_key_2_last_used_region",
    "access_key_2_last_used_service", "cert_1_active", "cert_1_last_rotated", "cert_2_active", "cert_2_last_rotated",
)  # fmt: skip


def key(made=YEAR_AGO, used=LAST_WEEK, service="s3", *, active=True):
    """Return an access key, active and in use unless said otherwise; *used* None for never."""
    return {
        "active": str(active).lower(),
        "last_rotated": made,
        "last_used_date": used or "N/A",
        "last_used_service": (service or "N/A") if used else "N/A",
    }


def row(name, *keys, password=False, **more):
    """Return what the report says of a user, who has neither password nor keys unless said otherwise."""
    nothing = dict.fromkeys(COLUMNS, "N/A")
    flags = {column: "false" for column in COLUMNS if column.endswith("_active")}
    told = {f"access_key_{number}_{part}": value for number, each in enumerate(keys, 1) for part, value in each.items()}
    return {
        **nothing,
        **flags,
        "user": name,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{name}",
        "user_creation_time": YEAR_AGO,
        "password_enabled": str(password).lower(),
        **told,
        **more,
    }


def root(*keys, **more):
    """Return what the report says of the root user."""
    named = {"user": "<root_account>", "arn": f"arn:aws:iam::{ACCOUNT}:root", "password_enabled": "not_supported"}
    return {**row("root", *keys), **named, "password_last_changed": "not_supported", **more}


def report(*rows, summary=None):
    """Return the account's credentials with a report of *rows*."""
    lines = [",".join(COLUMNS), *(",".join(each[column] for column in COLUMNS) for each in rows)]
    answer = {"Content": "\n".join(lines) + "\n", "GeneratedTime": MADE}
    return fake(AccountCredentials, {REPORT: answer, **({SUMMARY: summary} if summary else {})})

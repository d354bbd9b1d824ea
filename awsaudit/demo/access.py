"""
The company's root user and its buckets. Roles are made by the parts that need them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsaudit.demo.company import HOME, NAME, Company


def build(company: Company) -> None:
    """Build them."""
    _root_user(company)
    s3 = company.client("s3")
    for name, status in (("ledger", "Enabled"), ("exports", "Suspended"), ("snapshots", None)):
        bucket = f"{NAME}-{name}"
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME})
        if status:
            s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})
    company.front.amend("s3", "ListBuckets", _with_regions)
    company.front.amend("iam", "GetAccountAuthorizationDetails", _those_in_use)


def _root_user(company: Company) -> None:
    """The root user still has an access key from the first days, but a second factor."""

    def summary(_: Mapping[str, Any], __: str) -> Mapping[str, Any]:
        return {"SummaryMap": {"AccountMFAEnabled": 1, "AccountAccessKeysPresent": 1, "AccountPasswordPresent": 1}}

    head = "user,arn,user_creation_time,mfa_active,access_key_1_active,access_key_2_active"
    row = f"<root_account>,arn:aws:iam::{company.account}:root,2023-02-14T09:00:00+00:00,true,true,false"

    def report(_: Mapping[str, Any], __: str) -> Mapping[str, Any]:
        return {"Content": f"{head}\n{row}\n".encode(), "ReportFormat": "text/csv", "GeneratedTime": company.today}

    company.front.answer("iam", "GetAccountSummary", summary)
    company.front.answer("iam", "GenerateCredentialReport", lambda _, __: {"State": "COMPLETE"})
    company.front.answer("iam", "GetCredentialReport", report)


def _with_regions(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    for bucket in parsed["Buckets"]:
        bucket["BucketRegion"] = HOME


def _those_in_use(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    """Leave out AWS's own policies that nothing is attached to, as AWS does."""
    policies = parsed.get("Policies", [])
    parsed["Policies"] = [p for p in policies if p["AttachmentCount"] or not p["Arn"].startswith("arn:aws:iam::aws:")]

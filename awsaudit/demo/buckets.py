"""
What lies open in buckets, how Terraform's state is kept, and who may set its locks.

The status page is read by everybody, and so is, by mistake, the drop box written; state of the testnet has no versions, that
of the standby is kept as it should be. Research locks nothing, and keys of a validator lie in a backup. moto knows no MFA delete, makes no difference between the regions of access points,
calls each of them public, and has no CloudTrail Lake: ListBuckets and GetBucketVersioning are amended; ListAccessPoints, GetAccessPoint,
GetAccessPointPolicyStatus, ListMultiRegionAccessPoints, ListEventDataStores and GetEventDataStore are answered.
"""

from __future__ import annotations

import json

from collections.abc import Mapping
from typing import Any, Final

from awsaudit.demo.company import ACCOUNT, HOME, NAME, Company
from awsaudit.demo.front import Refusal
from awsaudit.demo.principal import document


_STRANGER: Final = "777788889999"
_STANDBY: Final = f"{NAME}-terraform-state-standby"
_CLOSED: Final = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_EVERYBODY: Final = "http://acs.amazonaws.com/groups/global/AllUsers"
_LAKE: Final = f"arn:aws:cloudtrail:{HOME}:{ACCOUNT}:eventdatastore/5e8f7a10-0000-4000-8000-000000000042"


def build(company: Company) -> None:
    """Build it."""
    _open(company)
    _objects(company)
    _state(company)
    _tables(company)
    _points(company)
    _lake(company)


def _make(company: Company, name: str) -> str:
    bucket = f"{NAME}-{name}"
    company.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": HOME})

    return bucket


def _open(company: Company) -> None:
    """A page that everybody reads, and a box that everybody fills."""
    s3 = company.client("s3")
    page, box = _make(company, "status-page"), _make(company, "drop-box")
    reads = {
        "Sid": "Readers",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{page}/*",
    }
    s3.put_bucket_policy(Bucket=page, Policy=document(reads))
    s3.put_bucket_acl(Bucket=box, GrantWrite=f"uri={_EVERYBODY}")
    for bucket in (page, box):
        s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})


def _state(company: Company) -> None:
    """State of the testnet as a tutorial has it, and that of the standby as it should be."""
    s3 = company.client("s3")
    _make(company, "testnet-tfstate")
    s3.put_public_access_block(Bucket=_STANDBY, PublicAccessBlockConfiguration=_CLOSED)
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=_STANDBY, ServerSideEncryptionConfiguration={"Rules": [rule]})
    plaintext = {
        "Sid": "DenyPlaintext",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{_STANDBY}", f"arn:aws:s3:::{_STANDBY}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    held = json.loads(s3.get_bucket_policy(Bucket=_STANDBY)["Policy"])["Statement"]
    s3.put_bucket_policy(Bucket=_STANDBY, Policy=document(*held, plaintext))

    def amend(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        if params["Bucket"] == _STANDBY:
            parsed["MFADelete"] = "Enabled"

    company.front.amend("s3", "GetBucketVersioning", amend)


def _objects(company: Company) -> None:
    """State in use, which research in another region does not lock, and keys of a validator in a backup."""
    s3 = company.client("s3")
    research = _make(company, "research-tfstate")
    s3.put_bucket_versioning(Bucket=research, VersioningConfiguration={"Status": "Enabled"})
    for bucket in (research, _STANDBY):
        s3.put_object(Bucket=bucket, Key="terraform.tfstate", Body=b"{}")
    s3.put_object(Bucket=_STANDBY, Key="terraform.tfstate.tflock", Body=b"{}")
    s3.delete_object(Bucket=_STANDBY, Key="terraform.tfstate.tflock")
    s3.put_object(Bucket=f"{NAME}-snapshots", Key="testnet/keystore-m_12381_3600_0_0_0-1735689600.json", Body=b"{}")

    def amend(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        for bucket in parsed["Buckets"]:
            if bucket["Name"] == research:
                bucket["BucketRegion"] = "eu-west-1"

    company.front.amend("s3", "ListBuckets", amend)


def _tables(company: Company) -> None:
    """Locks that a stack's role may take away, locks that it may not, and payouts that somebody else reads."""
    dynamodb = company.client("dynamodb")
    for name, key in (("terraform-locks", "LockID"), ("terraform-locks-standby", "LockID"), ("payouts", "validator")):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
    arn = f"arn:aws:dynamodb:{HOME}:{ACCOUNT}:table"
    locks = {
        "Sid": "LocksAreForDeployment",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"],
        "Resource": f"{arn}/terraform-locks-standby",
        "Condition": {"ArnNotLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/terraform-*"}},
    }
    payouts = {
        "Sid": "Analysis",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{_STRANGER}:root"},
        "Action": ["dynamodb:GetItem", "dynamodb:Query"],
        "Resource": f"{arn}/payouts",
    }
    for name, statement in (("terraform-locks-standby", locks), ("payouts", payouts)):
        dynamodb.put_resource_policy(ResourceArn=f"{arn}/{name}", Policy=document(statement))


def _points(company: Company) -> None:
    """Accounting reads exports as it should; for the market somebody turned everything off."""
    points = {
        name: {
            "Name": name,
            "NetworkOrigin": "Internet",
            "Bucket": f"{NAME}-exports",
            "BucketAccountId": ACCOUNT,
            "AccessPointArn": f"arn:aws:s3:{HOME}:{ACCOUNT}:accesspoint/{name}",
        }
        for name in ("accounting", "market-data")
    }

    def listed(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        return {"AccessPointList": list(points.values()) if region == HOME else []}

    def described(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        name = params["Name"]
        blocked = dict.fromkeys(_CLOSED, name == "accounting")
        return {"Name": name, "PublicAccessBlockConfiguration": blocked}

    def status(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
        if params["Name"] == "accounting":
            raise Refusal("NoSuchAccessPointPolicy", "The specified accesspoint policy does not exist", 404)
        return {"PolicyStatus": {"IsPublic": True}}

    several = [
        {
            "Name": name,
            "Alias": f"{alias}.mrap",
            "Status": "READY",
            "PublicAccessBlock": dict.fromkeys(_CLOSED, name == "attestations"),
        }
        for name, alias in (("attestations", "mfzwi23gnjvgw"), ("public-blobs", "nqtz7wk2m4xrb"))
    ]

    company.front.answer("s3control", "ListMultiRegionAccessPoints", lambda _, __: {"AccessPoints": several})
    company.front.answer("s3control", "ListAccessPoints", listed)
    company.front.answer("s3control", "GetAccessPoint", described)
    company.front.answer("s3control", "GetAccessPointPolicyStatus", status)


def _lake(company: Company) -> None:
    """Who reads state of the standby is kept in an event data store."""
    told = {"EventDataStoreArn": _LAKE, "Name": "state-readers"}
    conditions: tuple[tuple[str, Mapping[str, list[str]]], ...] = (
        ("eventCategory", {"Equals": ["Data"]}),
        ("resources.type", {"Equals": ["AWS::S3::Object"]}),
        ("resources.ARN", {"StartsWith": [f"arn:aws:s3:::{_STANDBY}/"]}),
    )
    selector = {"Name": "state", "FieldSelectors": [{"Field": name, **condition} for name, condition in conditions]}
    details = {**told, "Status": "ENABLED", "MultiRegionEnabled": False, "AdvancedEventSelectors": [selector]}

    def listed(_: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        return {"EventDataStores": [told] if region == HOME else []}

    company.front.answer("cloudtrail", "ListEventDataStores", listed)
    company.front.answer("cloudtrail", "GetEventDataStore", lambda _, __: details)

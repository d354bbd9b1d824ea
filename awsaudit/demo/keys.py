"""
The company's KMS keys.

Leaves ``key:signer``, ``key:deposits``, ``key:withdrawals``, ``key:images``, ``key:payouts`` and ``key:standby`` (in eu-west-1) in
`Company.ids`: ARNs. The key ``withdrawals`` is to be deleted although a secret is encrypted with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from awsaudit.demo.company import HOME, Company


STANDBY = "eu-west-1"


def build(company: Company) -> None:
    """Build them."""
    _answer(company)
    kms = company.client("kms")
    for name in ("signer", "deposits", "withdrawals", "images", "snapshots", "payouts"):
        key = _key(company, HOME, name)
        if name != "deposits":
            kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=730 if name == "snapshots" else 365)
    company.client("kms", STANDBY).enable_key_rotation(KeyId=_key(company, STANDBY, "standby"))
    _key(company, HOME, "exit-messages", KeySpec="ECC_SECG_P256K1", KeyUsage="SIGN_VERIFY")
    everywhere = _key(company, HOME, "validators", MultiRegion=True)
    kms.enable_key_rotation(KeyId=everywhere)
    kms.replicate_key(KeyId=everywhere, ReplicaRegion=STANDBY)
    company.client("kms", STANDBY).schedule_key_deletion(KeyId=everywhere, PendingWindowInDays=14)
    kms.schedule_key_deletion(KeyId=_key(company, HOME, "beacon-archive"), PendingWindowInDays=30)
    kms.schedule_key_deletion(KeyId=company.ids["key:withdrawals"].rpartition("/")[2], PendingWindowInDays=7)


def _key(company: Company, region: str, name: str, **settings: Any) -> str:
    kms = company.client("kms", region)
    key = kms.create_key(Description=name, **settings)["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/{name}", TargetKeyId=key["KeyId"])
    company.ids[f"key:{name}"] = key["Arn"]

    return str(key["KeyId"])


def _answer(company: Company) -> None:
    """Say what moto does not: what a key is for, which of several regions is the primary, and how often a key rotates."""
    periods: dict[str, int] = {}

    def rotate(params: Mapping[str, Any], _: str) -> None:
        periods[params["KeyId"].rpartition("/")[2]] = params.get("RotationPeriodInDays", 365)

    def tell_period(parsed: dict[str, Any], params: Mapping[str, Any], _: str) -> None:
        if parsed["KeyRotationEnabled"]:
            parsed["RotationPeriodInDays"] = periods.get(params["KeyId"].rpartition("/")[2], 365)

    def tell_primary(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
        key = parsed["KeyMetadata"]
        key["KeyUsage"] = key.get("KeyUsage") or "ENCRYPT_DECRYPT"
        if key.get("MultiRegion") and key["MultiRegionConfiguration"]["PrimaryKey"]["Arn"] == key["Arn"]:
            key["MultiRegionConfiguration"] = {**key["MultiRegionConfiguration"], "MultiRegionKeyType": "PRIMARY"}

    company.front.answer("kms", "EnableKeyRotation", rotate)
    company.front.amend("kms", "GetKeyRotationStatus", tell_period)
    company.front.amend("kms", "DescribeKey", tell_primary)

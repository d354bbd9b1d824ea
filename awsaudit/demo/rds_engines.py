"""
The engine versions, certificate authorities and parameter defaults of RDS, as of autumn 2026; moto knows none of them.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.VersionMgmt.html and the like.
"""

from __future__ import annotations

import datetime
import re

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from attrs import frozen

from awsaudit.demo.company import Company


@frozen
class Series:
    """
    A major version of an engine.

    Args:
        standard_until: The day on which standard support ends.

        versions: Minor versions on offer, ascending.
    """

    standard_until: str
    versions: tuple[str, ...]


_POSTGRES: Final = {
    "13": Series("2026-02-28", ("13.20", "13.21", "13.22")),
    "14": Series("2027-02-28", ("14.17", "14.18", "14.19")),
    "15": Series("2028-02-29", ("15.12", "15.13", "15.14")),
    "16": Series("2029-02-28", ("16.6", "16.8", "16.10")),
    "17": Series("2030-02-28", ("17.4", "17.5", "17.6")),
}
_SERIES: Final[Mapping[str, Mapping[str, Series]]] = {
    "postgres": _POSTGRES,
    "aurora-postgresql": _POSTGRES,
    "mysql": {
        "8.0": Series("2026-07-31", ("8.0.42", "8.0.43")),
        "8.4": Series("2029-07-31", ("8.4.5", "8.4.6")),
    },
    "aurora-mysql": {
        "8.0": Series("2028-04-30", ("8.0.mysql_aurora.3.08.2", "8.0.mysql_aurora.3.10.1")),
    },
    "mariadb": {
        "10.6": Series("2026-08-31", ()),
        "10.11": Series("2028-02-29", ("10.11.13", "10.11.14")),
        "11.4": Series("2029-05-31", ("11.4.5", "11.4.8")),
    },
}
_LOGS: Final[Mapping[str, tuple[str, ...]]] = {
    "postgres": ("postgresql", "upgrade", "iam-db-auth-error"),
    "aurora-postgresql": ("postgresql", "instance", "iam-db-auth-error"),
    "mysql": ("audit", "error", "general", "slowquery"),
    "aurora-mysql": ("audit", "error", "general", "slowquery", "instance"),
    "mariadb": ("audit", "error", "general", "slowquery"),
}
_AUTHORITIES: Final = {
    "rds-ca-rsa2048-g1": "2061-05-26",
    "rds-ca-rsa4096-g1": "2121-05-26",
    "rds-ca-ecc384-g1": "2121-05-26",
}
_TLS_SINCE: Final = {"postgres": 15, "aurora-postgresql": 17}


def answer_engines(company: Company) -> None:
    """Answer what RDS says of engines, authorities and parameters."""
    front = company.front
    front.answer("rds", "DescribeDBEngineVersions", _engine_versions)
    front.answer("rds", "DescribeDBMajorEngineVersions", _major_versions)
    front.answer("rds", "DescribeCertificates", _certificates)
    front.answer("rds", "DescribeDBClusterParameters", _default_cluster_parameters)
    front.amend("rds", "DescribeDBParameters", _with_defaults(company, "DBParameterGroup"))
    front.amend("rds", "DescribeDBClusterParameters", _with_defaults(company, "DBClusterParameterGroup"))
    front.amend("rds", "DescribeDBClusters", _with_default_groups)


# Versions


def _engine_versions(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
    engine, version = params["Engine"], params["EngineVersion"]
    major = _major(engine, version)
    on_offer = _SERIES[engine][major].versions
    release = {
        "Engine": engine,
        "EngineVersion": version,
        "MajorEngineVersion": major,
        "Status": "available" if version in on_offer else "deprecated",
        "SupportsLogExportsToCloudwatchLogs": True,
        "ExportableLogTypes": list(_LOGS[engine]),
        "SupportsCertificateRotationWithoutRestart": engine != "mariadb",
        "SupportedCACertificateIdentifiers": sorted(_AUTHORITIES),
        "ValidUpgradeTarget": list(_upgrades(engine, major, version)),
    }

    return {"DBEngineVersions": [release] if release["Status"] == "available" or params.get("IncludeAll") else []}


def _upgrades(engine: str, major: str, version: str) -> Iterator[Mapping[str, Any]]:
    for name, series in _SERIES[engine].items():
        for target in series.versions:
            if _ordinal(target) > _ordinal(version):
                yield {
                    "Engine": engine,
                    "EngineVersion": target,
                    "AutoUpgrade": False,
                    "IsMajorVersionUpgrade": name != major,
                }


def _major(engine: str, version: str) -> str:
    return max((m for m in _SERIES[engine] if f"{version}.".startswith(f"{m}.")), key=len)


def _ordinal(version: str) -> tuple[int, ...]:
    return tuple(map(int, re.findall(r"\d+", version)))


def _major_versions(params: Mapping[str, Any], _: str) -> Mapping[str, Any]:
    engine = params["Engine"]
    return {"DBMajorEngineVersions": [_lifecycle(engine, major, s) for major, s in _SERIES[engine].items()]}


def _lifecycle(engine: str, major: str, series: Series) -> Mapping[str, Any]:
    ends = _day(series.standard_until)
    periods = (
        ("open-source-rds-standard-support", ends - datetime.timedelta(days=5 * 365), ends),
        ("open-source-rds-extended-support", ends, ends + datetime.timedelta(days=3 * 365)),
    )
    return {
        "Engine": engine,
        "MajorEngineVersion": major,
        "SupportedEngineLifecycles": [
            {"LifecycleSupportName": name, "LifecycleSupportStartDate": start, "LifecycleSupportEndDate": end}
            for name, start, end in periods
        ],
    }


def _certificates(_: Mapping[str, Any], __: str) -> Mapping[str, Any]:
    return {
        "DefaultCertificateForNewLaunches": "rds-ca-rsa2048-g1",
        "Certificates": [
            {"CertificateIdentifier": name, "CertificateType": "CA", "ValidTill": _day(until)}
            for name, until in _AUTHORITIES.items()
        ],
    }


def _day(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text).replace(tzinfo=datetime.UTC)


# Parameters


def _default_cluster_parameters(params: Mapping[str, Any], _: str) -> Mapping[str, Any] | None:
    """Answer of AWS's own groups, which moto does not know."""
    return {"Parameters": []} if params["DBClusterParameterGroupName"].startswith("default.") else None


def _with_defaults(company: Company, kind: str) -> Any:
    """Return what adds to a group's parameters those that it leaves at the engine's default."""

    def amend(parsed: dict[str, Any], params: Mapping[str, Any], region: str) -> None:
        group = params[f"{kind}Name"]
        asked = {name for condition in params.get("Filters", ()) for name in condition["Values"]}
        named = {parameter["ParameterName"] for parameter in parsed["Parameters"]}
        defaults = _defaults(_family(company, kind, group, region))
        parsed["Parameters"] = [
            parameter
            for parameter in (*parsed["Parameters"], *(p for p in defaults if p["ParameterName"] not in named))
            if not asked or parameter["ParameterName"] in asked
        ]

    return amend


def _family(company: Company, kind: str, group: str, region: str) -> str:
    if group.startswith("default."):
        return group.removeprefix("default.")
    rds = company.client("rds", region)
    if kind == "DBParameterGroup":
        found = rds.describe_db_parameter_groups(DBParameterGroupName=group)["DBParameterGroups"]
    else:
        found = rds.describe_db_cluster_parameter_groups(DBClusterParameterGroupName=group)["DBClusterParameterGroups"]

    return str(found[0]["DBParameterGroupFamily"])


def _defaults(family: str) -> Iterable[Mapping[str, Any]]:
    engine, major = re.fullmatch(r"(.*?)([\d.]*)", family).groups()  # type: ignore[union-attr]
    if engine in _TLS_SINCE:
        value = str(int(int(major.partition(".")[0]) >= _TLS_SINCE[engine]))
        return [{"ParameterName": "rds.force_ssl", "ParameterValue": value, "Source": "system"}]
    unset = ["require_secure_transport"]
    if engine == "aurora-mysql":
        unset += ["server_audit_logging", "server_audit_events"]

    return [{"ParameterName": name, "Source": "engine-default"} for name in unset]


def _with_default_groups(parsed: dict[str, Any], _: Mapping[str, Any], __: str) -> None:
    """Name AWS's own cluster parameter groups after their family; moto calls them all default.aurora8.0."""
    for cluster in parsed["DBClusters"]:
        engine = cluster["Engine"]
        if cluster["DBClusterParameterGroup"].startswith("default.aurora8") and engine in _SERIES:
            cluster["DBClusterParameterGroup"] = f"default.{engine}{_major(engine, cluster['EngineVersion'])}"

from collections.abc import Iterator
from typing import Final

from awsaudit import Inventory, NotApplicable, Problem, Remediation, Severity, check
from awsaudit.resources.guardduty import Detector
from awsaudit.resources.rds import DBCluster, DBInstance
from awsaudit_checks.guardduty.detector import refuse_off


_FEATURE: Final = "RDS_LOGIN_EVENTS"
# https://docs.aws.amazon.com/guardduty/latest/ug/rds-protection.html#rds-pro-supported-db
_CLUSTERS: Final = frozenset({"aurora-mysql", "aurora-postgresql"})
_INSTANCES: Final = frozenset({"postgres"})


@check(
    "guardduty-rds-protection",
    title="GuardDuty RDS protection is on where Aurora exists",
    severity=Severity.MEDIUM,
    equivalents=("prowler:guardduty_rds_protection_enabled",),
    uses=(DBCluster.arn, DBCluster.engine, DBInstance.arn, DBInstance.engine),
    remediation=Remediation(
        text="Let GuardDuty look at sign-ins to databases; it reads them beside the database and costs no performance.",
        cli="aws guardduty update-detector --region {region} --detector-id {detector} "
        "--features Name=RDS_LOGIN_EVENTS,Status=ENABLED",
        url="https://docs.aws.amazon.com/guardduty/latest/ug/rds-protection.html",
    ),
)
def rds_protection(detector: Detector, account: Inventory) -> Iterator[Problem]:
    """
    Guessed passwords and sign-ins from strange places are seen in the database's sign-ins, which CloudTrail does not have.
    Judged where there is an Aurora cluster or an RDS for PostgreSQL instance, which are what GuardDuty can look at.
    """
    refuse_off(detector)
    clusters = account.first(DBCluster, lambda cluster: cluster.engine in _CLUSTERS, detector.region)
    instances = clusters or account.first(DBInstance, lambda each: each.engine in _INSTANCES, detector.region)
    if instances is None:
        raise NotApplicable("the region has no database that GuardDuty can look at")
    if _FEATURE not in detector.features:
        yield Problem(
            "sign-ins to databases are not watched",
            expected=_FEATURE,
            found="off",
            fill={"detector": detector.id or ""},
        )

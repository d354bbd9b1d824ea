import datetime
import re

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster, DBInstance
from awsaudit_checks.rds.scope import is_aurora, refuse_outside_scope


_INSTANCE: Final = "aws rds modify-db-instance --region {region} --db-instance-identifier {name} --ca-certificate-identifier {authority}"
_CLUSTER: Final = (
    "aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --ca-certificate-identifier {authority}"
)


@check(
    "rds-ca-certificate",
    title="The server certificate does not expire soon",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_certificate_expiration",),
    remediation=Remediation(
        text="Give clients the current certificate bundle of RDS first, then let another authority sign a new server "
        "certificate in the next maintenance window. Engines that cannot renew it online restart.",
        cli=_INSTANCE,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL-certificate-rotation.html",
    ),
)
def ca_certificate(
    database: DBInstance | DBCluster, *, min_days: int = 30, min_days_with_restart: int = 90, min_ca_days: int = 365
) -> Iterator[Problem | Note]:
    """
    When the certificate of the server or of its authority has expired, clients that verify it, as they should, cannot
    connect any more, all at once. RDS renews server certificates by itself where the engine need not restart for it; the
    others want notice, and a change of authority has to reach every client first. A change that is pending passes.
    """
    refuse_outside_scope(database)
    _refuse_judged_elsewhere(database)
    until, authority = database.certificate_until, database.ca
    if until is None:
        raise NotApplicable("it has no server certificate that could be changed")
    pending = database.ca_pending
    if pending and _lasts(database, pending, min_ca_days):
        yield Note(f"a certificate signed by {pending} takes the place of that signed by {authority}")
        return

    worry = _server_worry(database, until, min_days, min_days_with_restart)
    worry = worry or _authority_worry(database, authority, min_ca_days)
    if worry:
        yield Problem(
            worry,
            expected=f"{min_days} days left, {min_days_with_restart} where a new one needs a restart, {min_ca_days} of its authority",
            found=f"valid until {until:%Y-%m-%d}, signed by {authority}",
            severity=Severity.HIGH if database.age(until) > datetime.timedelta(0) else None,
            fill={"authority": "rds-ca-rsa4096-g1" if authority == "rds-ca-rsa2048-g1" else "rds-ca-rsa2048-g1"},
            cli=_CLUSTER if isinstance(database, DBCluster) else None,
        )


def _refuse_judged_elsewhere(database: DBInstance | DBCluster) -> None:
    if isinstance(database, DBInstance) and database.cluster is not None and not is_aurora(database):
        raise NotApplicable(f"a member of the Multi-AZ cluster {database.cluster}, which is judged in its place")
    if isinstance(database, DBCluster) and is_aurora(database):
        raise NotApplicable("the instances of Aurora clusters have certificates of their own and are judged")


def _server_worry(
    database: DBInstance | DBCluster, until: datetime.datetime, min_days: int, min_days_with_restart: int
) -> str | None:
    left = -database.age(until)
    if left < datetime.timedelta(0):
        return f"the server certificate expired on {until:%Y-%m-%d}"
    if left < datetime.timedelta(days=min_days):
        return f"the server certificate expires on {until:%Y-%m-%d}"
    if left < datetime.timedelta(days=min_days_with_restart) and not _renews_online(database):
        return f"the server certificate expires on {until:%Y-%m-%d}, and a new one needs a restart"

    return None


def _renews_online(database: DBInstance | DBCluster) -> bool:
    release = database.release
    if release is None or release.renews_online is None:
        raise Undecided(
            f"AWS does not say whether {database.engine} {database.engine_version} renews its certificate online"
        )

    return release.renews_online


def _authority_worry(database: DBInstance | DBCluster, authority: str | None, min_ca_days: int) -> str | None:
    if re.fullmatch(r"rds-ca-20\d\d.*", authority or ""):
        return f"its authority {authority} is retired"
    until = _expiry(database, authority or "")
    if until is None:
        raise Undecided(f"AWS does not list the authority {authority}")
    if -database.age(until) < datetime.timedelta(days=min_ca_days):
        return f"the certificate of its authority {authority} expires on {until:%Y-%m-%d}"

    return None


def _lasts(database: DBInstance | DBCluster, authority: str, min_ca_days: int) -> bool:
    until = _expiry(database, authority)
    return until is not None and -database.age(until) >= datetime.timedelta(days=min_ca_days)


def _expiry(database: DBInstance | DBCluster, authority: str) -> datetime.datetime | None:
    return next((known.until for known in database.authorities if known.id == authority), None)

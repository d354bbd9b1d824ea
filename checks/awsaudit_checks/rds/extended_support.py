import datetime

from collections.abc import Iterator
from typing import Final

from awsaudit import NotApplicable, Note, Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster, DBInstance, MajorVersion
from awsaudit_checks.rds.scope import refuse_member, refuse_outside_scope


_ENGINES: Final = frozenset({"mysql", "postgres", "aurora-mysql", "aurora-postgresql"})
_TARGET: Final = (
    ' --allow-major-version-upgrade --engine-version "$(aws rds describe-db-engine-versions --region {region} --include-all '
    '--engine {engine} --engine-version {engine_version} --query {newest} --output text)"'
)
_INSTANCE: Final = "aws rds modify-db-instance --region {region} --db-instance-identifier {name}" + _TARGET
_CLUSTER: Final = "aws rds modify-db-cluster --region {region} --db-cluster-identifier {name}" + _TARGET


@check(
    "rds-extended-support",
    title="No database is on Extended Support",
    severity=Severity.MEDIUM,
    equivalents=("prowler:rds_instance_extended_support",),
    remediation=Remediation(
        text="Upgrade to a newer major version in the next maintenance window; the command takes the newest that can be reached "
        "in one step. Try it on a copy restored from a snapshot first.",
        cli=_INSTANCE,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support.html",
    ),
)
def extended_support(database: DBInstance | DBCluster, *, notice_days: int = 180) -> Iterator[Problem | Note]:
    """
    When standard support of a major version ends, AWS charges each vCPU hour extra for fixes of the worst flaws only, or,
    where Extended Support is turned off, upgrades the database by force. Major versions in standard support pass, with a
    note when it ends within ``notice_days``. Only MySQL, PostgreSQL and their Auroras have Extended Support.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    if database.engine not in _ENGINES:
        raise NotApplicable(f"there is no Extended Support for {database.engine}")
    version = f"{database.engine} {database.engine_version}"
    major = _major(database)
    if major is None or major.standard_until is None:
        raise Undecided(f"AWS does not say when standard support of {version} ends")
    until, end = major.standard_until, f"standard support of {database.engine} {major.name}"
    if database.age(until) <= datetime.timedelta(0):
        if database.age(until) > datetime.timedelta(days=-notice_days):
            yield Note(f"{end} ends on {until:%Y-%m-%d}")
        return
    disabled = (database.extended_support or "").endswith("-disabled")
    yield Problem(
        f"{end} ended on {until:%Y-%m-%d}; "
        + ("AWS upgrades it by force" if disabled else "Extended Support is charged for it"),
        expected="a major version in standard support",
        found=database.engine_version,
        severity=Severity.HIGH if disabled else None,
        fill={"newest": _newest(database.engine)},
        cli=_CLUSTER if isinstance(database, DBCluster) else None,
    )


def _major(database: DBInstance | DBCluster) -> MajorVersion | None:
    """Return the major version with the longest name that *database*'s version begins with."""
    named = [m for m in database.majors if f"{database.engine_version}.".startswith(f"{m.name}.")]
    return max(named, key=lambda m: len(m.name), default=None)


def _newest(engine: str) -> str:
    return f"DBEngineVersions[0].ValidUpgradeTarget[?IsMajorVersionUpgrade && Engine=='{engine}'].EngineVersion | [-1]"

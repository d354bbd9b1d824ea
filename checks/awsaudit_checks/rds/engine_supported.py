from collections.abc import Iterator
from typing import Final

from awsaudit import Problem, Remediation, Severity, Undecided, check
from awsaudit.resources.rds import DBCluster, DBInstance, Release, Upgrade
from awsaudit_checks.rds.scope import refuse_custom, refuse_member, refuse_outside_scope
from awsaudit_checks.rds.version import ordinal


_INSTANCE: Final = (
    "aws rds modify-db-instance --region {region} --db-instance-identifier {name} --engine-version {target}"
)
_CLUSTER: Final = "aws rds modify-db-cluster --region {region} --db-cluster-identifier {name} --engine-version {target}"


@check(
    "rds-engine-supported",
    title="The engine version is supported",
    severity=Severity.HIGH,
    equivalents=("prowler:rds_instance_deprecated_engine_version",),
    remediation=Remediation(
        text="Upgrade the engine in the next maintenance window, to the newest minor version if there is one. Try a major "
        "upgrade on a copy restored from a snapshot first.",
        cli=_INSTANCE,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_UpgradeDBInstance.Upgrading.html",
    ),
)
def engine_supported(database: DBInstance | DBCluster) -> Iterator[Problem]:
    """
    A deprecated engine version gets no security fixes, cannot be created any more, so that a restore into it fails when it
    is needed most, and AWS upgrades it by force on a day of its own choosing. Versions that AWS offers pass; clusters are
    judged as one.
    """
    refuse_outside_scope(database)
    refuse_member(database)
    refuse_custom(database)
    release = database.release
    version = f"{database.engine} {database.engine_version}"
    if release is None:
        yield Problem(f"AWS lists {version} no more", expected="available", found="not listed")
    elif release.status == "deprecated":
        target = _target(release, database.engine)
        yield Problem(
            f"{version} is deprecated",
            expected="available",
            found="deprecated",
            fill={"target": target.version} if target else {},
            cli=_command(database, target),
        )
    elif release.status != "available":
        raise Undecided(f"AWS calls {version} {release.status or 'neither available nor deprecated'}")


def _target(release: Release, engine: str) -> Upgrade | None:
    """Return the newest minor version that *release* can be upgraded to, else the next major one; None for neither."""
    own = sorted((u for u in release.upgrades if u.engine == engine), key=lambda u: ordinal(u.version))
    minor = [upgrade for upgrade in own if not upgrade.is_major]

    return minor[-1] if minor else next(iter(own), None)


def _command(database: DBInstance | DBCluster, target: Upgrade | None) -> str:
    command = _CLUSTER if isinstance(database, DBCluster) else _INSTANCE
    return f"{command} --allow-major-version-upgrade" if target and target.is_major else command

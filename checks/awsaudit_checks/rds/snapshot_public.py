from collections.abc import Iterator

from awsaudit import Problem, Remediation, Severity, check
from awsaudit.resources.rds import DBClusterSnapshot, DBSnapshot
from awsaudit_checks.rds.snapshot import UNSHARE, unshare


@check(
    "rds-snapshot-public",
    title="Snapshots are not public",
    severity=Severity.CRITICAL,
    equivalents=("prowler:rds_snapshots_public_access",),
    remediation=Remediation(
        text="Stop sharing the snapshot with everyone, and take it that all data in it were copied: change every password, key "
        "and token that the database held.",
        cli=UNSHARE,
        url="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html",
    ),
)
def snapshot_public(snapshot: DBSnapshot | DBClusterSnapshot) -> Iterator[Problem]:
    """
    Everyone with an AWS account finds a public snapshot in the console and can restore the whole database from it;
    search engines for them exist. Only manual snapshots can be shared, and encrypted ones not with everyone, so that these
    pass unasked. Snapshots of Neptune and DocumentDB clusters are judged too.
    """
    if "all" in snapshot.public_shares:
        yield Problem(
            "everyone with an AWS account may restore it",
            expected="shared with nobody, or with named accounts",
            found="shared with all",
            fill={"sharer": "all"},
            cli=unshare(snapshot),
        )

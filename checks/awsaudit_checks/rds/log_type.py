"""Which types of log a database exports to CloudWatch Logs, and which it should."""

from __future__ import annotations

import json

from collections.abc import Iterable, Mapping

from awsaudit import NotApplicable, Undecided
from awsaudit.resources.rds import DBCluster, DBInstance


Wanted = tuple[tuple[str, ...], ...]
"""Types of log, each with those that do in its place."""


def missing_exports(database: DBInstance | DBCluster, wanted: Wanted) -> tuple[str, ...]:
    """
    Return the types of log of *wanted* that *database* could export and does not, nor is about to.

    Raises:
        NotApplicable: The engine version exports none.

        Undecided: AWS does not say which the engine version exports.
    """
    exported = {*database.log_exports, *database.log_exports_pending}
    missing = [types for types in wanted if exported.isdisjoint(types)]
    if not missing:
        return ()
    release = database.release
    if release is None:
        raise Undecided(
            f"AWS lists {database.engine} {database.engine_version} no more, nor the logs that it can export"
        )
    if release.exports_logs is False or not release.log_types:
        raise NotApplicable(f"{database.engine} {database.engine_version} exports no logs")
    offered = [[one for one in types if one in release.log_types] for types in missing]

    return tuple(types[0] for types in offered if types)


def exporting(database: DBInstance | DBCluster, types: Iterable[str]) -> Mapping[str, str]:
    """Return what fills ``{logs}``, the change that exports *types* besides, and ``{all_logs}``, what is exported then."""
    added = list(types)
    return {
        "logs": json.dumps({"EnableLogTypes": added}),
        "all_logs": json.dumps(sorted({*database.log_exports, *added})),
    }

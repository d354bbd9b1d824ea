"""Whether storage is encrypted."""

from __future__ import annotations

from awsaudit.resources.rds import DBCluster, DBInstance


def is_encrypted(database: DBInstance | DBCluster) -> bool:
    """
    Tell whether storage is encrypted with any key.

    The old flag stays false under a key that AWS owns, the default of Aurora since February 2026; the type then says
    ``sse-rds``.
    """
    return database.encrypted or database.encryption_type not in {None, "none"}

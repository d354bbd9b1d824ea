"""Audits live AWS accounts, read-only."""

from __future__ import annotations

from awsaudit.check import Check, Finding, Hop, Note, Problem, Severity, Status, Subject, check
from awsaudit.errors import (
    AuditError,
    ConfigError,
    CredentialsError,
    DeclarationError,
    EvidenceMissing,
    NotApplicable,
    PluginError,
    ReportError,
    SelectionError,
    SnapshotError,
    Undecided,
)
from awsaudit.gap import Gap, GapKind
from awsaudit.inventory import Inventory
from awsaudit.remediation import Remediation
from awsaudit.report import Coverage, Report, load
from awsaudit.scan import Settings, run, scan
from awsaudit.selection import Selection
from awsaudit.trust import Trust


__all__ = [
    "AuditError",
    "Check",
    "ConfigError",
    "Coverage",
    "CredentialsError",
    "DeclarationError",
    "EvidenceMissing",
    "Finding",
    "Gap",
    "GapKind",
    "Hop",
    "Inventory",
    "NotApplicable",
    "Note",
    "PluginError",
    "Problem",
    "Remediation",
    "Report",
    "ReportError",
    "Selection",
    "SelectionError",
    "Settings",
    "Severity",
    "SnapshotError",
    "Status",
    "Subject",
    "Trust",
    "Undecided",
    "check",
    "load",
    "run",
    "scan",
]

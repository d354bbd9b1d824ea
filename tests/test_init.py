import awsaudit


def test_public_names():
    """
    What the package exports is what others build on: it changes on purpose only.
    """
    assert [
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
    ] == awsaudit.__all__
    assert [] == [name for name in awsaudit.__all__ if not hasattr(awsaudit, name)]

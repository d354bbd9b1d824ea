"""Checks of Amazon GuardDuty."""

"""Checks of AWS Systems Manager."""

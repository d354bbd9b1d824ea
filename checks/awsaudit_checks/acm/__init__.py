"""Checks of AWS Certificate Manager."""

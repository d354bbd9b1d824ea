"""Checks of Amazon Inspector."""

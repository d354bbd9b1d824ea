"""Checks of Lambda functions."""

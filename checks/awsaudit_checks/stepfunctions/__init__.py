"""Checks of AWS Step Functions."""

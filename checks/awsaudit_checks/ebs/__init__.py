"""Checks of Amazon EBS."""

"""Checks of Auto Scaling groups."""

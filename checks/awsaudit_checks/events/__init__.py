"""Checks of EventBridge."""

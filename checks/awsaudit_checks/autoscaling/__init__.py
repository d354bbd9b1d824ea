"""Checks of what Auto Scaling groups start instances from."""

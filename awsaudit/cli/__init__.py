"""The ``awsaudit`` command."""

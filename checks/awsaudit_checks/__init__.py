"""The checks that ship with awsaudit, one a file."""

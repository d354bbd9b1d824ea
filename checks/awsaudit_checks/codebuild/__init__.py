"""AWS CodeBuild."""

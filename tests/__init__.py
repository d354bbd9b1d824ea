"""Tests and benchmarks of awsaudit."""

"""Resource types, one module per AWS service: declarations and nothing else."""

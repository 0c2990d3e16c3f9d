"""The use cases: what both front ends call, and nothing else."""

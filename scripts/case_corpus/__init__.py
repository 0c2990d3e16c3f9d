"""Builds corpora/cases: fifty invented case records and a programme of audits with planted faults."""

"""Extracted blocks to a revision's text and the passages cut from it."""

from evidence_mapper.segment.segmenter import NAME, segment

__all__ = ["NAME", "segment"]

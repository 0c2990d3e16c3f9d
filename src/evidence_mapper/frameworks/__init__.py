"""Frameworks as data: one TOML file each, shipped or written by hand.

A file of one's own needs an id, a title, a version and at least one statement. This is complete::

    id = "our-charter"
    title = "Our charter for people who draw on care"
    version = "1"

    [[statement]]
    id = "quick-answers"
    title = "Quick answers"
    we = "We answer within two working days."

    [[statement]]
    id = "one-contact"
    title = "One person to contact"

What is left out has a default: without ``[[theme]]`` all statements stand under one theme, General; a
wording without ``verification`` is marked ``own``, which claims nothing; sources, topics, I statements,
evidence categories and boundaries may be absent. The shipped files show every key in use.
"""

from evidence_mapper.frameworks.catalogue import FrameworkEntry, available, load, read_text
from evidence_mapper.frameworks.loader import check_file, check_text, load_file, load_text
from evidence_mapper.frameworks.standing import unverified_entries

__all__ = [
    "FrameworkEntry",
    "available",
    "check_file",
    "check_text",
    "load",
    "load_file",
    "load_text",
    "read_text",
    "unverified_entries",
]

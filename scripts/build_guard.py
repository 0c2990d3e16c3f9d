"""Rebuild models/guard, the labelled passages that a project's own head is held against.

    python scripts/build_guard.py

Passages of the test split, as many of each main statement and of none as asked for, with the vectors of
the encoder in models/ as it is now. Run it after build_models.py. Takes 15 seconds on two cores.
"""

from __future__ import annotations

from evidence_mapper.classify.guard import GUARD, choose
from labelled_sets import Recipe, build

if __name__ == "__main__":
    raise SystemExit(build(Recipe(GUARD, "test", choose, "stratum", 72)))

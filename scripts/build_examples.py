"""Rebuild models/examples, the training passages that are shown beside a suggestion.

    python scripts/build_examples.py

Passages of the train split, as many of each main statement as asked for, with the vectors of the encoder
in models/ as it is now. Run it after build_models.py. Takes 20 seconds on two cores.
"""

from __future__ import annotations

from evidence_mapper.classify.examples import EXAMPLES, choose_examples
from labelled_sets import Recipe, build

if __name__ == "__main__":
    raise SystemExit(build(Recipe(EXAMPLES, "train", choose_examples, "statement", 110)))

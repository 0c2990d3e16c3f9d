"""What build_guard.py and build_examples.py share: choosing, encoding and writing a shipped set."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.labelled_set import SetKind, ShippedPassage, save_set
from evidence_mapper.classify.statement_classifier import StatementClassifier

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORK = "cqc-local-authority"


@dataclass(frozen=True)
class Recipe:
    """Which passages make a set."""

    kind: SetKind
    split: str
    choose: Callable[[Sequence[LabelledPassage], int], list[ShippedPassage]]
    per: str
    """What the number counts by: ``stratum`` (statements and none) or ``statement``."""
    count: int


def build(recipe: Recipe) -> int:
    """Build a set from the command line's options."""
    parser = argparse.ArgumentParser(
        description=f"Rebuild models/{recipe.kind.folder} from the {recipe.split} split."
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "models" / recipe.kind.folder, help="folder to write to"
    )
    parser.add_argument(
        f"--per-{recipe.per}", dest="count", type=int, default=recipe.count, help="passages of each"
    )
    arguments = parser.parse_args()
    framework = frameworks.load(FRAMEWORK)
    classifier = load_classifier(framework, ROOT / "models" / FRAMEWORK)
    assert isinstance(classifier, StatementClassifier)
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    chosen = recipe.choose([r for r in rows if split_of(r.id) == recipe.split], arguments.count)
    inputs = [ClassifierInput(p.text, None, p.source_type) for p in chosen]
    vectors = classifier.encoder.encode(classifier.texts(inputs))
    facts = {
        "framework": f"{framework.id}@{framework.version}",
        "encoder": {"id": classifier.encoder.id, "sha256": classifier.encoder_sha256},
        "split": recipe.split,
        f"per_{recipe.per}": arguments.count,
        "licence": "MIT",
    }
    save_set(recipe.kind, arguments.output, chosen, vectors, facts)
    size = sum(f.stat().st_size for f in arguments.output.iterdir())
    print(f"{len(chosen)} passages, {size / 1e6:.2f} MB in {arguments.output}")
    return 0

"""Rebuild models/examples, the training passages that are shown beside a suggestion.

    python scripts/build_examples.py

Passages of the train split, as many of each main statement as asked for, with the vectors of the encoder
in models/ as it is now. Run it after build_models.py. Takes 20 seconds on two cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of
from evidence_mapper.classify.examples import EXAMPLES, choose_examples
from evidence_mapper.classify.labelled_set import save_set
from evidence_mapper.classify.statement_classifier import StatementClassifier

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORK = "cqc-local-authority"


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild models/examples from the train split.")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "models" / EXAMPLES.folder, help="folder to write to"
    )
    parser.add_argument("--per-statement", type=int, default=110, help="passages of each statement")
    arguments = parser.parse_args()
    framework = frameworks.load(FRAMEWORK)
    classifier = load_classifier(framework, ROOT / "models" / FRAMEWORK)
    assert isinstance(classifier, StatementClassifier)
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    chosen = choose_examples([r for r in rows if split_of(r.id) == "train"], arguments.per_statement)
    inputs = [ClassifierInput(p.text, None, p.source_type) for p in chosen]
    vectors = classifier.encoder.encode(classifier.texts(inputs))
    facts = {
        "framework": f"{framework.id}@{framework.version}",
        "encoder": {"id": classifier.encoder.id, "sha256": classifier.encoder_sha256},
        "split": "train",
        "per_statement": arguments.per_statement,
        "licence": "MIT",
    }
    save_set(EXAMPLES, arguments.output, chosen, vectors, facts)
    size = sum(f.stat().st_size for f in arguments.output.iterdir())
    print(f"{len(chosen)} passages, {size / 1e6:.2f} MB in {arguments.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

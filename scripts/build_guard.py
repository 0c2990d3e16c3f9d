"""Rebuild models/guard, the labelled passages that a project's own head is held against.

    python scripts/build_guard.py

Passages of the test split, as many of each main statement and of none as asked for, with the vectors of
the encoder in models/ as it is now. Run it after build_models.py. Takes 15 seconds on two cores.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of
from evidence_mapper.classify.guard import GUARD, choose
from evidence_mapper.classify.labelled_set import save_set
from evidence_mapper.classify.statement_classifier import StatementClassifier

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORK = "cqc-local-authority"


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild models/guard from the test split.")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "models" / GUARD.folder, help="folder to write to"
    )
    parser.add_argument("--per-stratum", type=int, default=72, help="passages of each statement and of none")
    arguments = parser.parse_args()
    framework = frameworks.load(FRAMEWORK)
    classifier = load_classifier(framework, ROOT / "models" / FRAMEWORK)
    assert isinstance(classifier, StatementClassifier)
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    chosen = choose([r for r in rows if split_of(r.id) == "test"], arguments.per_stratum)
    inputs = [ClassifierInput(p.text, None, p.source_type) for p in chosen]
    vectors = classifier.encoder.encode(classifier.texts(inputs))
    facts = {
        "framework": f"{framework.id}@{framework.version}",
        "encoder": {"id": classifier.encoder.id, "sha256": classifier.encoder_sha256},
        "split": "test",
        "per_stratum": arguments.per_stratum,
        "licence": "MIT",
    }
    save_set(GUARD, arguments.output, chosen, vectors, facts)
    size = sum(f.stat().st_size for f in arguments.output.iterdir())
    print(f"{len(chosen)} passages, {size / 1e6:.2f} MB in {arguments.output}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Rebuild the fitted artefacts in models/ from corpora/passages.

    python scripts/build_models.py

Fits on the train and development splits; the test split is only measured. Takes two to five minutes
on two cores. Prints the figures that go into the model card.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import platform
import sys
from pathlib import Path
from typing import Any

import numpy as np
import sklearn

from evidence_mapper import frameworks
from evidence_mapper.classify.artefact import save_artefact
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.classify.fit import FitSpec, fit_classifier
from evidence_mapper.classify.fit_definitions import fit_definitions
from evidence_mapper.classify.statement_classifier import Labels
from evidence_mapper.domain.coding import Polarity
from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.framework import Framework

ROOT = Path(__file__).resolve().parents[1]
ENCODER = {
    "id": "all-MiniLM-L6-v2/w8/mean",
    "model": "../minilm/model_w8.onnx",
    "tokenizer": "../minilm/tokenizer.json",
}
FRAMEWORK = "cqc-local-authority"


def labels_of(framework: Framework) -> Labels:
    order = [s.id for s in framework.statements]
    return Labels(
        statements=tuple(order),
        topics=tuple(t.id for t in framework.topics),
        topic_statement=tuple(order.index(t.statement_id) for t in framework.topics),
        i_statements=tuple(i.id for i in framework.i_statements),
        categories=tuple(c.id for c in framework.evidence_categories),
        polarities=tuple(p.value for p in Polarity),
        source_types=tuple(s.value for s in SourceType if s is not SourceType.UNKNOWN),
    )


def training_rows(files: list[Path]) -> list[LabelledPassage]:
    return [r for r in read_passages(files) if split_of(r.id) != "test"]


def manifest(name: str, spec: dict[str, Any], files: list[Path], rows: int) -> dict[str, Any]:
    return {
        "name": name,
        "version": "1",
        "licence": "MIT (heads); Apache-2.0 (encoder, see ../minilm/LICENSE)",
        "encoder": ENCODER,
        "spec": spec,
        "training": {
            "passages": rows,
            "splits": ["train", "development"],
            "files": {
                f.relative_to(ROOT).as_posix(): "sha256:" + hashlib.sha256(f.read_bytes()).hexdigest()
                for f in files
            },
        },
        "made_with": {
            "python": platform.python_version(),
            "numpy": np.__version__,
            "scikit-learn": sklearn.__version__,
        },
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild models/ from corpora/passages.")
    parser.add_argument("--output", type=Path, default=ROOT / "models", help="folder of artefacts")
    output = parser.parse_args().output
    files = corpus_files(ROOT / "corpora" / "passages")
    rows = training_rows(files)
    framework = frameworks.load(FRAMEWORK)
    labels = labels_of(framework)
    base = output / FRAMEWORK
    encoder = OnnxEncoder(
        (base / ENCODER["model"]).resolve(), (base / ENCODER["tokenizer"]).resolve(), ENCODER["id"]
    )
    print(f"encoding {len(rows)} passages", file=sys.stderr)
    embeddings = encoder.encode([r.text for r in rows])
    spec = FitSpec()
    print("fitting", file=sys.stderr)
    fitted = fit_classifier(rows, embeddings, labels, spec)
    shared = {"heading_below_words": spec.heading_below_words}
    full = {
        **shared,
        "fit": dataclasses.asdict(spec),
        "labels": dataclasses.asdict(labels),
        "layout": fitted.layout,
        "framework": f"{framework.id}@{framework.version}",
        "out_of_fold": fitted.out_of_fold,
    }
    save_artefact(base, manifest(FRAMEWORK, full, files, len(rows)), fitted.arrays, fitted.vocabulary)
    arrays = fit_definitions(rows, embeddings, framework, encoder)
    save_artefact(output / "definitions", manifest("definitions", shared, files, len(rows)), arrays, ())
    print(json.dumps(fitted.out_of_fold, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Rebuild the fitted artefacts in models/ from corpora/passages and the fine-tuned encoder.

    OMP_NUM_THREADS=1 python scripts/build_models.py

Words are learned from the train and development splits. Stack, calibration and thresholds are fitted on
strangers: each part of the writers as an encoder (see finetune_encoder.py) and words that never saw them
score it. The test split is only measured. Takes ten minutes on two cores, twice as long where the parts' own
threads get in each other's way. Prints the figures of the calibration passages.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import platform
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import sklearn
from safetensors.numpy import load_file

from evidence_mapper import frameworks
from evidence_mapper.classify import surroundings
from evidence_mapper.classify.artefact import save_artefact
from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.cascade import QUICK, StaticEncoder
from evidence_mapper.classify.corpus import (
    LabelledPassage,
    corpus_files,
    read_passages,
    split_of,
    with_headings,
)
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.classify.fit import Calibration, Fitted, fit_classifier
from evidence_mapper.classify.fit_cascade import Cascade, CascadeSpec, fit_cascade, word_weights
from evidence_mapper.classify.fit_definitions import fit_definitions
from evidence_mapper.classify.fit_drift import Placed, fit_drift, sample
from evidence_mapper.classify.fit_words import EncoderHeads, FitSpec
from evidence_mapper.classify.labels import labels_of
from evidence_mapper.classify.reading import SHORT
from evidence_mapper.classify.word_table import WordTable
from strangers import strangers

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "models"
COUNCIL = {
    "id": "minilm-council/9/w8b32/mean/raw",
    "model": "../minilm-council/layers_w8.onnx",
    "tokenizer": "../minilm/tokenizer.json",
    "words": "../minilm/model_w8.onnx",
    "word_table": json.loads((MODELS / "minilm-council" / "words.json").read_text(encoding="utf-8")),
    "normalise": False,
}
GENERAL = {
    "id": "all-MiniLM-L6-v2/w8b32/mean",
    "model": "../minilm/model_w8.onnx",
    "tokenizer": "../minilm/tokenizer.json",
    "normalise": True,
}
FRAMEWORK = "cqc-local-authority"


def encoder_of(spec: dict[str, Any]) -> OnnxEncoder:
    base = MODELS / FRAMEWORK
    words = WordTable((base / spec["words"]).resolve(), spec["word_table"]) if "words" in spec else None
    return OnnxEncoder(
        (base / spec["model"]).resolve(),
        (base / spec["tokenizer"]).resolve(),
        spec["id"],
        normalise=spec["normalise"],
        words=words,
    )


def manifest(name: str, encoder: dict[str, Any], spec: dict[str, Any], files: list[Path]) -> dict[str, Any]:
    return {
        "name": name,
        "version": "1",
        "licence": "MIT (heads); Apache-2.0 (encoder, see ../minilm/LICENSE)",
        "encoder": encoder,
        "spec": spec,
        "training": {
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


def encoder_heads() -> EncoderHeads:
    arrays = load_file(str(MODELS / "minilm-council" / "heads.safetensors"))
    names = sorted({k.split(".")[0] for k in arrays})
    return EncoderHeads({n: (arrays[f"{n}.weight"].T, arrays[f"{n}.bias"]) for n in names})


def calibrations(rows: list[LabelledPassage]) -> list[Calibration]:
    """Return a set for each part of the writers, as encoders and words that never saw them score it."""
    folder = MODELS / "minilm-council"
    scores = load_file(str(folder / "unseen.safetensors"))
    lines = (folder / "unseen.txt").read_text(encoding="utf-8").splitlines()
    place = {line.split()[0]: k for k, line in enumerate(lines)}
    part = {line.split()[0].rsplit("-", 1)[0]: int(line.split()[1]) for line in lines}
    learned, found = [r for r in rows if split_of(r.id) != "test"], []
    for number in sorted(set(part.values())):
        own = [r for r in learned if part.get(r.hand) == number and r.id in place]
        others = with_headings([r for r in learned if part.get(r.hand) != number])
        at = [place[r.id] for r in own]
        found.append(Calibration(others, own, {n: s[at].astype(np.float64) for n, s in scores.items()}))
    return found


def drift_arrays(learned: list[LabelledPassage]) -> dict[str, Any]:
    encoder = encoder_of(COUNCIL)
    places = sample([r for r in learned if split_of(r.id) == "train"])
    reference = [r for r in learned if split_of(r.id) == "development"]
    print(f"encoding {len(places) + len(reference)} passages for the drift reference", file=sys.stderr)
    placed = [Placed(part, encoder.encode([r.read for r in part])) for part in (places, reference)]
    return fit_drift(with_headings(learned), placed[0], placed[1])


def cascade_of(
    learned: list[LabelledPassage],
    fitted: Fitted,
    heads: EncoderHeads,
    parts: list[Calibration],
    cascade: CascadeSpec,
) -> Cascade:
    encoder = encoder_of(COUNCIL)
    assert encoder.words is not None
    tokens = encoder.tokens([r.read for r in learned])
    weights = word_weights(tokens, encoder.special_tokens(), encoder.words.rows, cascade.rare)
    static = StaticEncoder(encoder.tokens, encoder.words, weights, "words")

    def read(rows: Sequence[LabelledPassage]) -> tuple[Embeddings, Any]:
        tokens = encoder.tokens([r.read for r in rows])
        return static.encode_tokens(tokens), np.array([len(ids) for ids in tokens])

    made = fit_cascade(
        learned, fitted, heads, parts, labels_of(frameworks.load(FRAMEWORK)),
        read=read, spec=FitSpec(), cascade=cascade,
    )  # fmt: skip
    return Cascade({**made.arrays, f"{QUICK}word_weights": weights}, made.curve)


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild models/ from corpora/passages.")
    parser.add_argument("--output", type=Path, default=MODELS, help="folder to write the artefacts to")
    output = parser.parse_args().output
    if output != MODELS:  # an artefact names its encoder's files from its own folder
        for encoder in ("minilm", "minilm-council"):
            shutil.copytree(MODELS / encoder, output / encoder, dirs_exist_ok=True)
    files = corpus_files(ROOT / "corpora" / "passages")
    rows = read_passages(files)
    learned = [r for r in rows if split_of(r.id) != "test"]
    read = with_headings(learned)
    framework = frameworks.load(FRAMEWORK)
    labels, spec, heads = labels_of(framework), FitSpec(), encoder_heads()
    parts, speeds = calibrations(rows), CascadeSpec()
    fitted = fit_classifier(read, heads, parts, labels, spec)
    cascade = cascade_of(read, fitted, heads, parts, speeds)
    full = {
        "heading_below_words": spec.heading_below_words,
        "heading_below_words_of": spec.heading_below_words_of,
        "fit": dataclasses.asdict(spec),
        "labels": dataclasses.asdict(labels),
        "layout": fitted.layout,
        "framework": f"{framework.id}@{framework.version}",
        "passages": len(learned),
        "calibration": fitted.figures,
        "strangers": strangers(fitted, parts, labels),
        "surroundings": surroundings.SPEC,
        "cascade": {**dataclasses.asdict(speeds), "curve": cascade.curve},
    }
    save_artefact(
        output / FRAMEWORK,
        manifest(FRAMEWORK, COUNCIL, full, files),
        fitted.arrays | cascade.arrays | drift_arrays(learned),
        fitted.vocabulary,
    )
    general = encoder_of(GENERAL)
    alone = [r for r in learned if not r.heading]
    print(f"encoding {len(alone)} passages", file=sys.stderr)
    arrays = fit_definitions(alone, general.encode([r.text for r in alone]), framework, general)
    shared = {
        "heading_below_words": SHORT,
        "heading_below_words_of": spec.heading_below_words_of,
        "passages": len(alone),
    }
    save_artefact(output / "definitions", manifest("definitions", GENERAL, shared, files), arrays, ())
    print(json.dumps(fitted.figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Rebuild the fitted artefacts in models/ from corpora/passages and the fine-tuned encoder.

    python scripts/build_models.py

Words are learned from the train and development splits, the stack and thresholds from the development
split and from writers an encoder run never saw (see finetune_encoder.py); the test split is only
measured. Takes two minutes on two cores. Prints the figures of the calibration passages.
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
from safetensors.numpy import load_file

from evidence_mapper import frameworks
from evidence_mapper.classify import surroundings
from evidence_mapper.classify.artefact import save_artefact
from evidence_mapper.classify.cascade import QUICK, StaticEncoder
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.classify.fit import Calibration, EncoderHeads, FitSpec, Fitted, fit_classifier
from evidence_mapper.classify.fit_cascade import Cascade, CascadeSpec, fit_cascade, word_weights
from evidence_mapper.classify.fit_definitions import fit_definitions
from evidence_mapper.classify.fit_drift import Placed, fit_drift, sample
from evidence_mapper.classify.labels import labels_of
from evidence_mapper.classify.word_table import WordTable

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "models"
COUNCIL = {
    "id": "minilm-council/7/w8b32/mean/raw",
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
LATER: frozenset[str] = frozenset()
"""Writers who came after the encoder was fine-tuned and whom the stack is fitted on, as strangers to it.
Not h64, h66 and h67, who came after it too: with h64's look-alikes "none" was likelier everywhere, and on
real papers twice the evidence was lost to it."""


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


def calibrations(rows: list[LabelledPassage], heads: EncoderHeads) -> list[Calibration]:
    train = [r for r in rows if split_of(r.id) == "train"]
    development = [r for r in rows if split_of(r.id) == "development" and r.hand not in LATER]
    later = [r for r in rows if split_of(r.id) != "test" and r.hand in LATER]
    earlier = [r for r in rows if split_of(r.id) != "test" and r.hand not in LATER]
    print(f"encoding {len(development) + len(later)} passages", file=sys.stderr)
    encoder = encoder_of(COUNCIL)
    folder = MODELS / "minilm-council"
    scores = load_file(str(folder / "held_out.safetensors"))
    ids = (folder / "held_out.txt").read_text(encoding="utf-8").split()
    known = {r.id: r for r in rows}
    kept = [i for i, identity in enumerate(ids) if split_of(identity) != "test"]
    hands = {known[i].hand for i in ids}
    others = [r for r in rows if r.hand not in hands and split_of(r.id) != "test"]
    found = [
        Calibration(train, development, heads.scores(encoder.encode([r.text for r in development]))),
        Calibration(others, [known[ids[i]] for i in kept], {n: s[kept] for n, s in scores.items()}),
    ]
    if later:
        found.append(Calibration(earlier, later, heads.scores(encoder.encode([r.text for r in later]))))
    return found


def drift_arrays(learned: list[LabelledPassage]) -> dict[str, Any]:
    encoder = encoder_of(COUNCIL)
    places = sample([r for r in learned if split_of(r.id) == "train"])
    reference = [r for r in learned if split_of(r.id) == "development"]
    print(f"encoding {len(places) + len(reference)} passages for the drift reference", file=sys.stderr)
    placed = [Placed(part, encoder.encode([r.text for r in part])) for part in (places, reference)]
    return fit_drift(learned, placed[0], placed[1])


def cascade_of(
    learned: list[LabelledPassage],
    fitted: Fitted,
    heads: EncoderHeads,
    parts: list[Calibration],
    cascade: CascadeSpec,
) -> Cascade:
    encoder = encoder_of(COUNCIL)
    assert encoder.words is not None
    tokens = encoder.tokens([r.text for r in learned])
    weights = word_weights(tokens, encoder.special_tokens(), encoder.words.rows, cascade.rare)
    static = StaticEncoder(encoder.tokens, encoder.words, weights, "words")
    made = fit_cascade(
        learned, fitted, heads, parts, labels_of(frameworks.load(FRAMEWORK)),
        vectors=lambda rows: static.encode([r.text for r in rows]), spec=FitSpec(), cascade=cascade,
    )  # fmt: skip
    return Cascade({**made.arrays, f"{QUICK}word_weights": weights}, made.curve)


def main() -> int:
    parser = argparse.ArgumentParser(description="Rebuild models/ from corpora/passages.")
    parser.add_argument("--output", type=Path, default=MODELS, help="folder to write the artefacts to")
    output = parser.parse_args().output
    files = corpus_files(ROOT / "corpora" / "passages")
    rows = read_passages(files)
    learned = [r for r in rows if split_of(r.id) != "test"]
    framework = frameworks.load(FRAMEWORK)
    labels, spec, heads = labels_of(framework), FitSpec(), encoder_heads()
    parts, speeds = calibrations(rows, heads), CascadeSpec()
    fitted = fit_classifier(learned, heads, parts, labels, spec)
    cascade = cascade_of(learned, fitted, heads, parts, speeds)
    full = {
        "heading_below_words": spec.heading_below_words,
        "fit": dataclasses.asdict(spec),
        "labels": dataclasses.asdict(labels),
        "layout": fitted.layout,
        "framework": f"{framework.id}@{framework.version}",
        "passages": len(learned),
        "calibration": fitted.figures,
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
    print(f"encoding {len(learned)} passages", file=sys.stderr)
    arrays = fit_definitions(learned, general.encode([r.text for r in learned]), framework, general)
    shared = {"heading_below_words": spec.heading_below_words, "passages": len(learned)}
    save_artefact(output / "definitions", manifest("definitions", GENERAL, shared, files), arrays, ())
    print(json.dumps(fitted.figures, indent=2))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

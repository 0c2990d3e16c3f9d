"""What learning from a reviewer gains, and how much need not be read.

    python benchmarks/learning.py [--unseen] [--seeds 5] [--curves] [--json FILE]

Without ``--unseen``: the shipped classifier on the test split, one source type at a time. Its encoder and
words have learned from other passages of the same source types, so there is little left to gain. With
``--unseen``: the shipped recipe over the frozen general encoder, fitted anew without the source type or
writer, so that the project really is of another genre; its passages of every split are then the
project. Set OMP_NUM_THREADS=1 on a busy machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.artefact import Artefact, load_artefact, models_folder
from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.fit import Calibration, fit_classifier
from evidence_mapper.classify.fit_project import GuardRows
from evidence_mapper.classify.fit_targets import Targets, targets
from evidence_mapper.classify.fit_words import EncoderHeads, FitSpec
from evidence_mapper.classify.guard import choose, guard_rows
from evidence_mapper.classify.labelled_set import LabelledSet
from evidence_mapper.classify.labels import Labels, labels_of
from evidence_mapper.classify.shipped import load_encoder
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.workflow.simulate import LearningPoint, ReadingCurve, reading_curves, simulate_learning

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORK = frameworks.load("cqc-local-authority")
SHIPPED_GROUPS = ("assessment-report", "self-assessment", "committee-report", "survey-comment")
UNSEEN: dict[str, Callable[[LabelledPassage], bool]] = {
    "survey comments": lambda r: r.source_type == "survey-comment",
    "case records and audits": lambda r: r.source_type in {"case-record", "case-audit"},
    "committee reports": lambda r: r.source_type == "committee-report",
    "policies and strategies": lambda r: r.source_type in {"policy", "strategy"},
    "writer h10": lambda r: r.hand == "h10",
    "writer h20 (very short remarks)": lambda r: r.hand == "h20",
}
STRENGTHS = {"topic": 0.3, "category": 0.3, "polarity": 0.3, "i": 0.3}
NEVER = -12.0

Group = tuple[str, list[LabelledPassage], StatementClassifier, Embeddings, GuardRows | None]


def shipped_groups(rows: list[LabelledPassage]) -> Iterator[Group]:
    classifier = load_classifier(FRAMEWORK)
    assert isinstance(classifier, StatementClassifier)
    for name in SHIPPED_GROUPS:
        chosen = [r for r in rows if r.source_type == name and split_of(r.id) == "test"]
        yield name, chosen, classifier, classifier.encoder.encode([r.read for r in chosen]), None


def unseen_groups(rows: list[LabelledPassage], cache: Path | None) -> Iterator[Group]:
    definitions = load_artefact(models_folder() / "definitions")
    encoder, labels = load_encoder(definitions), labels_of(FRAMEWORK)
    vectors = _vectors(rows, encoder.encode, cache)
    for name, member in UNSEEN.items():
        inside = np.array([member(r) for r in rows])
        split = np.array([split_of(r.id) for r in rows])
        learn, develop = (np.flatnonzero(~inside & (split == s)) for s in ("train", "development"))
        heads = _encoder_heads(vectors[learn], targets([rows[i] for i in learn], labels), labels)
        part = Calibration(
            [rows[i] for i in learn], [rows[i] for i in develop], heads.scores(vectors[develop])
        )
        spec = FitSpec(recall_confidence=None)
        fitted = fit_classifier([rows[i] for i in learn], heads, [part], labels, spec)
        manifest = {
            "name": f"without {name}",
            "version": "1",
            "files": definitions.manifest["files"],
            "encoder": definitions.manifest["encoder"],
            "spec": {
                "labels": dataclasses.asdict(labels),
                "layout": fitted.layout,
                "heading_below_words": spec.heading_below_words,
                "heading_below_words_of": spec.heading_below_words_of,
                "fit": dataclasses.asdict(spec),
            },
        }
        artefact = Artefact(definitions.folder, manifest, sha256_text(name), fitted.arrays, fitted.vocabulary)
        classifier = StatementClassifier(artefact, encoder)
        place = {r.id: i for i, r in enumerate(rows)}
        passages = choose([r for i, r in enumerate(rows) if split[i] == "test" and not inside[i]], 72)
        guard = LabelledSet(tuple(passages), vectors[[place[p.id] for p in passages]])
        chosen = np.flatnonzero(inside)
        yield name, [rows[i] for i in chosen], classifier, vectors[chosen], guard_rows(classifier, guard)


def _vectors(
    rows: list[LabelledPassage], encode: Callable[[list[str]], Embeddings], cache: Path | None
) -> Embeddings:
    key = sha256_text("\n".join(r.read for r in rows))
    if cache and cache.is_file():
        kept = np.load(cache)
        if str(kept["key"]) == key:
            return np.asarray(kept["vectors"], dtype=np.float32)
    vectors = encode([r.read for r in rows])
    if cache:
        np.savez(cache, key=key, vectors=vectors)
    return vectors


def _encoder_heads(vectors: Embeddings, y: Targets, labels: Labels) -> EncoderHeads:
    """Return heads over the frozen encoder, in place of those trained with the fine-tuned one."""
    scale = 10.0  # unit vectors are small for a penalty of the usual size
    parts: dict[str, tuple[Any, Any]] = {}
    evidence = y.main < len(labels.statements)
    for name, target, n in (
        ("topic", y.topic, len(labels.topics) + 1),
        ("category", np.where(evidence, y.category, -1), len(labels.categories)),
        ("polarity", np.where(evidence, y.polarity, -1), len(labels.polarities)),
    ):
        known = target >= 0
        model = LogisticRegression(C=STRENGTHS[name], max_iter=200, tol=1e-3)
        model.fit(vectors[known] * scale, target[known])
        weights, bias = np.zeros((vectors.shape[1], n)), np.full(n, NEVER)
        weights[:, model.classes_], bias[model.classes_] = model.coef_.T * scale, model.intercept_
        parts[name] = weights, bias
    return EncoderHeads(parts)


def show_learning(name: str, points: list[LearningPoint]) -> None:
    for p in points:
        f1, first, recall, made = (
            (p.shipped[k], p.head[k], p.gain[k]) for k in ("macro_f1", "first", "recall", "suggestions")
        )
        print(
            f"| {name} | {p.decisions} | {p.measured_on} | {p.kept}/{p.seeds} "
            f"| {f1[0].median:.3f} > {f1[1].median:.3f} ({f1[2].low:+.3f} to {f1[2].high:+.3f}) "
            f"| {first[0].median:.3f} > {first[1].median:.3f} "
            f"| {recall[0].median:.3f} > {recall[1].median:.3f} "
            f"| {made[0].median:.2f} > {made[1].median:.2f} |",
            flush=True,
        )


def show_curves(name: str, curves: list[ReadingCurve]) -> None:
    print(f"| {name} | " + " | ".join(f"{c.mean:.3f} ({c.saved:+.3f})" for c in curves) + " |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Gain of learning from decisions, by simulation.")
    parser.add_argument("--unseen", action="store_true", help="fit a classifier without each group first")
    parser.add_argument("--curves", action="store_true", help="reading curves instead of learning")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--cache", type=Path, help="file to keep the general encoder's vectors in (.npz)")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    arguments = parser.parse_args()
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    found: dict[str, Any] = {}
    if arguments.curves:
        print("| passages of | shipped | uncertain | random | retrained |\n|---|---|---|---|---|")
    else:
        print("| passages of | decisions | measured on | kept | macro F1 | first | recall | suggestions |")
        print("|---|---|---|---|---|---|---|---|")
    for name, chosen, classifier, vectors, guard in (
        unseen_groups(rows, arguments.cache) if arguments.unseen else shipped_groups(rows)
    ):
        if arguments.curves:
            curves = reading_curves(chosen, classifier, vectors=vectors, guard=guard)
            show_curves(name, curves)
            found[name] = [dataclasses.asdict(c) for c in curves]
        else:
            seeds = range(arguments.seeds)
            points = simulate_learning(chosen, classifier, seeds=seeds, vectors=vectors, guard=guard)
            show_learning(name, points)
            found[name] = [dataclasses.asdict(p) for p in points]
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

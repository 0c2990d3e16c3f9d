"""Head to head on public comments about health services: the published model beside `framework learn`.

    python benchmarks/nhs_feedback.py --data FOLDER

FOLDER holds phase1_text_data.csv, index_training_data_label.csv, index_test_data_label.csv,
predictions_label.csv (phase 1: one label a comment, the published split and the published model's
predictions) and v6_framework.csv (several labels a comment, two trusts). Nothing of it is kept.
Intervals are of 1,000 bootstrap draws of test comments. Takes about ten minutes on two free cores.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.learned import LearnedClassifier
from evidence_mapper.workflow.learn_framework import LearnOptions, learn_framework

HERE = Path(__file__).parent
Row = dict[str, str]
Bools = npt.NDArray[np.bool_]
Figure = Callable[[npt.NDArray[np.int64]], float]
_TRUSTS = ("NEAS", "NHFT")


@dataclass(frozen=True)
class Line:
    """One figure with its interval."""

    task: str
    method: str
    figure: str
    value: float
    low: float
    high: float


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, rows: Sequence[Row], columns: Sequence[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(columns), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def line(task: str, method: str, figure: str, n: int, measured: Figure) -> Line:
    """Measure on all n comments and on 1,000 draws of them."""
    generator = np.random.default_rng(0)
    drawn = [measured(generator.integers(0, n, n)) for _ in range(1000)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Line(task, method, figure, measured(np.arange(n)), float(low), float(high))


def macro(first: npt.NDArray[np.int64], right: npt.NDArray[np.int64], n: int) -> float:
    """Return macro F1 over labels that occur or are predicted."""
    hits = np.bincount(first[first == right], minlength=n)
    total = np.bincount(first, minlength=n) + np.bincount(right, minlength=n)
    return float((2 * hits[total > 0] / total[total > 0]).mean())


def micro(made: Bools, truth: Bools) -> float:
    return float(2 * (made & truth).sum() / (made.sum() + truth.sum()))


def first_figures(
    task: str, name: str, first: npt.NDArray[np.int64], right: npt.NDArray[np.int64], n: int
) -> list[Line]:
    """Return accuracy and macro F1 of one answer a comment."""

    def accuracy(some: npt.NDArray[np.int64]) -> float:
        return float((first[some] == right[some]).mean())

    def macro_f1(some: npt.NDArray[np.int64]) -> float:
        return macro(first[some], right[some], n)

    return [line(task, name, f, len(right), m) for f, m in (("accuracy", accuracy), ("macro F1", macro_f1))]


def micro_figure(task: str, name: str, made: Bools, truth: Bools) -> Line:
    def micro_f1(some: npt.NDArray[np.int64]) -> float:
        return micro(made[some], truth[some])

    return line(task, name, "micro F1", len(truth), micro_f1)


def plain(text: str) -> str:
    return " ".join(text.lower().split())


def phase1(data: Path, work: Path) -> list[Line]:
    framework = HERE / "nhs_phase1_framework.toml"
    titles = [s.title.text for s in frameworks.load(str(framework)).statements]
    rows = {r["row_index"]: r for r in read(data / "phase1_text_data.csv")}
    learned, test = (
        [rows[r["row_index"]] for r in read(data / f"index_{part}_data_label.csv")]
        for part in ("training", "test")
    )
    published = {r["row_index"]: r["label_pred"] for r in read(data / "predictions_label.csv")}
    right = np.array([titles.index(r["label"]) for r in test])
    seen = {plain(r["feedback"]) for r in learned}
    unseen = np.array([plain(r["feedback"]) not in seen for r in test])
    answers = {"published model": np.array([titles.index(published[r["row_index"]]) for r in test])}
    for name, columns in (
        ("learned, text alone", ["feedback", "label"]),
        ("learned, text and question", ["feedback", "label", "question"]),
        ("learned, text, question and subcategory", ["feedback", "label", "question", "subcategory"]),
    ):
        print(name, file=sys.stderr)
        classifier = learn(framework, write(work / "learned.csv", learned, columns), work / "model")
        asked = "question" in columns
        inputs = [ClassifierInput(r["feedback"], r["question"] if asked else None) for r in test]
        ids = list(classifier.statements)
        answers[name] = np.array([ids.index(s.statements[0].id) for s in classifier.suggest(inputs)])
    out = []
    for task, kept in (("phase 1, all", np.ones(len(test), dtype=bool)), ("phase 1, unseen texts", unseen)):
        for name, first in answers.items():
            out += first_figures(task, name, first[kept], right[kept], len(titles))
    return out


def v6(data: Path, work: Path) -> list[Line]:
    path = HERE / "nhs_v6_framework.toml"
    framework = frameworks.load(str(path))
    titles = [s.title.text for s in framework.statements]
    # Comments that nobody could label (an empty answer) are left out; "Not assigned" ones have no label.
    rows = [r for r in read(data / "v6_framework.csv") if r["Labelling not possible"] != "1"]
    parts = {trust: [r for r in rows if r["Trust"] == trust and r["FFT answer"].strip()] for trust in _TRUSTS}
    out = []
    by_definitions = load_classifier(framework)
    for trust, other in (_TRUSTS, _TRUSTS[::-1]):
        test = parts[trust]
        truth = np.array([[r[t] == "1" for t in titles] for r in test])
        inputs = [ClassifierInput(r["FFT answer"]) for r in test]
        ids = [s.id for s in framework.statements]
        print(f"{trust}, definitions", file=sys.stderr)
        first = np.zeros_like(truth)
        for place, suggestion in zip(first, by_definitions.suggest(inputs), strict=True):
            place[ids.index(suggestion.statements[0].id)] = True
        task = f"v6, {trust} ({len(test)} comments)"
        out.append(micro_figure(task, "definitions, no labels", first, truth))
        print(f"{trust}, learned from {other}", file=sys.stderr)
        columns = ["FFT answer", *titles]
        classifier = learn(
            path, write(work / "learned.csv", parts[other], columns), work / "model", "FFT answer"
        )
        p, _ = classifier.shipped_probabilities(inputs, classifier.encoder.encode(classifier.texts(inputs)))
        made = p >= classifier.balance_threshold
        out.append(micro_figure(task, f"learned from {other}", made, truth))
    return out


def learn(framework: Path, labelled: Path, folder: Path, text: str | None = None) -> LearnedClassifier:
    from evidence_mapper.workflow.labelled_file import Columns

    options = LearnOptions(Columns(text=text), overwrite=True)
    report = learn_framework(str(framework), labelled, folder, options)
    cross = {k: round(v, 3) for k, v in report.figures["all"].items() if isinstance(v, float)}
    print(f"  cross-fitted: {cross}", file=sys.stderr)
    classifier = load_classifier(frameworks.load(str(framework)), folder)
    assert isinstance(classifier, LearnedClassifier)
    return classifier


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare with published figures on NHS feedback.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--only", choices=["phase1", "v6"], default=None, help="one of the two tasks")
    chosen = parser.parse_args()
    lines: list[Line] = []
    with tempfile.TemporaryDirectory() as folder:
        if chosen.only != "v6":
            lines += phase1(chosen.data, Path(folder))
        if chosen.only != "phase1":
            lines += v6(chosen.data, Path(folder))
    print("| task | method | figure | value | 95 % interval |\n|---|---|---|---|---|")
    for found in lines:
        print(
            f"| {found.task} | {found.method} | {found.figure} | {found.value:.3f} | "
            f"{found.low:.3f} to {found.high:.3f} |"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

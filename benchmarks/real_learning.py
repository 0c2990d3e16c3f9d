"""What a project's head learns from decisions on real council papers, measured on those not decided on.

    python benchmarks/real_learning.py --data ../shared/real [--seeds 12]

The coded passages of council_papers/ (real_papers*.csv, see real_texts.py) are the decisions: so many are
drawn at random and learned from, as ``train`` does, and the suggestions of all papers are made anew with
what stands around each passage. Figures are of the coded passages not drawn, weighed as in real_texts.py.
Where a head is not kept, those of the shipped classifier stand for it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from real_texts import FRAMEWORK, PAPERS, kept, sha

from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import ClassifierInput, Embeddings
from evidence_mapper.classify.fit_project import ProjectFitSpec, fit_project, labelled_rows
from evidence_mapper.classify.guard import guard_rows, load_guard
from evidence_mapper.classify.project_head import ProjectHead
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.workflow.in_place import CHUNK, suggest_in_place
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.suggest import classifier_input, embed

SIZES = (25, 50, 100, 200, 400)
FIGURES = ("lost", "none recall", "right", "first", "suggestions", "of none")


@dataclass(frozen=True)
class Part:
    """Passages of one paper that are weighed by each other."""

    inputs: list[ClassifierInput]
    vectors: Embeddings


@dataclass(frozen=True)
class Coded:
    """Coded passages: where each stands, what a person says of it, and how much it weighs."""

    at: npt.NDArray[np.int64]
    truth: npt.NDArray[np.bool_]
    weight: npt.NDArray[np.float64]
    keys: list[str]


def read_papers(classifier: StatementClassifier, folder: Path) -> tuple[list[Part], list[str]]:
    """Return the papers in parts, and the hash of each passage's text in their order."""
    parts, hashes = [], []
    with tempfile.TemporaryDirectory() as made, create_project(Path(made) / "p.sqlite") as project:
        add_files(project, [folder])
        for document in project.store.documents():
            passages = list(project.store.passages(document.id))
            hashes += [sha(p.text) for p in passages]
            inputs = [classifier_input(p, document) for p in passages]
            vectors, _ = embed(project.store, classifier, classifier.texts(inputs))
            starts = range(0, len(inputs), CHUNK)
            parts += [Part(inputs[s : s + CHUNK], vectors[s : s + CHUNK]) for s in starts]
    return parts, hashes


def coded(hashes: Sequence[str], names: Sequence[str]) -> Coded:
    where = {h: i for i, h in enumerate(hashes)}
    rows = [r for name in PAPERS for r in kept(name) if r["sha256"] in where]
    said = [r["b"].split() for r in rows]
    truth = np.array([[n in s for n in names] + [not s] for s in said])
    at = np.array([where[r["sha256"]] for r in rows])
    weight = np.array([float(r["weight"]) for r in rows])
    return Coded(at, truth, weight, [f"sha256:{r['sha256']}" for r in rows])


def in_place(classifier: StatementClassifier, parts: Sequence[Part]) -> list[Suggestion]:
    read = [suggest_in_place(classifier, p.inputs, lambda _, kept=p.vectors: kept) for p in parts]
    return [suggestion for part in read for suggestion in part]


def figures(found: Sequence[Suggestion], rows: Coded, chosen: npt.NDArray[np.int64]) -> list[float]:
    """Return :data:`FIGURES` of some of the coded passages."""
    names = [s.id for s in FRAMEWORK.statements]
    here = [found[i] for i in rows.at[chosen]]
    truth, weight = rows.truth[chosen], rows.weight[chosen]
    evidence = ~truth[:, -1]
    none = np.array([f.none_suggested for f in here])
    shown = np.array([[n in f.suggested_statements() for n in names] for f in here])
    first = truth[np.arange(len(here)), [names.index(f.statements[0].id) for f in here]]

    def mean(values: npt.NDArray[np.generic], of: npt.NDArray[np.bool_]) -> float:
        return float(np.average(values[of].astype(float), weights=weight[of]))

    right = (shown & truth[:, :-1]).any(axis=1)
    return [mean(none, evidence), mean(none, ~evidence), mean(right, evidence), mean(first, evidence),
            mean(shown.sum(axis=1), evidence), mean(shown.any(axis=1), ~evidence)]  # fmt: skip


class Play:
    """The papers, what is coded of them, and a fit from some of it."""

    def __init__(self, folder: Path) -> None:
        classifier = load_classifier(FRAMEWORK)
        assert isinstance(classifier, StatementClassifier)
        self.shipped, self.spec = classifier, ProjectFitSpec()
        self.parts, hashes = read_papers(classifier, folder)
        self.coded = coded(hashes, classifier.statements)
        self.guard = guard_rows(classifier, load_guard(classifier))
        self.before = in_place(classifier, self.parts)
        inputs = [i for p in self.parts for i in p.inputs]
        vectors = np.concatenate([p.vectors for p in self.parts])[self.coded.at]
        statements, none = classifier.shipped_probabilities([inputs[i] for i in self.coded.at], vectors)
        shown = np.array(
            [
                [n in self.before[i].suggested_statements() for n in classifier.statements]
                for i in self.coded.at
            ]
        )
        shipped = (statements, none)
        self.rows = labelled_rows(vectors, shipped, self.coded.truth, shown, self.coded.keys, self.spec)

    def learned(self, chosen: npt.NDArray[np.int64]) -> list[Suggestion] | None:
        """Return suggestions with a head learned from some coded passages; None where it is not kept."""
        levels = self.shipped.shipped_thresholds()
        fitted = fit_project(self.rows.of(chosen), self.guard, levels, self.spec)
        if not fitted.kept:
            return None
        head = ProjectHead("head", 1, self.shipped.sha256, self.shipped.statements, fitted.arrays)
        return in_place(self.shipped.with_head(head), self.parts)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--seeds", type=int, default=12)
    asked = parser.parse_args()
    play = Play(asked.data / "council_papers")
    print(
        f"{len(play.coded.at)} coded passages\n| decisions | kept | "
        + " | ".join(FIGURES)
        + " | most lost more |"
    )
    for size in SIZES:
        before, after, heads = [], [], 0
        for seed in range(asked.seeds):
            order = np.random.default_rng(seed).permutation(len(play.coded.at))
            found = play.learned(order[:size])
            heads += found is not None
            before.append(figures(play.before, play.coded, order[size:]))
            after.append(figures(found or play.before, play.coded, order[size:]))
        pairs = zip(np.mean(before, axis=0), np.mean(after, axis=0), strict=True)
        worst = max(a[0] - b[0] for a, b in zip(after, before, strict=True))
        told = " | ".join(f"{a:.3f} > {b:.3f}" for a, b in pairs)
        print(f"| {size} | {heads}/{asked.seeds} | {told} | {worst:+.3f} |", flush=True)


if __name__ == "__main__":
    main()

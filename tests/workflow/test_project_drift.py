"""A project whose documents are unlike the training passages is told so, one that is like them is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from evidence_mapper.classify.artefact import load_artefact, models_folder, save_artefact
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.fit_drift import Placed, fit_drift, sample
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.workflow.drift import DocumentDrift, DriftReport, project_drift
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.suggest import suggest

BUDGET = "Cost centre,2023/24 £000,2024/25 £000,Change\n" + "\n".join(
    f"A{n}01,{n},234.50 / {n * 3},{n}.75%" for n in range(1, 25)
)


@pytest.fixture(scope="module")
def corpus(root: Path) -> list[LabelledPassage]:
    return read_passages(corpus_files(root / "corpora" / "passages"))


@pytest.fixture(scope="module")
def models(
    corpus: list[LabelledPassage], classifier: StatementClassifier, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a folder with the shipped classifier and a reference fitted here."""
    learned = sample([r for r in corpus if split_of(r.id) != "test"], 2500)
    parts = [
        sample([r for r in learned if split_of(r.id) == split], size)
        for split, size in (("train", 200), ("development", 150))
    ]
    placed = [Placed(p, classifier.encoder.encode([r.text for r in p])) for p in parts]
    shipped = load_artefact(models_folder() / "cqc-local-authority")
    encoder = dict(shipped.manifest["encoder"])
    for key in ("model", "tokenizer", "words"):
        if key in encoder:
            encoder[key] = str(shipped.encoder_file(key))
    arrays = {**shipped.arrays, **fit_drift(learned, *placed), "calibrated_on": np.full(9, 100)}
    folder = tmp_path_factory.mktemp("models")
    save_artefact(
        folder / "cqc-local-authority", {**shipped.manifest, "encoder": encoder}, arrays, shipped.vocabulary
    )
    return folder


@pytest.fixture
def project(tmp_path: Path, models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    monkeypatch.setattr("evidence_mapper.classify.shipped.models_folder", lambda: models)
    with create_project(tmp_path / "p.sqlite") as opened:
        yield opened


def test_budget_tables_are_warned_of_and_ordinary_papers_are_not(
    project: Project, corpus: list[LabelledPassage], tmp_path: Path
) -> None:
    ordinary = sample([r for r in corpus if split_of(r.id) == "test"], 40)
    (tmp_path / "report.txt").write_text("\n\n".join(r.text for r in ordinary), encoding="utf-8")
    (tmp_path / "budget.csv").write_text(BUDGET, encoding="utf-8")
    add_files(project, [tmp_path / "report.txt", tmp_path / "budget.csv"], workers=1)
    suggest(project)
    found = project_drift(project)
    assert found is not None
    budget, report = sorted(found.documents, key=lambda d: d.name)
    assert budget.warned
    assert budget.figures > budget.passages / 2
    assert not report.warned
    said = "\n".join(found.lines())
    assert "the promise that 90% of the evidence is suggested was never checked" in said
    assert "budget.csv" in said
    assert "mostly figures" in said
    assert "report.txt" not in said
    assert found.promise is not None
    assert "100 to 100 passages" in found.promise
    assert found.to_json()["passages"] == found.passages


def test_before_any_suggestion_there_is_nothing_to_compare(project: Project, tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("Care plans are reviewed each year.", encoding="utf-8")
    add_files(project, [tmp_path / "report.txt"], workers=1)
    found = project_drift(project)
    assert found is not None
    assert (found.passages, found.share, found.lines()) == (0, 0.0, [])


@pytest.mark.parametrize(
    ("unlike", "passages", "warned"),
    [
        (0, 40, False),
        (2, 40, False),
        (7, 40, False),
        (9, 40, True),
        (2, 6, False),
        (1, 1, False),
        (30, 40, True),
    ],
)
def test_a_warning_needs_both_a_fifth_and_more_than_chance(unlike: int, passages: int, warned: bool) -> None:
    document = DocumentDrift("x.pdf", passages, unlike, 0, unlike, "paragraphs")
    assert document.warned is warned
    assert bool(DriftReport((document,), 0.9, None).lines()) is warned


def test_many_documents_are_counted_not_listed() -> None:
    documents = tuple(DocumentDrift(f"{n}.pdf", 40, 20, 20, 20, "table rows") for n in range(8))
    lines = DriftReport(documents, None, None).lines()
    assert len(lines) == 1 + 5 + 1
    assert "the probabilities were never checked" in lines[0]
    assert "3 more documents" in lines[-1]

"""The guard set as shipped, and what refuses to be one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from evidence_mapper.classify.artefact import models_folder
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.guard import GUARD, choose, guard_rows, load_guard
from evidence_mapper.classify.labelled_set import PASSAGES, VECTORS, save_set
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.errors import ModelNotFound, SpecMismatch, UntrustedArtefact


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the shipped guard set."""
    return Path(shutil.copytree(models_folder() / GUARD.folder, tmp_path / GUARD.folder))


def test_the_shipped_set_is_small_stratified_and_of_the_test_split(
    classifier: StatementClassifier, root: Path
) -> None:
    guard = load_guard(classifier)
    labels = {r.id: r for r in read_passages(corpus_files(root / "corpora" / "passages"))}
    assert sum(f.stat().st_size for f in (models_folder() / GUARD.folder).iterdir()) < 1_500_000
    assert {split_of(p.id) for p in guard.passages} == {"test"}
    assert all(labels[p.id].text == p.text for p in guard.passages if p.id in labels)
    for part in ("check", "replay"):
        there = [p.statements[0] if p.statements else "" for p in guard.passages if p.part == part]
        assert set(there) == {*classifier.statements, ""}
        assert min(map(there.count, set(there))) >= 10


def test_its_vectors_are_the_encoders(classifier: StatementClassifier) -> None:
    guard = load_guard(classifier)
    own = classifier.encoder.encode([p.text for p in guard.passages[:4]])
    assert np.allclose(own, guard.vectors[:4], atol=2e-3)


def test_passages_can_be_left_out(classifier: StatementClassifier) -> None:
    guard = load_guard(classifier)
    out = frozenset(p.id for p in guard.passages[:50])
    less = guard.without(out)
    assert not out & {p.id for p in less.passages}
    assert len(less.vectors) == len(less.passages) == len(guard.passages) - 50


def test_rows_follow_the_labels(classifier: StatementClassifier) -> None:
    guard = load_guard(classifier)
    rows = guard_rows(classifier, guard)
    assert len(rows.main) == len(rows.check.truth) == sum(p.part == "check" for p in guard.passages)
    first = next(p for p in guard.passages if p.part == "check" and p.statements)
    k = [p.id for p in guard.passages if p.part == "check"].index(first.id)
    assert rows.main[k] == classifier.statements.index(first.statements[0])
    assert rows.check.truth[k].sum() == len(first.statements)


def test_a_changed_file_is_refused(classifier: StatementClassifier, folder: Path) -> None:
    with (folder / PASSAGES).open("a", encoding="utf-8") as stream:
        stream.write("\n")
    with pytest.raises(UntrustedArtefact, match=r"does not match its hash.*build_guard"):
        load_guard(classifier, folder)


def test_another_encoders_vectors_are_refused(classifier: StatementClassifier, folder: Path) -> None:
    manifest = json.loads((folder / GUARD.manifest).read_text("utf-8"))
    manifest["encoder"]["sha256"] = "sha256:" + "0" * 64
    (folder / GUARD.manifest).write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(SpecMismatch, match=r"made with encoder.*build_guard"):
        load_guard(classifier, folder)


@pytest.mark.parametrize("text", ["", "[]", '{"files": {}}'])
def test_what_is_no_manifest_is_refused(classifier: StatementClassifier, folder: Path, text: str) -> None:
    (folder / GUARD.manifest).write_text(text, "utf-8")
    with pytest.raises(UntrustedArtefact, match="is not a guard set"):
        load_guard(classifier, folder)


def test_files_that_do_not_fit_together_are_refused(classifier: StatementClassifier, folder: Path) -> None:
    guard = load_guard(classifier)
    facts = {"encoder": {"id": classifier.encoder.id, "sha256": classifier.encoder_sha256}}
    save_set(GUARD, folder, guard.passages, guard.vectors[1:], facts)
    with pytest.raises(UntrustedArtefact, match="has shape"):
        load_guard(classifier, folder)
    (folder / VECTORS).unlink()
    with pytest.raises(UntrustedArtefact):
        load_guard(classifier, folder)


def test_no_guard_set_says_how_to_make_one(classifier: StatementClassifier, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="build_guard"):
        load_guard(classifier, tmp_path)


def test_the_choice_does_not_depend_on_the_order_of_rows() -> None:
    rows = [
        LabelledPassage(f"h-{n}", f"text {n}", ("equity",) if n % 2 else (), (), (), None, None, None)
        for n in range(40)
    ]
    chosen = choose(rows, 6)
    assert chosen == choose(rows[::-1], 6)
    assert [p.part for p in chosen].count("replay") == 4
    assert len(chosen) == 12

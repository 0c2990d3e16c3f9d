"""The training passages shown beside a suggestion."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from evidence_mapper.classify.artefact import models_folder
from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of
from evidence_mapper.classify.examples import EXAMPLES, load_examples, nearest
from evidence_mapper.classify.labelled_set import LabelledSet, ShippedPassage
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.errors import ModelNotFound, UntrustedArtefact


def test_the_shipped_examples_were_learned_from(classifier: StatementClassifier, root: Path) -> None:
    examples = load_examples(classifier)
    rows = {r.id: r for r in read_passages(corpus_files(root / "corpora" / "passages"))}
    assert {split_of(p.id) for p in examples.passages} == {"train"}
    assert all(rows[p.id].text == p.text and rows[p.id].statements == p.statements for p in examples.passages)
    main = [p.statements[0] for p in examples.passages]
    assert {s: main.count(s) for s in classifier.statements} == dict.fromkeys(classifier.statements, 110)
    assert sum(f.stat().st_size for f in (models_folder() / EXAMPLES.folder).iterdir()) < 1_800_000


def test_an_example_is_nearest_to_itself(classifier: StatementClassifier) -> None:
    examples = load_examples(classifier)
    at = 5
    own = examples.passages[at]
    found = nearest(examples, examples.vectors[at], own.statements[0])
    assert found[0].id == own.id
    assert found[0].similarity == pytest.approx(1.0, abs=1e-4)
    assert len(found) == 2
    assert found[0].similarity >= found[1].similarity


def test_only_passages_of_the_statement_are_looked_through() -> None:
    passages = tuple(ShippedPassage(i, i, (s,), None, "training") for i, s in (("a", "x"), ("b", "y")))
    examples = LabelledSet(passages, np.array([[1.0, 0.0], [0.9, 0.1]], dtype=np.float32))
    here = np.array([1.0, 0.0], dtype=np.float32)
    assert [f.id for f in nearest(examples, here, "y")] == ["b"]
    assert nearest(examples, here, "z") == []
    assert nearest(examples, np.zeros(2, dtype=np.float32), "x") == []


def test_missing_and_changed_examples_are_named(classifier: StatementClassifier, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match=r"no set of examples.*build_examples"):
        load_examples(classifier, tmp_path)
    folder = Path(shutil.copytree(models_folder() / EXAMPLES.folder, tmp_path / "copy"))
    (folder / "passages.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(UntrustedArtefact, match="does not match its hash"):
        load_examples(classifier, folder)

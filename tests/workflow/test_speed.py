"""What is encoded, and when: each text once, never twice, and only the unsure ones when asked to be quick."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of
from evidence_mapper.classify.encoder import OnnxEncoder
from evidence_mapper.cli import main
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.passage import Passage
from evidence_mapper.errors import SpecMismatch
from evidence_mapper.store.records import StoredHead
from evidence_mapper.workflow.classify_file import classify_lines
from evidence_mapper.workflow.evaluate import EvaluateOptions, evaluate_files
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.suggest import suggest
from evidence_mapper.workflow.why import why

CORPUS = Path(__file__).resolve().parents[2] / "corpora" / "passages"
NOW = "2026-01-05T09:00:00.000000+00:00"


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Return forty labelled comments nobody was fitted on, and one of them again."""
    rows = [r for r in read_passages(corpus_files(CORPUS)) if split_of(r.id) == "test"]
    found = [r.text for r in rows if 20 < len(r.text.split()) < 80][:40]
    return [*found, found[0]]


@pytest.fixture
def project(tmp_path: Path, texts: list[str]) -> Iterator[Project]:
    with (tmp_path / "survey.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["Comments"], *([t] for t in texts)])
    with create_project(tmp_path / "p.sqlite") as made:
        add_files(made, [tmp_path / "survey.csv"], workers=1)
        yield made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return a list that grows by the number of texts in each batch the encoder reads."""
    counts: list[int] = []
    real = OnnxEncoder._encode_batch

    def counting(self: OnnxEncoder, ids: Sequence[Sequence[int]]) -> Embeddings:
        counts.append(len(ids))
        return real(self, ids)

    monkeypatch.setattr(OnnxEncoder, "_encode_batch", counting)
    return counts


def passages(project: Project) -> list[Passage]:
    return [p for d in project.store.documents() for p in project.store.passages(d.id)]


def lines(texts: Sequence[str]) -> io.BytesIO:
    rows = [json.dumps({"id": i, "text": t}) for i, t in enumerate(texts)]
    return io.BytesIO("\n".join(rows).encode())


def test_classify_reads_a_text_given_twice_once(framework: Framework, read: list[int]) -> None:
    texts = [
        "Nobody came for eight months.",
        "She was helped to cook again.",
        "Nobody came for eight months.",
    ]
    sink = io.StringIO()
    classify_lines(framework, lines(texts), sink)
    assert sum(read) == 2
    first, _, third = (json.loads(line) for line in sink.getvalue().splitlines())
    assert {**first, "id": 2} == third


def test_what_was_encoded_once_is_not_encoded_again(
    project: Project, read: list[int], texts: list[str], tmp_path: Path
) -> None:
    suggest(project)
    once = sum(read)
    assert 0 < once <= len(set(texts))
    assert suggest(project).suggested == 0
    with (tmp_path / "again.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["Comments"], *([t] for t in texts[:10]), ["She waited in the rain."]])
    add_files(project, [tmp_path / "again.csv"], workers=1)
    assert suggest(project).suggested > 0
    assert sum(read) == once + 1


def test_fast_then_full_suggests_anew_and_encodes_only_the_rest(project: Project, read: list[int]) -> None:
    quick = suggest(project, speed="fast")
    few = sum(read)
    assert quick.classifier.endswith("+fast")
    assert quick.suggested == len(passages(project))
    run = project.store.current_run()
    assert run is not None
    assert run[1].artefact == quick.classifier
    assert few < len(passages(project)) / 2
    full = suggest(project)
    assert full.suggested == quick.suggested
    assert full.run_id != quick.run_id
    assert sum(read) == len({p.text for p in passages(project)})
    assert suggest(project, speed="fast").suggested == 0


def test_a_quick_suggestion_is_explained_by_what_made_it(project: Project) -> None:
    suggest(project, speed="fast")
    passage = next(
        p for p in passages(project) if (s := project.store.suggestion(p.id)) and s.suggested_statements()
    )
    suggestion = project.store.suggestion(passage.id)
    assert suggestion is not None
    (found,) = why(project, passage.id, suggestion.suggested_statements()[:1])
    assert found.explanation.probability == pytest.approx(suggestion.statements[0].probability, abs=1e-4)


def test_a_head_of_the_projects_own_does_not_go_with_fast(project: Project) -> None:
    kept = StoredHead(NOW, "A. Officer", "cqc-local-authority@1", "sha256:00", 12, {}, b"arrays")
    project.store.keep_head(kept, {"kept": True})
    with pytest.raises(SpecMismatch, match=r"does not go with --fast.*train --off"):
        suggest(project, speed="fast")


def test_evaluate_measures_a_speed(framework: Framework) -> None:
    files = [p for p in corpus_files(CORPUS) if p.name == "h12.jsonl"]
    found = evaluate_files(framework, files, options=EvaluateOptions("test", speed="fast"))
    assert found["classifier"].endswith("+fast")


@pytest.mark.parametrize("option", ["--fast", "--balanced"])
def test_the_options_reach_the_classifier(tmp_path: Path, option: str) -> None:
    source = tmp_path / "two.jsonl"
    source.write_bytes(lines(["Nobody came for eight months.", "The lift was out of order."]).getvalue())
    result = CliRunner().invoke(main, ["classify", str(source), option])
    assert result.exit_code == 0
    assert f"+{option[2:]}" in result.stderr
    assert len(result.stdout.splitlines()) == 2


def test_run_fast(tmp_path: Path, texts: list[str]) -> None:
    folder = tmp_path / "evidence"
    folder.mkdir()
    with (folder / "survey.csv").open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["Comments"], *([t] for t in texts)])
    project = tmp_path / "p.sqlite"
    result = CliRunner().invoke(main, ["run", str(folder), "--project", str(project), "--fast"])
    assert result.exit_code == 0, result.output
    assert "+fast" in result.stderr

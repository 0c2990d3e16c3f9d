"""The shipped classifier on real texts, beside readers who coded them blind.

    python benchmarks/real_texts.py --data ../shared/real

DATA holds nhs_feedback/ and council_papers/. The texts themselves are not kept here: real_comments.csv
and real_papers.csv name them by file, row and SHA-256 of the text, with what each reader said. Comments
were drawn at random among those of 6 to 90 words, in four draws; they are of health services, read as if
these were care. Reader a read the first draw before writing h28 of the corpus, and the third before writing
h35: only the second and the fourth draw are clean.
Passages of papers were drawn among those of eight words or more, some for which the classifier of the day
suggested something and some for which it suggested "none"; figures weigh the two kinds by how many there
were. A second draw (real_papers_2.csv) is plainly at random, of six words or more, coded by another
reader after the rule on what stands around a passage was chosen on the first. A third (real_papers_3.csv),
drawn like the second, was coded by two further readers after the build of the day was made; where they
differ a third settled it. The fourth, drawn alike, was coded by one reader after the rules on headings were
chosen on the first three. The fifth, drawn alike, was coded by two readers, and a third where they differ,
and first looked at after passages under headings were learned from and a rule on surroundings was set on the
first four; encoder and rule were changed once more after that, not by it. The sixth, coded like the fifth,
is all that was left; it was coded after the present encoder and words were made. Papers are read anew: a
passage that is now cut otherwise is left out, and counted.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from evidence_mapper import frameworks
from evidence_mapper.classify import load_classifier
from evidence_mapper.classify.base import Classifier, ClassifierInput
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.workflow.base_classifier import AnyClassifier
from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project
from evidence_mapper.workflow.suggest import classifier_input, embed, suggest

HERE = Path(__file__).parent
FRAMEWORK = frameworks.load("cqc-local-authority")
I_STATEMENTS = [s.id for s in FRAMEWORK.i_statements]
Bools = npt.NDArray[np.bool_]
PAPERS = tuple(f"real_papers{draw}.csv" for draw in ("", "_2", "_3", "_4", "_5", "_6"))
COLUMNS = {"phase1_text_data.csv": "feedback", "v6_framework.csv": "FFT answer"}


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def kept(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def comments(folder: Path) -> tuple[list[dict[str, str]], list[str]]:
    """Return the coded comments and their texts, found again by file and row and checked by hash."""
    tables = {}
    for name in COLUMNS:
        with (folder / name).open(encoding="utf-8", newline="") as stream:
            tables[name] = list(csv.DictReader(stream))
    rows = kept("real_comments.csv")
    texts = [tables[r["file"]][int(r["row"])][COLUMNS[r["file"]]].replace("\r\n", "\n") for r in rows]
    changed = [r["row"] for r, t in zip(rows, texts, strict=True) if sha(t) != r["sha256"]]
    if changed:
        raise SystemExit(f"other texts than those coded: rows {', '.join(changed[:5])}")
    return rows, texts


def multi(values: Sequence[str], names: Sequence[str]) -> Bools:
    return np.array([[n in v.split() for n in names] for v in values])


def f1(truth: Bools, said: Bools) -> npt.NDArray[np.float64]:
    both = (truth & said).sum(axis=0)
    return np.asarray(2 * both / np.maximum(truth.sum(axis=0) + said.sum(axis=0), 1))


def told(truth: Bools, said: Bools, what: str) -> None:
    each = f1(truth, said)
    micro = 2 * (truth & said).sum() / max(1, truth.sum() + said.sum())
    print(f"{what:<34} macro F1 {each.mean():.3f}  micro F1 {micro:.3f}  ", end="")
    print("  ".join(f"{n.removeprefix('i-')} {v:.2f}" for n, v in zip(I_STATEMENTS, each, strict=True)))


def first_person(classifier: Classifier, folder: Path) -> None:
    rows, texts = comments(folder / "nhs_feedback")
    found = classifier.suggest([ClassifierInput(t, None, "survey-comment") for t in texts])
    told_of = [{c.id for c in f.i_statements if c.suggested} for f in found]
    model = np.array([[i in said for i in I_STATEMENTS] for said in told_of])
    for draw in sorted({r["draw"] for r in rows}):
        at = np.array([r["draw"] == draw for r in rows])
        readers = [multi([r[c] for r in rows], I_STATEMENTS)[at] for c in ("a", "b")]
        print(
            f"\nI statements, draw {draw}: {at.sum()} comments, by reader a {readers[0].sum(axis=0).tolist()}"
        )
        told(readers[0], readers[1], "reader b against reader a")
        for name, reader in zip("ab", readers, strict=True):
            told(reader, model[at], f"classifier against reader {name}")


def suggested(classifier: AnyClassifier, folder: Path) -> tuple[dict[str, Suggestion], dict[str, Suggestion]]:
    """Return suggestions of the papers' passages, by the hash of their text: read alone, and in place."""
    alone, placed = {}, {}
    with tempfile.TemporaryDirectory() as made, create_project(Path(made) / "p.sqlite") as project:
        add_files(project, [folder])
        suggest(project)
        store = project.store
        for document in store.documents():
            passages = list(store.passages(document.id))
            inputs = [classifier_input(p, document) for p in passages]
            read = classifier.suggest(inputs, embed(store, classifier, classifier.texts(inputs))[0])
            for passage, suggestion in zip(passages, read, strict=True):
                alone[sha(passage.text)] = suggestion
                placed[sha(passage.text)] = present(store.suggestion(passage.id))
    return alone, placed


def present(suggestion: Suggestion | None) -> Suggestion:
    assert suggestion is not None
    return suggestion


def papers(classifier: AnyClassifier, folder: Path) -> None:
    alone, placed = suggested(classifier, folder / "council_papers")
    for draw in PAPERS:
        coded = kept(draw)
        rows = [r for r in coded if r["sha256"] in alone]
        print(f"\nPassages of real papers, {draw}: {len(rows)} of {len(coded)} coded are there")
        for how, by_hash in (("read alone", alone), ("with what stands around", placed)):
            told_of_papers(how, rows, [by_hash[r["sha256"]] for r in rows])


def told_of_papers(how: str, rows: list[dict[str, str]], found: list[Suggestion]) -> None:
    truth = [r["b"].split() for r in rows]
    weight = np.array([float(r["weight"]) for r in rows])
    evidence = np.array([bool(t) for t in truth])
    none = np.array([f.none_suggested for f in found])
    first = np.array([bool(t) and f.statements[0].id == t[0] for t, f in zip(truth, found, strict=True)])
    two = np.array(
        [bool(t) and t[0] in [s.id for s in f.statements[:2]] for t, f in zip(truth, found, strict=True)]
    )
    any_right = np.array(
        [bool(set(t) & set(f.suggested_statements())) for t, f in zip(truth, found, strict=True)]
    )
    wrong = np.array([bool(f.suggested_statements()) for f in found])

    def share(hit: Bools, of: Bools) -> str:
        return f"{(weight * hit)[of].sum() / weight[of].sum():.3f}"

    print(f"{how}: {evidence.sum()} are evidence", end="  ")
    print("main statement first of nine", share(first, evidence), " first two", share(two, evidence))
    print("   a right statement suggested", share(any_right, evidence), end="  ")
    print("evidence lost to none", share(none, evidence), " none recall", share(none, ~evidence), end="  ")
    print("of none, something suggested", share(wrong, ~evidence))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data
    classifier = load_classifier(FRAMEWORK)
    first_person(classifier, folder)
    papers(classifier, folder)


if __name__ == "__main__":
    main()

"""Measure the recipe on writers, genres and passages left out of everything that is fitted.

    pip install "evidence-mapper[torch]" onnx
    python scripts/leave_out.py --base FOLDER_OF_all-MiniLM-L6-v2 --output figures.json

Each round leaves out five writers and a fifth of the varied file, or several genres at once, fits encoder
and words on the train split of the rest, and reads what was left out. So a fifth of the data or more is
missing, not one writer's: the figures are on the low side. Encoder and both views of the words count alike
(the shipped stack weighs them). Rounds already in the output are not run again. About 12 minutes a round on
one free core whose processor has bfloat16.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score
from transformers import AutoTokenizer

import finetune_encoder as recipe
from evidence_mapper import frameworks
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.fit import FitSpec, _WordHeads
from evidence_mapper.classify.fit_targets import targets
from evidence_mapper.classify.heads import log_softmax
from evidence_mapper.classify.labels import Labels, labels_of
from evidence_mapper.classify.statement_classifier import by_statement

VARIED = ("g1", "g2", "g3", "g4")
FOLDS = 5
WRITERS = (
    ("h1", "h6", "h11", "h16", "h21"),
    ("h2", "h7", "h12", "h17", "h22"),
    ("h3", "h8", "h13", "h18", "h23"),
    ("h4", "h9", "h14", "h19", "h25"),
    ("h5", "h10", "h15", "h20", "h24"),
)
GENRES = (
    ("survey-comment", "performance-report", "staff-feedback"),
    ("focus-group", "strategy", "case-audit"),
    ("complaint", "committee-report", "email"),
    ("case-record", "self-assessment", "partner-feedback", "policy"),
    ("assessment-report",),
)
GroupOf = Callable[[LabelledPassage], "str | None"]


def fold_of(passage_id: str) -> int:
    """Return the fold of a passage of the varied file, in [0, 5): by its id alone."""
    return int(hashlib.sha256(f"fold {passage_id}".encode()).hexdigest()[:8], 16) % FOLDS


def rounds() -> dict[str, GroupOf]:
    """Return what each round leaves out, as the group a passage then belongs to (None: it stays)."""

    def writers(number: int, row: LabelledPassage) -> str | None:
        if row.hand in WRITERS[number]:
            return f"writer {row.hand}"
        return "varied" if row.hand in VARIED and fold_of(row.id) == number else None

    def genres(number: int, row: LabelledPassage) -> str | None:
        return f"genre {row.source_type}" if row.source_type in GENRES[number] else None

    made: dict[str, GroupOf] = {}
    for k in range(len(WRITERS)):
        made[f"writers {k + 1}"] = lambda row, k=k: writers(k, row)  # type: ignore[misc]
    for k in range(len(GENRES)):
        made[f"genres {k + 1}"] = lambda row, k=k: genres(k, row)  # type: ignore[misc]
    return made


def encoder_scores(
    base: Path, rows: list[LabelledPassage], labels: Labels, learn: list[int], read: list[int]
) -> dict[str, Any]:
    """Fine-tune on the rows at ``learn`` and return the heads' scores of those at ``read``."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    tokens = tokenizer([r.text for r in rows], truncation=True, max_length=200)["input_ids"]
    torch.manual_seed(recipe.HEAD_SEED)
    model = recipe.Model(base, labels)
    random.seed(0)
    torch.manual_seed(0)
    recipe.train(model, learn, tokens, recipe.targets_of(rows, labels), time.time())
    return recipe.scores(model, read, tokens)


def figures(
    rows: Sequence[LabelledPassage], labels: Labels, words: dict[str, Any], encoder: dict[str, Any]
) -> dict[str, float]:
    """Return accuracy of a group; a figure without passages is left out."""
    y, n = targets(rows, labels), len(labels.statements)
    views = (
        np.log(by_statement(log_softmax(encoder["topic"]), labels) + 1e-6),
        log_softmax(words["lex"]),
        np.log(by_statement(log_softmax(words["words_topic"]), labels) + 1e-6),
    )
    together, evidence = sum(views[1:], start=views[0]), y.main < n
    out: dict[str, float] = {"passages": len(rows), "evidence": int(evidence.sum())}
    if evidence.any():
        truth = y.main[evidence]
        order = np.argsort(-together[evidence][:, :n], axis=1)
        out["first"] = float((order[:, 0] == truth).mean())
        out["first two"] = float((order[:, :2] == truth[:, None]).any(1).mean())
        out["macro F1"] = float(f1_score(truth, order[:, 0], average="macro"))
        out["first, encoder alone"] = float((views[0][evidence][:, :n].argmax(1) == truth).mean())
    if (~evidence).any():
        out["none recall"] = float((together[~evidence].argmax(1) == n).mean())
    for name, known in (("category", y.category), ("polarity", y.polarity)):
        at = np.flatnonzero(evidence & (known >= 0))
        if len(at):
            both = log_softmax(encoder[name][at]) + 0.5 * log_softmax(words[name][at])
            out[name] = float((both.argmax(1) == known[at]).mean())
    return out


def one_round(base: Path, rows: list[LabelledPassage], labels: Labels, group: GroupOf) -> dict[str, Any]:
    learn = [i for i, r in enumerate(rows) if group(r) is None and split_of(r.id) == "train"]
    read = [i for i, r in enumerate(rows) if group(r) is not None]
    encoder = encoder_scores(base, rows, labels, learn, read)
    heads = _WordHeads(FitSpec(), labels).fit(
        [rows[i].text for i in learn], targets([rows[i] for i in learn], labels)
    )
    words = heads.scores([rows[i].text for i in read])
    found = {}
    for name in sorted({str(group(rows[i])) for i in read}):
        at = np.array([k for k, i in enumerate(read) if group(rows[i]) == name])
        parts = [{head: np.asarray(v)[at] for head, v in view.items()} for view in (words, encoder)]
        found[name] = figures([rows[read[k]] for k in at], labels, *parts)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument("--output", type=Path, required=True, help="JSON, written after each round")
    parser.add_argument("--epochs", type=int, default=3, help="default: 3; shipped: 5")
    parser.add_argument("--rounds", nargs="*", choices=list(rounds()), help="default: all")
    options = parser.parse_args()
    recipe.EPOCHS = options.epochs
    rows = read_passages(corpus_files(recipe.ROOT / "corpora" / "passages"))
    labels = labels_of(frameworks.load("cqc-local-authority"))
    done = json.loads(options.output.read_text(encoding="utf-8")) if options.output.exists() else {}
    for name, group in rounds().items():
        if name in done or (options.rounds and name not in options.rounds):
            continue
        print(name, file=sys.stderr)
        done[name] = one_round(options.base, rows, labels, group)
        options.output.write_text(json.dumps(done, indent=1) + "\n", encoding="utf-8")
        for part, values in done[name].items():
            print(part, " ".join(f"{k} {v:.3f}" for k, v in values.items()), flush=True)


if __name__ == "__main__":
    main()

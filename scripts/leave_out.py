"""Measure the recipe with source types left out of all that is fitted, and on what the varied file teaches.

    python scripts/leave_out.py pack --base FOLDER_OF_all-MiniLM-L6-v2 --job JOB
    python scripts/encoder_runs.py JOB DONE
    python scripts/leave_out.py figures --job JOB --done DONE

Each round leaves out several source types and fits encoder and words on the train split of the rest, or fits
them on the varied file alone. For statements, encoder and both views of the words count alike (the shipped
stack weighs them). Writers left out are measured by build_models.py, whose stack is fitted on them (see the
model card).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import f1_score

import encoder_job
from encoder_runs import TASKS, Group, Run
from evidence_mapper.classify.corpus import LabelledPassage, split_of
from evidence_mapper.classify.fit_targets import targets
from evidence_mapper.classify.fit_words import FitSpec, WordHeads
from evidence_mapper.classify.heads import log_softmax
from evidence_mapper.classify.labels import Labels
from evidence_mapper.classify.statement_classifier import by_statement

VARIED = ("g1", "g2", "g3", "g4")
GENRES = (
    ("survey-comment", "performance-report", "staff-feedback"),
    ("focus-group", "strategy", "case-audit"),
    ("complaint", "committee-report", "email"),
    ("case-record", "self-assessment", "partner-feedback", "policy"),
    ("assessment-report",),
)
GROUP = "leave-out"


def rounds(rows: Sequence[LabelledPassage]) -> dict[str, tuple[list[int], list[int]]]:
    """Return what each round learns from and what it reads, as indices of rows."""
    made = {}
    for number, genres in enumerate(GENRES, start=1):
        left = [r.source_type in genres for r in rows]
        learn = [i for i, r in enumerate(rows) if not left[i] and split_of(r.id) == "train"]
        made[f"genres {number}"] = (learn, [i for i in range(len(rows)) if left[i]])
    varied = [i for i, r in enumerate(rows) if r.hand in VARIED]
    reports = [i for i, r in enumerate(rows) if r.source_type == "assessment-report" and r.hand not in VARIED]
    made["varied alone"] = (varied, reports)
    return made


def pack(base: Path, job: Path, chosen: Sequence[str]) -> None:
    rows, labels = encoder_job.corpus()
    kept = {name: sets for name, sets in rounds(rows).items() if not chosen or name in chosen}
    sets = {f"{part} {name}": s[k] for name, s in kept.items() for k, part in enumerate(("learn", "read"))}
    groups = [Group(f"{GROUP} {name}", [Run(f"learn {name}", f"read {name}")]) for name in kept]
    encoder_job.pack(job, base, rows, labels, sets, groups)


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


def told(job: Path, done: Path) -> None:
    """Print the figures of every round of which the scores are there."""
    rows, labels = encoder_job.corpus()
    packed = np.load(job / "passages.npz")
    if encoder_job.packed_ids(job) != [r.id for r in rows]:
        raise SystemExit(f"{job} was packed of other passages than those there are: pack again")
    for name in rounds(rows):
        path = done / f"{GROUP} {name}.scores.npz"
        if not path.exists():
            continue
        found = np.load(path)
        learn, read = packed[f"set.learn {name}"], found["at"][0]
        heads = WordHeads(FitSpec(), labels)
        heads.fit([rows[i].read for i in learn], targets([rows[i] for i in learn], labels))
        words = heads.scores([rows[i].read for i in read])
        group = np.array([name if "varied" in name else f"genre {rows[i].source_type}" for i in read])
        for part in sorted(set(group)):
            at = np.flatnonzero(group == part)
            encoder = {t: found[t][0][at].astype(np.float64) for t in TASKS}
            own = {t: np.asarray(v)[at] for t, v in words.items()}
            values = figures([rows[read[i]] for i in at], labels, own, encoder)
            print(part, " ".join(f"{k} {v:.3f}" for k, v in values.items()), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("pack", "figures"))
    parser.add_argument("--base", type=Path, help="pack: folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument("--job", type=Path, required=True, help="folder for what the runs need")
    parser.add_argument("--done", type=Path, help="figures: folder that encoder_runs.py wrote to")
    parser.add_argument("--rounds", nargs="*", default=[], help="default: all")
    options = parser.parse_args()
    if options.step == "pack" and options.base:
        pack(options.base, options.job, options.rounds)
    elif options.step == "figures" and options.done:
        told(options.job, options.done)
    else:
        parser.error("pack needs --base, figures needs --done")


if __name__ == "__main__":
    main()

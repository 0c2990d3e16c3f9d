"""Pack labelled passages, targets and the base's weights for ``encoder_runs.py``."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

from encoder_runs import Group
from evidence_mapper import frameworks
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages
from evidence_mapper.classify.labels import Labels, labels_of

ROOT = Path(__file__).resolve().parents[1]
CODING = ROOT / "corpora" / "passages"
OTHER_TOPIC = 0.35
"""Weight of a topic of another statement than the main one's, which weighs 1."""
OTHERS_VOICE = 0.15
"""Weight of I statements in passages that tell no person's experience."""
LONGEST = 200
"""Tokens of a passage that are learned from."""
SPECIAL = ("[MASK]", "[CLS]", "[SEP]")
BERT = {
    "out": "attention.output.dense",
    "norm1": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm2": "output.LayerNorm",
}
"""Names in the base's file of what encoder_runs calls by shorter ones; query, key and value are one there."""
Floats = npt.NDArray[np.float32]


def corpus() -> tuple[list[LabelledPassage], Labels]:
    """Return every labelled passage, and the labels in column order."""
    return read_passages(corpus_files(CODING)), labels_of(frameworks.load("cqc-local-authority"))


def packed_ids(job: Path) -> list[str]:
    """Return the ids of a job's passages, in its order."""
    return (job / "ids.txt").read_text(encoding="utf-8").split()


def _coding(name: str) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = {}
    with (CODING / name).open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["id"], []).append(row)
    return found


def topics_of(names: Sequence[str], labels: Labels) -> Floats:
    """Return weights that sum to 1, shape (n_topics + 1,): less for another statement than the first's."""
    out = np.zeros(len(labels.topics) + 1, np.float32)
    columns = [labels.topics.index(name) for name in names]
    for column in columns:
        same = labels.topic_statement[column] == labels.topic_statement[columns[0]]
        out[column] = 1.0 if same else OTHER_TOPIC
    if not columns:
        out[-1] = 1.0
    return np.asarray(out / out.sum())


def _main_first(row: LabelledPassage, labels: Labels) -> list[str]:
    def of_main(topic: str) -> bool:
        return labels.statements[labels.topic_statement[labels.topics.index(topic)]] == row.statements[0]

    return sorted(row.topics, key=lambda topic: not of_main(topic))


def targets_of(rows: Sequence[LabelledPassage], labels: Labels) -> dict[str, npt.NDArray[Any]]:
    """Return targets, shape (n, n_outputs) each: the mean of the label and of every blind coder's opinion.

    Rows of ``category`` and ``polarity`` are nought where there is none. ``parent``, shape (n_topics + 1,
    n_statements + 1), is 1 where the topic is the statement's; none last.
    """
    statements, kinds = _coding("statement_coding.csv"), _coding("category_coding.csv")
    n = len(labels.topics)
    parent = np.zeros((n + 1, len(labels.statements) + 1), np.float32)
    parent[range(n), list(labels.topic_statement)] = 1
    parent[n, -1] = 1
    made: dict[str, list[Any]] = {
        k: [] for k in ("topic", "statement", "i", "i_weight", "category", "polarity")
    }
    for row in rows:
        coded = [(c["topics"].split(), c["i_statements"].split()) for c in statements.get(row.id, [])]
        every = [(_main_first(row, labels), list(row.i_statements)), *coded]
        fine = np.stack([topics_of(topics, labels) for topics, _ in every])
        made["topic"].append(fine.mean(0))
        made["statement"].append(parent[fine.argmax(1)].mean(0))
        made["i"].append(np.mean([[i in given for i in labels.i_statements] for _, given in every], axis=0))
        told = row.evidence_category == "peoples-experience" or bool(row.i_statements)
        made["i_weight"].append([1.0 if told else OTHERS_VOICE])
        for name, own, names in (
            ("category", row.evidence_category, labels.categories),
            ("polarity", row.polarity if row.statements else None, labels.polarities),
        ):
            column = "evidence_category" if name == "category" else name
            said = [own, *(c[column] for c in kinds.get(row.id, []))] if own in names else []
            made[name].append(_shares(said, names))
    return {"parent": parent, **{k: np.array(v, np.float32) for k, v in made.items()}}


def _shares(said: Sequence[str | None], names: Sequence[str]) -> Floats:
    counts = np.array([sum(s == name for s in said) for name in names], np.float32)
    return np.asarray(counts / max(1.0, counts.sum()))


def pack(
    folder: Path,
    base: Path,
    rows: Sequence[LabelledPassage],
    labels: Labels,
    sets: Mapping[str, Sequence[int]],
    groups: Sequence[Group],
) -> None:
    """Write the job: passages as word numbers, targets, index sets and the base's weights at 16 bits.

    The word table is never learned; only the words that occur are packed, numbered anew.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    ids = [e.ids for e in tokenizer.encode_batch([r.read for r in rows])]
    special = [int(tokenizer.token_to_id(s) or 0) for s in SPECIAL]
    used = np.unique(np.concatenate([*ids, special]))
    np.savez_compressed(
        folder / "passages.npz",
        ids=np.searchsorted(used, np.concatenate(ids)).astype(np.uint16),
        lengths=np.array([len(i) for i in ids], np.uint16),
        special=np.searchsorted(used, special),
        **{k: v.astype(np.float32) for k, v in targets_of(rows, labels).items()},  # type: ignore[arg-type]
        **{f"set.{k}": np.array(v, np.int32) for k, v in sets.items()},  # type: ignore[arg-type]
    )
    weights = base_weights(base)
    weights["table"] = weights["table"][torch.from_numpy(used)]
    save_file({k: v.half().contiguous() for k, v in weights.items()}, str(folder / "base.safetensors"))
    job = json.dumps([asdict(group) for group in groups], indent=1)
    (folder / "job.json").write_text(job + "\n", encoding="utf-8")
    (folder / "ids.txt").write_text("\n".join(r.id for r in rows) + "\n", encoding="utf-8")


def base_weights(base: Path) -> dict[str, torch.Tensor]:
    """Return the base's weights by encoder_runs' names."""
    found = load_file(str(base / "model.safetensors"))
    out = {
        "table": found["embeddings.word_embeddings.weight"],
        "position": found["embeddings.position_embeddings.weight"][:256],
        "type": found["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": found["embeddings.LayerNorm.weight"],
        "norm.bias": found["embeddings.LayerNorm.bias"],
    }
    for k in range(sum(name.endswith("intermediate.dense.bias") for name in found)):
        layer = f"encoder.layer.{k}."
        for part in ("weight", "bias"):
            out[f"{k}.qkv.{part}"] = torch.cat(
                [found[f"{layer}attention.self.{n}.{part}"] for n in ("query", "key", "value")]
            )
            for ours, theirs in BERT.items():
                out[f"{k}.{ours}.{part}"] = found[f"{layer}{theirs}.{part}"]
    return out


def as_bert(weights: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return layers by the names of the base's file: the reverse of :func:`base_weights`."""
    out = {}
    for name, value in weights.items():
        number, ours, part = name.split(".")
        layer = f"encoder.layer.{number}."
        if ours == "qkv":
            for theirs, piece in zip(("query", "key", "value"), value.chunk(3), strict=True):
                out[f"{layer}attention.self.{theirs}.{part}"] = piece
        else:
            out[f"{layer}{BERT[ours]}.{part}"] = value
    return out

"""Fine-tune the encoder on the labelled passages and write its layers as ONNX with its heads.

    pip install "evidence-mapper[torch]" onnx
    python scripts/finetune_encoder.py --base FOLDER_OF_all-MiniLM-L6-v2

Learns from the train split, whole writers (h7, h10) left out: the stack is fitted on what the encoder
says of them and of the development split. What is kept is the running mean of the weights; several
seeds end in the average of theirs (a model soup: Wortsman and others 2022) and run side by side. Half an
hour to an hour for two on two free cores whose processor has bfloat16, three times as long without. Then:
python scripts/build_models.py

Training is single-label over topics with soft targets: the mean of the label and of what each blind coder
said (corpora/passages/statement_coding.csv), the main statement's topics weighing 1 and another's 0.35. The
statement summed from topics, evidence category, polarity and I statements are learned beside it; 8 % of
words are masked. The word table stays as it is and is shared with models/minilm.
"""

from __future__ import annotations

import argparse
import csv
import functools
import json
import multiprocessing
import random
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from transformers import AutoModel, AutoTokenizer

import onnx_w8
from evidence_mapper import frameworks
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.labels import Labels, labels_of

ROOT = Path(__file__).resolve().parents[1]
HELD_OUT = ("h7", "h10")
WIDTH = 384
EPOCHS, BATCH, RATE, HEAD_RATE = 5, 16, 6e-5, 2e-3
MASKED, SMOOTHING, OTHER_TOPIC = 0.08, 0.08, 0.35
STATEMENT, CATEGORY, POLARITY, FIRST_PERSON = 0.5, 0.5, 0.7, 1.0
OTHERS_VOICE = 0.15
"""Weight of I statements in passages that tell no person's experience."""
RUNNING_MEAN = 0.998
HEAD_SEED = 1234
"""All runs start from the same heads, so that their weights can be averaged."""
MASK, CLS, SEP = 103, 101, 102


class Model(torch.nn.Module):
    """Mean pooling and four linear heads."""

    def __init__(self, base: Path, labels: Labels) -> None:
        super().__init__()
        self.net = AutoModel.from_pretrained(base)
        for parameter in self.net.embeddings.parameters():
            parameter.requires_grad = False
        self.drop = torch.nn.Dropout(0.2)
        sizes = {
            "topic": len(labels.topics) + 1,
            "category": len(labels.categories),
            "polarity": len(labels.polarities),
            "i": len(labels.i_statements),
        }
        self.heads = torch.nn.ModuleDict({k: torch.nn.Linear(WIDTH, n) for k, n in sizes.items()})

    def embed(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        states = self.net(input_ids=ids, attention_mask=mask).last_hidden_state.float()
        weights = mask[..., None].float()
        pooled: torch.Tensor = (states * weights).sum(1) / weights.sum(1)
        return pooled

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
        pooled = self.drop(self.embed(ids, mask))
        return {k: head(pooled) for k, head in self.heads.items()}


@dataclass
class Targets:
    topic: torch.Tensor
    statement: torch.Tensor
    category: torch.Tensor
    polarity: torch.Tensor
    i: torch.Tensor
    i_weight: torch.Tensor
    parent: torch.Tensor
    """Shape (n_topics + 1, n_statements + 1): 1 where the topic is the statement's; none last."""


def opinions() -> dict[str, list[tuple[list[str], list[str]]]]:
    """Return what blind coders gave each passage: topics, the main one first, and I statements."""
    found: dict[str, list[tuple[list[str], list[str]]]] = {}
    with (ROOT / "corpora" / "passages" / "statement_coding.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            given = (row["topics"].split(), row["i_statements"].split())
            found.setdefault(row["id"], []).append(given)
    return found


def topics_of(names: Sequence[str], labels: Labels) -> torch.Tensor:
    """Return weights that sum to 1, shape (n_topics + 1,): less for another statement than the first's."""
    out = torch.zeros(len(labels.topics) + 1)
    columns = [labels.topics.index(name) for name in names]
    for column in columns:
        same = labels.topic_statement[column] == labels.topic_statement[columns[0]]
        out[column] = 1.0 if same else OTHER_TOPIC
    if not columns:
        out[-1] = 1.0
    return out / out.sum()


def targets_of(rows: list[LabelledPassage], labels: Labels) -> Targets:
    """Return the mean of the label and of every coder's opinion."""
    n, coded = len(labels.topics), opinions()
    parents = torch.zeros(n + 1, len(labels.statements) + 1)
    parents[range(n), list(labels.topic_statement)] = 1
    parents[n, -1] = 1
    topic, statement, first_person = [], [], []
    for row in rows:
        main = [t for t in row.topics if _parent(t, labels) == row.statements[0]]
        label = ([*main, *(t for t in row.topics if t not in main)], list(row.i_statements))
        every = [label, *coded.get(row.id, [])]
        fine = torch.stack([topics_of(topics, labels) for topics, _ in every])
        topic.append(fine.mean(0))
        statement.append(parents[fine.argmax(1)].mean(0))
        asked = [[float(i in given) for i in labels.i_statements] for _, given in every]
        first_person.append(torch.tensor(asked).mean(0))
    spread = torch.stack(topic) * (1 - SMOOTHING) + SMOOTHING / (n + 1)

    def one(values: list[str | None], names: tuple[str, ...]) -> torch.Tensor:
        return torch.tensor([names.index(v) if v in names else -100 for v in values])

    own = [r.evidence_category == "peoples-experience" or bool(r.i_statements) for r in rows]
    return Targets(
        topic=spread,
        statement=torch.stack(statement),
        category=one([r.evidence_category for r in rows], labels.categories),
        polarity=one([r.polarity if r.statements else None for r in rows], labels.polarities),
        i=torch.stack(first_person),
        i_weight=torch.tensor([1.0 if o else OTHERS_VOICE for o in own]),
        parent=parents,
    )


def _parent(topic: str, labels: Labels) -> str:
    return labels.statements[labels.topic_statement[labels.topics.index(topic)]]


def pad(tokens: list[list[int]], index: list[int]) -> tuple[torch.Tensor, torch.Tensor]:
    width = max(len(tokens[i]) for i in index)
    ids = torch.zeros(len(index), width, dtype=torch.long)
    mask = torch.zeros(len(index), width, dtype=torch.long)
    for row, i in enumerate(index):
        ids[row, : len(tokens[i])] = torch.tensor(tokens[i])
        mask[row, : len(tokens[i])] = 1
    return ids, mask


def batches(index: list[int], tokens: list[list[int]]) -> list[list[int]]:
    order = index[:]
    random.shuffle(order)
    out = []
    for start in range(0, len(order), BATCH * 20):
        block = sorted(order[start : start + BATCH * 20], key=lambda i: len(tokens[i]))
        out += [block[k : k + BATCH] for k in range(0, len(block), BATCH)]
    random.shuffle(out)
    return out


def loss_of(out: dict[str, torch.Tensor], y: Targets, index: list[int]) -> torch.Tensor:
    at = torch.tensor(index)
    fine = out["topic"].log_softmax(1)
    loss = -(y.topic[at] * fine).sum(1).mean()
    chance = fine.exp()
    coarse = (chance @ y.parent).clamp_min(1e-6).log()
    loss = loss - STATEMENT * (y.statement[at] * coarse).sum(1).mean()
    for name, truth, weight in (
        ("category", y.category[at], CATEGORY),
        ("polarity", y.polarity[at], POLARITY),
    ):
        if (truth >= 0).any():
            loss = loss + weight * torch.nn.functional.cross_entropy(out[name], truth, ignore_index=-100)
    each = torch.nn.functional.binary_cross_entropy_with_logits(out["i"], y.i[at], reduction="none").sum(1)
    extra: torch.Tensor = (each * y.i_weight[at]).mean()
    return loss + FIRST_PERSON * extra


def masked(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    chosen = (torch.rand(ids.shape) < MASKED) & (mask == 1) & (ids != CLS) & (ids != SEP)
    return torch.where(chosen, torch.full_like(ids, MASK), ids)


class RunningMean:
    """Mean of the weights over the last steps, which weigh more."""

    def __init__(self, model: Model) -> None:
        self.state = {k: v.clone() for k, v in model.state_dict().items()}
        self.steps = 0

    def take(self, model: Model) -> None:
        self.steps += 1
        kept = min(RUNNING_MEAN, (self.steps + 1) / (self.steps + 10))
        for name, value in model.state_dict().items():
            if value.is_floating_point():
                self.state[name].mul_(kept).add_(value, alpha=1 - kept)


def train(model: Model, index: list[int], tokens: list[list[int]], y: Targets, started: float) -> None:
    groups = [
        {"params": [p for p in model.net.parameters() if p.requires_grad], "lr": RATE},
        {"params": model.heads.parameters(), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (len(index) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / 80) * max(0.02, 1 - s / steps)
    )
    mean = RunningMean(model)
    model.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in batches(index, tokens):
            ids, mask = pad(tokens, batch)
            hidden = masked(ids, mask)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                out = model(hidden, mask)
            loss = loss_of({k: v.float() for k, v in out.items()}, y, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            mean.take(model)
            total += loss.item()
        print(
            f"epoch {epoch + 1} of {EPOCHS}: loss {total:.0f}, {time.time() - started:.0f} s", file=sys.stderr
        )
    model.load_state_dict(mean.state)
    model.eval()


def scores(model: Model, index: list[int], tokens: list[list[int]]) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {}
    with torch.no_grad():
        for start in range(0, len(index), 64):
            for name, value in model(*pad(tokens, index[start : start + 64])).items():
                parts.setdefault(name, []).append(value.numpy())
    return {name: np.concatenate(values).astype(np.float32) for name, values in parts.items()}


def average(states: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the mean of the runs' weights."""
    return {
        k: torch.stack([s[k] for s in states]).mean(0) if v.is_floating_point() else v
        for k, v in states[0].items()
    }


def export(model: Model, folder: Path) -> None:
    """Write the layers as ONNX, weights stored at 8 bits, and the heads.

    The input is the word vectors: their table is the one in models/minilm.
    """

    class States(torch.nn.Module):
        def __init__(self, net: Any) -> None:
            super().__init__()
            self.net = net

        def forward(self, words: Any, attention_mask: Any) -> Any:
            return self.net(inputs_embeds=words, attention_mask=attention_mask).last_hidden_state

    example = {"words": torch.zeros(2, 8, WIDTH), "attention_mask": torch.ones(2, 8, dtype=torch.long)}
    onnx_w8.export(States(model.net), example, folder / "layers_w8.onnx")
    onnx_w8.write_word_table_place(ROOT / "models" / "minilm" / "model_w8.onnx", folder)
    heads = {f"{k}.{p}": v.detach().numpy() for k, h in model.heads.items() for p, v in h.named_parameters()}
    save_file(heads, str(folder / "heads.safetensors"))


def keep_held_out(model: Model, rows: list[LabelledPassage], tokens: list[list[int]], folder: Path) -> None:
    """Write what the encoder's heads say of the writers it has not seen."""
    unseen = [i for i, r in enumerate(rows) if r.hand in HELD_OUT]
    save_file(scores(model, unseen, tokens), str(folder / "held_out.safetensors"))
    ids = "\n".join(rows[i].id for i in unseen)
    (folder / "held_out.txt").write_text(ids + "\n", encoding="utf-8")


def keep_reference(model: Model, tokenizer: Any, folder: Path) -> None:
    """Write the vectors, at 32 bits, of the texts that the ONNX file is tested on, as float16."""
    path = ROOT / "tests" / "classify" / "data" / "reference_texts.json"
    texts = json.loads(path.read_text(encoding="utf-8"))
    tokens = tokenizer(texts, truncation=True, max_length=256)["input_ids"]
    with torch.no_grad():
        vectors = [model.embed(*pad(tokens, [i]))[0].numpy() for i in range(len(texts))]
    save_file({"vectors": np.stack(vectors).astype(np.float16)}, str(folder / "reference.safetensors"))


def one_run(
    base: Path,
    rows: list[LabelledPassage],
    tokens: list[list[int]],
    index: list[int],
    threads: int,
    seed: int,
) -> dict[str, Any]:
    """Return the weights of one run; ``index`` says which rows it learns from."""
    torch.set_num_threads(threads)
    labels = labels_of(frameworks.load("cqc-local-authority"))
    torch.manual_seed(HEAD_SEED)
    model = Model(base, labels)
    random.seed(seed)
    torch.manual_seed(seed)
    train(model, index, tokens, targets_of(rows, labels), time.time())
    return {k: v.numpy() for k, v in model.state_dict().items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument("--output", type=Path, default=ROOT / "models" / "minilm-council")
    parser.add_argument(
        "--seeds", type=int, nargs="+", default=[0], help="one run each, side by side, averaged"
    )
    options = parser.parse_args()
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    labels = labels_of(frameworks.load("cqc-local-authority"))
    tokenizer = AutoTokenizer.from_pretrained(options.base)
    tokens = tokenizer([r.text for r in rows], truncation=True, max_length=200)["input_ids"]
    index = [i for i, r in enumerate(rows) if r.hand not in HELD_OUT and split_of(r.id) == "train"]
    threads = max(1, torch.get_num_threads() // len(options.seeds))
    one = functools.partial(one_run, options.base, rows, tokens, index, threads)
    with ProcessPoolExecutor(len(options.seeds), mp_context=multiprocessing.get_context("spawn")) as runs:
        states = [{k: torch.from_numpy(v) for k, v in s.items()} for s in runs.map(one, options.seeds)]
    model = Model(options.base, labels)
    model.load_state_dict(average(states))
    model.eval()
    export(model, options.output)
    keep_held_out(model, rows, tokens, options.output)
    keep_reference(model, tokenizer, options.output)


if __name__ == "__main__":
    main()

"""Fine-tune the encoder on the labelled passages and write it as ONNX with its heads.

    pip install "evidence-mapper[torch]" onnx
    python scripts/finetune_encoder.py --base FOLDER_OF_all-MiniLM-L6-v2

Two runs. The first leaves out whole writers (h7, h10) and keeps what it says of them: the stack is
fitted on writers no encoder has seen. The second learns from the train split of everybody; it is the
one shipped. About 20 minutes a run on two cores. Then: python scripts/build_models.py

Training is single-label over topics with soft targets (the main statement's topics weigh 1, others
0.35), with evidence category, polarity and I statements learned beside it; 8 % of words are masked.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from safetensors.numpy import save_file
from transformers import AutoModel, AutoTokenizer

from evidence_mapper import frameworks
from evidence_mapper.classify.corpus import LabelledPassage, corpus_files, read_passages, split_of
from evidence_mapper.classify.labels import Labels, labels_of
from onnx_w8 import store_weights_as_int8

ROOT = Path(__file__).resolve().parents[1]
HELD_OUT = ("h7", "h10")
WIDTH = 384
EPOCHS, BATCH, RATE, HEAD_RATE = 5, 16, 6e-5, 2e-3
MASKED, SMOOTHING, OTHER_TOPIC = 0.08, 0.08, 0.35
MASK, CLS, SEP = 103, 101, 102


class Model(torch.nn.Module):
    """Mean pooling and four linear heads."""

    def __init__(self, base: Path, labels: Labels) -> None:
        super().__init__()
        self.net = AutoModel.from_pretrained(base)
        self.drop = torch.nn.Dropout(0.2)
        sizes = {
            "topic": len(labels.topics) + 1,
            "category": len(labels.categories),
            "polarity": len(labels.polarities),
            "i": len(labels.i_statements),
        }
        self.heads = torch.nn.ModuleDict({k: torch.nn.Linear(WIDTH, n) for k, n in sizes.items()})

    def embed(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        states = self.net(input_ids=ids, attention_mask=mask).last_hidden_state
        weights = mask[..., None].float()
        pooled: torch.Tensor = (states * weights).sum(1) / weights.sum(1)
        return pooled

    def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> dict[str, torch.Tensor]:
        pooled = self.drop(self.embed(ids, mask))
        return {k: head(pooled) for k, head in self.heads.items()}


@dataclass
class Targets:
    topic: torch.Tensor
    category: torch.Tensor
    polarity: torch.Tensor
    i: torch.Tensor


def targets_of(rows: list[LabelledPassage], labels: Labels) -> Targets:
    n = len(labels.topics)
    topic = torch.zeros(len(rows), n + 1)
    for r, row in enumerate(rows):
        if not row.statements:
            topic[r, n] = 1
            continue
        main = labels.statements.index(row.statements[0])
        for name in row.topics:
            column = labels.topics.index(name)
            topic[r, column] = 1.0 if labels.topic_statement[column] == main else OTHER_TOPIC
    topic = topic / topic.sum(1, keepdim=True) * (1 - SMOOTHING) + SMOOTHING / (n + 1)

    def one(values: list[str | None], names: tuple[str, ...]) -> torch.Tensor:
        return torch.tensor([names.index(v) if v in names else -100 for v in values])

    first = [[float(i in row.i_statements) for i in labels.i_statements] for row in rows]
    return Targets(
        topic,
        one([r.evidence_category for r in rows], labels.categories),
        one([r.polarity if r.statements else None for r in rows], labels.polarities),
        torch.tensor(first),
    )


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
    loss = -(y.topic[at] * out["topic"].log_softmax(1)).sum(1).mean()
    for name, truth in (("category", y.category[at]), ("polarity", y.polarity[at])):
        if (truth >= 0).any():
            loss = loss + 0.3 * torch.nn.functional.cross_entropy(out[name], truth, ignore_index=-100)
    extra: torch.Tensor = torch.nn.functional.binary_cross_entropy_with_logits(out["i"], y.i[at])
    return loss + 0.5 * extra


def masked(ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    chosen = (torch.rand(ids.shape) < MASKED) & (mask == 1) & (ids != CLS) & (ids != SEP)
    return torch.where(chosen, torch.full_like(ids, MASK), ids)


def train(model: Model, index: list[int], tokens: list[list[int]], y: Targets, started: float) -> None:
    groups = [
        {"params": model.net.parameters(), "lr": RATE},
        {"params": model.heads.parameters(), "lr": HEAD_RATE},
    ]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = EPOCHS * (len(index) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, (s + 1) / 80) * max(0.02, 1 - s / steps)
    )
    model.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in batches(index, tokens):
            ids, mask = pad(tokens, batch)
            loss = loss_of(model(masked(ids, mask), mask), y, batch)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
        print(
            f"epoch {epoch + 1} of {EPOCHS}: loss {total:.0f}, {time.time() - started:.0f} s", file=sys.stderr
        )
    model.eval()


def scores(model: Model, index: list[int], tokens: list[list[int]]) -> dict[str, Any]:
    parts: dict[str, list[Any]] = {}
    with torch.no_grad():
        for start in range(0, len(index), 64):
            for name, value in model(*pad(tokens, index[start : start + 64])).items():
                parts.setdefault(name, []).append(value.numpy())
    return {name: np.concatenate(values).astype(np.float32) for name, values in parts.items()}


def export(model: Model, folder: Path) -> None:
    """Write the encoder as ONNX, weights stored as int8 per output channel, and the heads."""

    class States(torch.nn.Module):
        def __init__(self, net: Any) -> None:
            super().__init__()
            self.net = net

        def forward(self, input_ids: Any, attention_mask: Any, token_type_ids: Any) -> Any:
            return self.net(
                input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
            ).last_hidden_state

    folder.mkdir(parents=True, exist_ok=True)
    wide = folder / "model_f32.onnx"
    names = ["input_ids", "attention_mask", "token_type_ids"]
    example = (torch.ones(2, 8, dtype=torch.long),) * 3
    axes = {name: {0: "b", 1: "s"} for name in [*names, "last_hidden_state"]}
    torch.onnx.export(
        States(model.net).eval(), example, str(wide), input_names=names, output_names=["last_hidden_state"],
        dynamic_axes=axes, opset_version=17, dynamo=False,
    )  # fmt: skip
    onnx.save(store_weights_as_int8(onnx.load(str(wide))), str(folder / "model_w8.onnx"))
    wide.unlink()
    heads = {f"{k}.{p}": v.detach().numpy() for k, h in model.heads.items() for p, v in h.named_parameters()}
    save_file(heads, str(folder / "heads.safetensors"))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument("--output", type=Path, default=ROOT / "models" / "minilm-council")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--skip-held-out", action="store_true", help="keep the held-out scores there are")
    options = parser.parse_args()
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    labels = labels_of(frameworks.load("cqc-local-authority"))
    tokenizer = AutoTokenizer.from_pretrained(options.base)
    tokens = tokenizer([r.text for r in rows], truncation=True, max_length=200)["input_ids"]
    y = targets_of(rows, labels)
    runs = [
        [i for i, r in enumerate(rows) if r.hand not in HELD_OUT],
        [i for i, r in enumerate(rows) if split_of(r.id) == "train"],
    ]
    for number, index in enumerate(runs):
        if number == 0 and options.skip_held_out:
            continue
        random.seed(options.seed)
        torch.manual_seed(options.seed)
        model = Model(options.base, labels)
        train(model, index, tokens, y, time.time())
        if number == 0:
            unseen = [i for i, r in enumerate(rows) if r.hand in HELD_OUT]
            options.output.mkdir(parents=True, exist_ok=True)
            save_file(scores(model, unseen, tokens), str(options.output / "held_out.safetensors"))
            ids = "\n".join(rows[i].id for i in unseen)
            (options.output / "held_out.txt").write_text(ids + "\n", encoding="utf-8")
        else:
            export(model, options.output)


if __name__ == "__main__":
    main()

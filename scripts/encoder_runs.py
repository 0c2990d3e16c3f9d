"""Many fine-tuning runs side by side on one machine: one matrix product serves them all.

    python scripts/encoder_runs.py JOB OUTPUT

JOB is a folder that ``finetune_encoder.py`` or ``leave_out.py`` packs; OUTPUT gets scores and weights. Needs
torch, numpy, safetensors and encoder_stack.py beside it, so that a machine with a GPU, which it uses, needs
nothing else of the project. A run is one set of weights with its own passages and seed; all runs of a group
take their steps together, each with its own batch. Arrays of a group have a first axis of length n_runs.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.nn import functional

from encoder_stack import HEAD_RATE, WARM_UP, Adam, Stack

BLOCK = 20
"""Batches that are sorted by length together."""
TASKS = ("topic", "category", "polarity", "i")


@dataclass(frozen=True)
class Run:
    """One run: what it learns from and reads afterwards (names of index sets), and its numbers."""

    learn: str
    read: str
    seed: int = 0
    rate: float = 1.8e-4
    masked: float = 0.08
    smoothing: float = 0.08
    statement: float = 1.0
    category: float = 0.9
    polarity: float = 1.3
    first_person: float = 1.5


@dataclass(frozen=True)
class Group:
    """Runs that take their steps together. Runs that learn from the same end in the mean of their weights."""

    name: str
    runs: list[Run]
    epochs: int = 7
    batch: int = 24
    keep: tuple[str, ...] = ()
    """Index sets; the weights learned from each are written."""


@dataclass
class Data:
    """Passages and targets on the device."""

    ids: torch.Tensor
    """Shape (n, longest), padded with nought."""
    lengths: np.ndarray[Any, Any]
    targets: dict[str, torch.Tensor]
    sets: Mapping[str, np.ndarray[Any, Any]]
    base: dict[str, torch.Tensor]
    device: torch.device
    special: tuple[int, int, int]
    """Ids of mask, start and end."""

    @property
    def sizes(self) -> dict[str, int]:
        return {name: self.targets[name].shape[1] for name in TASKS}


def load(job: Path, device: torch.device) -> Data:
    packed = np.load(job / "passages.npz")
    lengths = packed["lengths"].astype(np.int64)
    ids = np.zeros((len(lengths), lengths.max()), dtype=np.int64)
    ids[np.arange(ids.shape[1]) < lengths[:, None]] = packed["ids"]
    known = ("topic", "statement", "category", "polarity", "i", "i_weight", "parent")
    targets = {name: torch.from_numpy(packed[name].astype(np.float32)).to(device) for name in known}
    sets = {name.removeprefix("set."): packed[name] for name in packed.files if name.startswith("set.")}
    base = {k: v.to(device).float() for k, v in load_file(str(job / "base.safetensors")).items()}
    mask, start, end = (int(v) for v in packed["special"])
    return Data(torch.from_numpy(ids).to(device), lengths, targets, sets, base, device, (mask, start, end))


@dataclass
class Batch:
    at: torch.Tensor
    """Shape (n_runs, batch): which passages."""
    ids: torch.Tensor
    mask: torch.Tensor


def batch_of(data: Data, chosen: np.ndarray[Any, Any]) -> Batch:
    """Return the passages at ``chosen``, shape (n_runs, batch), padded to the longest; -1 is no passage."""
    lengths = np.where(chosen >= 0, data.lengths[chosen], 0)
    width = -(-int(lengths.max()) // 8) * 8
    at = torch.from_numpy(chosen).to(data.device, non_blocking=True)
    long = torch.from_numpy(lengths).to(data.device, non_blocking=True)
    mask = (torch.arange(width, device=data.device) < long[..., None]).long()
    ids = functional.pad(data.ids, (0, max(0, width - data.ids.shape[1])))[at.clamp_min(0), :width]
    return Batch(at, ids * mask, mask)


def epoch(data: Data, group: Group, number: int) -> Iterator[np.ndarray[Any, Any]]:
    """Yield which passages each run takes, step by step; batches of one step are of like length."""
    orders = []
    for run in group.runs:
        random = np.random.default_rng([run.seed, number])
        order = random.permutation(data.sets[run.learn])
        blocks = [
            sorted(order[s : s + group.batch * BLOCK], key=lambda i: int(data.lengths[i]))
            for s in range(0, len(order), group.batch * BLOCK)
        ]
        flat = [i for block in blocks for i in block]
        orders.append(
            np.array([flat[k : k + group.batch] for k in range(0, len(flat) - group.batch + 1, group.batch)])
        )
    longest = max(len(o) for o in orders)
    for step in np.random.default_rng(number).permutation(longest):
        yield np.stack([o[step % len(o)] for o in orders])


def steps_of(data: Data, group: Group) -> int:
    """Return how many steps a group takes: those of its longest run, the others begin an epoch again."""
    return group.epochs * max(len(data.sets[r.learn]) // group.batch for r in group.runs)


@dataclass
class Lesson:
    """What a group's runs are asked, and the numbers of each run, shape (n_runs,)."""

    targets: dict[str, torch.Tensor]
    weight: dict[str, torch.Tensor]
    smoothing: torch.Tensor
    masked: torch.Tensor

    @classmethod
    def of(cls, data: Data, group: Group) -> Lesson:
        def each(name: str) -> torch.Tensor:
            return torch.tensor([getattr(r, name) for r in group.runs], device=data.device)

        weights = {n: each(n) for n in ("statement", "category", "polarity", "first_person")}
        return cls(data.targets, weights, each("smoothing"), each("masked"))

    def loss(self, out: Mapping[str, torch.Tensor], at: torch.Tensor) -> torch.Tensor:
        """Return the sum over runs of the mean loss over passages."""
        truth = {name: self.targets[name][at] for name in (*TASKS, "statement", "i_weight")}
        fine, smoothing = out["topic"].log_softmax(-1), self.smoothing[:, None, None]
        spread = truth["topic"] * (1 - smoothing) + smoothing / fine.shape[-1]
        loss = -(spread * fine).sum(-1).mean(1)
        coarse = (fine.exp() @ self.targets["parent"]).clamp_min(1e-6).log()
        loss = loss - self.weight["statement"] * (truth["statement"] * coarse).sum(-1).mean(1)
        for name in ("category", "polarity"):
            each = -(truth[name] * out[name].log_softmax(-1)).sum(-1)
            known = truth[name].sum(-1)
            loss = loss + self.weight[name] * each.sum(1) / known.sum(1).clamp_min(1.0)
        each = functional.binary_cross_entropy_with_logits(out["i"], truth["i"], reduction="none").sum(-1)
        loss = loss + self.weight["first_person"] * (each * truth["i_weight"][..., 0]).mean(1)
        return loss.sum()


def hide(data: Data, lesson: Lesson, batch: Batch) -> torch.Tensor:
    """Return the ids with some words masked."""
    mask, start, end = data.special
    drawn = torch.rand(batch.ids.shape, device=data.device) < lesson.masked[:, None, None]
    chosen = drawn & (batch.mask == 1) & (batch.ids != start) & (batch.ids != end)
    return torch.where(chosen, mask, batch.ids)


def train(data: Data, group: Group) -> Stack:
    """Return the encoders and heads of a group, trained, with the running mean as their weights."""
    started = time.time()
    torch.manual_seed(group.runs[0].seed)
    model = Stack(data.base, data.sizes, len(group.runs))
    rates = torch.tensor([r.rate for r in group.runs], device=data.device)
    adam = Adam([(model.net, rates), (model.heads, torch.full_like(rates, HEAD_RATE))])
    lesson, steps, done = Lesson.of(data, group), steps_of(data, group), 0
    total = torch.zeros((), device=data.device)
    model.train()
    for number in range(group.epochs):
        for chosen in epoch(data, group, number):
            batch = batch_of(data, chosen)
            words = model.words(hide(data, lesson, batch))
            loss = lesson.loss(model.logits(model.embed(words, batch.mask)), batch.at)
            loss.backward()
            adam.step(min(1.0, (done + 1) / WARM_UP) * max(0.02, 1 - done / steps))
            total += loss.detach()
            done += 1
        mean = total.item() / len(group.runs) / (steps / group.epochs)
        told = f"mean loss {mean:.3f}, {time.time() - started:.0f} s"
        print(f"{group.name}: epoch {number + 1} of {group.epochs}, {told}", flush=True)
        total.zero_()
    adam.finish()
    model.eval()
    return model


def soups(data: Data, group: Group, model: Stack) -> tuple[list[Run], Stack]:
    """Return one run a set learned from, and the means of weights (model soups: Wortsman and others 2022)."""
    names = list(dict.fromkeys(r.learn for r in group.runs))
    mixed = Stack(data.base, data.sizes, len(names)).eval()
    for k, name in enumerate(names):
        same = [i for i, r in enumerate(group.runs) if r.learn == name]
        for whole, part in ((model.net, mixed.net), (model.heads, mixed.heads)):
            part.values[k] = whole.values[same].mean(0)
    return [next(r for r in group.runs if r.learn == name) for name in names], mixed


def read(data: Data, runs: Sequence[Run], model: Stack) -> dict[str, torch.Tensor]:
    """Return scores of what each run reads, shape (n_runs, longest, n), and which passages (-1: none)."""
    sets = [sorted(data.sets[r.read], key=lambda i: int(data.lengths[i])) for r in runs]
    at = np.full((len(sets), max(len(s) for s in sets)), -1)
    for k, one in enumerate(sets):
        at[k, : len(one)] = one
    parts: dict[str, list[torch.Tensor]] = {name: [] for name in TASKS}
    with torch.no_grad():
        for start in range(0, at.shape[1], 64):
            batch = batch_of(data, at[:, start : start + 64])
            for name, value in model.logits(model.embed(model.words(batch.ids), batch.mask)).items():
                parts[name].append(value)
    return {"at": torch.from_numpy(at), **{n: torch.cat(v, dim=1) for n, v in parts.items()}}


def perform(data: Data, group: Group, output: Path) -> None:
    """Train a group, read with it, and write the scores and the weights that it keeps."""
    runs, model = soups(data, group, train(data, group))
    scores = {k: v.cpu().numpy() for k, v in read(data, runs, model).items()}
    small = {k: v.astype(np.int32 if k == "at" else np.float16) for k, v in scores.items()}
    np.savez_compressed(output / f"{group.name}.scores.npz", **small)
    for k, run in enumerate(runs):
        if run.learn in group.keep:
            write_weights(model, k, output / f"{group.name}.{run.learn}")


def write_weights(model: Stack, k: int, path: Path) -> None:
    """Write a run's weights at 16 bits in two files, each small enough to be sent."""
    named = {name: view[k] for name, view in model.net.views.items()}
    named |= {f"heads.{name}": view[k] for name, view in model.heads.views.items()}
    names = sorted(named)
    half = len(names) // 2
    for part, chosen in enumerate((names[:half], names[half:])):
        kept = {n: named[n].half().cpu().contiguous() for n in chosen}
        save_file(kept, f"{path}-{part}.safetensors")


def group_of(told: Mapping[str, Any]) -> Group:
    return Group(**{**told, "runs": [Run(**run) for run in told["runs"]], "keep": tuple(told["keep"])})


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("job", type=Path)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    data = load(options.job, torch.device("cuda" if torch.cuda.is_available() else "cpu"))
    for told in json.loads((options.job / "job.json").read_text(encoding="utf-8")):
        perform(data, group_of(told), options.output)


if __name__ == "__main__":
    main()

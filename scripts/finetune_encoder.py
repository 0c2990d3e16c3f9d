"""Fine-tune the encoder on the labelled passages: pack the job, and write what came of it.

    pip install "evidence-mapper[torch]" onnx
    python scripts/finetune_encoder.py pack --base FOLDER_OF_all-MiniLM-L6-v2 --job JOB
    python scripts/encoder_runs.py JOB DONE
    python scripts/finetune_encoder.py finish --base FOLDER_OF_all-MiniLM-L6-v2 --job JOB --done DONE
    python scripts/build_models.py

The second step takes four minutes on a GPU of 2023; one run alone takes half an hour on two cores that
multiply at 16 bits, and there are twelve. It needs torch alone, so JOB can be taken to another machine. The
encoder learns the train split. Beside it, for each of six parts of the writers, one learns without them: what
those say of the writers they have never seen is what the stack, its calibration and the thresholds are fitted
on (models/minilm-council/unseen.safetensors; read_later.py adds passages written afterwards). The encoder is
the mean of five runs, those are one run each; a sixth run of all, alone, shows what the mean adds. The
shipped one is two parts of such a folder DONE, five runs that had not seen h82 and what came after h84, to
one part of another, one run of six passes that had; strangers are the first's (models/EXPERIMENTS.md).

Training is single-label over topics with soft targets: the mean of the label and of what each blind coder
said, the main statement's topics weighing 1 and another's 0.35. The statement summed from topics, evidence
category, polarity and I statements are learned beside it; 8 % of words are masked. Kept is the running
mean of the weights, averaged over runs. The word table stays as it is and is shared with models/minilm.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.numpy import save_file
from safetensors.torch import load_file
from transformers import AutoModel, AutoTokenizer

import encoder_job
import onnx_w8
from encoder_runs import TASKS, Group, Run
from encoder_stack import WIDTH
from evidence_mapper.classify.corpus import LabelledPassage, split_of, with_headings
from strangers import KINDS, kind_of

ROOT = Path(__file__).resolve().parents[1]
PARTS, RUNS = 6, 5
GROUP, TRAIN, ALONE = "encoder", "train", "alone"


def parts_of(rows: Sequence[LabelledPassage]) -> dict[str, int]:
    """Return the part, in [0, 6), of each writer: kinds of writers and numbers of passages alike in all."""
    own: dict[str, list[LabelledPassage]] = {}
    for row in rows:
        own.setdefault(row.hand, []).append(row)

    def place(hand: str) -> tuple[int, int, str]:
        return KINDS.index(kind_of(own[hand])), len(own[hand]), hand

    return {hand: k % PARTS for k, hand in enumerate(sorted(own, key=place))}


def plan(rows: Sequence[LabelledPassage], n_read: int) -> tuple[dict[str, list[int]], list[Group]]:
    """Return the index sets and the runs: the encoder's, one kept alone, and one without each part.

    What comes after the first ``n_read`` rows is learned from and not read.
    """
    part, own = parts_of(rows), rows[:n_read]
    train = [i for i, r in enumerate(rows) if split_of(r.id) == "train"]
    development = [i for i, r in enumerate(own) if split_of(r.id) == "development"]
    sets = {TRAIN: train, ALONE: train, "development": development}
    runs = [Run(TRAIN, "development", seed) for seed in range(RUNS)] + [Run(ALONE, "development", RUNS)]
    for k in range(PARTS):
        sets[f"without {k}"] = [i for i in train if part[rows[i].hand] != k]
        sets[f"unseen {k}"] = [i for i, r in enumerate(own) if part[r.hand] == k]
        runs.append(Run(f"without {k}", f"unseen {k}"))
    return sets, [Group(GROUP, runs, keep=(TRAIN,))]


def pack(base: Path, job: Path) -> None:
    rows, labels = encoder_job.corpus()
    every = with_headings(rows)
    sets, groups = plan(every, len(rows))
    encoder_job.pack(job, base, every, labels, sets, groups)
    print(f"{job}: {len(every)} passages, {len(groups[0].runs)} runs")


def weights_of(folders: Sequence[Path]) -> tuple[dict[str, torch.Tensor], dict[str, torch.Tensor]]:
    """Return the encoder's layers and heads, at 32 bits: the mean over the folders."""
    found: dict[str, torch.Tensor] = {}
    for done in folders:
        for part in sorted(done.glob(f"{GROUP}.{TRAIN}-*.safetensors")):
            for name, value in load_file(str(part)).items():
                found[name] = found.get(name, torch.zeros(())) + value.float() / len(folders)
    heads = {k.removeprefix("heads."): v for k, v in found.items() if k.startswith("heads.")}
    return {k: v for k, v in found.items() if not k.startswith("heads.")}, heads


def split_heads(heads: Mapping[str, torch.Tensor], sizes: Mapping[str, int]) -> dict[str, Any]:
    """Return each task's weights and bias, by ``task.weight`` and ``task.bias``."""
    widths = [sizes[task] for task in TASKS]
    pieces = {part: heads[part].split(widths) for part in ("weight", "bias")}
    return {f"{task}.{part}": pieces[part][k].numpy() for k, task in enumerate(TASKS) for part in pieces}


def export(base: Path, layers: Mapping[str, torch.Tensor], folder: Path) -> Any:
    """Write the layers as ONNX, weights stored at 8 bits; return the encoder.

    The input is the word vectors: their table is the one in models/minilm.
    """
    net = AutoModel.from_pretrained(base)
    absent = net.load_state_dict(encoder_job.as_bert(layers), strict=False)
    if absent.unexpected_keys or any(k.startswith("encoder.") for k in absent.missing_keys):
        raise SystemExit(f"the layers in {folder} and in {base} have other names")

    class States(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, words: Any, attention_mask: Any) -> Any:
            return self.net(inputs_embeds=words, attention_mask=attention_mask).last_hidden_state

    example = {"words": torch.zeros(2, 8, WIDTH), "attention_mask": torch.ones(2, 8, dtype=torch.long)}
    onnx_w8.export(States(), example, folder / "layers_w8.onnx")
    onnx_w8.write_word_table_place(ROOT / "models" / "minilm" / "model_w8.onnx", folder)
    return net.eval()


def keep_unseen(job: Path, done: Path, folder: Path) -> None:
    """Write what encoders say of the writers they have not seen, in the order of ``unseen.txt``.

    A line there is a passage's id and the part of the writers it was left out with.
    """
    found = np.load(done / f"{GROUP}.scores.npz")
    runs = json.loads((job / "job.json").read_text(encoding="utf-8"))[0]["runs"]
    learned = list(dict.fromkeys(r["learn"] for r in runs))
    stranger = [k for k, name in enumerate(learned) if name.startswith("without")]
    at = np.concatenate([found["at"][k] for k in stranger])
    part = np.repeat([learned[k].split()[-1] for k in stranger], found["at"].shape[1])
    order = np.argsort(at, kind="stable")[(at < 0).sum() :]
    scores = {t: np.concatenate([found[t][k] for k in stranger])[order] for t in TASKS}
    save_file(scores, str(folder / "unseen.safetensors"))
    ids = encoder_job.packed_ids(job)
    text = "\n".join(f"{ids[at[i]]} {part[i]}" for i in order)
    (folder / "unseen.txt").write_text(text + "\n", encoding="utf-8", newline="\n")


def keep_reference(net: Any, base: Path, folder: Path) -> None:
    """Write the vectors, at 32 bits, of the texts that the ONNX file is tested on, as float16."""
    path = ROOT / "tests" / "classify" / "data" / "reference_texts.json"
    tokenizer, vectors = AutoTokenizer.from_pretrained(base), []
    for text in json.loads(path.read_text(encoding="utf-8")):
        tokens = tokenizer(text, truncation=True, max_length=256, return_tensors="pt")
        with torch.no_grad():
            vectors.append(net(**tokens).last_hidden_state[0].mean(0).numpy())
    save_file({"vectors": np.stack(vectors).astype(np.float16)}, str(folder / "reference.safetensors"))


def finish(base: Path, job: Path, done: Sequence[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    layers, heads = weights_of(done)
    packed = np.load(job / "passages.npz")
    save_file(split_heads(heads, {t: packed[t].shape[1] for t in TASKS}), str(folder / "heads.safetensors"))
    keep_reference(export(base, layers, folder), base, folder)
    keep_unseen(job, done[0], folder)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("step", choices=("pack", "finish"))
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument("--job", type=Path, required=True, help="folder for what the runs need")
    parser.add_argument(
        "--done",
        type=Path,
        nargs="+",
        help="finish: folder that encoder_runs.py wrote to; of several, each as often as named, the mean, "
        "and the strangers of the first",
    )
    parser.add_argument("--output", type=Path, default=ROOT / "models" / "minilm-council")
    options = parser.parse_args()
    if options.step == "pack":
        pack(options.base, options.job)
    elif options.done is None:
        parser.error("finish needs --done, the folder that encoder_runs.py wrote to")
    else:
        finish(options.base, options.job, options.done, options.output)


if __name__ == "__main__":
    main()

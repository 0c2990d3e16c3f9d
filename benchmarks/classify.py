"""How quick suggesting is, against sentence-transformers' default on the same cores and passages.

    python benchmarks/classify.py --torch-python VENV/bin/python --base FOLDER_OF_all-MiniLM-L6-v2

Every row is a process of its own: it loads, warms up, then reads the same passages of the test split
several times; the median counts. Processor seconds are the steadier figure where other work goes on;
ratios are of both. Without --torch-python only our own rows are measured. About two minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
FRAMEWORK = "cqc-local-authority"
SPEEDS: dict[str, str | None] = {"full": None, "balanced": "balanced", "fast": "fast"}
TORCH = """
import json, sys, torch
sys.path.insert(0, sys.argv[1])
from classify import timed
from sentence_transformers import SentenceTransformer
texts, base, threads, repeats = json.load(open(sys.argv[2], encoding="utf-8")), *sys.argv[3:6]
torch.set_num_threads(int(threads))
model = SentenceTransformer(base, device="cpu", local_files_only=True)
work, warm = lambda: model.encode(texts), lambda: model.encode(texts[:16])
print(json.dumps(timed(work, warm, len(texts), int(repeats))))
"""


def timed(
    work: Callable[[], object], warm: Callable[[], object], number: int, repeats: int
) -> dict[str, Any]:
    """Return medians of processor and wall seconds, and the process's peak memory in MB."""
    warm()
    cpu, wall = [], []
    for _ in range(repeats):
        c, w = time.process_time(), time.perf_counter()
        work()
        cpu.append(time.process_time() - c)
        wall.append(time.perf_counter() - w)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "passages": number,
        "cpu_s": statistics.median(cpu),
        "wall_s": statistics.median(wall),
        "peak_mb": round(peak),
    }


def child(name: str, texts_path: str, threads: int, repeats: int) -> None:
    """Measure one of our own rows and print it."""
    from evidence_mapper import frameworks
    from evidence_mapper.classify import ClassifierInput, load_classifier
    from evidence_mapper.classify.artefact import load_artefact, models_folder
    from evidence_mapper.classify.shipped import load_encoder

    texts = json.loads(Path(texts_path).read_text(encoding="utf-8"))
    if name == "encoder":
        encoder = load_encoder(load_artefact(models_folder() / "definitions"), threads)
        found = timed(lambda: encoder.encode(texts), lambda: encoder.encode(texts[:16]), len(texts), repeats)
    else:
        classifier = load_classifier(frameworks.load(FRAMEWORK), threads=threads, speed=SPEEDS[name])
        inputs = [ClassifierInput(t) for t in texts]
        found = timed(
            lambda: classifier.suggest(inputs), lambda: classifier.suggest(inputs[:16]), len(texts), repeats
        )
    print(json.dumps(found))


def accuracy() -> dict[str, dict[str, float]]:
    """Return what each speed gets right on the whole test split."""
    from evidence_mapper import frameworks
    from evidence_mapper.classify.corpus import corpus_files
    from evidence_mapper.workflow.evaluate import EvaluateOptions, evaluate_files

    files = corpus_files(ROOT / "corpora" / "passages")
    out = {}
    for name, speed in SPEEDS.items():
        options = EvaluateOptions("test", speed=speed)
        found = evaluate_files(frameworks.load(FRAMEWORK), files, options=options)
        out[name] = {
            "macro_f1": found["main"]["macro_f1"],
            "none_recall": found["none"]["recall"],
            "recall": found["statements"]["micro_recall"],
        }
    return out


def run(command: Sequence[str | Path]) -> str:
    """Run a process and return what it prints."""
    environment = {**os.environ, "HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    done = subprocess.run(
        [str(c) for c in command], capture_output=True, text=True, env=environment, check=False
    )
    if done.returncode:
        raise SystemExit(f"{command[0]} failed:\n{done.stderr[-2000:]}")
    return done.stdout


def first_suggestion(repeats: int) -> dict[str, float]:
    """Return medians of seconds from the start of the command to its end, for one passage."""
    cpu, wall = [], []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "one.jsonl"
        source.write_text('{"id": 1, "text": "I waited eight months for my assessment."}\n', encoding="utf-8")
        for _ in range(repeats):
            before, w = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
            run([sys.executable, "-m", "evidence_mapper", "classify", source])
            wall.append(time.perf_counter() - w)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            cpu.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return {"cpu_s": statistics.median(cpu), "wall_s": statistics.median(wall)}


def test_passages(number: int) -> list[str]:
    """Return texts of the test split, spread evenly over it."""
    from evidence_mapper.classify.corpus import corpus_files, read_passages, split_of

    rows = [
        r.text for r in read_passages(corpus_files(ROOT / "corpora" / "passages")) if split_of(r.id) == "test"
    ]
    return [rows[k * len(rows) // number] for k in range(min(number, len(rows)))]


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return every figure."""
    texts = test_passages(options.passages)
    rows: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(texts), encoding="utf-8")
        for threads in options.threads:
            tail: list[str | Path] = [path, str(threads), str(options.repeats)]
            if options.torch_python:
                code = [options.torch_python, "-c", TORCH, Path(__file__).parent, path, options.base]
                rows[f"sentence-transformers, torch, {threads}"] = json.loads(
                    run([*code, str(threads), str(options.repeats)]).splitlines()[-1]
                )
            for name in ("encoder", *SPEEDS):
                rows[f"{name}, {threads}"] = json.loads(
                    run([sys.executable, __file__, "--child", name, *tail])
                )
    return {"rows": rows, "first_suggestion": first_suggestion(options.repeats), "test_split": accuracy()}


def show(found: dict[str, Any], threads: Sequence[int]) -> None:
    """Print the figures as tables."""
    print(
        f"{'row, threads':36}{'passages/CPU s':>16}{'passages/s':>12}{'x CPU':>8}{'x wall':>8}{'peak MB':>9}"
    )
    for t in threads:
        base = found["rows"].get(f"sentence-transformers, torch, {t}")
        for name, row in found["rows"].items():
            if not name.endswith(f", {t}"):
                continue
            ratios = [f"{base[k] / row[k]:.1f}" if base else "" for k in ("cpu_s", "wall_s")]
            print(
                f"{name:36}{row['passages'] / row['cpu_s']:16.0f}{row['passages'] / row['wall_s']:12.0f}"
                f"{ratios[0]:>8}{ratios[1]:>8}{row['peak_mb']:9}"
            )
    first = found["first_suggestion"]
    print(f"first suggestion from process start: {first['wall_s']:.2f} s ({first['cpu_s']:.2f} CPU s)")
    for name, row in found["test_split"].items():
        print(f"test split, {name}: " + ", ".join(f"{k} {v:.3f}" for k, v in row.items()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--torch-python", help="Python with sentence-transformers; none: not compared")
    parser.add_argument("--base", help="folder of all-MiniLM-L6-v2 in safetensors, for --torch-python")
    parser.add_argument("--passages", type=int, default=300)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        name, path, threads, repeats = options.child
        child(name, path, int(threads), int(repeats))
        return
    if options.torch_python and not options.base:
        parser.error("--torch-python needs --base, the folder of the model")
    found = measure(options)
    if options.json:
        print(json.dumps(found, indent=2))
    else:
        show(found, options.threads)


if __name__ == "__main__":
    main()

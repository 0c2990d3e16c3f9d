"""Cold start, speed and memory of redaction.

    python benchmarks/redact.py

Reads the test notes again and again in a fresh process, and times the first note apart.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTES = ROOT / "corpora" / "notes" / "test.jsonl"
SECONDS = 10.0


def once() -> None:
    """Print the figures of this process as JSON."""
    texts = [json.loads(line)["text"] for line in NOTES.read_text(encoding="utf-8").splitlines()]
    start = time.perf_counter()
    from evidence_mapper.redact import load_finder

    finder = load_finder()
    finder.find(texts[0])
    loaded = time.perf_counter() - start
    busy, read, words = time.process_time(), 0, 0
    start = time.perf_counter()
    while time.perf_counter() - start < SECONDS:
        text = texts[read % len(texts)]
        finder.find(text)
        read, words = read + 1, words + len(text.split())
    busy = time.process_time() - busy
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(p.stat().st_size for p in (ROOT / "models" / "names").iterdir()) / 1e6
    figures = {
        "load_s": round(loaded, 2),
        "notes_per_processor_s": round(read / busy, 1),
        "words_per_processor_s": round(words / busy),
        "peak_mb": round(peak),
        "artefact_mb": round(size, 2),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    if "--once" in sys.argv:
        once()
    else:
        for _ in range(3):
            subprocess.run([sys.executable, __file__, "--once"], check=True)

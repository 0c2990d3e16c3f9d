"""Write the vectors that the ONNX encoder is tested against, as sentence-transformers makes them.

    pip install "evidence-mapper[torch]"
    python scripts/reference_vectors.py --base FOLDER_OF_all-MiniLM-L6-v2

Twenty passages of the corpus, spread over its files; texts that encoders trip over: one longer than the
encoder reads, one character, other scripts, line ends; and texts of one to three words, where rounded
weights show most: those that suffered most, and others drawn from the corpus. Needed again only for another
base model. scripts/finetune_encoder.py says what the fine-tuned model makes of the same texts.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

import numpy as np
from sentence_transformers import SentenceTransformer

ROOT = Path(__file__).resolve().parents[1]
ODD = [
    "?",
    "Roedd y gofalwr yn garedig iawn, ac mae'n dod bob bore am wyth o'r gloch.",
    "Tabs\tand\r\nline ends\u2028between, “quotes” – a dash, a \N{WHEELCHAIR SYMBOL}, ভাষা and 中文.",
    " ".join(["The assessment was put off again and nobody told her why."] * 40),
]
SHORT = [
    "Thank you", "good thanks.", "it right.", "yeah", "Yeo", "what there is.", "not know what", "ok", "Yes",
    ".", "None", "-", "n/a", "nothing", "Nobody gets", "Dawn", "after my mum", "Someone", "Bed hoist", "No",
    "Safeguarding adults board", "Page 3", "Appendix A", "41", "1,266",
]  # fmt: skip
DRAWN = 60
"""Texts of each length, one, two and three words."""


def passages(corpus: Path) -> list[str]:
    return [
        json.loads(line)["text"]
        for path in sorted(corpus.rglob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]


def short(rows: list[str]) -> list[str]:
    """Return words in a row as they stand in the corpus, frequent ones no likelier than rare ones."""
    words = [row.split() for row in rows]
    found = []
    for length in (1, 2, 3):
        runs = {" ".join(row[i : i + length]) for row in words for i in range(len(row) - length + 1)}
        found += random.Random(length).sample(sorted(runs - set(SHORT)), DRAWN)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference vectors of the encoder test.")
    parser.add_argument("--base", type=Path, required=True, help="folder of all-MiniLM-L6-v2 (safetensors)")
    parser.add_argument("--output", type=Path, default=ROOT / "tests" / "classify" / "data")
    options = parser.parse_args()
    rows = passages(ROOT / "corpora" / "passages")
    chosen = [*(rows[k * len(rows) // 20] for k in range(20)), *ODD, *SHORT, *short(rows)]
    model = SentenceTransformer(str(options.base), device="cpu", local_files_only=True)
    vectors = model.encode(chosen, normalize_embeddings=True).astype(np.float16)
    options.output.mkdir(parents=True, exist_ok=True)
    np.save(options.output / "reference_vectors.npy", vectors)
    text = json.dumps(chosen, ensure_ascii=False, indent=1) + "\n"
    (options.output / "reference_texts.json").write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(chosen)} texts, {vectors.nbytes} bytes of vectors in {options.output}")


if __name__ == "__main__":
    main()

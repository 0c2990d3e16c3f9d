"""Let the shipped encoder read passages written since it was learned, as the stranger it is to them.

    python scripts/read_later.py
    python scripts/build_models.py

Adds what its heads say of them to models/minilm-council/unseen.*, as a part of the writers of its own. Words
learn from them; the encoder does when it is fine-tuned anew, which writes those files anew, too. Writers of
passages that need their heading are left out until then: the other strangers there never learned to read one.
"""

from __future__ import annotations

import numpy as np
from safetensors.numpy import load_file, save_file

from build_models import COUNCIL, MODELS, ROOT, encoder_heads, encoder_of
from evidence_mapper.classify.corpus import corpus_files, read_passages

FOLDER = MODELS / "minilm-council"


def main() -> int:
    scores = load_file(str(FOLDER / "unseen.safetensors"))
    lines = (FOLDER / "unseen.txt").read_text(encoding="utf-8").splitlines()
    known = {line.split()[0] for line in lines}
    rows = read_passages(corpus_files(ROOT / "corpora" / "passages"))
    headed = {r.hand for r in rows if r.heading}
    later = [r for r in rows if r.id not in known and r.hand not in headed]
    if not later:
        raise SystemExit(f"{FOLDER / 'unseen.txt'} names every passage already")
    part = 1 + max(int(line.split()[1]) for line in lines)
    found = encoder_heads().scores(encoder_of(COUNCIL).encode([r.read for r in later]))
    both = {name: np.concatenate([s, found[name].astype(s.dtype)]) for name, s in scores.items()}
    save_file(both, str(FOLDER / "unseen.safetensors"))
    text = "\n".join([*lines, *(f"{r.id} {part}" for r in later)])
    (FOLDER / "unseen.txt").write_text(text + "\n", encoding="utf-8", newline="\n")
    print(f"{len(later)} passages read, part {part}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""Rebuild corpora/demo: the papers of an invented council, for trying the program out and for its tests.

    python scripts/make_demo_corpus.py [--out FOLDER]

The words are in scripts/demo_corpus/content. Needs the development dependencies. Dates, seeds and
identifiers are fixed: the same library versions give the same bytes. Takes a few seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from demo_corpus.build import build

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write the corpus and say how large it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "corpora" / "demo")
    out: Path = parser.parse_args().out
    files = build(out)
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1024:.0f} KB, in {out}")


if __name__ == "__main__":
    main()

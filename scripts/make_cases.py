"""Rebuild corpora/cases: fifty invented case records and their audits, with planted faults.

    python scripts/make_cases.py [--out FOLDER]

The words are in scripts/case_corpus/content. Needs the development dependencies. Dates and
identifiers are fixed: the same library versions give the same bytes. Takes a few seconds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from case_corpus.build import build

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Write the corpus and say how large it is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=ROOT / "corpora" / "cases")
    out: Path = parser.parse_args().out
    files = build(out)
    size = sum(path.stat().st_size for path in files)
    print(f"{len(files)} files, {size / 1024:.0f} KB, in {out}")


if __name__ == "__main__":
    main()

"""Turn the marked case notes in corpora/notes/marked into labelled JSON Lines with exact offsets.

    python scripts/build_notes.py

Marks are written in the running text, ``[[P/pl:Mrs Nowak]]``: a kind, for a person the background of the
name after a slash, and the words. ``{nhs}`` stands for a number with a right check digit, ``{ten}`` for
ten digits that pass the same check and number something else.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

ROOT = Path(__file__).resolve().parents[1]
NOTES = ROOT / "corpora" / "notes"
MARK: Final = re.compile(r"\[\[([A-Z]+)(?:/([a-z]+))?:(.+?)\]\]")
KINDS: Final = {
    "P": "PERSON",
    "A": "ADDRESS",
    "PC": "POSTCODE",
    "DOB": "DATE_OF_BIRTH",
    "NHS": "NHS_NUMBER",
    "NI": "NINO",
    "T": "PHONE",
    "E": "EMAIL",
    "C": "CASE_NUMBER",
    "O": "ONLINE",
    "V": "VEHICLE",
    "L": "PLACE",
    "AGE": "AGE",
}


def nhs_number(draw: random.Random) -> str:
    """Return a number with a right check digit in the range 999, which is never given to anybody."""
    while True:
        nine = "999" + "".join(str(draw.randrange(10)) for _ in range(6))
        check = (11 - sum(int(d) * w for d, w in zip(nine, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            whole = f"{nine}{check}"
            return draw.choice(
                [f"{whole[:3]} {whole[3:6]} {whole[6:]}", whole, f"{whole[:3]}-{whole[3:6]}-{whole[6:]}"]
            )


def unmarked(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """Return the plain text and its spans."""
    text, spans, last = "", [], 0
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        span: dict[str, Any] = {"start": len(text), "end": len(text) + len(match[3]), "type": KINDS[match[1]]}
        if match[2]:
            span["background"] = match[2]
        spans.append(span)
        text += match[3]
        last = match.end()
    text += marked[last:]
    if "[[" in text or "]]" in text:
        raise ValueError(f"a mark is not closed: {text[:80]!r}")
    return text, spans


def marked_notes(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (genre, marked text) of one hand's file."""
    genre, lines = "", list[str]()
    for line in [*path.read_text(encoding="utf-8").splitlines(), "## "]:
        if line.startswith("## "):
            if genre:
                yield genre, "\n".join(lines).strip()
            genre, lines = line[3:].strip(), []
        else:
            lines.append(line)


def notes(folder: Path) -> list[dict[str, Any]]:
    draw, rows = random.Random(7), []
    for path in sorted(folder.glob("*.txt")):
        for n, (genre, marked) in enumerate(marked_notes(path), start=1):
            drawn = re.sub(r"\{nhs\}", lambda _: nhs_number(draw), marked)
            drawn = re.sub(r"\{ten\}", lambda _: re.sub(r"\D", "", nhs_number(draw)), drawn)
            text, spans = unmarked(drawn)
            rows.append(
                {"id": f"{path.stem}-{n:03}", "hand": path.stem, "genre": genre, "text": text, "spans": spans}
            )
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description="Turn marked case notes into labelled JSON Lines.")
    parser.add_argument("--output", type=Path, default=NOTES, help="folder to write the files to")
    output = parser.parse_args().output
    for part in ("test", "train", "fresh"):
        rows = notes(NOTES / "marked" / part)
        lines = [json.dumps(row, ensure_ascii=False) for row in rows]
        (output / f"{part}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
        print(f"{part}: {len(rows)} notes, {sum(len(r['spans']) for r in rows)} spans")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

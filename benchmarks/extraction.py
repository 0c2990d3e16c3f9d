"""Measure the reading of PDF files against other tools, both sides in one run.

Run with ``python benchmarks/extraction.py --papers FOLDER``; FOLDER holds real tagged PDF files, which are
not part of the repository. Needs the development packages; LibreOffice and tesseract are used where they
are installed, and kreuzberg where it can be imported. Everything else is made anew in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from extraction_artefacts import make_artefact_set
from extraction_measure import error_rate, unbroken
from extraction_peers import ours, speed_tools, text_tools
from extraction_scans import make_scan
from extraction_tagged import judge_furniture, tagged_paragraphs, total
from extraction_texts import Known, make_known_set

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.extract.ocr import usable_tesseract
from evidence_mapper.extract.pool import ExtractionPool

PEAK = (
    "import sys, pathlib\n"
    "from evidence_mapper.extract.base import Limits\n"
    "from evidence_mapper.extract.registry import extract_file\n"
    "for name in sys.argv[1:]: extract_file(pathlib.Path(name), Limits())\n"
    "lines = pathlib.Path('/proc/self/status').read_text().splitlines()\n"
    "print(next(int(line.split()[1]) for line in lines if line.startswith('VmHWM')) / 1024)\n"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--papers", type=Path, help="folder with tagged PDF files")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each speed; medians are shown")
    parser.add_argument("--json", type=Path, help="also write every figure here")
    options = parser.parse_args()
    papers = sorted(options.papers.glob("*.pdf")) if options.papers else []
    figures: dict[str, Any] = {"load": os.getloadavg(), "processors": os.cpu_count()}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures["known text"] = known_text(folder)
        figures["furniture"] = furniture(folder, papers)
        figures["scans"] = scans(folder)
        if papers:
            figures["tagged paragraphs"] = paragraphs(papers)
            figures["speed"] = speed(papers, options.repeats)
            figures["workers"] = workers(papers, options.repeats)
            figures["peak memory"] = peak_memory(papers)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def known_text(folder: Path) -> dict[str, dict[str, float]]:
    """Print and return the character error rate on every known file, by tool."""
    tools = text_tools()
    print(f"\nCharacter error rate, % / paragraphs unbroken, %\n{'':28}" + "".join(f"{t:>20}" for t in tools))
    found: dict[str, dict[str, float]] = {}
    for known in make_known_set(folder):
        row = {}
        for tool, read in tools.items():
            pieces = read(known.path)
            truth = _truth(known, blocks=tool == "evidence-mapper")
            rate = error_rate("\n".join(truth), "\n".join(pieces))
            whole, all_of_them = unbroken(
                known.paragraphs, pieces if tool == "evidence-mapper" else [" ".join(pieces)]
            )
            row[tool] = round(100 * rate, 2)
            row[f"{tool} unbroken"] = round(100 * whole / all_of_them, 1)
        found[known.name] = row
        print(f"{known.name:28}" + "".join(f"{row[t]:>12.2f} /{row[f'{t} unbroken']:>6.1f}" for t in tools))
    return found


def _truth(known: Known, *, blocks: bool) -> list[str]:
    """Return what a tool should give: a table's rows with their headers from us, plain cells from others."""
    if not known.rows:
        return known.paragraphs
    head, *rows = known.rows
    if blocks:
        table = ["; ".join(f"{h}: {c}" for h, c in zip(head, row, strict=True)) for row in rows]
    else:
        table = [" ".join(row) for row in known.rows]
    half = 3 if known.name == "ruled tables" else 7
    return [*known.paragraphs[:half], *table, *known.paragraphs[half:]]


def furniture(folder: Path, papers: Sequence[Path]) -> dict[str, float]:
    """Print and return precision and recall of furniture, tags hidden, artefact marks as the truth."""
    counts = [found for path in [*papers, *make_artefact_set(folder)] if (found := judge_furniture(path))]
    whole = total(counts)
    print(
        f"\nFurniture on {len(counts)} tagged files, tags hidden: precision {whole.precision:.3f}, recall "
        f"{whole.recall:.3f} ({whole.right} lines right, {whole.wrong} wrong, {whole.missed} missed)"
    )
    return {"precision": whole.precision, "recall": whole.recall, "lines": whole.right + whole.missed}


def scans(folder: Path) -> dict[str, Any]:
    """Print and return the error rate on generated scans; empty without tesseract."""
    tesseract = usable_tesseract()
    if tesseract is None:
        print("\nScans: tesseract is not installed")
        return {}
    found = {}
    for name, dpi, grain, skew in (
        ("200 dpi, noise, 2 degrees", 200, 25.0, 2.0),
        ("300 dpi, noise, -3 degrees", 300, 25.0, -3.0),
        ("200 dpi, straight, clean", 200, 0.0, 0.0),
        ("100 dpi, noise, 1 degree", 100, 10.0, 1.0),
    ):
        rates, seconds = [], []
        for seed in (40, 41, 42):
            path, texts = make_scan(folder, seed, dpi=dpi, grain=grain, skew=skew)
            started = time.perf_counter()
            rates.append(error_rate("\n".join(texts), "\n".join(ours(path))))
            seconds.append(time.perf_counter() - started)
        found[name] = {"error_rate": [round(r, 4) for r in rates], "seconds": statistics.median(seconds)}
        print(
            f"Scan, {name}: character error rate {100 * statistics.median(rates):.2f} % "
            f"(worst of 3 {100 * max(rates):.2f} %), {statistics.median(seconds):.1f} s a page"
        )
    return {"tesseract": tesseract.version, **found}


def paragraphs(papers: Sequence[Path]) -> dict[str, float]:
    """Print and return the share of tagged paragraphs found whole: in one block of ours, in others' text."""
    tools = text_tools()
    counts = dict.fromkeys(tools, 0)
    wanted = 0
    for path in papers:
        truth = tagged_paragraphs(path)
        wanted += len(truth)
        for tool, read in tools.items():
            pieces = read(path)
            counts[tool] += unbroken(truth, pieces if tool == "evidence-mapper" else [" ".join(pieces)])[0]
    shares = {tool: count / max(1, wanted) for tool, count in counts.items()}
    print(f"\nOf {wanted} tagged paragraphs in {len(papers)} papers, unbroken:")
    for tool, share in shares.items():
        print(f"  {tool:22} {100 * share:6.2f} %")
    return {"paragraphs": wanted, **shares}


def speed(papers: Sequence[Path], repeats: int) -> dict[str, float]:
    """Print and return pages a second of processor time on one core, medians."""
    pages = sum(_page_count(path) for path in papers)
    rates: dict[str, list[float]] = {tool: [] for tool in speed_tools()}
    for _ in range(repeats):  # taken in turn, so that a busy machine slows all alike
        for tool, read in speed_tools().items():
            rates[tool].append(pages / _processor_time(lambda read=read: [read(path) for path in papers]))
    found = {tool: statistics.median(values) for tool, values in rates.items()}
    print(f"\nPages a second of one core's time, {pages} pages, median of {repeats}:")
    for tool, rate in found.items():
        print(f"  {tool:24} {rate:8.1f}")
    for tool in ("pdfplumber words", "pdfplumber, with tables"):
        print(f"  times {tool:24} {found['evidence-mapper'] / found[tool]:6.1f}")
    return found


def _processor_time(work: Callable[[], Any]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _page_count(path: Path) -> int:
    document = pdfium.PdfDocument(path)
    pages = len(document)
    document.close()
    return pages


def workers(papers: Sequence[Path], repeats: int) -> dict[str, float]:
    """Print and return wall seconds with one and two worker processes, every paper twice."""
    files = sorted([*papers, *papers], key=lambda path: path.stat().st_size, reverse=True)
    seconds: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(repeats):
        for count in seconds:
            started = time.perf_counter()
            with ExtractionPool(workers=count) as pool:
                read = sum(isinstance(result, ExtractedDocument) for _, result in pool.run(files))
            seconds[count].append(time.perf_counter() - started)
            if read != len(files):
                print(f"  {len(files) - read} of {len(files)} papers were not read")
    one, two = (statistics.median(seconds[count]) for count in (1, 2))
    load = os.getloadavg()[0]
    print(
        f"\nOne worker {one:.1f} s, two {two:.1f} s: {one / two:.2f} times (load of the machine {load:.1f})"
    )
    return {"one": one, "two": two, "times": one / two, "load": load}


def peak_memory(papers: Sequence[Path]) -> float:
    """Print and return the highest resident memory, in MB, of one process that reads all the papers."""
    command = [sys.executable, "-c", PEAK, *map(str, papers)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    peak = float(done.stdout.split()[-1])
    print(f"\nPeak memory of a worker over the papers: {peak:.0f} MB")
    return peak


if __name__ == "__main__":
    main()

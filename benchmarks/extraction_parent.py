"""Memory of the parent process while many small files are added: it must not grow with their number.

Run: python benchmarks/extraction_parent.py [FILES]

Makes FILES (2,000) small files of five kinds, messages with attachments and archives among them, adds
them to a new project and prints the parent's resident memory at each tenth, by /proc (Linux only).
"""

from __future__ import annotations

import io
import sys
import tempfile
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

from evidence_mapper.workflow.ingest import add_files
from evidence_mapper.workflow.project import create_project

WORDS = ("waits", "reviews", "carers", "assessments", "visits", "calls", "plans", "teams", "homes", "wards")


def text(number: int) -> str:
    """Return a paragraph that no other number has."""
    named = " ".join(WORDS[(number * step) % len(WORDS)] for step in range(1, 9))
    return (
        f"Paper {number} says that the {named} took {number % 23 + 2} weeks in area {number}. It is long. "
        * 4
    )


def mail(number: int) -> bytes:
    """Return a message with an attachment."""
    message = EmailMessage()
    message["From"], message["To"] = f"p{number}@c.example", "team@c.example"
    message["Date"], message["Subject"] = "Tue, 04 Mar 2025 10:30:00 +0000", f"Paper {number}"
    message.set_content(text(number))
    message.add_attachment(text(number + 500_000), filename="note.txt")
    return message.as_bytes()


def archive(number: int) -> bytes:
    """Return an archive of two papers."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in (600_000, 700_000):
            made.writestr(f"{part}.txt", text(number + part))
    return out.getvalue()


def make(folder: Path, count: int) -> None:
    """Write the files."""
    for number in range(count):
        kind = number % 10
        if kind == 0:
            (folder / f"{number:05}.eml").write_bytes(mail(number))
        elif kind == 1:
            (folder / f"{number:05}.zip").write_bytes(archive(number))
        elif kind < 4:
            (folder / f"{number:05}.html").write_text(f"<h1>Paper</h1><p>{text(number)}</p>")
        elif kind < 6:
            (folder / f"{number:05}.csv").write_text(f'Comment\n"{text(number)}"\n"{text(-number)}"\n')
        else:
            (folder / f"{number:05}.txt").write_text(text(number))


def resident() -> float:
    """Return this process's resident memory in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024


def main() -> None:
    """Add the files and print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2_000
    seen: dict[int, float] = {}

    def watch(done: int, total: int, label: str) -> None:  # noqa: ARG001 - as a progress sink
        if done and done % (count // 10) == 0 and done not in seen:
            seen[done] = resident()

    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "papers"
        folder.mkdir()
        make(folder, count)
        with create_project(Path(made) / "p.sqlite") as project:
            started = time.monotonic()
            report = add_files(project, [folder], workers=2, progress=watch)
            seconds = time.monotonic() - started
    for done, size in seen.items():
        print(f"{done:6} read: {size:6.1f} MB")
    tail = list(seen.values())[1:]
    print(
        f"{len(report.added)} documents, {report.passages} passages from {count} files in {seconds:.0f} s; "
        f"parent {min(tail):.1f} to {max(tail):.1f} MB after the first tenth; {len(report.refused)} not read"
    )


if __name__ == "__main__":
    main()

"""Times the review on a large made-up project, as a person at a terminal meets it.

The real program runs in a pseudo-terminal. A key counts as answered with the last byte of the burst of
output that answers it: for a key that opens a passage, or decides on one, the burst that draws the passage
(a decision is on disk by then); for any other key, the first. "Settled" is the last byte of all, with
what is filled in beside the passage later, such as confirmed examples. "Cpu" is the work of all the program's
threads until then, which a busy machine does not lengthen.

A project of a million is made quicker from a smaller one: ``review_copies.multiply``.

    python benchmarks/review.py FOLDER [--passages 100000] [--verify] [--json FILE]
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import pty
import re
import select
import signal
import statistics
import struct
import sys
import termios
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from review_project import CODER, build

QUIET = 0.25
"""Seconds without a byte after which a key is answered."""
BURST = 0.004
"""Seconds without a byte that end a burst."""
PASSAGE = "▌ ".encode()
"""Drawn before each line of the open passage."""
RECORDED = b"to undo"
"""Said with the next passage, once a decision is on disk."""
SIZES = ((80, 24), (132, 40), (200, 50))
"""Columns and lines of the terminal."""
COUNTED = re.compile(rb"\d decided")
STARTED = re.compile(rb"Pas.{3}e \d+")


class Terminal:
    """The program in a pseudo-terminal of some size."""

    def __init__(self, project: Path, columns: int, lines: int) -> None:
        self.started, self.seen = time.perf_counter(), b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
            os.environ.update(TERM="xterm-256color", COLORTERM="truecolor")
            arguments = ["-m", "evidence_mapper", "review", "--project", str(project), "--coder", CODER]
            os.execv(sys.executable, [sys.executable, *arguments])

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def first_frame(self) -> tuple[float, float]:
        """Return the milliseconds from starting the process until a passage is there, and until the queue is.

        Of a large queue the first passage is shown before it is counted.
        """
        shown = self._until(STARTED)
        counted = max(shown, self._until(COUNTED))
        self.settle()
        return shown, counted

    def _until(self, sign: re.Pattern[bytes]) -> float:
        while not sign.search(self.seen):
            ready, _, _ = select.select([self.fd], [], [], 60)
            if not ready:
                raise SystemExit(f"nothing within a minute; the program wrote: {self.seen[-2000:]!r}")
            self.seen += os.read(self.fd, 1 << 16)
        return (time.perf_counter() - self.started) * 1000

    def cpu(self) -> float:
        """Return the milliseconds of work so far of all threads, which other programs do not lengthen."""
        worked = 0
        for task in Path(f"/proc/{self.pid}/task").iterdir():
            with suppress(OSError):  # the thread has ended
                worked += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        return worked / 1e6

    def settle(self) -> bytes:
        """Read until the program has been quiet for two seconds."""
        seen = b""
        while select.select([self.fd], [], [], 2.0)[0]:
            seen += os.read(self.fd, 1 << 16)
        return seen

    def press(self, key: str, *, sign: bytes = b"") -> tuple[float, float]:
        """Return the milliseconds until a key is answered, and until all is settled.

        The answer is the burst that ends with ``sign`` written, which a busy machine may write in two; where
        it cannot be told from what follows, the last of all.
        """
        began = last = time.perf_counter()
        os.write(self.fd, key.encode())
        written, answered = b"", None
        while select.select([self.fd], [], [], QUIET if written else 10.0)[0]:
            now = time.perf_counter()
            if written and now - last > BURST and answered is None and sign in written:
                answered = last
            written += os.read(self.fd, 1 << 16)
            last = time.perf_counter()
        if not written:
            raise SystemExit(f"the key {key!r} had no answer within ten seconds")
        return ((answered or last) - began) * 1000, (last - began) * 1000

    def memory(self) -> float:
        """Return the most memory held so far, in MiB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) / 1024


def timed(
    terminal: Terminal, keys: list[str], *, back: str | None = None, sign: bytes = b""
) -> dict[str, float]:
    """Press keys, each settled before the next; ``back`` is pressed after each and not counted."""
    taken, settled, worked = [], [], []
    for key in keys:
        before = terminal.cpu()
        answered, last = terminal.press(key, sign=sign)
        taken.append(answered)
        settled.append(last)
        worked.append(terminal.cpu() - before)
        if back is not None:
            terminal.press(back)
    return {
        "keys": len(taken),
        "p50": statistics.median(taken),
        "p95": _share(taken, 0.95),
        "slowest": max(taken),
        "cpu p50": statistics.median(worked),
        "cpu p95": _share(worked, 0.95),
        "settled p50": statistics.median(settled),
        "settled p95": _share(settled, 0.95),
    }


def _share(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, round(share * len(values)) - 1)]


def measure(project: Path, columns: int, lines: int) -> dict[str, Any]:
    """Play a sitting."""
    found: dict[str, Any] = {}
    with Terminal(project, columns, lines) as terminal:
        found["first frame"], found["queue counted"] = terminal.first_frame()
        found["cpu to start"] = terminal.cpu()
        found["next, previous"] = timed(terminal, ["j"] * 25 + ["k"] * 15, sign=PASSAGE)
        found["tick, clear"] = timed(terminal, ["1", "1", "4", "4"] * 5)
        found["decide and next: none"] = timed(terminal, ["n"] * 30, sign=RECORDED)
        found["decide and next: accept"] = timed(terminal, ["a"] * 20, sign=RECORDED)
        found["undo"] = timed(terminal, ["z"] * 10, sign=b"Undone")
        found["last, first of the queue"] = timed(terminal, ["\x1b[F", "\x1b[H"] * 5, sign=PASSAGE)
        found["wheel on the queue"] = timed(terminal, ["\x1b[<65;5;4M"] * 20 + ["\x1b[<64;5;4M"] * 10)
        found["matrix"] = timed(terminal, ["g"] * 8, back="\x1b")
        terminal.press("g")
        found["over the matrix"] = timed(terminal, ["\x1b[C", "\x1b[B"] * 8)
        found["open a cell"] = timed(terminal, ["\r"], sign=PASSAGE)
        terminal.settle()  # its queue is taken
        found["decide in a cell"] = timed(terminal, ["n"] * 15, sign=RECORDED)
        found["documents"] = timed(terminal, ["d"] * 5, back="\x1b")
        found["history"] = timed(terminal, ["h"] * 5, back="\x1b")
        terminal.press("/")
        for key in "respite waiting":
            terminal.press(key)
        found["search words"] = timed(terminal, ["\r"], sign=PASSAGE)
        found["memory"] = terminal.memory()
    return found


def show(title: str, found: dict[str, Any]) -> None:
    print(
        f"\n{title}\n  first frame {found['first frame']:.0f} ms, "
        f"queue counted {found['queue counted']:.0f} ms, cpu {found['cpu to start']:.0f} ms; "
        f"peak memory {found['memory']:.0f} MiB"
    )
    for name, value in found.items():
        if isinstance(value, dict):
            print(
                f"  {name:26} {value['keys']:3.0f} keys  p50 {value['p50']:7.1f}  p95 {value['p95']:7.1f}  "
                f"slowest {value['slowest']:7.1f}  settled p95 {value['settled p95']:7.1f}  "
                f"cpu p50 {value['cpu p50']:6.1f}  p95 {value['cpu p95']:6.1f} ms"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description="Times the review on a large made-up project.")
    parser.add_argument("folder", type=Path, help="where the project is made, and kept for the next time")
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--verify", action="store_true", help="have the project check itself first")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    arguments = parser.parse_args()
    project = arguments.folder / f"review-{arguments.passages}.sqlite"
    if not project.exists():
        arguments.folder.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        build(project, arguments.passages)
        print(f"built in {time.perf_counter() - began:.0f} s, {project.stat().st_size >> 20} MiB")
    if arguments.verify:
        from evidence_mapper.workflow.project import open_project

        with open_project(project) as opened:
            print(f"db verify: {len(opened.store.verify())} disagreements")
    results = {}
    for columns, lines in SIZES:
        results[f"{columns}x{lines}"] = measure(project, columns, lines)
        show(f"{arguments.passages:,} passages, {columns} by {lines}", results[f"{columns}x{lines}"])
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

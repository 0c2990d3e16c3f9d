"""What encryption costs: the same project plain and encrypted, side by side.

    python -m benchmarks.encryption --passages 100000

Prints medians, and the slowest of the repeats, in milliseconds.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.review_project import CODER, NOW, build

from evidence_mapper.domain.coding import Decision, EventAction, Outcome
from evidence_mapper.domain.project import QueueFilter, QueueOrder
from evidence_mapper.store import cipher
from evidence_mapper.store.database import back_up
from evidence_mapper.store.engine import open_project
from evidence_mapper.store.lock import rewrite

_WORDS = "correct horse battery staple"
_TIMES = 40


def main() -> None:
    """Build a project, encrypt a copy, and measure both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    total = parser.parse_args().passages
    with tempfile.TemporaryDirectory() as folder:
        plain, locked = Path(folder) / "plain.sqlite", Path(folder) / "locked.sqlite"
        build(plain, total)
        back_up(plain, locked)
        with _told("encrypt the file, once"):
            rewrite(locked, _WORDS)
        print(f"{total:,} passages; {_megabytes(plain)} plain, {_megabytes(locked)} encrypted")
        print(f"{'ms':>28}  plain median (most)   encrypted median (most)")
        first, second = _figures(plain), _figures(locked)
        for name, measured in first.items():
            print(f"{name:>28}  {_shown(measured):>20}  {_shown(second[name]):>20}")


def _figures(path: Path) -> dict[str, list[float]]:
    cipher.ask_with(lambda _: _WORDS)
    found = {"open, passphrase known": _repeat(5, lambda _: open_project(path).close())}

    def unlock(_: int) -> None:
        cipher.forget_keys()
        open_project(path).close()

    found["open, passphrase typed"] = _repeat(5, unlock)
    with open_project(path) as store:
        everything, likely = QueueFilter(), QueueOrder.LIKELY
        ids = [row.passage_id for row in store.queue(CODER, everything, likely, 0, _TIMES)]
        none = Decision(Outcome.NONE).to_json()

        def decide(turn: int) -> None:
            store.append_event(coder="B", action=EventAction.DECIDED, subject=ids[turn], at=NOW, payload=none)

        found["queue, its first 50 rows"] = _repeat(
            _TIMES, lambda _: store.queue(CODER, everything, likely, 0, 50)
        )
        found["queue, 50 rows half-way"] = _repeat(
            5, lambda _: store.queue(CODER, everything, likely, store.passage_count() // 2, 50)
        )
        found["queue, all keys"] = _repeat(5, lambda _: store.queue_numbers(CODER, everything, likely))
        found["passage with neighbours"] = _repeat(_TIMES, lambda turn: store.neighbours(ids[turn]))
        found["decide"] = _repeat(_TIMES, decide)
        found["matrix"] = _repeat(5, lambda _: store.matrix())
    return found


def _repeat(times: int, action: Callable[[int], object]) -> list[float]:
    taken = []
    for turn in range(times):
        start = time.perf_counter()
        action(turn)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:.0f} MB"


def _shown(taken: list[float]) -> str:
    return f"{statistics.median(taken):,.1f} ({max(taken):,.1f})"


@contextmanager
def _told(what: str) -> Iterator[None]:
    start = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main()

"""The process that parses: reads requests from standard input, answers on standard output.

Started by the pool as ``python -m evidence_mapper.extract.worker``. Caps its own memory where the system
can, so that a hostile file ends this process and nothing else.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import importlib
import math
import os
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import DamagedFile, ExtractionError, LimitExceeded
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.codec import error_to_json, to_json
from evidence_mapper.extract.container.inside import Inside, read_inside
from evidence_mapper.extract.deadline import on_more_time
from evidence_mapper.extract.frames import read_frame, write_frame

DEFAULT_EXTRACT = "evidence_mapper.extract.registry:extract_file"
_REQUEST_BYTES = 1 << 20
_GRACE = 10.0
"""Seconds after the deadline at which a worker whose parent is gone ends itself."""

Extract = Callable[[Path, Limits], ExtractedDocument]


def main() -> None:
    """Answer requests until standard input closes."""
    parser = argparse.ArgumentParser(prog="evidence_mapper.extract.worker", description=__doc__)
    parser.add_argument("--memory", type=int, default=Limits().memory_bytes, help="address space in bytes")
    parser.add_argument("--extract", default=DEFAULT_EXTRACT, help="module:function that reads one file")
    options = parser.parse_args()
    requests = sys.stdin.buffer
    answers = _private_stdout()
    _cap_memory(options.memory)
    extract = _load(options.extract)

    def extend(seconds: float) -> None:
        _arm(seconds)
        write_frame(answers, {"more_seconds": seconds})

    on_more_time(extend)
    write_frame(answers, {"ready": True})
    while (request := read_frame(requests, most=_REQUEST_BYTES)) is not None:
        limits = Limits(**request["limits"])
        _arm(limits.seconds)
        answer = _answer(extract, _source(request), limits)
        faulthandler.cancel_dump_traceback_later()
        write_frame(answers, answer)


def _private_stdout() -> BinaryIO:
    """Keep standard output for answers; what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    return answers


def _load(name: str) -> Extract:
    """Return the function; its module is imported here, parsers only when a file needs them."""
    module, _, function = name.partition(":")
    return cast("Extract", getattr(importlib.import_module(module), function))


def _source(request: Mapping[str, Any]) -> Path | Inside:
    path, inside = Path(request["path"]), request.get("inside")
    if inside is None:
        return path
    return Inside(path, tuple(inside["steps"]), inside["inner"], inside["sha256"])


def _answer(extract: Extract, path: Path | Inside, limits: Limits) -> Mapping[str, Any]:
    try:
        found = extract(path, limits) if isinstance(path, Path) else read_inside(path, limits)
        return {"document": to_json(found)}
    except ExtractionError as error:
        return {"error": error_to_json(error)}
    except MemoryError:
        return {"error": error_to_json(LimitExceeded(_memory_message(path, limits)))}
    except Exception as error:  # noqa: BLE001 - any fault of any parser is this one document's, not the run's
        message = f"{path.name} could not be read: the reader stopped at {type(error).__name__}"
        advice = "open it in its own program, save it as a new file, and add that"
        return {"error": error_to_json(DamagedFile(f"{message}; {advice}"))}


def _memory_message(path: Path | Inside, limits: Limits) -> str:
    megabytes = limits.memory_bytes // (1024 * 1024)
    return f"{path.name} needs more than {megabytes:,} MB of memory to read: split it into smaller files"


if sys.platform == "win32":

    def _cap_memory(size: int) -> None:
        """Nothing to do: Windows has no such limit; the pool's deadline holds."""

    def _arm(seconds: float) -> None:
        """End this process when its parent can no longer."""
        _end_after(seconds)

else:
    import resource

    def _cap_memory(size: int) -> None:
        """Cap the address space and forbid core files, as far as the system allows."""
        for kind, limit in ((resource.RLIMIT_AS, size), (resource.RLIMIT_CORE, 0)):
            with contextlib.suppress(OSError, ValueError):  # macOS refuses RLIMIT_AS
                hard = resource.getrlimit(kind)[1]
                lowest = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
                resource.setrlimit(kind, (lowest, hard))

    def _arm(seconds: float) -> None:
        """Give the next document its share of processor time, and a last deadline of its own."""
        _end_after(seconds)
        with contextlib.suppress(OSError, ValueError):
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            soft = math.ceil(time.process_time() + seconds) + 1
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def _end_after(seconds: float) -> None:
    with contextlib.suppress(AttributeError, OSError, ValueError):  # no standard error to write to
        faulthandler.dump_traceback_later(seconds + _GRACE, exit=True)


if __name__ == "__main__":
    main()

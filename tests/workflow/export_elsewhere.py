"""Writes every format of a project, as it would be on another day: run in a process of its own by a test."""

from __future__ import annotations

import contextlib
import datetime as dt
import importlib
import json
import sys
import time
from pathlib import Path

_REAL_TIME = time.time


def move_to(days: float) -> None:
    """Let every clock of this process go so many days ahead; before anything of ours is imported."""
    # These never come to an end when they are loaded with another clock; neither writes a date of its own.
    for name in ("pyarrow", "pandas"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)

    class Moved(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> Moved:
            return cls.fromtimestamp(_REAL_TIME() + days * 86_400, tz)

        @classmethod
        def utcnow(cls) -> Moved:
            return cls.now(dt.UTC).replace(tzinfo=None)

        @classmethod
        def today(cls) -> Moved:
            return cls.now()

    class Today(dt.date):
        @classmethod
        def today(cls) -> Today:
            return cls.fromtimestamp(_REAL_TIME() + days * 86_400)

    real_local, real_utc = time.localtime, time.gmtime
    time.time = lambda: _REAL_TIME() + days * 86_400
    time.localtime = lambda seconds=None: real_local(time.time() if seconds is None else seconds)
    time.gmtime = lambda seconds=None: real_utc(time.time() if seconds is None else seconds)
    dt.datetime, dt.date = Moved, Today  # type: ignore[misc]


def main() -> None:
    """Write all files that are asked for; say which day it is here."""
    asked = json.loads(sys.argv[1])
    move_to(asked["days"])
    from evidence_mapper.workflow.clock import utc_now
    from evidence_mapper.workflow.export_formats import ExportRequest
    from evidence_mapper.workflow.project import open_project
    from evidence_mapper.workflow.publish import export_as_asked

    with open_project(Path(asked["project"])) as project:
        for name, chosen, identifiable in asked["files"]:
            request = ExportRequest(identifiable=identifiable, coder="Ann", suggested=name.startswith("all-"))
            export_as_asked(project, Path(asked["folder"]) / name, chosen, request)
    told = {"now": utc_now()[:10], "hash": hash("text"), "zone": time.tzname[0], "folder": str(Path.cwd())}
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()

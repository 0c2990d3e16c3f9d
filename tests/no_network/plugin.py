"""``pytest -p tests.no_network.plugin``: no test may reach for a network, nor a program it starts."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from tests.no_network.sitecustomize import LOOPBACK, NOTED

_HERE = Path(__file__).parent


def guarded(noted: Path, *, loopback: bool = False) -> dict[str, str]:
    """Return the environment for a program that must not use a network; attempts go to ``noted``."""
    path = os.pathsep.join(filter(None, (str(_HERE), os.environ.get("PYTHONPATH"))))
    own = {LOOPBACK: "1"} if loopback else {}
    return {**unguarded(), **own, NOTED: str(noted), "PYTHONPATH": path}


def unguarded() -> dict[str, str]:
    """Return the environment for a program that starts a guard of its own, under another guard or not."""
    return {k: v for k, v in os.environ.items() if k not in {NOTED, LOOPBACK}}


def pytest_configure(config: pytest.Config) -> None:
    """Put the guard over this process and its children."""
    if NOTED not in os.environ:
        import sys

        from tests.no_network.sitecustomize import refuse

        handle, name = tempfile.mkstemp(prefix="network-", suffix=".txt")
        os.close(handle)
        os.environ.update(guarded(Path(name), loopback=True))
        sys.addaudithook(refuse)
        config.stash[_NOTED] = Path(name)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say whether anything tried."""
    noted = config.stash.get(_NOTED, None)
    if noted is not None:
        tried = noted.read_text("utf-8")
        terminalreporter.section("network")
        terminalreporter.line(tried or "Nothing tried to use a network.")


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run when anything tried, even where the attempt was caught."""
    noted = session.config.stash.get(_NOTED, None)
    if noted is not None and noted.stat().st_size and session.exitstatus == 0:
        session.exitstatus = 1


_NOTED = pytest.StashKey[Path]()

"""The guard that forbids the network in `make test-offline` sees every way out, in programs started too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.no_network.plugin import guarded, unguarded

WAYS = (
    "socket.create_connection(('192.0.2.1', 80), 1)",
    "socket.getaddrinfo('example.org', 443)",
    "socket.gethostbyname('example.org')",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "urllib.request.urlopen('https://example.org', timeout=1)",
    "subprocess.run([sys.executable, '-c', 'import socket; socket.getaddrinfo(\"x.org\", 1)'], check=True)",
)


def tried(tmp_path: Path, code: str, *, loopback: bool = False) -> str:
    """Run code that swallows every error under the guard, and return what was noted."""
    noted = tmp_path / "noted.txt"
    body = f"import socket, subprocess, sys, urllib.request\ntry:\n    {code}\nexcept Exception: pass"
    subprocess.run(
        [sys.executable, "-c", body], env=guarded(noted, loopback=loopback), check=True, capture_output=True
    )
    return noted.read_text("utf-8") if noted.exists() else ""


@pytest.mark.parametrize("code", WAYS)
def test_an_attempt_is_refused_and_noted_even_when_it_is_caught(tmp_path: Path, code: str) -> None:
    assert "socket." in tried(tmp_path, code)


def test_a_machine_may_talk_to_itself_only_where_that_is_said(tmp_path: Path) -> None:
    code = "socket.create_connection(('127.0.0.1', 9), 1)"
    assert tried(tmp_path, code) != ""
    (tmp_path / "noted.txt").unlink()
    assert tried(tmp_path, code, loopback=True) == ""
    assert tried(tmp_path, WAYS[0], loopback=True) != ""


def test_a_run_in_which_something_tried_fails(tmp_path: Path, root: Path) -> None:
    test = tmp_path / "test_tries.py"
    test.write_text(
        "import socket\n"
        "def test_it():\n"
        "    try:\n"
        "        socket.create_connection(('192.0.2.1', 80), 1)\n"
        "    except OSError:\n"
        "        pass\n",
        "utf-8",
    )
    plain = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.no_network.plugin"]
    for spread in ([], ["-n", "1"]):
        command = [*plain, *spread, "--rootdir", str(tmp_path), str(test)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env=unguarded())
        assert done.returncode == 1, done.stdout + done.stderr
        assert "192.0.2.1" in done.stdout
        assert "1 passed" in done.stdout

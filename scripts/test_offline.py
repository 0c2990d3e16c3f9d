"""Run tests with the network forbidden; say how it was.

Everywhere a guard refuses every connection, look-up and datagram from Python, in the tests and in the
programs they start. Where Linux lets this user make a network namespace, the tests run in one besides: it
has no way out of the machine for native code either.

    python scripts/test_offline.py [pytest's arguments; none takes the whole suite]
"""

from __future__ import annotations

import shutil
import subprocess
import sys

# Files keep the order they are collected in, the slow ones first: none is left for one process at the end.
WHOLE_SUITE = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")


def namespace() -> list[str]:
    """Return the words before a command that run it without a network; empty where that is not permitted."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    for user in ((), ("--map-root-user",)):  # root needs no other user's name for it; anybody else does
        inside = [unshare, *user, "--net"]
        if subprocess.run([*inside, "true"], capture_output=True, check=False).returncode == 0:
            break
    else:
        return []
    # Its own loopback starts switched off; the review in a browser talks to itself over it.
    return [*inside, "sh", "-c", '{ ip link set lo up 2>/dev/null || true; }; exec "$@"', "sh"]


def main(arguments: list[str]) -> int:
    """Run pytest and return its exit code."""
    before = namespace()
    how = "in a network namespace of their own, and " if before else "with no namespace permitted here, "
    print(f"The tests run {how}with every use of a socket refused.", flush=True)
    command = [sys.executable, "-m", "pytest", "-p", "tests.no_network.plugin", *(arguments or WHOLE_SUITE)]
    return subprocess.run([*before, *command], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

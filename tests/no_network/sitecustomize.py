"""Refuses every use of a network in this Python and in those it starts, and notes who tried.

Python tells an audit hook of each connection, look-up and datagram before it is made, whatever library asks.
Python imports this file by itself in every process whose PYTHONPATH has its folder.
"""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any

NOTED = "EVIDENCE_MAPPER_TEST_NETWORK"
"""Environment variable that names the file where attempts are noted."""
LOOPBACK = "EVIDENCE_MAPPER_TEST_LOOPBACK"
"""Set where this machine may talk to itself, as the review in a browser does."""

_LOOKUPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})
_SENDS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_OWN = ("127.", "::1", "localhost")


def refuse(event: str, args: tuple[Any, ...]) -> None:
    """Raise OSError for an event that reaches for a network; an audit hook."""
    if event in _LOOKUPS:
        place = args[0]
    elif event in _SENDS:
        place = args[-1]
        if not isinstance(place, tuple):
            return  # a socket of this machine's file system, or a pair already joined
        place = place[0]
    else:
        return
    if os.environ.get(LOOPBACK) and (place is None or str(place).startswith(_OWN) or place == ""):
        return
    with open(os.environ[NOTED], "a", encoding="utf-8") as stream:  # noqa: PTH123 - runs before all else
        stack = "".join(traceback.format_stack(limit=12))
        stream.write(f"{event} {place!r} in process {os.getpid()}: {sys.argv}\n{stack}\n")
    raise OSError(f"the network is not used: {event} {place!r}")


if os.environ.get(NOTED):
    sys.addaudithook(refuse)

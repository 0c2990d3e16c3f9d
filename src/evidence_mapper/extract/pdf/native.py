"""PDFium's functions as ones that take and give plain numbers.

pypdfium2 wraps every handle in a pointer object, which costs more than most of the calls themselves.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

from evidence_mapper.extract.pdf.handles import Handle

HANDLE = ctypes.c_void_p
"""Type of a handle: its address, None for a null pointer."""
INT = ctypes.c_int
LONG = ctypes.c_ulong


def numeric(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:  # noqa: ANN401 - ctypes types
    """Return one of PDFium's functions with the given types of result and arguments.

    Parameters
    ----------
    function
        As ``pypdfium2.raw`` has it.
    result, arguments
        ctypes types of the same width as in PDFium's own headers; handles and buffers as :data:`HANDLE`.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value
    assert address is not None
    return ctypes.CFUNCTYPE(result, *arguments)(address)


def address_of(handle: Handle) -> int | None:
    """Return the address a pointer object holds; None for a null pointer."""
    return ctypes.cast(handle, ctypes.c_void_p).value

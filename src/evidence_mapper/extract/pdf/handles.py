"""PDFium's handles: ctypes pointers without type information."""

from __future__ import annotations

from typing import Any

Handle = Any
"""A document, page, text page, page object or structure element of PDFium."""

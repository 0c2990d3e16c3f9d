"""Sizes argued about once."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "evidence_mapper"
FILES = sorted(SOURCE.rglob("*.py"))
MOST_LINES = 400
MOST_FUNCTION_LINES = 60
MOST_PARAMETERS = 8
MOST_MODEL_BYTES = 60_000_000


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.relative_to(SOURCE).as_posix())
def test_file_and_functions_keep_to_their_size(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MOST_LINES
    for function in functions(path):
        assert function.end_lineno is not None
        assert function.end_lineno - function.lineno < MOST_FUNCTION_LINES, function.name
        arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        own = [a for a in arguments if a.arg not in {"self", "cls"}]
        # A click command has as many parameters as it has options.
        if not any("click" in ast.dump(d) or "command" in ast.dump(d) for d in function.decorator_list):
            assert len(own) <= MOST_PARAMETERS, function.name


def test_models_keep_to_their_size() -> None:
    """The wheel carries them, and so does every clone."""
    there = [p.stat().st_size for p in (SOURCE.parents[1] / "models").rglob("*") if p.is_file()]
    assert len(there) > 20
    assert sum(there) < MOST_MODEL_BYTES

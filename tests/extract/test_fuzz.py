"""Spoilt files of every format: each ends in a result or a named error, in time, and the run goes on."""

from __future__ import annotations

import shutil
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from fuzz_seeds import SEEDS, spoil_member, spoils
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence_mapper.domain.document import ExtractedDocument
from evidence_mapper.errors import ExtractionError
from evidence_mapper.extract.base import Limits
from evidence_mapper.extract.clean import clean
from evidence_mapper.extract.pool import ExtractionPool
from evidence_mapper.extract.registry import media_types

pytestmark = pytest.mark.slow

SECONDS = 25.0
"""Of spoiling in one run of the tests."""
_LIMITS = Limits(seconds=20.0)
_KINDS: list[type[ExtractionError]] = [ExtractionError, *ExtractionError.__subclasses__()]
_CODES = {kind.code for kind in _KINDS}


@dataclass
class Bench:
    """One pool for all files, and a folder of its own to see what else is written."""

    pool: ExtractionPool
    folder: Path
    seeds: dict[str, bytes]
    ends: float = 0.0
    """When spoiling stops; set by the first spoilt file."""
    seen: set[str] = field(default_factory=set)

    def read(self, media_type: str, data: bytes) -> ExtractedDocument | ExtractionError:
        """Read bytes as a file with the seed's name; nothing may be written beside it."""
        place = Path(tempfile.mkdtemp(dir=self.folder))
        path = place / SEEDS[media_type][0]
        path.write_bytes(data)
        started = time.monotonic()
        ((_, result),) = self.pool.run([path])
        assert time.monotonic() - started < _LIMITS.seconds + 10
        assert [p.name for p in place.iterdir()] == [path.name]
        shutil.rmtree(place)
        return result


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    folder = tmp_path_factory.mktemp("fuzz")
    seeds = {}
    for media_type, (name, write) in SEEDS.items():
        write(folder / name)
        seeds[media_type] = (folder / name).read_bytes()
    with ExtractionPool(workers=1, limits=_LIMITS) as pool:
        yield Bench(pool, folder, seeds)


def test_every_format_that_is_read_has_a_seed() -> None:
    assert set(SEEDS) == set(media_types())


def test_seeds_are_read_or_wait_for_another_program(bench: Bench) -> None:
    waiting = set()
    for media_type, data in bench.seeds.items():
        result = bench.read(media_type, data)
        if isinstance(result, ExtractionError):
            assert result.code in {"unsupported", "needs-ocr"}, result
            waiting.add(media_type.partition("/")[0])
        else:
            assert result.media_type == media_type
    assert waiting == {"application", "image"}


@settings(
    max_examples=600,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    media_type=st.sampled_from(sorted(SEEDS)),
    spoil=spoils(),
    inside=st.booleans(),
    share=st.floats(0, 1, exclude_max=True),
)
def test_a_spoilt_file_ends_in_a_result_or_a_named_error(
    bench: Bench, media_type: str, spoil: Callable[[bytes], bytes], inside: bool, share: float
) -> None:
    bench.ends = bench.ends or time.monotonic() + SECONDS
    if time.monotonic() > bench.ends:
        return  # the time of this test is up; what is left of the examples costs nothing
    data = bench.seeds[media_type]
    if inside and zipfile.is_zipfile(bench.folder / SEEDS[media_type][0]):
        data = spoil_member(data, share, spoil)
    else:
        data = spoil(data)
    result = bench.read(media_type, data)
    if isinstance(result, ExtractionError):
        assert result.code in _CODES
        assert SEEDS[media_type][0] in str(result)
        assert "not read within" not in str(result)
        assert "does not start" not in str(result)
        return
    assert result.blocks or result.members
    for block in result.blocks:
        assert block.text
        assert block.text == clean(block.text)

"""The history screen tells of what was forgotten without reading what is no longer there."""

from __future__ import annotations

from pathlib import Path

from tests.store.test_store_forget import NAME, fill, forget, say

from evidence_mapper.domain.framework import Framework
from evidence_mapper.tui.history_screen import HistoryLine, event_words


def test_erased_entries_and_the_tombstone_have_words(tmp_path: Path, framework: Framework) -> None:
    with fill(tmp_path / "p.db") as store:
        say(store)
        found = forget(store)
        told = [event_words(framework, HistoryLine(e, None, False)) for e in store.history(limit=100)]
    assert told[0].startswith("forgot 1 document, 2 versions")
    assert f"erased, see no. {found.sequence}; was: decided" in told
    assert f"erased, see no. {found.sequence}; was: document-withdrawn" in told
    assert not any(NAME in words for words in told)

"""Where codings of another tool go among the passages, and their way into the record."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from evidence_mapper.domain.coding import Decision, EventAction
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.refi_decisions import Said, covers, decision_of, merged

if TYPE_CHECKING:
    from evidence_mapper.workflow.refi_import import RefiImport

IMPORTED: Final = "imported"
"""Key of the part of a decision's payload that says where it came from."""
_SPANS: Final = 20
"""Most spans that a decision names where they are not its passage."""


def holding(passages: Sequence[Passage]) -> Callable[[tuple[int, int]], list[Passage]]:
    """Return a function that gives the passages for a span.

    That is the passage of just that span; else the shortest one that holds all of it; else all those that
    share a letter or figure with it, none when it is words between passages.
    """
    ordered = sorted(passages, key=lambda p: (p.span.start, p.span.end))
    exact = {(p.span.start, p.span.end): p for p in reversed(ordered)}
    starts = [p.span.start for p in ordered]
    longest = max((p.span.end - p.span.start for p in ordered), default=0)

    def find(span: tuple[int, int]) -> list[Passage]:
        if span in exact:
            return [exact[span]]
        start, end = span
        near = ordered[bisect_right(starts, start - longest) : bisect_left(starts, end)]
        around = [p for p in near if p.span.start <= start and end <= p.span.end]
        if around:
            return [min(around, key=lambda p: p.span.end - p.span.start)]
        return [p for p in near if _shares(p, start, end)]

    return find


def _shares(passage: Passage, start: int, end: int) -> bool:
    first = max(start, passage.span.start) - passage.span.start
    last = min(end, passage.span.end) - passage.span.start
    return any(c.isalnum() for c in passage.text[first:last])


@dataclass
class Record:
    """Puts decisions on record, never in place of one that somebody made here."""

    project: Project
    report: RefiImport
    came_in: set[int] | None = field(default=None)
    """Sequences of decisions that came in by import; None until they are asked for."""

    def decide(
        self, said: Mapping[tuple[str, str], Said], provenance: Mapping[str, Any], *, is_new: bool
    ) -> list[str]:
        """Record what coders said of passages; return the coder of each decision recorded."""
        store, rows = self.project.store, []
        for (passage_id, coder), each in said.items():
            item = f"{provenance['source']}: {passage_id}, {coder}"
            decision = decision_of(self.project.framework, each, self.report.losses, item)
            if decision is None:
                continue
            held = None
            if not is_new:
                held = next((d for d in store.decisions(passage_id) if d.coder == coder), None)
            full = self._beside_held(held, decision, each, item)
            if full is not None:
                span = store.passage(passage_id).span if not is_new else None
                rows.append((coder, each.at, passage_id, _payload(full, each, provenance, span)))
                self.report.counts["codings"] += each.codings
        if rows:
            store.decide_imported(rows)
        self.report.counts["decisions"] += len(rows)
        self.report.coders |= {row[0] for row in rows}
        return [row[0] for row in rows]

    def _beside_held(
        self, held: CoderDecision | None, decision: Decision, said: Said, item: str
    ) -> Decision | None:
        """Return what to record when the coder has a decision that holds; None for nothing."""
        if held is None:
            return decision
        if covers(held.decision, decision):
            self.report.counts["already"] += 1
            return None
        if held.sequence not in self._imported():
            why = "their coder has decided on the passage here, which stands"
            self.report.losses.add("codings", why, item=item, count=said.codings)
            return None
        both = merged(self.project.framework, held.decision, decision)
        if decision.evidence_category not in (None, both.evidence_category):
            self.report.losses.add("further evidence categories", "a decision has one", item=item)
        if both == held.decision:
            self.report.counts["already"] += 1
            return None
        self.report.counts["renewed"] += 1
        return both

    def _imported(self) -> set[int]:
        if self.came_in is None:
            entries = self.project.store.entries([EventAction.DECIDED, EventAction.CARRIED])
            self.came_in = {event.sequence for event in entries if IMPORTED in event.payload}
        return self.came_in


def _payload(decision: Decision, said: Said, provenance: Mapping[str, Any], span: Any) -> dict[str, Any]:  # noqa: ANN401 - a Span or None
    where: dict[str, Any] = {"selections": said.selections[:_SPANS]}
    if said.areas:
        where["areas"] = said.areas[:_SPANS]
    if span is not None and said.spans and said.spans != {(span.start, span.end)}:
        where["spans"] = [list(pair) for pair in sorted(said.spans)[:_SPANS]]
    return {**decision.to_json(), IMPORTED: {**provenance, **where}}

"""What a coder has marked on one passage and not yet recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from evidence_mapper.domain.coding import Decision, Outcome, Polarity, Suggestion, Verdict
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import PassageCard
from evidence_mapper.workflow.review import decision_from_suggestion

_POLARITIES = (Polarity.STRENGTH, Polarity.CONCERN, Polarity.MIXED, Polarity.NEUTRAL, None)


@dataclass
class Draft:
    """Marks on one passage; made from the coder's decision that holds, or empty.

    Parameters
    ----------
    framework
        The project's framework.
    suggestion
        The machine's, shown beside the marks; None when none was made.
    """

    framework: Framework
    suggestion: Suggestion | None
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    topics: tuple[str, ...] | None = None
    """None: as suggested."""
    i_statements: tuple[str, ...] | None = None
    """None: as suggested."""
    category: str | None = None
    category_set: bool = False
    """False: as suggested."""
    polarity: Polarity | None = None
    polarity_set: bool = False
    note: str | None = None
    _opened: object = None

    @classmethod
    def of(cls, framework: Framework, card: PassageCard) -> Draft:
        """Return the draft a passage opens with."""
        draft = cls(framework, card.suggestion)
        if card.mine is not None:
            held = card.mine.decision
            draft.verdicts = dict(held.statements)
            draft.note = held.note
            if held.outcome is Outcome.CODED:
                draft.topics, draft.i_statements = held.topics, held.i_statements
                draft.category, draft.category_set = held.evidence_category, True
                draft.polarity, draft.polarity_set = held.polarity, True
        draft._opened = draft._state()
        return draft

    @property
    def touched(self) -> bool:
        """Whether it differs from what the passage opened with."""
        return self._state() != self._opened

    def toggle(self, statement_id: str, verdict: Verdict) -> bool:
        """Give a statement the verdict, or clear it when it has it; return whether it has it now."""
        if self.verdicts.get(statement_id) is verdict:
            del self.verdicts[statement_id]
            return False
        self.verdicts[statement_id] = verdict
        return True

    def cycle_category(self, ids: Sequence[str]) -> None:
        """Go to the next evidence category; after the last comes none."""
        choices = [*ids, None]
        now = self.shown_category()
        self.category = choices[(choices.index(now) + 1) % len(choices)] if now in choices else choices[0]
        self.category_set = True

    def cycle_polarity(self) -> None:
        """Go to the next polarity; after the last comes none."""
        now = self.shown_polarity()
        self.polarity = _POLARITIES[(_POLARITIES.index(now) + 1) % len(_POLARITIES)]
        self.polarity_set = True

    def shown_category(self) -> str | None:
        """Return the evidence category set, else the suggested one."""
        if self.category_set or self.suggestion is None or self.suggestion.evidence_category is None:
            return self.category
        return self.suggestion.evidence_category.id

    def shown_polarity(self) -> Polarity | None:
        """Return the polarity set, else the suggested one."""
        if self.polarity_set or self.suggestion is None or self.suggestion.polarity is None:
            return self.polarity
        return Polarity(self.suggestion.polarity.id)

    def accepted(self) -> tuple[str, ...]:
        """Return ids of statements ticked, in framework order."""
        return tuple(s for s, v in self._ordered() if v is Verdict.ACCEPTED)

    def shown_topics(self, statements: Sequence[str]) -> tuple[str, ...]:
        """Return the topics picked, else those suggested under the statements."""
        if self.topics is not None:
            return self.topics
        suggested = {t.id for t in self.suggestion.topics if t.suggested} if self.suggestion else set()
        return tuple(
            t.id for t in self.framework.topics if t.id in suggested and t.statement_id in statements
        )

    def shown_i_statements(self, statements: Sequence[str]) -> tuple[str, ...]:
        """Return the I statements picked, else those suggested that serve the statements."""
        if self.i_statements is not None:
            return self.i_statements
        suggested = {i.id for i in self.suggestion.i_statements if i.suggested} if self.suggestion else set()
        serving = (i for i in self.framework.i_statements if set(i.statement_ids) & set(statements))
        return tuple(i.id for i in serving if i.id in suggested)

    def pick(self, topics: Sequence[str], i_statements: Sequence[str]) -> None:
        """Take the topics and I statements a person picked."""
        self.topics, self.i_statements = tuple(topics), tuple(i_statements)

    def recorded(self) -> Decision | None:
        """Return the decision of what the person ticked or picked; None when no statement is ticked.

        Evidence category and polarity are those shown; topics and I statements only those picked.
        """
        made = self._coded(self._ordered())
        if made is None:
            return None
        return replace(made, topics=self.topics or (), i_statements=self.i_statements or ())

    def accepting(self) -> Decision | None:
        """Return the decision of the suggestion with the marks on top; None when that accepts nothing."""
        if self.suggestion is None:
            return self.recorded()
        if self._as_suggested():
            return decision_from_suggestion(self.suggestion, self.note)
        proposed = self.suggestion.suggested_statements()
        if not proposed and not self.accepted():
            return self.without(Outcome.NONE) if self.suggestion.none_suggested else None
        return self._coded(self._ordered(dict.fromkeys(proposed, Verdict.ACCEPTED) | self.verdicts))

    def without(self, outcome: Outcome) -> Decision:
        """Return the decision NONE or UNSURE, keeping what was rejected; neither can carry a tick."""
        marks = tuple((s, v) for s, v in self._ordered() if v is Verdict.REJECTED)
        return Decision(outcome, statements=marks, note=self.note)

    def _state(self) -> object:
        marks = (self.topics, self.i_statements, self.shown_category(), self.shown_polarity(), self.note)
        return dict(self.verdicts), marks

    def _as_suggested(self) -> bool:
        picked = self.topics is not None or self.i_statements is not None
        return not (self.verdicts or picked or self.category_set or self.polarity_set)

    def _ordered(self, verdicts: dict[str, Verdict] | None = None) -> tuple[tuple[str, Verdict], ...]:
        held = self.verdicts if verdicts is None else verdicts
        return tuple((s.id, held[s.id]) for s in self.framework.statements if s.id in held)

    def _coded(self, marks: tuple[tuple[str, Verdict], ...]) -> Decision | None:
        accepted = [s for s, v in marks if v is Verdict.ACCEPTED]
        if not accepted:
            return None
        return Decision(
            Outcome.CODED,
            statements=marks,
            topics=self.shown_topics(accepted),
            i_statements=self.shown_i_statements(accepted),
            evidence_category=self.shown_category(),
            polarity=self.shown_polarity(),
            note=self.note,
        )

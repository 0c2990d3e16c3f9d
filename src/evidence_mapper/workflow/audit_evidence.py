"""What a case's record has on an audit question: confirmed, suggested, or by words and quoted speech."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.audit import AuditQuestion, AuditQuote
from evidence_mapper.domain.coding import Suggestion
from evidence_mapper.domain.document import Document, SourceType
from evidence_mapper.domain.passage import Passage
from evidence_mapper.domain.project import CoderDecision
from evidence_mapper.workflow.cases import list_cases
from evidence_mapper.workflow.project import Project

SPOKEN: Final = re.compile(r"[“\"]([^“”\"]{12,}?)[”\"]|[‘]([^‘’]{20,}?)[’](?!\w)")
"""Words in quotation marks, long enough to be speech and not one word held at a distance."""
_SPOKEN_WORDS: Final = 3
_LABEL: Final = re.compile(
    r"[^\W\d][^:\n.]{0,40}: (?![^\n]*\w\w\. [^\W\d_])[^\n“\"]{0,60}|[^\W\d][^:\n.]{41,90}: [^\n.“\"]{0,40}"
)
"""A label with a value, which is no sentence."""
_DATED: Final = re.compile(
    r"[^\n]{0,24}\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}[^\n]{0,60}|\d{1,2} \w+ \d{4}[^\n]{0,60}"
)
_NEAR: Final = 0.3
"""Probability of a topic from which a passage below its threshold keeps a record from having "nothing"."""
_RARE: Final = 0.15
"""Share of the cases in whose records a word may occur and still point at one of them."""
_CLEAR: Final = 0.6
"""Probability from which a suggested code counts without any of the words."""
_FEWEST_WORDS: Final = 6
DENIES: Final = re.compile(
    r"\b(?:no|not|nothing|none|never|without|missing|absent)\b.{0,40}?"
    r"\b(?:evidence|sign|shows?|shown|record(?:ed)?|considered|asked|offered|made|taken|given|found|seen)\b"
    r"|\bnobody\b|\bno one\b",
    re.IGNORECASE,
)
"""Words that say a thing is not there."""


@dataclass(frozen=True, slots=True)
class Held:
    """One passage that bears on a question."""

    passage: Passage
    document: Document
    confirmed: bool
    suggested: bool
    """Whether a code reaches its threshold."""
    probability: float
    """Highest of the question's codes, in [0, 1]; 0 without a suggestion."""
    words: tuple[str, ...]
    """Words of the mapping found in the passage."""
    spoken: bool
    against: bool
    """Whether the passage is suggested, or marked by a person, as a concern."""
    denied: bool
    """Whether every sentence with one of the words says that the thing was not done."""
    why: str

    @property
    def strong(self) -> bool:
        """Whether the passage alone says that the thing was done.

        Confirmed by a person, said by the person, or suggested: in words besides, or with high probability.
        """
        return self.clear and not self.against

    @property
    def clear(self) -> bool:
        """Whether the passage plainly bears on the question, for or against."""
        if self.denied:
            return False
        sure = self.suggested and (bool(self.words) or self.probability >= _CLEAR)
        return self.confirmed or self.spoken or sure

    def quote(self) -> AuditQuote:
        """Return the passage as a moderator sees it."""
        place = self.passage.location.label()
        return AuditQuote(
            self.passage.text,
            f"{self.document.name}, {place}" if place else self.document.name,
            self.why,
            self.passage.id,
            self.document.file_sha256,
            (self.passage.span.start, self.passage.span.end),
        )


class CaseRecords:
    """The documents and passages of cases, read once.

    Parameters
    ----------
    project
        An open project.
    cases
        Ids of the cases, as audit forms have them.
    """

    def __init__(self, project: Project, cases: Iterable[str]) -> None:
        self._store = project.store
        self._documents = documents_of_cases(project, cases)
        self._decisions: dict[str, list[CoderDecision]] = defaultdict(list)
        for held in project.store.held_decisions():
            self._decisions[held.passage.id].append(held.decision)
        self._stems: dict[str, frozenset[str]] = {}
        self._spread: Counter[str] = Counter()
        self._passages: dict[str, list[tuple[Document, Passage, Suggestion | None]]] = {}

    def documents(self, case: str) -> list[Document]:
        """Return a case's documents; empty when the project holds none."""
        return self._documents.get(case, [])

    def passages(self, case: str) -> list[tuple[Document, Passage, Suggestion | None]]:
        """Return a case's passages that say something beyond labels and dates."""
        if case not in self._passages:
            self._passages[case] = [
                (document, passage, self._store.suggestion(passage.id))
                for document in self.documents(case)
                for passage in self._store.passages(document.id)
                if says_something(passage.text)
            ]
        return self._passages[case]

    def grounded(self, case: str, comment: str) -> tuple[str, ...]:
        """Return words of a comment that this record has and few other records have, in their order."""
        self._count()
        own, most = self._stems.get(case, frozenset()), max(2.0, _RARE * len(self._stems))
        return tuple(w for w in dict.fromkeys(_stems(comment)) if w in own and self._spread[w] <= most)

    def _count(self) -> None:
        """Count once in how many cases' records each stem occurs."""
        if self._stems:
            return
        for case in self._documents:
            self._stems[case] = frozenset(w for _, p, _ in self.passages(case) for w in _stems(told(p.text)))
            self._spread.update(self._stems[case])

    def evidence(self, case: str, question: AuditQuestion) -> list[Held]:
        """Return what a case's record has on a question, the strongest first."""
        pattern = word_pattern(question.words)
        found = [
            held
            for document, passage, suggestion in self.passages(case)
            if (held := self._held(document, passage, suggestion, question, pattern)) is not None
        ]
        return sorted(found, key=lambda h: (-h.strong, -h.confirmed, -h.probability, -len(h.words)))

    def _held(
        self,
        document: Document,
        passage: Passage,
        suggestion: Suggestion | None,
        question: AuditQuestion,
        pattern: re.Pattern[str] | None,
    ) -> Held | None:
        codes = {*question.topics, *question.statements}
        answered, confirmed_by, against = self._decided(passage, codes)
        probability, suggested, best = _best(suggestion, codes) if not answered else (0.0, False, "")
        text = self._searched(document, passage)
        words = tuple(dict.fromkeys(m.group().casefold() for m in pattern.finditer(text))) if pattern else ()
        spoken = question.own_words and has_speech(passage.text)
        if not (confirmed_by or suggested or probability >= _NEAR or words or spoken):
            return None
        if suggestion is not None and suggestion.polarity is not None and not answered:
            against = suggestion.polarity.id == "concern"
        reasons = []
        if confirmed_by:
            reasons.append(f"confirmed by {', '.join(confirmed_by)}")
        if suggested or probability >= _NEAR:
            reasons.append(f"{'suggested' if suggested else 'near'}: {best} {probability:.2f}")
        if words:
            reasons.append(f"words: {', '.join(words)}")
        if spoken:
            reasons.append("words in quotation marks")
        return Held(
            passage=passage,
            document=document,
            confirmed=bool(confirmed_by),
            suggested=suggested,
            probability=probability,
            words=words,
            spoken=spoken,
            against=against and not spoken,
            denied=pattern is not None and not confirmed_by and is_denied(text, pattern),
            why="; ".join(reasons),
        )

    def _searched(self, document: Document, passage: Passage) -> str:
        """Return where words are looked for: headings and the file's name too, which say what a paper is."""
        name = re.sub(r"[-_.\d]+", " ", document.name.rpartition("/")[2].rpartition(".")[0])
        name = name.replace("carers assessment", "carer's assessment")
        return "\n".join((*passage.heading_path, name, told(passage.text)))

    def _decided(self, passage: Passage, codes: set[str]) -> tuple[bool, list[str], bool]:
        """Return whether a person answered, who confirmed one of the codes, and whether as a concern."""
        held = self._decisions.get(passage.id, [])
        by = [d.coder for d in held if codes & {*d.decision.accepted(), *d.decision.topics}]
        concern = any(d.decision.polarity == "concern" for d in held if d.coder in by)
        return bool(held), by, concern


def documents_of_cases(project: Project, cases: Iterable[str]) -> dict[str, list[Document]]:
    """Return, by case, its documents: those grouped into it, and ungrouped ones whose path names it.

    Audit forms and withdrawn documents are left out.
    """
    patterns = {
        case: re.compile(rf"(?<![\w-]){re.escape(case)}(?![\w-])", re.IGNORECASE)
        for case in sorted(set(cases))
    }
    grouped = {
        member.document_id: record.id.casefold()
        for record in list_cases(project)
        for member in record.members
        if member.column is None
    }
    found: dict[str, list[Document]] = defaultdict(list)
    for progress in project.store.document_progress(""):
        document = progress.document
        if progress.withdrawn or document.source_type is SourceType.CASE_AUDIT:
            continue
        name, own = document.name.replace("_", " "), grouped.get(document.id)
        for case, pattern in patterns.items():
            if case.casefold() == own if own else pattern.search(name):
                found[case].append(document)
    return dict(found)


def _stems(text: str) -> list[str]:
    """Return the beginnings of words, long enough to tell something."""
    return [word[:5] for word in re.findall(r"[^\W\d_]{4,}", text.casefold())]


def told(text: str) -> str:
    """Return a passage without lines that are a label with its value, or a dated heading."""
    lines = [line for line in text.split("\n") if line.strip()]
    return "\n".join(line for line in lines if not (_LABEL.fullmatch(line) or _DATED.fullmatch(line)))


def says_something(text: str) -> bool:
    """Return whether a passage has more than labels, values and dates."""
    return len(told(text).split()) >= _FEWEST_WORDS


def is_denied(text: str, pattern: re.Pattern[str]) -> bool:
    """Return whether the words occur, and each sentence they occur in says that it was not so."""
    sentences = [s for s in re.split(r"(?<=[.?!])\s|\n", text) if pattern.search(s)]
    return bool(sentences) and all(DENIES.search(s) for s in sentences)


def has_speech(text: str) -> bool:
    """Return whether a text has words in quotation marks, long enough to be what somebody said."""
    found = (a or b for a, b in SPOKEN.findall(text))
    return any(len(words.split()) >= _SPOKEN_WORDS for words in found)


def word_pattern(words: Sequence[str]) -> re.Pattern[str] | None:
    """Return a pattern for whole words, a star standing for any ending; None for no words."""
    if not words:
        return None
    parts = (re.escape(w.replace("’", "'")).replace(r"\*", r"\w*").replace("'", "['’]") for w in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE)


def _best(suggestion: Suggestion | None, codes: set[str]) -> tuple[float, bool, str]:
    if suggestion is None:
        return 0.0, False, ""
    ours = [c for c in (*suggestion.topics, *suggestion.statements) if c.id in codes]
    if not ours:
        return 0.0, False, ""
    best = max(ours, key=lambda c: c.probability)
    return best.probability, any(c.suggested for c in ours), best.id

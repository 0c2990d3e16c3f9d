"""What is missing or doubtful about each claim's evidence. Nothing here says whether a claim is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from evidence_mapper.domain.document import SourceType
from evidence_mapper.domain.framework import Framework
from evidence_mapper.domain.project import EvidenceRow
from evidence_mapper.workflow.claim_evidence import Evidence, LinkedEvidence, Standing, is_concern
from evidence_mapper.workflow.claim_record import Claim
from evidence_mapper.workflow.claims import all_claims
from evidence_mapper.workflow.evidence_age import STALE_MONTHS, is_older
from evidence_mapper.workflow.project import Project

OTHER_VOICES: Final = frozenset({"peoples-experience", "partners"})
"""Evidence categories in which others than the council speak."""
OTHERS_PAPERS: Final = frozenset(
    {
        SourceType.SURVEY_COMMENT,
        SourceType.FOCUS_GROUP,
        SourceType.COMPLAINT,
        SourceType.PARTNER_FEEDBACK,
    }
)
"""Source types in which others than the council speak; asked only where no coder set a category."""
VOICE_RULE: Final = (
    "Own voice: no quote that counts was put under people's experience or feedback from partners by its "
    "coder, nor, where no category was set, is from survey comments, a focus group, a complaint or partner "
    "feedback. Staff and leaders are the council's own voice."
)


class FindingKind(StrEnum):
    """What a finding is about."""

    NO_EVIDENCE = "no-evidence"
    """Nothing that counts is linked for it."""
    NO_STATEMENT = "no-statement"
    """It is made under no statement."""
    LOST = "no-longer-says-this"
    """Linked evidence whose document was replaced or withdrawn, or whose coding was taken back."""
    LINKED_AGAINST = "contradicted"
    """A person linked evidence against it."""
    CONCERN_ON_TOPIC = "concern-on-topic"
    """A confirmed concern is on a topic of its evidence, and is not linked either way."""
    ONE_CATEGORY = "one-category"
    """All its evidence is of one evidence category, or of none."""
    OWN_VOICE = "own-voice"
    """Only the council speaks in its evidence."""
    OLD = "old"
    """Evidence older than asked for."""
    UNDATED = "undated"
    """Evidence of a document without a date."""


KIND_WORDS: Final = {
    FindingKind.NO_EVIDENCE: "no evidence",
    FindingKind.NO_STATEMENT: "no statement",
    FindingKind.LOST: "no longer says this",
    FindingKind.LINKED_AGAINST: "contradicted",
    FindingKind.CONCERN_ON_TOPIC: "concern on topic",
    FindingKind.ONE_CATEGORY: "one category",
    FindingKind.OWN_VOICE: "own voice only",
    FindingKind.OLD: "old",
    FindingKind.UNDATED: "undated",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should look at before the claim is made."""

    claim: Claim
    kind: FindingKind
    words: str
    passages: tuple[str, ...]
    """Ids of the passages it is about; empty when it is about none."""
    command: str
    """What to do next."""


@dataclass(frozen=True, slots=True)
class _Case:
    """One claim with all that a rule may ask."""

    claim: Claim
    framework: Framework
    evidence: Evidence
    linked: tuple[LinkedEvidence, ...]
    """For the claim, those that no longer count too."""
    against: tuple[LinkedEvidence, ...]
    today: date
    months: int

    @property
    def counting(self) -> list[LinkedEvidence]:
        return [e for e in self.linked if e.counts]


def check_claims(
    project: Project,
    *,
    months: int = STALE_MONTHS,
    today: date | None = None,
    claims: Sequence[Claim] | None = None,
    evidence: Evidence | None = None,
) -> list[Finding]:
    """Return findings on claims that are made, by claim, the gravest first.

    Parameters
    ----------
    project
        An open project.
    months
        Age in months from which evidence is old, at least 1.
    today
        Day ages are counted to; None takes today.
    claims
        Which to check; None takes all. Withdrawn ones are left out.
    evidence
        The confirmed evidence where it is read already; None reads it.
    """
    known = evidence or Evidence.read(project)
    day = today or date.today()  # noqa: DTZ011 - the officer's own calendar
    found: list[Finding] = []
    for claim in all_claims(project) if claims is None else claims:
        if claim.is_open:
            linked, against = known.linked(claim)
            case = _Case(claim, project.framework, known, tuple(linked), tuple(against), day, months)
            found.extend(finding for rule in _RULES for finding in rule(case))
    return found


def _find(case: _Case, kind: FindingKind, words: str, command: str, *passages: str) -> Finding:
    return Finding(case.claim, kind, words, passages, command)


def _candidates(claim: Claim) -> str:
    return f"evidence-mapper claim show {claim.number} --candidates"


def _no_evidence(case: _Case) -> Iterator[Finding]:
    if not case.counting:
        more = "; what was linked counts no more" if case.linked else ""
        yield _find(
            case, FindingKind.NO_EVIDENCE, f"Nothing is linked for it{more}.", _candidates(case.claim)
        )


def _no_statement(case: _Case) -> Iterator[Finding]:
    claim = case.claim
    if claim.statements:
        return
    suggested = claim.origin.suggested if claim.origin else ()
    named = suggested[0][0] if suggested else "STATEMENT"
    hint = f" Suggested, not confirmed: {', '.join(s for s, _ in suggested)}." if suggested else ""
    yield _find(
        case,
        FindingKind.NO_STATEMENT,
        f"It is made under no statement.{hint}",
        f"evidence-mapper claim edit {claim.number} --statement {named}",
    )


_LOST_WORDS: Final = {
    Standing.CHANGED: "{place}: the newest version says this in other words; nobody has confirmed those.",
    Standing.GONE: "{place}: the document was replaced and no longer says this.",
    Standing.WITHDRAWN: "{place}: the document was withdrawn.",
    Standing.TAKEN_BACK: "{place}: nobody's coding of it holds any more.",
    Standing.ERASED: "{id}: it was erased from the project.",
}


def _lost(case: _Case) -> Iterator[Finding]:
    for linked in (*case.linked, *case.against):
        if not linked.counts:
            words = _LOST_WORDS[linked.standing].format(place=linked.place, id=linked.linked_id)
            yield _find(case, FindingKind.LOST, words, _lost_command(case.claim, linked), linked.linked_id)


def _lost_command(claim: Claim, linked: LinkedEvidence) -> str:
    name = linked.document_name.replace("'", "'\\''")
    if linked.standing is Standing.CHANGED and linked.now is not None:
        return f"evidence-mapper review --start {linked.now.id}"
    if linked.standing is Standing.TAKEN_BACK:
        return f"evidence-mapper review --start {(linked.now.id if linked.now else linked.linked_id)}"
    if linked.standing is Standing.GONE:
        return f"evidence-mapper revisions '{name}' --diff"
    if linked.standing is Standing.WITHDRAWN:
        return f"evidence-mapper documents '{name}' --restore"
    return f"evidence-mapper claim unlink {claim.number} {linked.linked_id}"


def _linked_against(case: _Case) -> Iterator[Finding]:
    for linked in case.against:
        if linked.counts:
            marked = f", marked {' / '.join(linked.polarities)}" if linked.polarities else ""
            yield _find(
                case,
                FindingKind.LINKED_AGAINST,
                f"Linked against it: {linked.place}{marked}.",
                f"evidence-mapper show {linked.passage_id}",
                linked.passage_id,
            )


def _concern_on_topic(case: _Case) -> Iterator[Finding]:
    """Yield confirmed concerns on the topics of its evidence, unless that evidence itself is of concerns."""
    topics = {t for e in case.counting for t in e.topics}
    marks = [p for e in case.counting for p in e.polarities]
    if not topics or (marks and all(is_concern(p) for p in marks)):
        return
    taken = {e.passage_id for e in (*case.linked, *case.against)}
    concerns: dict[str, EvidenceRow] = {}
    shared: dict[str, set[str]] = {}
    for row in case.evidence.live_rows():
        if row.passage.id not in taken and is_concern(row.polarity) and topics & set(row.topics):
            concerns.setdefault(row.passage.id, row)
            shared.setdefault(row.passage.id, set()).update(topics & set(row.topics))
    if not concerns:
        return
    first = next(iter(concerns.values()))
    on = set().union(*shared.values())
    # A definition goes on at length behind its first part.
    names = "; ".join(t.definition.partition(";")[0] for t in case.framework.topics if t.id in on)
    place = f"{first.document.name}, {first.passage.location.label()}".rstrip(", ")
    more = f" and {len(concerns) - 1} more" if len(concerns) > 1 else ""
    yield _find(
        case,
        FindingKind.CONCERN_ON_TOPIC,
        f"A person confirmed a concern on “{names}”: {place}{more}. "
        "Read whether it speaks against the claim.",
        f"evidence-mapper show {first.passage.id}",
        *concerns,
    )


def _one_category(case: _Case) -> Iterator[Finding]:
    if not case.counting:
        return
    known = frozenset(c for e in case.counting for c in e.categories)
    if len(known) > 1:
        return
    names = {c.id: c.name.text for c in case.framework.evidence_categories}
    only = next(iter(known), None)
    words = f"All its evidence is: {names.get(only, only)}." if only else "Its evidence has no category."
    yield _find(case, FindingKind.ONE_CATEGORY, words, _candidates(case.claim), *_ids(case.counting))


def _own_voice(case: _Case) -> Iterator[Finding]:
    if case.counting and not any(is_other_voice(e) for e in case.counting):
        yield _find(
            case,
            FindingKind.OWN_VOICE,
            "Only the council speaks: neither people's experience nor partners.",
            _candidates(case.claim),
            *_ids(case.counting),
        )


def is_other_voice(linked: LinkedEvidence) -> bool:
    """Return whether others than the council speak in a quote; see :data:`VOICE_RULE`."""
    chosen = {row.evidence_category for row in linked.rows if row.evidence_category}
    if chosen:
        return bool(chosen & OTHER_VOICES)
    return any(row.document.source_type in OTHERS_PAPERS for row in linked.rows)


def _age(case: _Case) -> Iterator[Finding]:
    dated = [(e, is_older(e.date, case.months, case.today)) for e in case.counting]
    old = [e for e, older in dated if older]
    undated = [e for e, older in dated if older is None]
    show = f"evidence-mapper claim show {case.claim.number}"
    if old:
        dates = ", ".join(sorted({e.date for e in old}))
        words = f"{len(old)} of {len(dated)} quotes older than {case.months} months: {dates}."
        yield _find(case, FindingKind.OLD, words, _candidates(case.claim), *_ids(old))
    if undated:
        words = f"{len(undated)} of {len(dated)} quotes from documents without a date."
        yield _find(case, FindingKind.UNDATED, words, show, *_ids(undated))


def _ids(linked: Sequence[LinkedEvidence]) -> list[str]:
    return [e.passage_id for e in linked]


_RULES: Final[tuple[Callable[[_Case], Iterator[Finding]], ...]] = (
    _no_evidence,
    _lost,
    _linked_against,
    _concern_on_topic,
    _own_voice,
    _one_category,
    _age,
    _no_statement,
)
"""The gravest first."""

"""Claims, their evidence and candidates as lines, as a table and as JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from evidence_mapper.cli.output import write_table
from evidence_mapper.workflow.claim_record import Claim, origin_json
from evidence_mapper.workflow.project import Project

if TYPE_CHECKING:
    from evidence_mapper.workflow.claim_check import Finding
    from evidence_mapper.workflow.claim_evidence import Candidate, LinkedEvidence

    Linked = tuple[list[LinkedEvidence], list[LinkedEvidence]]

WIDTH = 78
"""Characters of a line, so that a terminal of 80 folds none."""


def wrapped(text: str, indent: str = "") -> list[str]:
    """Return text in lines of at most :data:`WIDTH` characters, all indented; a long word stays whole."""
    line = " ".join(text.split())
    return textwrap.wrap(
        line,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def write_claims(claims: Sequence[Claim], findings: Sequence[Finding]) -> None:
    """Write one line a claim, with a mark for each finding."""
    from evidence_mapper.workflow.claim_check import KIND_WORDS

    marks: dict[str, dict[str, None]] = {}
    for finding in findings:
        marks.setdefault(finding.claim.id, {})[KIND_WORDS[finding.kind]] = None
    rows = [
        [
            str(claim.number),
            " ".join(claim.text.split()),
            ", ".join(claim.statements) or _suggested(claim),
            str(len(claim.passages)),
            str(len(claim.against)),
            ", ".join(marks.get(claim.id, {})) if claim.is_open else "withdrawn",
        ]
        for claim in claims
    ]
    write_table(
        f"Claims ({len(claims)})",
        ["No.", "Claim", "Statements", "For", "Against", "Look at"],
        rows,
        right=(0, 3, 4),
    )


def _suggested(claim: Claim) -> str:
    suggested = claim.origin.suggested if claim.origin else ()
    return f"suggested: {', '.join(s for s, _ in suggested)}" if suggested else ""


def claim_lines(
    project: Project, claim: Claim, linked: Linked, found: Sequence[Candidate] | None
) -> Iterator[str]:
    """Yield a claim, its evidence for and against, and candidates; None leaves those out."""
    state = "" if claim.is_open else "  (withdrawn)"
    yield f"Claim {claim.number}{state}   {claim.id}"
    yield from wrapped(claim.text, "  ")
    titles = [project.framework.statement(s).title.text for s in claim.statements]
    yield from wrapped("Made under: " + ("; ".join(titles) or "no statement"))
    if not titles and _suggested(claim):
        yield from wrapped(f"Statements {_suggested(claim)} (by the model, not confirmed)")
    if claim.origin:
        yield from wrapped(f"From: {claim.origin.label()}")
        if claim.origin.text != claim.text:
            yield from wrapped(f"There: {claim.origin.text}", "  ")
    yield f"Latest change: {claim.coder}, {claim.at[:16]}"
    for title, side in zip(("For", "Against"), linked, strict=True):
        yield ""
        yield f"{title} ({len(side)})"
        for evidence in side:
            yield from _evidence_lines(evidence)
    if found is not None:
        yield from _candidate_lines(claim, found)


def _evidence_lines(evidence: LinkedEvidence) -> Iterator[str]:
    told = [evidence.date or "undated"]
    told.append(f"marked {' / '.join(evidence.polarities)}" if evidence.polarities else "not marked")
    if not evidence.counts:
        told.append(f"DOES NOT COUNT: {evidence.standing.value}")
    yield f"  {evidence.passage_id}  {'; '.join(told)}"
    yield from wrapped(evidence.place, "    ")
    if evidence.text:
        yield from wrapped(f"“{evidence.text}”", "    ")
    if evidence.now is not None:
        yield from wrapped(f"now {evidence.now.id}: “{evidence.now.text}”", "    ")


def _candidate_lines(claim: Claim, found: Sequence[Candidate]) -> Iterator[str]:
    yield ""
    yield f"Candidates ({len(found)}), found by search: a person decides what they mean for the claim"
    for candidate in found:
        yield f"  {candidate.passage.id}  {candidate_words(candidate)}"
        label = candidate.passage.location.label()
        yield from wrapped(f"{candidate.document.name}, {label}".rstrip(", "), "    ")
        yield from wrapped(f"“{candidate.passage.text}”", "    ")
        if not candidate.confirmed:
            yield f"    evidence-mapper review --start {candidate.passage.id}"
    if any(c.confirmed and c.linked is None for c in found):
        yield ""
        yield f"Next: evidence-mapper claim link {claim.number} --passage PSG, or --against PSG"


def candidate_words(candidate: Candidate) -> str:
    """Return what is known of a candidate: coded or suggested, its date, whether it is linked."""
    if candidate.linked:
        known = f"linked {candidate.linked}"
    elif candidate.confirmed:
        known = "confirmed"
    else:
        known = "NOT CONFIRMED"
    if candidate.confirmed:
        marked = f"marked {candidate.polarity}" if candidate.polarity else "not marked"
    else:
        marked = f"suggested: {candidate.polarity}" if candidate.polarity else "no suggestion"
    return "; ".join((known, marked, candidate.date or "undated"))


def claim_json(claim: Claim) -> dict[str, Any]:
    """Return a claim as plain data."""
    return {
        "number": claim.number,
        "id": claim.id,
        "text": claim.text,
        "statements": list(claim.statements),
        "passages": list(claim.passages),
        "against": list(claim.against),
        "origin": origin_json(claim.origin),
        "state": claim.state.value,
        "coder": claim.coder,
        "at": claim.at,
    }


def full_json(claim: Claim, linked: Linked, found: Sequence[Candidate] | None) -> dict[str, Any]:
    """Return a claim with its evidence; candidates only when they were asked for."""
    sides = {"evidence_for": linked[0], "evidence_against": linked[1]}
    data = claim_json(claim) | {name: [evidence_json(e) for e in side] for name, side in sides.items()}
    if found is not None:
        data["candidates"] = [candidate_json(c) for c in found]
    return data


def evidence_json(evidence: LinkedEvidence) -> dict[str, Any]:
    """Return linked evidence as plain data."""
    return {
        "linked": evidence.linked_id,
        "passage_id": evidence.passage_id,
        "standing": evidence.standing.value,
        "document": evidence.document_name,
        "file_sha256": evidence.document.file_sha256 if evidence.document else None,
        "location": evidence.passage.location.to_json() if evidence.passage else None,
        "text": evidence.text,
        "date": evidence.date or None,
        "evidence_categories": sorted(evidence.categories),
        "polarity": list(evidence.polarities),
        "coders": [row.coder for row in evidence.rows],
    }


def candidate_json(candidate: Candidate) -> dict[str, Any]:
    """Return a candidate as plain data; what is not a person's is under ``suggested_`` names."""
    prefix = "" if candidate.confirmed else "suggested_"
    return {
        "passage_id": candidate.passage.id,
        "document": candidate.document.name,
        "location": candidate.passage.location.to_json(),
        "text": candidate.passage.text,
        "date": candidate.date or None,
        "confirmed": candidate.confirmed,
        "linked": candidate.linked,
        f"{prefix}statements": list(candidate.statements),
        f"{prefix}polarity": candidate.polarity,
    }

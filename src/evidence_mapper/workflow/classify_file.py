"""The contract for other programs: JSON Lines in, JSON Lines out, order kept.

An input line is ``{"id", "text", optional "heading", "source_type", "document"}``. An output line is ``{"id",
"statements": [{"id", "probability", "suggested"}, ... every statement, best first], "topics": [...],
"i_statements": [...], "evidence_category": {"id", "probability", "distribution"} or null, "polarity":
likewise, "none_probability", "none_suggested", "abstained"}``, with ``"none_taken_back"`` for a line that
names its document, and ``"why": [...]``, one a suggested statement, where that is asked for.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TextIO

from evidence_mapper.domain.coding import SuggestedChoice, SuggestedCode, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.base_classifier import AnyClassifier
from evidence_mapper.workflow.classify_input import ClassifyReport, Record, read_records, read_together
from evidence_mapper.workflow.in_place import suggest_in_place
from evidence_mapper.workflow.progress import ProgressSink, silent


@dataclass(frozen=True, slots=True)
class Asked:
    """What to read with, and what to say."""

    model: Path | None = None
    """Folder of a learned classifier; None takes the framework's."""
    speed: str | None = None
    encoder: str | None = None
    """Speed and encoder as :func:`~evidence_mapper.classify.shipped.load_classifier` takes them."""
    why: bool = False
    """Whether to say why each statement was suggested."""


def classify_lines(
    framework: Framework,
    source: BinaryIO,
    sink: TextIO,
    asked: Asked | None = None,
    *,
    total: int | None = None,
    progress: ProgressSink = silent,
) -> ClassifyReport:
    """Write one output line for every good input line, in order; bad lines are reported and passed over.

    Lines side by side that name the same document are weighed by each other as a project's passages are;
    others are read alone.

    Parameters
    ----------
    framework
        Whose classifier to use.
    source
        JSON Lines in UTF-8, with or without a byte order mark.
    sink
        Takes the output lines.
    asked
        What to read with, and what to say; None takes the framework's classifier and says no reasons.
    total
        Number of input lines when known, for the progress shown; None when reading a pipe.
    progress
        Told after what is read together, up to 256 lines; where reasons are asked for, after each line.

    Raises
    ------
    ModelError
        The classifier, or the passages it learned from where reasons are asked for, are missing or changed;
        or this framework has no such speed or takes no other encoder.
    UsageError
        The source can no longer be read.
    """
    from evidence_mapper.classify import load_classifier

    asked = asked or Asked()
    classifier = load_classifier(framework, asked.model, speed=asked.speed, encoder=asked.encoder)
    report = ClassifyReport(classifier=classifier.name)
    for records in read_together(read_records(source, report), report):
        for record, suggestion in zip(records, _suggest(classifier, records), strict=True):
            line = {"id": record.id, **_said(record, suggestion)}
            if asked.why:
                line["why"] = _reasons(classifier, framework, record, suggestion)
            sink.write(json.dumps(line, ensure_ascii=False) + "\n")
            report.written += 1
            if asked.why or record is records[-1]:
                progress(record.number, max(total or 0, record.number), f"{report.written} passages")
    return report


def _suggest(classifier: AnyClassifier, records: Sequence[Record]) -> list[Suggestion]:
    inputs = [record.item for record in records]
    return classifier.suggest(inputs) if records[0].document is None else suggest_in_place(classifier, inputs)


def _said(record: Record, suggestion: Suggestion) -> dict[str, Any]:
    return to_json(suggestion) if record.document is None else to_json_in_place(suggestion)


def _reasons(
    classifier: AnyClassifier, framework: Framework, record: Record, suggestion: Suggestion
) -> list[dict[str, Any]]:
    from evidence_mapper.workflow import why

    wanted = suggestion.suggested_statements()
    return [why.to_json(each) for each in why.reasons(classifier, framework, record.item, suggestion, wanted)]


def to_json(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion as the contract writes it."""
    return {
        "statements": [_code(c) for c in suggestion.statements],
        "topics": [_code(c) for c in suggestion.topics],
        "i_statements": [_code(c) for c in suggestion.i_statements],
        "evidence_category": _choice(suggestion.evidence_category),
        "polarity": _choice(suggestion.polarity),
        "none_probability": suggestion.none_probability,
        "none_suggested": suggestion.none_suggested,
        "abstained": suggestion.abstained,
    }


def to_json_in_place(suggestion: Suggestion) -> dict[str, Any]:
    """Return a suggestion made among the passages around it: as alone, and whether "none" was taken back."""
    return {**to_json(suggestion), "none_taken_back": suggestion.none_taken_back}


def _code(code: SuggestedCode) -> dict[str, Any]:
    return {"id": code.id, "probability": code.probability, "suggested": code.suggested}


def _choice(choice: SuggestedChoice | None) -> dict[str, Any] | None:
    if choice is None:
        return None
    return {"id": choice.id, "probability": choice.probability, "distribution": dict(choice.distribution)}

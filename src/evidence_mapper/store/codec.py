"""Canonical JSON, and suggestions to and from it."""

from __future__ import annotations

import json
from typing import Any

from evidence_mapper.domain.coding import SuggestedChoice, SuggestedCode, Suggestion
from evidence_mapper.errors import StoreError


def dumps(value: object) -> str:
    """Return JSON text that is the same for equal values.

    Raises
    ------
    StoreError
        The value holds a number that is not finite, or something JSON has no form for.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    except (ValueError, TypeError) as error:
        raise StoreError(f"cannot be written to the project as JSON: {error}; nothing was written") from error


def loads(text: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
    """Return what :func:`dumps` was given, tuples as lists.

    Raises
    ------
    ValueError
        The text is not JSON.
    """
    return json.loads(text)


def suggestion_to_text(suggestion: Suggestion) -> str:
    """Return a suggestion as JSON text; :func:`suggestion_from_text` gives it back equal."""
    return dumps(
        {
            "statements": _codes(suggestion.statements),
            "topics": _codes(suggestion.topics),
            "i_statements": _codes(suggestion.i_statements),
            "evidence_category": _choice(suggestion.evidence_category),
            "polarity": _choice(suggestion.polarity),
            "none_probability": suggestion.none_probability,
            "abstained": suggestion.abstained,
            "none_suggested": suggestion.none_suggested,
            # Absent where it does not hold, as in projects of before.
            **({"none_taken_back": True} if suggestion.none_taken_back else {}),
        }
    )


def suggestion_from_text(text: str) -> Suggestion:
    """Rebuild a suggestion.

    Raises
    ------
    ValueError, KeyError, TypeError
        The text is not from :func:`suggestion_to_text`.
    """
    data = loads(text)
    return Suggestion(
        statements=_codes_from(data["statements"]),
        topics=_codes_from(data["topics"]),
        i_statements=_codes_from(data["i_statements"]),
        evidence_category=_choice_from(data["evidence_category"]),
        polarity=_choice_from(data["polarity"]),
        none_probability=float(data["none_probability"]),
        abstained=bool(data["abstained"]),
        none_suggested=bool(data["none_suggested"]),
        none_taken_back=bool(data.get("none_taken_back", False)),
    )


def _codes(codes: tuple[SuggestedCode, ...]) -> list[list[Any]]:
    return [[code.id, code.probability, code.suggested] for code in codes]


def _codes_from(data: list[list[Any]]) -> tuple[SuggestedCode, ...]:
    return tuple(SuggestedCode(str(i), float(p), bool(suggested)) for i, p, suggested in data)


def _choice(choice: SuggestedChoice | None) -> list[Any] | None:
    if choice is None:
        return None
    return [choice.id, choice.probability, [list(pair) for pair in choice.distribution]]


def _choice_from(data: list[Any] | None) -> SuggestedChoice | None:
    if data is None:
        return None
    chosen, probability, distribution = data
    pairs = tuple((str(i), float(p)) for i, p in distribution)
    return SuggestedChoice(str(chosen), float(probability), pairs)

"""How right suggestions are: on labelled passages, or on a project's own codings."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evidence_mapper.classify.base import ClassifierInput
from evidence_mapper.classify.corpus import LabelledPassage, read_passages, split_of
from evidence_mapper.classify.definitions import DefinitionClassifier
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.workflow.evaluation_figures import Cases, measure
from evidence_mapper.workflow.head_in_use import AnyClassifier
from evidence_mapper.workflow.labelled_file import Columns, read_labelled

__all__ = ["EvaluateOptions", "evaluate_files"]


@dataclasses.dataclass(frozen=True, slots=True)
class EvaluateOptions:
    """What to measure of the passages given."""

    split: str | None = None
    """``train``, ``development`` or ``test``; None takes all."""
    source_type: str | None = None
    """Only this kind of paper; None takes all."""
    simulate: bool = False
    """Also play through what learning from decisions would gain."""
    seed: int = 0
    """Of the bootstrap."""
    model: Path | None = None
    """Folder of a learned classifier; None takes the framework's."""
    speed: str | None = None
    """``fast`` or ``balanced``; None reads every passage with the encoder."""
    encoder: str | None = None
    """Another encoder, for a framework classified by its definitions; None takes the shipped one."""


def evaluate_files(
    framework: Framework,
    paths: Sequence[Path],
    split: str | None = None,
    *,
    options: EvaluateOptions | None = None,
) -> dict[str, Any]:
    """Return figures on labelled passages, as plain data.

    Parameters
    ----------
    framework
        Whose classifier to measure.
    paths
        JSON Lines files of labelled passages.
    split
        Short for ``options`` with nothing but a split.
    options
        What to measure; None takes everything in the files.

    Raises
    ------
    UsageError
        A file cannot be read as labelled passages, it has a label the framework does not, or no passage is
        left.
    ModelError
        The classifier is missing or changed, or this framework has no such speed or takes no other encoder.
    """
    from evidence_mapper.classify import load_classifier

    chosen = options or EvaluateOptions(split=split)
    rows = _rows(framework, paths, chosen)
    classifier = load_classifier(framework, chosen.model, speed=chosen.speed, encoder=chosen.encoder)
    cases, drift = _cases(classifier, rows)
    promised = None if isinstance(classifier, DefinitionClassifier) else classifier.guarantee
    found = {
        "classifier": classifier.name,
        "source": {"kind": "files", "files": [p.name for p in paths], "source_type": chosen.source_type},
        "split": chosen.split,
        "guarantee": None if promised is None else promised.to_json(),
        "drift": drift,
        "notes": _notes(chosen),
        **measure(framework, cases, level=promised.level if promised else None, seed=chosen.seed),
    }
    if chosen.simulate:
        found["learning"] = _learning(rows, classifier)
    return found


def _rows(framework: Framework, paths: Sequence[Path], options: EvaluateOptions) -> list[LabelledPassage]:
    tables = [p for p in paths if p.suffix.casefold() == ".csv"]
    try:
        every = read_passages([p for p in paths if p not in tables])
    except (OSError, ValueError) as error:
        raise UsageError(f"{error}; see corpora/passages/README.md for the fields") from error
    every += _labelled(framework, tables)
    rows = [
        r
        for r in every
        if options.split in (None, split_of(r.id)) and options.source_type in (None, r.source_type)
    ]
    if not rows:
        kinds = ", ".join(sorted({r.source_type for r in every if r.source_type})) or "none"
        raise UsageError(
            f"no labelled passage to measure on: {len(every)} were read, none of this split and source type; "
            f"source types there: {kinds}"
        )
    _check_labels(framework, rows)
    return rows


def _labelled(framework: Framework, tables: Sequence[Path]) -> list[LabelledPassage]:
    """Return the rows of labelled CSV files as passages, numbered from one, each its own writer."""
    found: list[LabelledPassage] = []
    for path in tables:
        read = read_labelled(framework, path, Columns())
        for text, statements, question in zip(read.texts, read.statements, read.questions, strict=True):
            number = str(len(found) + 1)
            found.append(
                LabelledPassage(number, text, statements, (), (), None, None, None, heading=question)
            )
    return found


def _check_labels(framework: Framework, rows: Sequence[LabelledPassage]) -> None:
    """Refuse labels of another framework, which would be measured as always missed."""
    for field, known in (
        ("statements", [s.id for s in framework.statements]),
        ("i_statements", [i.id for i in framework.i_statements]),
    ):
        for row in rows:
            for label in getattr(row, field):
                if label not in known:
                    raise UsageError(
                        f"passage {row.id}: {framework.id} has no '{label}' among its {field}; there are "
                        f"{', '.join(known) or 'none'}. Name the framework with --framework"
                    )


def _cases(classifier: AnyClassifier, rows: list[LabelledPassage]) -> tuple[Cases, dict[str, Any] | None]:
    inputs = [ClassifierInput(r.text, r.heading, r.source_type) for r in rows]
    texts = classifier.texts(inputs)
    vectors = classifier.encoder.encode(texts)
    model = classifier.drift if isinstance(classifier, StatementClassifier) else None
    likeness = None if model is None else model.assess(texts, vectors)
    unlike = None if likeness is None else [bool(u) for u in likeness.unlike]
    cases = Cases(rows, classifier.suggest(inputs, vectors), [r.hand for r in rows], unlike=unlike)
    return cases, None if unlike is None else {"unlike": sum(unlike), "passages": len(unlike)}


def _notes(options: EvaluateOptions) -> list[str]:
    if options.split == "test":
        return ["The test split took no part in fitting, but its writers wrote training passages too."]
    return [
        "Figures on passages the classifier learned from flatter it: of corpora/passages use --split test."
    ]


def _learning(rows: list[LabelledPassage], classifier: AnyClassifier) -> list[dict[str, Any]]:
    from evidence_mapper.workflow.simulate import simulate_learning

    return [dataclasses.asdict(point) for point in simulate_learning(rows, classifier)]

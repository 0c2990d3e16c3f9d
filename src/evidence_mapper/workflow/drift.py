"""Whether a project's documents are like what the classifier learned from and was measured on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from evidence_mapper.classify.base import Embeddings
from evidence_mapper.classify.drift import EXPECTED, DriftModel
from evidence_mapper.classify.learned import LearnedClassifier
from evidence_mapper.classify.statement_classifier import StatementClassifier
from evidence_mapper.domain.document import Document
from evidence_mapper.domain.ids import sha256_text
from evidence_mapper.domain.passage import Passage
from evidence_mapper.workflow.project import Project
from evidence_mapper.workflow.suggest import classifier_input

_Compared = StatementClassifier | LearnedClassifier

WARNED: Final = 0.20
"""Share of unlike passages from which a person is told; writers the classifier never saw stay below it."""
_FEWEST: Final = 3
"""Unlike passages below which nothing is said."""
_SURELY: Final = 2 * EXPECTED
"""The share must also be above this beyond chance, so that short documents do not cry wolf."""
_NAMED: Final = 5
"""Most documents named in a warning."""
_KINDS: Final = {
    "table-row": "table rows", "paragraph": "paragraphs", "list-item": "list items", "comment": "comments",
    "turn": "turns of speech", "note": "notes",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DocumentDrift:
    """How one document compares."""

    name: str
    passages: int
    """Passages compared: those that have a suggestion."""
    strange: int
    """With words or a subject unlike what was learned from."""
    figures: int
    """With more figures than what was learned from holds."""
    unlike: int
    """Either of the two."""
    kind: str | None
    """What most unlike passages are, such as ``table rows``; None when there are none."""

    @property
    def share(self) -> float:
        """Unlike passages of all, in [0, 1]."""
        return self.unlike / self.passages if self.passages else 0.0

    @property
    def warned(self) -> bool:
        """Whether a person should be told."""
        return _warned(self.unlike, self.passages)

    def line(self) -> str:
        """Return the document in words."""
        why = "mostly figures" if 2 * self.figures > self.unlike else "words or subject"
        return f"{self.name}: {self.share:.0%} of {self.passages} passages, {self.kind}, {why}"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """How a project compares."""

    documents: tuple[DocumentDrift, ...]
    """In the order they were added; those without a suggestion are left out."""
    level: float | None
    """The promised recall; None where nothing was promised."""
    promise: str | None
    """The promise in words."""

    @property
    def passages(self) -> int:
        """Passages compared."""
        return sum(d.passages for d in self.documents)

    @property
    def unlike(self) -> int:
        """Passages unlike what was learned from."""
        return sum(d.unlike for d in self.documents)

    @property
    def share(self) -> float:
        """Unlike passages of all, in [0, 1]."""
        return self.unlike / self.passages if self.passages else 0.0

    def lines(self) -> list[str]:
        """Return the warning in plain words; empty when there is nothing to warn of."""
        named = sorted((d for d in self.documents if d.warned), key=lambda d: (-d.unlike, d.name))
        if not named and not _warned(self.unlike, self.passages):
            return []
        promised = (
            "the probabilities were"
            if self.level is None
            else f"the promise that {self.level:.0%} of the evidence is suggested was"
        )
        said = (
            f"{self.share:.0%} of the passages ({self.unlike} of {self.passages}) are unlike those the "
            f"classifier learned from and was measured on ({EXPECTED:.0%} would be of papers like those). "
            f"For them {promised} never checked: read more of them yourself."
        )
        found = [said, *(f"  unlike  {d.line()}" for d in named[:_NAMED])]
        if len(named) > _NAMED:
            found.append(f"  unlike  and {len(named) - _NAMED} more documents")
        return found

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "passages": self.passages,
            "unlike": self.unlike,
            "expected_share": EXPECTED,
            "warning": self.lines(),
            "promise": self.promise,
            "documents": [
                {"name": d.name, "passages": d.passages, "unlike": d.unlike, "strange": d.strange,
                 "figures": d.figures, "kind": d.kind, "warned": d.warned}
                for d in self.documents
            ],
        }  # fmt: skip


def project_drift(project: Project) -> DriftReport | None:
    """Return how a project's passages compare; None where the framework's classifier has no reference.

    Only vectors kept from suggesting are used: nothing is encoded.

    Raises
    ------
    ModelError
        The classifier is missing or changed.
    """
    from evidence_mapper.workflow.head_in_use import in_use

    classifier = in_use(project).classifier
    if not isinstance(classifier, (StatementClassifier, LearnedClassifier)) or classifier.drift is None:
        return None
    promised = classifier.guarantee
    return DriftReport(
        tuple(_documents(project, classifier, classifier.drift)),
        promised.level if promised else None,
        promised.sentence() if promised else None,
    )


def _documents(project: Project, classifier: _Compared, model: DriftModel) -> Iterator[DocumentDrift]:
    for document in project.store.documents():
        passages, texts, vectors = _kept(project, classifier, document)
        if not passages:
            continue
        found = model.assess(texts, vectors)
        kinds = Counter(p.kind.value for p, unlike in zip(passages, found.unlike, strict=True) if unlike)
        kind = kinds.most_common(1)[0][0] if kinds else None
        yield DocumentDrift(
            name=document.name,
            passages=len(passages),
            strange=int(found.strange.sum()),
            figures=int(found.figures.sum()),
            unlike=int(found.unlike.sum()),
            kind=None if kind is None else _KINDS.get(kind, kind),
        )


def _kept(
    project: Project, classifier: _Compared, document: Document
) -> tuple[list[Passage], list[str], Embeddings]:
    """Return the passages whose vector is kept, what the classifier read of them, and the vectors."""
    passages = list(project.store.passages(document.id))
    texts = classifier.texts([classifier_input(p, document) for p in passages])
    hashes = [sha256_text(t) for t in texts]
    stored = project.store.vectors(classifier.encoder.id, hashes)
    there = [i for i, h in enumerate(hashes) if h in stored]
    rows = [np.frombuffer(stored[hashes[i]].data, dtype=stored[hashes[i]].dtype) for i in there]
    vectors = (
        np.stack(rows).astype(np.float32) if rows else np.zeros((0, classifier.encoder.width), np.float32)
    )
    return [passages[i] for i in there], [texts[i] for i in there], vectors


def _warned(unlike: int, passages: int) -> bool:
    if unlike < _FEWEST or unlike / passages < WARNED:
        return False
    return _at_least(unlike, passages) > _SURELY


def _at_least(hits: int, total: int) -> float:
    """Return the lower end of Wilson's 95 % interval."""
    z, share = 1.959964, hits / total
    spread = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (share + z * z / (2 * total) - spread) / (1 + z * z / total)

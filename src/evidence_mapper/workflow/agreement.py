"""How far people agree with each other, and with the suggestions, on the passages of a sample."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Final

from evidence_mapper.domain.agreement import BlindSample
from evidence_mapper.domain.coding import Decision, Outcome, Suggestion
from evidence_mapper.domain.framework import Framework
from evidence_mapper.errors import UsageError
from evidence_mapper.measure.agreement import AgreementFigures, Label, agreement, krippendorff_alpha
from evidence_mapper.measure.intervals import DRAWS, Interval, Weights, draws
from evidence_mapper.store.base import Store

__all__ = [
    "MODEL",
    "AgreementFigures",
    "AgreementReport",
    "CodeAgreement",
    "Interval",
    "PairAgreement",
    "PeopleAlpha",
    "report",
]

MODEL: Final = "the model"
"""Name the suggestions go by."""
FEW_PASSAGES: Final = 50
"""Below this many passages, figures are called few."""
FEW_CODED: Final = 10
"""Below this many passages with a code, by either coder, the code's figures are called few."""
NO_STATEMENT: Final = "none of these"
NOT_CODED: Final = "not coded"
NOT_SET: Final = "none set"


@dataclass(frozen=True, slots=True)
class Said:
    """What one coder, or the model, said of a passage; unsure is no answer and has none of these."""

    statements: frozenset[str]
    topics: frozenset[str]
    i_statements: frozenset[str]
    category: str | None
    polarity: str | None
    blind: bool = False

    @property
    def coded(self) -> bool:
        """Whether it bears on a statement."""
        return bool(self.statements)


@dataclass(frozen=True, slots=True)
class CodeAgreement:
    """One code, or one field, of a pair of coders."""

    kind: str
    """``evidence``, ``statements``, ``statement``, ``topic``, ``i_statement``, ``category``, ``polarity``."""
    code: str
    """Id of the code; empty for a field as a whole."""
    first: int
    """Passages the first gave the code, or answered at all for a field."""
    second: int
    every: AgreementFigures
    """On all passages both answered."""
    coded: AgreementFigures
    """On those that at least one of them coded; for category and polarity, that both coded. Of evidence or
    not only the share is given: passages were taken by the answer itself, so chance is not what it was."""
    few: bool
    """Too few passages to lean on the figure."""


@dataclass(frozen=True, slots=True)
class PairAgreement:
    """Two people, or a person and the model."""

    first: str
    second: str
    with_model: bool
    passages: int
    """Answered by both."""
    coded: int
    """Of these, coded by at least one."""
    blind: tuple[int, int]
    """How many of these each decided blind; 0 for the model."""
    rows: tuple[CodeAgreement, ...]
    confusion: tuple[tuple[str, str, int], ...]
    """(what the first said, what the second said, passages): statements one gave and the other did not,
    most frequent first."""


@dataclass(frozen=True, slots=True)
class PeopleAlpha:
    """Krippendorff's alpha of all people at once; passages that one of them did not answer count too."""

    code: str
    """Statement id; empty for the sets of statements as a whole (MASI distance)."""
    passages: int
    """Answered by at least two."""
    alpha: float | None


@dataclass(frozen=True, slots=True)
class AgreementReport:
    """All figures on a sample."""

    sample: BlindSample
    answered: Mapping[str, int]
    """Passages of the sample by who answered them, the model too."""
    given: Mapping[str, Mapping[str, int]]
    """By who answered, statement id to passages it was given; "" to passages with any."""
    unsure: Mapping[str, int]
    """Passages left out because the coder was unsure."""
    pairs: tuple[PairAgreement, ...]
    """People with people first, then each person with the model."""
    people: tuple[PeopleAlpha, ...]
    notes: tuple[str, ...]
    draws: int = DRAWS
    seed: int = 0


@dataclass
class _Answers:
    by: dict[str, dict[str, Said]] = field(default_factory=dict)
    """Coder to passage id to what was said."""
    unsure: Counter[str] = field(default_factory=Counter)
    model: dict[str, Said] = field(default_factory=dict)


def report(
    store: Store, framework: Framework, sample: BlindSample, *, seed: int = 0, count: int = DRAWS
) -> AgreementReport:
    """Return how far those who decided on a sample agree.

    Parameters
    ----------
    sample
        The passages.
    seed
        Of the bootstrap.
    count
        Bootstrap draws, at least 1.

    Raises
    ------
    UsageError
        Nobody has decided on a passage of the sample, or what works out alpha is not installed.
    """
    _check_installed()
    found = _answers(store, sample)
    people = sorted(found.by)
    if not people:
        raise UsageError(
            f"nobody has decided on a passage of sample {sample.id}: "
            'evidence-mapper review --blind --coder "A. Officer"'
        )
    named = [(a, b, found.by[a], found.by[b], False) for a, b in combinations(people, 2)]
    named += [(a, MODEL, found.by[a], found.model, True) for a in people]
    pairs = [_pair(framework, (a, b), (x, y), (seed, count), with_model=model) for a, b, x, y, model in named]
    return AgreementReport(
        sample,
        {**{name: len(found.by[name]) for name in people}, MODEL: len(found.model)},
        {name: _given(framework, by) for name, by in {**found.by, MODEL: found.model}.items()},
        dict(found.unsure),
        tuple(pair for pair in pairs if pair.passages),
        tuple(_people(framework, [found.by[name] for name in people])) if len(people) > 1 else (),
        tuple(_notes(sample, found, pairs)),
        count,
        seed,
    )


def _given(framework: Framework, said: Mapping[str, Said]) -> dict[str, int]:
    """Return to how many passages each statement was given; "" stands for any."""
    counts = {s.id: sum(s.id in answer.statements for answer in said.values()) for s in framework.statements}
    return {"": sum(answer.coded for answer in said.values()), **counts}


def _check_installed() -> None:
    from importlib.util import find_spec

    if find_spec("nltk") is None:
        raise UsageError(
            "Krippendorff's alpha is worked out by nltk, which is not installed: "
            'pip install "evidence-mapper[agreement]"'
        )


def _answers(store: Store, sample: BlindSample) -> _Answers:
    found = _Answers()
    for passage_id in sample.passages:
        for held in store.decisions(passage_id):
            if held.decision.outcome is Outcome.UNSURE:
                found.unsure[held.coder] += 1
            else:
                by = found.by.setdefault(held.coder, {})
                by[passage_id] = _said_by_person(held.decision, blind=held.blind)
        suggestion = store.suggestion(passage_id)
        if suggestion is not None:
            found.model[passage_id] = _said_by_model(suggestion)
    return found


def _said_by_person(decision: Decision, *, blind: bool = False) -> Said:
    """Return what a decision says, without what was rejected and the note; the outcome is not UNSURE."""
    coded = decision.outcome is Outcome.CODED
    return Said(
        frozenset(decision.accepted()),
        frozenset(decision.topics),
        frozenset(decision.i_statements),
        decision.evidence_category if coded else None,
        decision.polarity.value if coded and decision.polarity else None,
        blind,
    )


def _said_by_model(suggestion: Suggestion) -> Said:
    statements = frozenset(suggestion.suggested_statements())
    category, polarity = suggestion.evidence_category, suggestion.polarity
    return Said(
        statements,
        frozenset(t.id for t in suggestion.topics if t.suggested) if statements else frozenset(),
        frozenset(i.id for i in suggestion.i_statements if i.suggested) if statements else frozenset(),
        category.id if statements and category else None,
        polarity.id if statements and polarity else None,
    )


def _pair(
    framework: Framework,
    names: tuple[str, str],
    said: tuple[Mapping[str, Said], Mapping[str, Said]],
    bootstrap: tuple[int, int],
    *,
    with_model: bool,
) -> PairAgreement:
    """Return one pair's figures; ``bootstrap`` is (seed, draws)."""
    ids = [passage_id for passage_id in said[0] if passage_id in said[1]]
    one, two = [said[0][i] for i in ids], [said[1][i] for i in ids]
    compared = _Compared(one, two, bootstrap)
    return PairAgreement(
        *names,
        with_model,
        len(ids),
        sum(a.coded or b.coded for a, b in zip(one, two, strict=True)),
        (sum(a.blind for a in one), sum(b.blind for b in two)),
        tuple(_rows(framework, compared)) if ids else (),
        tuple(_confusion(one, two)),
    )


class _Compared:
    """Two coders' answers on the same passages, with the bootstrap's draws of them."""

    def __init__(self, one: Sequence[Said], two: Sequence[Said], bootstrap: tuple[int, int]) -> None:
        self.one, self.two = one, two
        seed, count = bootstrap
        both = list(zip(one, two, strict=True))
        self._any = [k for k, (a, b) in enumerate(both) if a.coded or b.coded]
        self._both = [k for k, (a, b) in enumerate(both) if a.coded and b.coded]
        self._draws: dict[int, Weights] = {}
        self._seed, self._count = seed, count

    def _weights(self, n: int) -> Weights:
        if n not in self._draws:
            self._draws[n] = draws(n, count=self._count, seed=self._seed)
        return self._draws[n]

    def row(
        self, kind: str, code: str, said: tuple[Sequence[Label], Sequence[Label]], counts: tuple[int, int]
    ) -> CodeAgreement:
        """Return a line; ``counts`` are the passages each gave the code."""
        sets = kind == "statements"
        places = self._both if kind in ("category", "polarity") else self._any
        part = [[labels[k] for k in places] for labels in said]
        every = agreement(*said, self._weights(len(self.one)), sets=sets)
        coded = agreement(part[0], part[1], self._weights(len(places)), sets=sets)
        if kind == "evidence":
            coded = replace(coded, kappa=None, kappa_interval=None, alpha=None, alpha_interval=None)
        few = len(self.one) < FEW_PASSAGES or len(places) < FEW_CODED or max(counts) < FEW_CODED
        return CodeAgreement(kind, code, *counts, every, coded, few)

    def binary(self, kind: str, code: str, of: str) -> CodeAgreement:
        """Return the line of a code that is given or not; ``of`` is the field that holds it."""
        one, two = ([code in getattr(said, of) for said in who] for who in (self.one, self.two))
        return self.row(kind, code, (one, two), (sum(one), sum(two)))


def _rows(framework: Framework, compared: _Compared) -> Iterator[CodeAgreement]:
    one, two = compared.one, compared.two
    coded = [s.coded for s in one], [s.coded for s in two]
    counts = sum(coded[0]), sum(coded[1])
    yield compared.row("evidence", "", coded, counts)
    yield compared.row("statements", "", ([s.statements for s in one], [s.statements for s in two]), counts)
    for statement in framework.statements:
        yield compared.binary("statement", statement.id, "statements")
    for kind, of, known in (
        ("topic", "topics", [t.id for t in framework.topics]),
        ("i_statement", "i_statements", [i.id for i in framework.i_statements]),
    ):
        used = {code for said in (*one, *two) for code in getattr(said, of)}
        for code in known:
            if code in used:
                yield compared.binary(kind, code, of)
    for kind in ("category", "polarity"):
        said = [_chosen(s, kind) for s in one], [_chosen(s, kind) for s in two]
        yield compared.row(kind, "", said, counts)


def _chosen(said: Said, kind: str) -> str:
    return (getattr(said, kind) or NOT_SET) if said.coded else NOT_CODED


def _confusion(one: Sequence[Said], two: Sequence[Said]) -> list[tuple[str, str, int]]:
    """Return statements that one gave and the other did not, paired with what the other gave instead."""
    found: Counter[tuple[str, str]] = Counter()
    for a, b in zip(one, two, strict=True):
        mine, other = sorted(a.statements - b.statements), sorted(b.statements - a.statements)
        if not mine and not other:
            continue
        left = mine or [_instead(a, b)]
        right = other or [_instead(b, a)]
        found.update((x, y) for x in left for y in right)
    return [(x, y, n) for (x, y), n in sorted(found.items(), key=lambda item: (-item[1], item[0]))]


def _instead(said: Said, other: Said) -> str:
    """Return what stands for a coder with no statement beyond the other's."""
    return "nothing more" if said.statements & other.statements else NO_STATEMENT


def _people(framework: Framework, said: Sequence[Mapping[str, Said]]) -> Iterator[PeopleAlpha]:
    ids = sorted({passage_id for by in said for passage_id in by})
    shared = [i for i in ids if sum(i in by for by in said) > 1]
    rows = [[by.get(i) for i in shared] for by in said]
    whole = [[None if s is None else s.statements for s in row] for row in rows]
    yield PeopleAlpha("", len(shared), krippendorff_alpha(whole, sets=True))
    for statement in framework.statements:
        given = [[None if s is None else statement.id in s.statements for s in row] for row in rows]
        yield PeopleAlpha(statement.id, len(shared), krippendorff_alpha(given))


def _notes(sample: BlindSample, found: _Answers, pairs: Sequence[PairAgreement]) -> Iterator[str]:
    people = [pair for pair in pairs if not pair.with_model and pair.passages]
    if not people:
        yield (
            "No passage of the sample was decided by two people yet: another person codes it with "
            'evidence-mapper review --blind --coder "B. Officer"'
        )
    seen = sorted(n for n, by in found.by.items() if not all(said.blind for said in by.values()))
    if seen:
        yield (
            f"Not all blind: {', '.join(seen)} saw suggestions on some or all of these passages. People tend "
            "to agree with what they are shown, and so with each other and with the model."
        )
    if any(pair.passages < FEW_PASSAGES for pair in pairs if pair.passages):
        yield (
            f"Under {FEW_PASSAGES} passages in a comparison, or under {FEW_CODED} with a code: the interval "
            "says more than the figure. Lines marked * are of that kind."
        )
    if sample.by_statement:
        yield "The sample was drawn statement by statement: how often a code occurs is not the project's."
    if not found.model:
        yield "No suggestion to compare with: evidence-mapper suggest"

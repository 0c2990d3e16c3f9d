"""Tables of the agreement report, for a screen, a page and a workbook alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from evidence_mapper.domain.framework import Framework
from evidence_mapper.workflow.agreement import (
    AgreementFigures,
    AgreementReport,
    CodeAgreement,
    Interval,
    PairAgreement,
)


@dataclass(frozen=True, slots=True)
class ReportTable:
    """One table in words."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    right: Sequence[int] = ()
    """Columns of figures."""
    footer: str | None = None


_FIELDS: Final = {
    "evidence": "Evidence or not",
    "statements": "Statements, as a set",
    "category": "Evidence category",
    "polarity": "Polarity",
}
_KINDS: Final = ("evidence", "statements", "category", "polarity", "statement", "topic", "i_statement")
_CONFUSIONS: Final = 10
_OF_CODED: Final = (
    "Category and polarity: passages both coded. Evidence or not has none here: passages were taken by it."
)


def report_tables(framework: Framework, found: AgreementReport, *, detail: bool) -> Iterator[ReportTable]:
    """Yield who answered, agreement side by side, the main disagreements, and on request every figure."""
    yield _given(framework, found)
    for coded in (True, False):
        yield _beside(framework, found, coded=coded, detail=detail)
    for pair in found.pairs:
        if pair.confusion:
            yield _confusion(framework, pair)
    if len({p.first for p in found.pairs}) > 2:
        yield _people(framework, found)
    if detail:
        for pair in found.pairs:
            yield _pair(framework, pair, coded=True)
            yield _pair(framework, pair, coded=False)


def _given(framework: Framework, found: AgreementReport) -> ReportTable:
    who = [name for name, count in found.answered.items() if count]
    codes = ["", *(s.id for s in framework.statements)]
    rows = [
        [
            statement_title(framework, code) if code else "Any statement",
            *(_of(found.given[name][code], found.answered[name]) for name in who),
        ]
        for code in codes
    ]
    heads = [f"{name} (of {found.answered[name]})" for name in who]
    title = "To how many passages of the sample each gave a statement"
    return ReportTable(title, ["Statement", *heads], rows, right=range(1, len(heads) + 1))


def _of(count: int, total: int) -> str:
    return f"{count} ({count / total:3.0%})"


def _order(framework: Framework, kind: str, code: str) -> tuple[int, int]:
    known = {
        "statement": [s.id for s in framework.statements],
        "topic": [t.id for t in framework.topics],
        "i_statement": [i.id for i in framework.i_statements],
    }
    return _KINDS.index(kind), known[kind].index(code) if code else 0


def _beside(framework: Framework, found: AgreementReport, *, coded: bool, detail: bool) -> ReportTable:
    """Write alpha of all pairs, one column each, people with people first."""
    lines: dict[tuple[str, str], dict[int, CodeAgreement]] = {}
    for k, pair in enumerate(found.pairs):
        for row in pair.rows:
            if detail or row.kind not in ("topic", "i_statement"):
                lines.setdefault((row.kind, row.code), {})[k] = row
    rows = [
        [code_name(framework, *key), *(_cell(of.get(k), coded=coded) for k in range(len(found.pairs)))]
        for key, of in sorted(lines.items(), key=lambda line: _order(framework, *line[0]))
    ]
    heads = [f"{p.first} and {p.second} ({p.coded if coded else p.passages})" for p in found.pairs]
    which = "passages at least one of the two coded" if coded else "all passages both answered"
    return ReportTable(
        f"Krippendorff's alpha on {which}, with the 95% interval",
        ["Code", *heads],
        rows,
        right=range(1, len(heads) + 1),
        footer="In brackets: passages. * few passages, or few with the code. No interval: they never differ. "
        + (_OF_CODED if coded else "-: nothing varies, so chance cannot be told from agreement.")
        + ("" if detail else " Topics, I statements, kappa and percent: --detail."),
    )


def _cell(row: CodeAgreement | None, *, coded: bool) -> str:
    if row is None:
        return ""
    figures = row.coded if coded else row.every
    return figure(figures.alpha, figures.alpha_interval) + (" *" if row.few else "  ")


def _confusion(framework: Framework, pair: PairAgreement) -> ReportTable:
    rows = [
        [statement_title(framework, mine), statement_title(framework, other), str(count)]
        for mine, other, count in pair.confusion[:_CONFUSIONS]
    ]
    more = len(pair.confusion) - len(rows)
    return ReportTable(
        f"Where {pair.first} and {pair.second} differ on statements",
        [f"{pair.first} said", f"{pair.second} said", "Passages"],
        rows,
        right=(2,),
        footer=f"{more} rarer kinds are left out; --json has all." if more else None,
    )


def _people(framework: Framework, found: AgreementReport) -> ReportTable:
    rows = [
        [
            code_name(framework, "statement" if p.code else "statements", p.code),
            str(p.passages),
            figure(p.alpha, None),
        ]
        for p in found.people
    ]
    return ReportTable(
        "Krippendorff's alpha of all people at once", ["Code", "Passages", "Alpha"], rows, right=(1, 2)
    )


def _pair(framework: Framework, pair: PairAgreement, *, coded: bool) -> ReportTable:
    rows = []
    for row in pair.rows:
        figures = row.coded if coded else row.every
        rows.append(
            [
                code_name(framework, row.kind, row.code) + (" *" if row.few else ""),
                f"{row.first}/{row.second}",
                *_three(figures),
            ]
        )
    count = pair.coded if coded else pair.passages
    which = "passages at least one of them coded" if coded else "passages both answered"
    return ReportTable(
        f"{pair.first} and {pair.second}: {count} {which}",
        ["Code", "Each gave", "Same", "Kappa", "Alpha"],
        rows,
        right=(1, 2, 3, 4),
    )


def _three(figures: AgreementFigures) -> list[str]:
    return [
        figure(figures.percent, figures.percent_interval, percent=True),
        figure(figures.kappa, figures.kappa_interval),
        figure(figures.alpha, figures.alpha_interval),
    ]


def figure(value: float | None, interval: Interval | None, *, percent: bool = False) -> str:
    """Return a figure with its interval; a dash for none."""
    if value is None:
        return "-"

    def shown(figure: float) -> str:
        return f"{figure:.0%}" if percent else f"{figure:.2f}"

    return shown(value) + (f" ({shown(interval.low)} to {shown(interval.high)})" if interval else "")


def code_name(framework: Framework, kind: str, code: str) -> str:
    """Return what a row is about."""
    if kind in _FIELDS:
        return _FIELDS[kind]
    if kind == "statement":
        return statement_title(framework, code)
    return f"Topic {code}" if kind == "topic" else f"I statement {code}"


def statement_title(framework: Framework, code: str) -> str:
    """Return a statement's number and title; words that are no statement stay as they are."""
    for statement in framework.statements:
        if statement.id == code:
            return f"{statement.number}. {statement.title.text}"
    return code

"""Tables of the agreement report, and the same as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from evidence_mapper.cli.output import write_table

if TYPE_CHECKING:
    from evidence_mapper.domain.agreement import BlindSample
    from evidence_mapper.domain.framework import Framework
    from evidence_mapper.workflow.agreement import (
        AgreementFigures,
        AgreementReport,
        CodeAgreement,
        Interval,
        PairAgreement,
    )

_FIELDS = {
    "evidence": "Evidence or not",
    "statements": "Statements, as a set",
    "category": "Evidence category",
    "polarity": "Polarity",
}
_KINDS = ("evidence", "statements", "category", "polarity", "statement", "topic", "i_statement")
_CONFUSIONS = 10
_OF_CODED = (
    "Category and polarity: passages both coded. Evidence or not has none here: passages were taken by it."
)


def write_report(framework: Framework, found: AgreementReport, *, detail: bool) -> None:
    """Write who answered, agreement side by side, the main disagreements, and on request every figure."""
    _write_given(framework, found)
    for coded in (True, False):
        _write_beside(framework, found, coded=coded, detail=detail)
    for pair in found.pairs:
        _write_confusion(framework, pair)
    if len({p.first for p in found.pairs}) > 2:
        _write_people(framework, found)
    if detail:
        for pair in found.pairs:
            _write_pair(framework, pair, coded=True)
            _write_pair(framework, pair, coded=False)


def _write_given(framework: Framework, found: AgreementReport) -> None:
    who = [name for name, count in found.answered.items() if count]
    codes = ["", *(s.id for s in framework.statements)]
    rows = [
        [
            _title(framework, code) if code else "Any statement",
            *(_of(found.given[name][code], found.answered[name]) for name in who),
        ]
        for code in codes
    ]
    heads = [f"{name} (of {found.answered[name]})" for name in who]
    write_table("To how many passages of the sample each gave a statement", ["Statement", *heads], rows,
                right=range(1, len(heads) + 1))  # fmt: skip


def _of(count: int, total: int) -> str:
    return f"{count} ({count / total:3.0%})"


def _order(framework: Framework, kind: str, code: str) -> tuple[int, int]:
    known = {
        "statement": [s.id for s in framework.statements],
        "topic": [t.id for t in framework.topics],
        "i_statement": [i.id for i in framework.i_statements],
    }
    return _KINDS.index(kind), known[kind].index(code) if code else 0


def _write_beside(framework: Framework, found: AgreementReport, *, coded: bool, detail: bool) -> None:
    """Write alpha of all pairs, one column each, people with people first."""
    lines: dict[tuple[str, str], dict[int, CodeAgreement]] = {}
    for k, pair in enumerate(found.pairs):
        for row in pair.rows:
            if detail or row.kind not in ("topic", "i_statement"):
                lines.setdefault((row.kind, row.code), {})[k] = row
    rows = [
        [_name(framework, *key), *(_cell(of.get(k), coded=coded) for k in range(len(found.pairs)))]
        for key, of in sorted(lines.items(), key=lambda line: _order(framework, *line[0]))
    ]
    heads = [f"{p.first} and {p.second} ({p.coded if coded else p.passages})" for p in found.pairs]
    which = "passages at least one of the two coded" if coded else "all passages both answered"
    write_table(
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
    return _figure(figures.alpha, figures.alpha_interval) + (" *" if row.few else "  ")


def _write_confusion(framework: Framework, pair: PairAgreement) -> None:
    if not pair.confusion:
        return
    rows = [
        [_title(framework, mine), _title(framework, other), str(count)]
        for mine, other, count in pair.confusion[:_CONFUSIONS]
    ]
    more = len(pair.confusion) - len(rows)
    write_table(
        f"Where {pair.first} and {pair.second} differ on statements",
        [f"{pair.first} said", f"{pair.second} said", "Passages"],
        rows,
        right=(2,),
        footer=f"{more} rarer kinds are left out; --json has all." if more else None,
    )


def _write_people(framework: Framework, found: AgreementReport) -> None:
    rows = [
        [
            _name(framework, "statement" if p.code else "statements", p.code),
            str(p.passages),
            _figure(p.alpha, None),
        ]
        for p in found.people
    ]
    write_table(
        "Krippendorff's alpha of all people at once", ["Code", "Passages", "Alpha"], rows, right=(1, 2)
    )


def _write_pair(framework: Framework, pair: PairAgreement, *, coded: bool) -> None:
    rows = []
    for row in pair.rows:
        figures = row.coded if coded else row.every
        rows.append(
            [
                _name(framework, row.kind, row.code) + (" *" if row.few else ""),
                f"{row.first}/{row.second}",
                *_three(figures),
            ]
        )
    count = pair.coded if coded else pair.passages
    which = "passages at least one of them coded" if coded else "passages both answered"
    write_table(
        f"{pair.first} and {pair.second}: {count} {which}",
        ["Code", "Each gave", "Same", "Kappa", "Alpha"],
        rows,
        right=(1, 2, 3, 4),
    )


def _three(figures: AgreementFigures) -> list[str]:
    return [
        _figure(figures.percent, figures.percent_interval, percent=True),
        _figure(figures.kappa, figures.kappa_interval),
        _figure(figures.alpha, figures.alpha_interval),
    ]


def _figure(value: float | None, interval: Interval | None, *, percent: bool = False) -> str:
    if value is None:
        return "-"

    def shown(figure: float) -> str:
        return f"{figure:.0%}" if percent else f"{figure:.2f}"

    return shown(value) + (f" ({shown(interval.low)} to {shown(interval.high)})" if interval else "")


def _name(framework: Framework, kind: str, code: str) -> str:
    if kind in _FIELDS:
        return _FIELDS[kind]
    if kind == "statement":
        return _title(framework, code)
    return f"Topic {code}" if kind == "topic" else f"I statement {code}"


def _title(framework: Framework, code: str) -> str:
    """Return a statement's number and title; words that are no statement stay as they are."""
    for statement in framework.statements:
        if statement.id == code:
            return f"{statement.number}. {statement.title.text}"
    return code


def report_json(found: AgreementReport) -> dict[str, Any]:
    """Return every figure as plain data."""
    return {**asdict(found), "sample": sample_json(found.sample)}


def sample_json(sample: BlindSample) -> dict[str, Any]:
    """Return a sample as plain data."""
    return asdict(sample)

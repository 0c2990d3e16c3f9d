"""One layout of evaluation figures, for the terminal, the page and the model card alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

Figures = Mapping[str, Any]
Interval = Sequence[float] | None

SUMMARY: Final = "summary"
STATEMENTS: Final = "statements"
RELIABILITY: Final = "reliability"
COVERAGE: Final = "coverage"
MATRIX: Final = "matrix"
GROUPS: Final = "groups"
LEARNING: Final = "learning"


@dataclass(frozen=True, slots=True)
class Table:
    """Headings and rows, every cell as text."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...] = ()
    """Columns of numbers, set to the right."""


@dataclass(frozen=True, slots=True)
class Section:
    """One question with its tables."""

    key: str
    title: str
    tables: tuple[Table, ...]
    note: str = ""
    wide: bool = False
    """Too wide or too long for a terminal: only on the page."""
    brief: bool = field(default=True)
    """Belongs in a model card."""


def sections(figures: Figures) -> list[Section]:
    """Return everything there is to show, in order; sections without a row are left out."""
    found = [
        _summary(figures),
        _statements(figures),
        *_promise(figures),
        _i_statements(figures),
        _reliability(figures),
        _reliability_each(figures),
        _coverage(figures),
        _matrix(figures),
        _confusions(figures),
        *_parts(figures),
        _groups(figures),
        _learning(figures),
    ]
    return [s for s in found if any(t.rows for t in s.tables)]


def headline(figures: Figures) -> str:
    """Return what was measured on what, in one line."""
    part = f", {figures['split']} split" if figures["split"] else ""
    counts = f"{figures['passages']} passages ({figures['evidence']} are evidence)"
    return f"{figures['classifier']} on {counts}{part}"


def remarks(figures: Figures) -> list[str]:
    """Return sentences that must be read with the figures."""
    found = [*figures["notes"]]
    if figures["guarantee"]:
        found.append(figures["guarantee"]["sentence"])
    source = figures["source"]
    if source["kind"] == "project":
        found.append(
            f"Left out: {source['undecided']} passages without a decision, {source['unsure']} answered "
            f"unsure, {source['without_suggestion']} without a suggestion. On {source['coders_differ']} "
            "passages coders differ; there a statement counts when at least half of them accepted it."
        )
    drift = figures["drift"]
    if drift:
        found.append(
            f"{drift['unlike']} of the {drift['passages']} passages are unlike those the classifier "
            "learned from (1 in 20 would be of passages just like them)."
        )
    return found


def number(value: float | None) -> str:
    """Return three decimals; empty for None."""
    return "" if value is None else f"{value:.3f}"


def between(interval: Interval) -> str:
    """Return an interval as text; empty for None."""
    return "" if interval is None else f"{interval[0]:.2f} to {interval[1]:.2f}"


def signed(value: float | None) -> str:
    """Return a difference with its sign; empty for None."""
    return "" if value is None else f"{value:+.3f}"


def _summary(f: Figures) -> Section:
    main, none, codes, spread = f["main"], f["none"], f["statements"], f["intervals"]
    lines: list[tuple[str, float | None, str]] = [
        ("Main statement first", main["accuracy"], "main.accuracy"),
        ("Main statement, macro F1", main["macro_f1"], "main.macro_f1"),
        ("Main statement in the first two" if f["main_known"] else "One of its statements in the first two",
         main["in_first_two"], "main.in_first_two"),
        ("First suggestion is one of its statements", main["any_of_its_statements"],
         "main.any_of_its_statements"),
        ("Recall of suggestions, all statements", codes["micro_recall"], "statements.micro_recall"),
        ("Precision of suggestions", codes["micro_precision"], "statements.micro_precision"),
        ("Suggestions a passage of evidence", none["suggestions_per_passage"], ""),
        ("None: recall", none["recall"], "none.recall"),
        ("None: evidence lost to it", none["evidence_lost"], "none.evidence_lost"),
        ("Evidence abstained on", none["evidence_abstained"], ""),
        ("I statements, macro F1", f["i_statements"]["macro_f1"], ""),
        ("Evidence category, accuracy", f["evidence_category"]["accuracy"], ""),
        ("Polarity, accuracy", f["polarity"]["accuracy"], ""),
        ("Expected calibration error, all statements", f["calibration"]["expected_calibration_error"], ""),
    ]  # fmt: skip
    rows = tuple(
        (
            label,
            number(value),
            between(spread.get(key, {}).get("passage")),
            between(spread.get(key, {}).get("writer")),
        )
        for label, value, key in lines
        if value is not None
    )
    draws = f["bootstrap"]
    note = (
        f"Intervals are 95 %, from {draws['draws']} bootstrap draws of passages, and of whole "
        f"{_writers(f)} (there are {draws['writers']}), because passages of one resemble each other."
    )
    table = Table(
        "Figures over all passages",
        ("Figure", "Value", "95 %, passages", f"95 %, {_writers(f)}"),
        rows,
        (1, 2, 3),
    )
    return Section(SUMMARY, "All passages", (table,), note)


def _writers(f: Figures) -> str:
    return "documents" if f["source"]["kind"] == "project" else "writers"


def _code_rows(
    codes: Sequence[Mapping[str, Any]], calibration: Mapping[str, float] | None
) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            c["code"], str(c["support"]), number(c["precision"]), number(c["recall"]),
            between(c["intervals"]["recall"]["passage"]), number(c["f1"]), number(c["average_precision"]),
            *((number(calibration[c["code"]]),) if calibration is not None else ()),
        )
        for c in codes
    )  # fmt: skip


_CODE_COLUMNS: Final = ("Passages", "Precision", "Recall", "Recall, 95 %", "F1", "Average precision")


def _statements(f: Figures) -> Section:
    rows = _code_rows(f["statements"]["codes"], f["calibration"]["by_statement"])
    columns = ("Statement", *_CODE_COLUMNS, "Calibration error")
    table = Table("Figures by statement", columns, rows, tuple(range(1, 8)))
    note = "Calibration error is the expected calibration error over ten bands of equal width."
    return Section(STATEMENTS, "By statement", (table,), note)


def _promise(f: Figures) -> list[Section]:
    found = f["promise"]
    if found is None:
        return []
    columns = ("Evidence", "Suggested", "Recall", "Exact 95 %", f"Promise of {found['level']:.2f}")

    def rows(entries: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
        return tuple(
            (
                e["name"],
                str(e["evidence"]),
                str(e["suggested"]),
                number(e["recall"]),
                between(e["interval"]),
                e["standing"],
            )
            for e in entries
        )

    note = (
        f"The thresholds were set so that {found['level']:.0%} of each statement's evidence is "
        "suggested; here on passages they were not set on. Not kept: the whole exact (Clopper-Pearson) "
        "interval lies below. The promise was never made for one kind "
        "of paper alone: there the table shows how it fares."
    )
    return [
        Section(
            "promise",
            "The promise on recall",
            (
                Table(
                    "By statement",
                    ("Statement", *columns),
                    rows([*found["statements"], found["all"]]),
                    (1, 2, 3, 4),
                ),
                Table(
                    "By kind of paper", ("Kind of paper", *columns), rows(found["source_types"]), (1, 2, 3, 4)
                ),
            ),
            note,
        )
    ]


def _i_statements(f: Figures) -> Section:
    seen = [c for c in f["i_statements"]["codes"] if c["support"]]
    table = Table(
        "Figures by I statement", ("I statement", *_CODE_COLUMNS), _code_rows(seen, None), tuple(range(1, 7))
    )
    return Section("i-statements", "By I statement", (table,))


_BINS: Final = ("Probability", "Predictions", "Mean", "Came true")


def _bins(bins: Sequence[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (
            f"{b['low']:.1f} to {b['high']:.1f}",
            str(b["count"]),
            number(b["mean_probability"]),
            number(b["share_true"]),
        )
        for b in bins
    )


def _reliability(f: Figures) -> Section:
    table = Table("Reliability over all statements", _BINS, _bins(f["calibration"]["reliability"]), (1, 2, 3))
    note = "A probability means what it says where the last two columns agree."
    return Section(RELIABILITY, "Do probabilities come true", (table,), note)


def _reliability_each(f: Figures) -> Section:
    each = f["calibration"]["reliability_by_statement"]
    rows = tuple((code, *row) for code, bins in each.items() for row in _bins(bins))
    table = Table("Reliability by statement", ("Statement", *_BINS), rows, (2, 3, 4))
    return Section("reliability-by-statement", "The same by statement", (table,), wide=True, brief=False)


def _coverage(f: Figures) -> Section:
    rows = tuple(
        (number(p["confidence"]), str(p["answered"]), number(p["share"]), number(p["error"]))
        for p in f["coverage"]
    )
    columns = ("From probability", "Passages answered", "Share answered", "First statement wrong")
    table = Table("Share answered against error", columns, rows, (0, 1, 2, 3))
    note = (
        "If only passages whose first statement reaches a probability were answered: how many, and how "
        "often the "
        "first statement would be none of the passage's own. Evidence only."
    )
    return Section(COVERAGE, "Answering less, erring less", (table,), note, brief=False)


def _matrix(f: Figures) -> Section:
    names, counts = f["confusion_matrix"]["names"], f["confusion_matrix"]["counts"]
    rows = tuple((n, *(str(c) for c in row)) for n, row in zip(names, counts, strict=True))
    table = Table(
        "What passages are, and what they were taken for",
        ("Is", *names),
        rows,
        tuple(range(1, len(names) + 1)),
    )
    note = (
        "Rows: the main statement, or the first suggestion where that is another of the passage's "
        "statements. "
        "Columns: the first suggestion; none where nothing was suggested."
    )
    return Section(MATRIX, "Confusion matrix", (table,), note, wide=True, brief=False)


def _confusions(f: Figures) -> Section:
    rows = tuple((c["is"], c["taken_for"], str(c["passages"])) for c in f["confusions"])
    table = Table("First statement wrong", ("Is", "Taken for", "Passages"), rows, (2,))
    return Section("confusions", "Most frequent confusions", (table,))


def _part_rows(parts: Mapping[str, Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (v.get("name", k), str(v["passages"]), number(v["main_accuracy"]), between(v["main_interval"]),
         number(v["recall"]), between(v["recall_interval"]))
        for k, v in parts.items()
    )  # fmt: skip


_PART_COLUMNS: Final = ("Passages", "First statement right", "Exact 95 %", "Evidence suggested", "Exact 95 %")
_SMALL: Final = (
    "Intervals are exact (Clopper-Pearson). Small parts say little: read the interval, not the figure."
)


def _parts(f: Figures) -> list[Section]:
    kinds = [
        ("source-types", "By kind of paper", "Kind of paper", f["by_source_type"], True),
        ("writers", f"By {_writers(f)[:-1]}", _writers(f)[:-1].capitalize(), f["by_writer"], False),
        ("likeness", "By likeness to what was learned from", "Passages", f["by_likeness"] or {}, True),
    ]
    return [
        Section(
            key,
            title,
            (Table(title, (head, *_PART_COLUMNS), _part_rows(parts), (1, 2, 3, 4, 5)),),
            _SMALL,
            brief=brief,
        )
        for key, title, head, parts, brief in kinds
    ]


def _groups(f: Figures) -> Section:
    columns = ("Group named", "Passages", "First statement right", "Evidence suggested", "Exact 95 %",
               "Difference to the rest", "95 %")  # fmt: skip
    rows = tuple(
        (g["name"], str(g["passages"]), number(g["main_accuracy"]), number(g["recall"]),
         between(g["recall_interval"]), signed(g["recall_difference"]),
         between(g["recall_difference_interval"]))
        for g in f["by_group"].values()
    )  # fmt: skip
    note = (
        "Passages whose words name a group of people, by a word list (docs/evaluate.md). The difference "
        "is that of "
        "evidence suggested, with Newcombe's interval; of seventeen groups about one will lie outside "
        "by chance."
    )
    return Section(
        GROUPS, "By group of people named", (Table("By group", columns, rows, tuple(range(1, 7))),), note
    )


def _learning(f: Figures) -> Section:
    def spread(s: Mapping[str, float]) -> str:
        return f"{s['median']:.3f} ({s['low']:.3f} to {s['high']:.3f})"

    rows = tuple(
        (str(p["decisions"]), str(p["measured_on"]), f"{p['kept']} of {p['seeds']}",
         *(spread(p[who]["first"]) for who in ("shipped", "head", "gain")), spread(p["gain"]["recall"]))
        for p in f.get("learning", ())
    )  # fmt: skip
    columns = (
        "Decisions",
        "Measured on",
        "Head kept",
        "First right, shipped",
        "First right, head",
        "Gain",
        "Gain in recall",
    )
    note = "Decisions drawn at random and answered with the labels; median and range over the seeds."
    return Section(
        LEARNING,
        "What learning from decisions would gain",
        (Table("By decisions", columns, rows, tuple(range(7))),),
        note,
    )

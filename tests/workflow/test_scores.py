"""Scores people enter, and the published rule on the published scores of the rated councils."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_mapper.domain.coding import EventAction
from evidence_mapper.domain.score import ScoringRule, overall
from evidence_mapper.errors import UsageError
from evidence_mapper.frameworks.published import scoring_rule
from evidence_mapper.workflow.project import Project, create_project
from evidence_mapper.workflow.scores import scoreboard, set_score, unset_score

PUBLISHED = Path(__file__).parent / "data" / "published_scores.csv"
ORDER = ("Inadequate", "Requires improvement", "Good", "Outstanding")


def published() -> list[tuple[str, str, list[int]]]:
    lines = PUBLISHED.read_text(encoding="utf-8").splitlines()
    rows = csv.reader(line for line in lines if not line.startswith("#"))
    next(rows)
    return [(name, rating, [int(s) for s in scores]) for name, rating, *scores in rows]


@pytest.fixture(scope="module")
def rule() -> ScoringRule:
    found = scoring_rule("cqc-local-authority")
    assert found is not None
    return found


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with create_project(tmp_path / "p.sqlite") as opened:
        yield opened


def test_the_rule_gives_the_published_rating_of_every_rated_council(rule: ScoringRule) -> None:
    rated = [row for row in published() if row[1] != "Not Rated"]
    assert len(rated) == 71
    assert {rating for _, rating, _ in rated} == set(ORDER)
    wrong = [(name, rating) for name, rating, scores in rated if overall(rule, scores).rating != rating]
    assert wrong == []


@pytest.mark.parametrize(
    ("total", "percent", "rating"),
    [
        (9, 25, "Inadequate"),
        (13, 36, "Inadequate"),
        (14, 39, "Requires improvement"),
        (22, 61, "Requires improvement"),
        (23, 64, "Good"),
        (31, 86, "Good"),
        (32, 89, "Outstanding"),
        (36, 100, "Outstanding"),
    ],
)
def test_ratings_change_at_the_published_totals(
    rule: ScoringRule, total: int, percent: int, rating: str
) -> None:
    each, over = divmod(total, 9)
    found = overall(rule, [each + 1] * over + [each] * (9 - over))
    assert (found.total, found.out_of, found.whole_percent, found.rating) == (total, 36, percent, rating)


@given(st.permutations(range(9)), st.lists(st.integers(1, 4), min_size=9, max_size=9), st.integers(0, 8))
def test_order_does_not_matter_and_a_higher_score_never_lowers_the_rating(
    order: list[int], scores: list[int], place: int
) -> None:
    rule = scoring_rule("cqc-local-authority")
    assert rule is not None
    found = overall(rule, scores)
    assert overall(rule, [scores[i] for i in order]) == found
    better = [min(4, s + 1) if i == place else s for i, s in enumerate(scores)]
    assert ORDER.index(overall(rule, better).rating) >= ORDER.index(found.rating)


@pytest.mark.parametrize("scores", [[3] * 8, [3] * 10, [], [0] + [3] * 8, [5] + [3] * 8])
def test_a_part_of_the_scores_or_one_off_the_scale_is_refused(rule: ScoringRule, scores: list[int]) -> None:
    with pytest.raises(ValueError, match="score"):
        overall(rule, scores)


def test_every_part_of_the_rule_says_how_far_it_was_verified(rule: ScoringRule) -> None:
    standings = {part: wording.verification.value for part, wording in rule.parts()}
    assert standings["rating bands"] == "verbatim"
    assert standings["overall percentage"] == "unverified"
    assert all(w.sources or w.verification.value == "own" for _, w in rule.parts())
    bands = [(b.from_percent, b.to_percent) for b in rule.bands]
    assert bands == [(25, 38), (39, 62), (63, 87), (88, 100)]


def test_scores_are_kept_with_author_and_date_and_changed_by_new_entries(project: Project) -> None:
    set_score(project, "safeguarding", 2, coder="Ann", note="board")
    set_score(project, "Safeguarding", 3, coder="Bo")
    board = scoreboard(project)
    assert board is not None
    assert (board.held["safeguarding"].value, board.held["safeguarding"].coder) == (3, "Bo")
    assert [(e.value, e.coder, e.note) for e in board.history] == [(2, "Ann", "board"), (3, "Bo", None)]
    assert all(e.at.endswith("Z") or "+" in e.at for e in board.history)
    assert project.store.history(limit=1)[0].words == "score 3 for ‘Safeguarding’"
    unset_score(project, "7", coder="Bo")
    board = scoreboard(project)
    assert board is not None
    assert board.held == {}
    assert [e.value for e in board.history] == [2, 3, None]
    assert project.store.verify() == []


def test_nothing_is_computed_until_all_nine_are_there(project: Project) -> None:
    statements = [s.id for s in project.framework.statements]
    for number, statement in enumerate(statements):
        board = scoreboard(project)
        assert board is not None
        assert board.overall is None
        assert [s.id for s in board.missing] == statements[number:]
        set_score(project, statement, 3, coder="Ann")
    board = scoreboard(project)
    assert board is not None
    assert board.overall is not None
    assert (board.overall.total, board.overall.rating) == (27, "Good")
    unset_score(project, "equity", coder="Ann")
    again = scoreboard(project)
    assert again is not None
    assert again.overall is None


@pytest.mark.parametrize(("statement", "value"), [("safeguarding", 0), ("safeguarding", 5), ("nothing", 3)])
def test_what_is_off_the_scale_or_unknown_is_refused_and_not_recorded(
    project: Project, statement: str, value: int
) -> None:
    with pytest.raises(UsageError, match=r"1 to 4|assessing-needs"):
        set_score(project, statement, value, coder="Ann")
    with pytest.raises(UsageError, match=r"no score to take off|no statement"):
        unset_score(project, statement, coder="Ann")
    assert project.store.entries([EventAction.SCORE]) == []


def test_a_framework_without_a_published_rule_has_no_scores(tmp_path: Path) -> None:
    with create_project(tmp_path / "q.sqlite", "making-it-real") as opened:
        assert scoreboard(opened) is None
        statement = opened.framework.statements[0].id
        with pytest.raises(UsageError, match="no published scoring rule"):
            set_score(opened, statement, 3, coder="Ann")

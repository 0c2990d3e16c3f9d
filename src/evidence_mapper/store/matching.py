"""Finds the passages of one version of a document again in the next.

Passages with the same words pair off first, those with the same surroundings before others. What is
left is compared word by word, and last of all looked for within other passages: text is only ever
found by its exact words with the words before and after to tell repeats apart, as a quote selector does.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from evidence_mapper.domain.version import Fate, plain

CHANGED_FROM: Final = 0.8
"""Least similarity of the words of a passage that was changed and not replaced."""

_AROUND: Final = 32
"""Characters before and after a quote that tell one occurrence from another."""
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_LEAST_QUOTE: Final = 5
"""Words from which a passage is looked for within others: fewer may stand anywhere by chance."""
_LOOKED_UP: Final = 0.6
"""Share of a passage's words, the rarest, by which others like it are found."""
_MOST_COMPARED: Final = 8
"""Passages a changed one is compared with in full: those that share most words."""


@dataclass(frozen=True, slots=True)
class Said:
    """What matching needs to know of a passage."""

    key: str
    """The same for the same words in answer to the same question."""
    text: str
    place: Hashable = None
    """What tells repeats apart: the other columns of a survey, the headings above."""
    judged: Hashable = None
    """What was decided on it: where that is the same for all repeats, they need not be told apart."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where an old passage went; both are zero-based places in their sequences."""

    old: int
    new: int | None
    fate: Fate
    similarity: float


def match(old: Sequence[Said], new: Sequence[Said]) -> list[Match]:
    """Return what became of each old passage, in order; no new passage is taken twice for the same words.

    Parameters
    ----------
    old, new
        Passages in reading order.
    """
    pairs, doubtful = _same_words(old, new)
    in_order = _longest_run(sorted(pairs.items()))
    found = []
    for o, n in pairs.items():
        stayed = Fate.UNCHANGED if o in in_order else Fate.MOVED
        found.append(Match(o, n, Fate.CHANGED if o in doubtful else stayed, 1.0))
    left_old = [o for o in range(len(old)) if o not in pairs]
    taken = set(pairs.values())
    left_new = [n for n in range(len(new)) if n not in taken]
    changed = _nearly_same_words(old, new, (left_old, left_new))
    found += changed
    done = {m.old for m in changed}
    found += _within_others(old, new, [o for o in left_old if o not in done])
    return sorted(found, key=lambda m: m.old)


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, word by word, in [0, 1]."""
    return SequenceMatcher(None, words(one), words(other), autojunk=False).ratio()


def words(text: str) -> list[str]:
    """Return words and marks of punctuation, in order."""
    return _WORD.findall(text)


def _same_words(old: Sequence[Said], new: Sequence[Said]) -> tuple[dict[int, int], set[int]]:
    """Return old to new place of passages with the same words, and the old ones whose pair is a guess."""
    addresses = [(_addresses(old, round_), _addresses(new, round_)) for round_ in range(len(_ROUNDS))]
    pairs: dict[int, int] = {}
    for mine, theirs in addresses:
        pairs |= _pair_off(mine, theirs, pairs)
    sure = set(pairs)
    pairs |= _pair_off(*addresses[-1], pairs, guess=True)
    judged: dict[str, set[Hashable]] = defaultdict(set)
    for o, said in enumerate(old):
        if o not in sure:
            judged[said.key].add(said.judged)
    return pairs, {o for o in pairs.keys() - sure if len(judged[old[o].key]) > 1}


def _pair_off(
    mine: Sequence[Hashable], theirs: Sequence[Hashable], pairs: dict[int, int], *, guess: bool = False
) -> dict[int, int]:
    """Return pairs of passages not paired yet that have the same address, in order.

    Where one side has more of them than the other it is not known which is missing: only a guess
    pairs those.
    """
    taken = set(pairs.values())
    sides: dict[Hashable, tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for o, address in enumerate(mine):
        if o not in pairs:
            sides[address][0].append(o)
    for n, address in enumerate(theirs):
        if n not in taken:
            sides[address][1].append(n)
    return {
        o: n
        for here, there in sides.values()
        if guess or len(here) == len(there)
        for o, n in zip(here, there, strict=False)
    }


_ROUNDS: Final = (("place", "before", "after"), ("place",), ("before", "after"), ("before",), ("after",), ())
"""What is compared besides the words, the surest first."""


def _addresses(passages: Sequence[Said], round_: int) -> list[Hashable]:
    parts: dict[str, Sequence[Hashable]] = {
        "place": [said.place for said in passages],
        "before": _other_before(passages),
        "after": _other_before(passages[::-1])[::-1],
    }
    chosen = [parts[name] for name in _ROUNDS[round_]]
    return [(said.key, *(part[i] for part in chosen)) for i, said in enumerate(passages)]


def _other_before(passages: Sequence[Said]) -> list[str]:
    """Return the key of the nearest passage before each that has other words: repeats tell nothing."""
    found: list[str] = []
    for i, said in enumerate(passages):
        if i and passages[i - 1].key == said.key:
            found.append(found[-1])
        else:
            found.append(passages[i - 1].key if i else "")
    return found


def _longest_run(pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Return the old places of the longest part of the pairs that is in order on both sides."""
    ends: list[int] = []
    at: list[int] = []
    before: dict[int, int | None] = {}
    for index, (_, n) in enumerate(pairs):
        length = bisect_left(ends, n)
        before[index] = at[length - 1] if length else None
        if length == len(ends):
            ends.append(n)
            at.append(index)
        else:
            ends[length], at[length] = n, index
    run: set[int] = set()
    index_or_none = at[-1] if at else None
    while index_or_none is not None:
        run.add(pairs[index_or_none][0])
        index_or_none = before[index_or_none]
    return run


def _nearly_same_words(
    old: Sequence[Said], new: Sequence[Said], left: tuple[Sequence[int], Sequence[int]]
) -> list[Match]:
    """Return the pairs alike enough, the most alike first, each passage in one pair."""
    counted = {n: Counter(words(new[n].text)) for n in left[1]}
    holding: dict[str, list[int]] = defaultdict(list)
    for n, count in counted.items():
        for word in count:
            holding[word].append(n)
    scored: list[tuple[float, int, int]] = []
    for o in left[0]:
        mine = Counter(words(old[o].text))
        for n in _likely(mine, counted, holding):
            alike = similarity(old[o].text, new[n].text)
            if alike >= CHANGED_FROM:
                scored.append((-alike, o, n))
    found: dict[int, Match] = {}
    taken: set[int] = set()
    for minus, o, n in sorted(scored, key=lambda s: (s[0], abs(s[1] - s[2]), s[1])):
        if o not in found and n not in taken:
            found[o] = Match(o, n, Fate.CHANGED, -minus)
            taken.add(n)
    return list(found.values())


def _likely(mine: Counter[str], counted: dict[int, Counter[str]], holding: dict[str, list[int]]) -> list[int]:
    """Return the new passages that may be alike enough, by the words they share whatever their order."""
    total = mine.total()
    votes: Counter[int] = Counter()
    seen = 0
    # Only the rarer words are looked up: the common ones are in every passage and tell nothing.
    for word in sorted(mine, key=lambda w: len(holding.get(w, ()))):
        seen += mine[word]
        for n in holding.get(word, ()):
            votes[n] += min(mine[word], counted[n][word])
        if seen >= total * _LOOKED_UP:
            break
    # A passage alike enough lacks at most a third of the words.
    needed = seen - total * (1 - CHANGED_FROM / (2 - CHANGED_FROM))
    bounds = []
    for n, shared in votes.items():
        if shared >= needed:
            bound = 2 * (mine & counted[n]).total() / (total + counted[n].total())
            if bound >= CHANGED_FROM:
                bounds.append((-bound, n))
    return [n for _, n in sorted(bounds)[:_MOST_COMPARED]]


def _within_others(old: Sequence[Said], new: Sequence[Said], left: Iterable[int]) -> list[Match]:
    """Return where the exact words of old passages stand within new ones that were cut another way."""
    pieces = [plain(s.text) for s in new]
    starts = []
    length = 0
    for piece in pieces:
        starts.append(length)
        length += len(piece) + 1
    everything = " ".join(pieces)
    found = []
    for o in left:
        quote = plain(old[o].text)
        at = _find(everything, quote, _around(old, o)) if quote.count(" ") >= _LEAST_QUOTE - 1 else None
        if at is None:
            found.append(Match(o, None, Fate.VANISHED, 0.0))
            continue
        n = _holder(starts, pieces, (at, at + len(quote)))
        found.append(Match(o, n, Fate.CHANGED, similarity(old[o].text, new[n].text)))
    return found


def _around(old: Sequence[Said], place: int) -> tuple[str, str]:
    """Return the words before and after a passage in its own version."""
    before = plain(old[place - 1].text)[-_AROUND:] if place else ""
    after = plain(old[place + 1].text)[:_AROUND] if place + 1 < len(old) else ""
    return before, after


def _find(text: str, quote: str, around: tuple[str, str]) -> int | None:
    """Return where whole words are the quote, the occurrence with most of its surroundings first."""
    best: tuple[int, int] | None = None
    at = text.find(quote)
    while at >= 0:
        end = at + len(quote)
        whole = (at == 0 or text[at - 1] == " ") and (end == len(text) or text[end] == " ")
        if whole:
            before, after = text[max(0, at - _AROUND - 1) : at], text[end : end + _AROUND + 1]
            score = _shared_end(before.rstrip(), around[0]) + _shared_start(after.lstrip(), around[1])
            if best is None or score > best[0]:
                best = (score, at)
        at = text.find(quote, at + 1)
    return None if best is None else best[1]


def _shared_start(one: str, other: str) -> int:
    return next(
        (i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )


def _shared_end(one: str, other: str) -> int:
    return _shared_start(one[::-1], other[::-1])


def _holder(starts: Sequence[int], pieces: Sequence[str], where: tuple[int, int]) -> int:
    """Return the passage that holds most of a range."""
    first, last = bisect_right(starts, where[0]) - 1, bisect_right(starts, where[1] - 1) - 1
    best = (0, first)
    for n in range(first, last + 1):
        overlap = min(where[1], starts[n] + len(pieces[n])) - max(where[0], starts[n])
        if overlap > best[0]:
            best = (overlap, n)
    return best[1]

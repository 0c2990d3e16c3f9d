"""People's names by rule: titles, words of kinship and jobs beside them, forms' labels, and the lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact import cues
from evidence_mapper.redact.artefact import Lexicon
from evidence_mapper.redact.base import SUBJECT, Found, Kind
from evidence_mapper.redact.tokens import Word, words_of

Manner = Literal["", "small", "loud"]
_GAP: Final = re.compile(r"[ \t\xa0]|[ ]?[-‐–][ ]?|\.[ ]?|[ ][\"'“‘(]|[\"'”’)][ ]|'|’")
"""What may stand between two words of one name."""
_ROLE_AFTER: Final = re.compile(
    r"^(?:[ ]?,[ ]|[ ]?\(|[ ]-[ ]|[ ]?/[ ]?)(?:(?:her|his|their|"
    r"the|my|a|an|our|mr|mrs|duty|allocated|lead|senior|locum|new)[ ])?((?:[A-Za-z'-]+[ "
    r"]){0,3}?[A-Za-z'-]+)(?=[,.;:)\n]|[ ](?:and|from|at|who|with|on|for|has|is|was|will|"
    r"came|called|rang)\b|$)"
)
_TITLE: Final = re.compile(
    r"(?:[A-ZÀ-Þ][a-zß-ÿ'’ʼ]*[a-zß-ÿ]-?)+|"
    r"[A-ZÀ-Þ][a-zß-ÿ]{0,3}['’]?[A-ZÀ-Þ][a-zß-ÿ]+|[A-ZÀ-Þ]\w*[^\x00-\x7f]\w*"
)
"""A word written as a name is: "Okoro", "Smith-Jones", "McKay", "O'Dea", but not "TTOs"."""
_SHORT: Final = 3
"""Letters up to which every word is near some other."""
_CUTS: Final = range(3, 7)
"""Letters to which words are cut short."""
_VERBS: Final = frozenset(
    {"will", "may", "can", "hope", "mark", "grant", "bill", "art", "pat", "chase", "drew"}
)
"""Given names that small letters make verbs."""
_LETTERS: Final = re.compile(r"[A-Z]{2,3}")
_PAIR: Final = re.compile(r"^ ?[/&] ?[A-Z]{2,3} (?:to|will|visited|attended|met|agreed|have|are|were)\b")
_SIGNED_ONLY: Final = frozenset({"pt", "ms", "la", "aa", "ee", "es", "ed", "pa", "dd", "mi"})
"""Abbreviations of the papers that are somebody's initials where initials are asked for."""
_PAIRED: Final = re.compile(r"\b[A-Z]{2,3} ?[/&] ?$")
_MONTHS: Final = frozenset({"may", "june", "april", "august"})
_NOT_TOLD: Final = _VERBS - {"mark", "pat", "art"}
"""Names that open a sentence as another word before "to": "Hope to resolve", "Grant to cover"."""
_LOUD: Final = 0.6
"""Share of words in capitals above which a text counts as typed in them."""
_LOW_SHARE: Final = 0.34
"""Share of words with a capital below which a text counts as typed without them: one a sentence is more."""
_NEAR: Final = 40


class NameRules:
    """The rules over one set of word lists."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._cut_short = {w[:n] for w in lexicon.words for n in _CUTS if len(w) > n + 1}

    def find(self, text: str) -> list[Found]:
        """Return names found, in no order; they may overlap."""
        words = words_of(text, self.lexicon)
        manner = manner_of(words)
        found = []
        for i in range(len(words)):
            for start, last, role in self._at(text, words, i, manner):
                found.append(_found(text, words, start, last, role))
        return found

    def _at(
        self, text: str, words: list[Word], i: int, manner: Manner
    ) -> Iterator[tuple[int, int, str | None]]:
        word = words[i]
        if word.low in cues.TITLES or (word.low in cues.SOFT_TITLES and word.capital):
            yield from self._titled(text, words, i, manner)
        if not _may_begin(word, manner):
            return
        before, after = text[max(0, word.start - _NEAR) : word.start], text[word.end : word.end + _NEAR]
        role = _role_before(words, i, text)
        if role is None and (label := cues.LABEL.search(before)):
            staff = cues.STAFF_LABEL.search(label.group())
            role = "staff" if staff else SUBJECT if cues.SUBJECT_LABEL.search(label.group()) else ""
        last = self._last(text, words, i, manner)
        after = text[words[last].end : words[last].end + _NEAR]
        follows = _role_after(after)
        meant = manner == "small" and word.given and not word.never and not word.capital
        if meant and word.ordinary and _is_person(before, after) and word.low not in _VERBS:
            yield i, last, None
            return
        telling = not word.never and (word.known or (not word.ordinary and self._is_meant(word)))
        leads = last > i and word.text.istitle() and not word.never and not words[last].ordinary
        if not word.capital and word.ordinary and role is None:
            return
        if role is not None and (telling or leads or (word.given and word.capital)):
            yield i, last, role or follows
        elif (
            (follows and telling)
            or (cues.NAMED.search(before) and word.text.istitle())
            or self._plain(text, words, i, last, (before, after, manner))
        ):
            yield i, last, follows

    def _is_meant(self, word: Word) -> bool:
        """Return whether a word typed small is more than an ordinary word with a slip in it."""
        return word.capital or not near_ordinary(word.low, self.lexicon)

    def _is_short(self, word: Word) -> bool:
        """Return whether a word no list knows is an ordinary one cut short: "Prev", "Equip"."""
        return not word.known and word.low in self._cut_short

    def _plain(
        self, text: str, words: list[Word], i: int, last: int, around: tuple[str, str, Manner]
    ) -> bool:
        """Return whether a word is a name by the lists, or by its place in the sentence."""
        word, (before, after, manner) = words[i], around
        if word.initial:
            return last > i and _initialled(text, words, i, last)
        if manner != "loud" and _is_letters(word, before, after):
            return True
        if word.never:
            lettered = last == i + 1 and words[last].initial
            return word.text.istitle() and (
                (word.given and lettered)
                or (
                    (word.given or word.low in cues.SOFT_TITLES)
                    and word.known
                    and word.low not in cues.KIN
                    and bool(cues.SAYS.match(after))
                )
            )
        if word.known and not word.ordinary:
            return True
        if word.given and last > i and any(w.surname for w in words[i + 1 : last + 1]):
            return not word.opens or any(not w.ordinary for w in words[i + 1 : last + 1])
        said = bool(cues.SAID.match(after))
        cued = bool(cues.SPOKEN.search(before)) or bool(cues.GROUP.match(after))
        speaks = after.startswith(":") and (not before or before[-1] == "\n") and not self._is_short(word)
        if not word.capital:
            return (
                word.known
                or bool(cues.CALLED.search(before))
                or (len(word.text) > _SHORT and self._is_meant(word))
            )
        if (
            manner == "loud"
            and not word.ordinary
            and len(word.text) > _SHORT
            and not near_ordinary(word.low, self.lexicon)
        ):
            return True
        if word.ordinary:
            phrase = i + 1 < len(words) and words[i + 1].capital and words[i + 1].ordinary and last == i
            meant = said or (word.low != "may" and (cued or not phrase))
            acts = bool(cues.SPEECH.match(after)) or (
                word.low not in _MONTHS and bool(cues.ACTS.match(after))
            )
            acts = acts or (word.low not in _NOT_TOLD and bool(cues.CHASES.match(after)))
            return word.given and word.text.istitle() and (acts if word.opens else meant)
        if len(word.text) == 1 or (last == i and (cues.TOWN.search(before) or cues.AREA.match(after))):
            return False
        alone = len(word.text) > _SHORT - 1 and bool(_TITLE.fullmatch(word.text))
        if word.opens:
            likely = not (
                after.startswith(":") or self._is_short(word) or near_ordinary(word.low, self.lexicon)
            )
        else:
            family = before.endswith("the ") and word.low.endswith("s")  # "the Pinders"
            likely = family or not cues.WHERE.search(before)
        alone = alone and likely
        return bool(said or speaks or alone or (cued and not word.text.isupper()) or last > i)

    def _titled(
        self, text: str, words: list[Word], i: int, manner: Manner
    ) -> Iterator[tuple[int, int, str | None]]:
        j, soft = i + 1, words[i].low in cues.SOFT_TITLES
        if j + 1 < len(words) and words[j].low in {"and", "n"} and words[j + 1].low in cues.TITLES:
            j += 2
        elif j < len(words) and words[j].low in cues.TITLES:
            j += 1
        if j >= len(words) or not re.fullmatch(
            r"\.?[ \t]{0,2}(?:& ?Mrs\.? )?", text[words[j - 1].end : words[j].start]
        ):
            return
        word = words[j]
        if soft and (word.ordinary and not word.given):
            return
        dotted = text[words[j - 1].end] == "."
        if (word.never and not word.text.istitle()) or (dotted and word.ordinary and not word.known):
            return
        small = not word.capital
        if small and not (word.known or len(word.text) == 1 or not word.ordinary):
            return
        if word.low in {"and", "or", "is", "was", "the", "who", "to", "has"} or (small and soft):
            return
        role = "staff" if words[i].low in {"dr", "doctor", "nurse", "matron", "cllr", "pc", "prof"} else None
        yield (
            (j if soft and words[i].low in cues.KIN and words[i].low != "sister" else i),
            self._last(text, words, j, manner, titled=True),
            role or (cues.KIN.get(words[i].low) if soft else None),
        )

    def _last(self, text: str, words: list[Word], i: int, manner: Manner, *, titled: bool = False) -> int:
        """Return the index of the last word of the name that begins at ``i``."""
        last = i
        for j in range(i + 1, min(i + 6, len(words))):
            gap = text[words[j - 1].end : words[j].start]
            turned = (
                gap == ", "
                and words[last].text.isupper()
                and len(words[last].text) > 1
                and words[j].text.istitle()
            )
            if turned and words[j].given and j == i + 1:
                last = j
                continue
            if not _GAP.fullmatch(gap) or (gap == ". " and len(words[j - 1].text) > 2):
                break
            word = words[j]
            if word.low in cues.PARTICLES and not word.capital:
                continue
            whole = titled and last == i and word.text.istitle() and gap == " "
            whole = whole and (not word.never or bool(re.match(r" [a-z]", text[word.end : word.end + 2])))
            if not whole and not _continues(word, words[last], manner):
                break
            last = j
        return last


def _is_letters(word: Word, before: str, after: str) -> bool:
    """Return whether capitals stand for somebody by their place: "Author: DH", "KM/DL to attend"."""
    if not _LETTERS.fullmatch(word.text) or word.low in cues.STAFF:
        return False
    signed = cues.SIGNED.search(before)
    if word.ordinary:
        return bool(signed) and word.low in _SIGNED_ONLY
    paired = _PAIR.match(after) or _PAIRED.search(before)
    return bool(signed or (paired and (cues.SAID.match(after) or _PAIR.match(after) or " to " in after[:4])))


def _is_person(before: str, after: str) -> bool:
    return bool(cues.STRONG.search(before) or cues.SPEECH.match(after))


def _may_begin(word: Word, manner: Manner) -> bool:
    if word.low in cues.TITLES or (word.never and not word.text.istitle()):
        return False
    if word.capital:
        return True
    if manner == "small":
        return (not word.ordinary or word.given) and len(word.text) > 2
    return word.known and not word.ordinary and len(word.text) > 4


def _continues(word: Word, previous: Word, manner: Manner) -> bool:
    if word.never and not (word.text.istitle() and (previous.given or previous.low in cues.TITLES)):
        return False
    if word.low in cues.AFTER_NAME and not previous.ordinary:
        return True
    if not word.capital:
        return manner == "small" and (
            (word.known and not word.ordinary)
            or (len(word.text) == 1 and word.low not in "ia" and previous.given)
        )
    if word.initial:
        return word.text != "I" or previous.initial
    if word.text.isupper() and len(word.text) > 1 and not word.known and not previous.text.isupper():
        return not word.ordinary and len(word.text) > 4
    if previous.given and not previous.ordinary and word.text.istitle():
        return True
    return word.known or not word.ordinary


def _initialled(text: str, words: list[Word], i: int, last: int) -> bool:
    """Return whether an initial and what follows make a name: "R. Szymanski", "J.K." but not "A Council"."""
    gap = text[words[i].end : words[i].end + 1]
    rest = words[i + 1 : last + 1]
    if gap == ".":
        return True
    if words[i].text in "AI":
        return rest[-1].known and not rest[-1].ordinary
    return i == 0 or words[i - 1].low not in cues.NO_INITIAL


def _role_before(words: list[Word], i: int, text: str) -> str | None:
    """Return the role that the word before gives, or None when it gives none."""
    if i == 0:
        return None
    previous, gap = words[i - 1], text[words[i - 1].end : words[i].start]
    if not re.fullmatch(r"(?:'s|’s|s')?(?:[ ]|,[ ]|:[ ]?|[ ]\(|[ ]-[ ]|\.[ ](?=$))?", gap) or not gap:
        return None
    named = gap in {" ", ": ", ":", " ("}
    if previous.low in cues.KIN and (named or gap == ", "):
        return cues.KIN[previous.low]
    if previous.low in cues.STAFF and (named or gap == ", ") and not previous.known:
        return "staff"
    return None


def _role_after(after: str) -> str | None:
    match = _ROLE_AFTER.match(after)
    if not match:
        return None
    said = [w.casefold() for w in match.group(1).split()]
    if said[-1] in cues.KIN:
        return cues.KIN[said[-1]]
    return "staff" if said[-1] in cues.STAFF or said[0] in {"sw", "ot", "gp", "cpn", "dn"} else None


def near_ordinary(low: str, lexicon: Lexicon) -> bool:
    """Return whether a word is one slip of the pen from an ordinary word."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    pairs = [(low[:i], low[i:]) for i in range(len(low) + 1)]
    slips = {a + b[1:] for a, b in pairs if b} | {a + b[1] + b[0] + b[2:] for a, b in pairs if len(b) > 1}
    slips |= {a + c + b[1:] for a, b in pairs if b for c in letters} | {
        a + c + b for a, b in pairs for c in letters
    }
    return len(low) > _SHORT and any(
        len(s) > _SHORT and (s in lexicon.words or s in lexicon.never) for s in slips
    )


def manner_of(words: list[Word]) -> Manner:
    """Return how a text is typed: hardly a capital, hardly a small letter, or neither."""
    if sum(w.text.isupper() for w in words) > len(words) * _LOUD:
        return "loud"
    return "small" if typed_small(words) else ""


def typed_small(words: list[Word]) -> bool:
    """Return whether a text is typed with hardly a capital letter."""
    letters = [w for w in words if len(w.text) > 1]
    capitals = sum(w.capital for w in letters)
    opens = sum(w.opens for w in letters)
    return bool(letters) and capitals < max(2.0, _LOW_SHARE * opens)


def _found(text: str, words: list[Word], start: int, last: int, role: str | None) -> Found:
    begin, end = words[start].start, words[last].end
    if words[last].initial and text[end : end + 1] == "." and last > start:
        end += 1
    return Found(Span(begin, end), Kind.PERSON, role or None)

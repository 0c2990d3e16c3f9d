"""Named places of which the kind says little: homes by a bare name, places in small letters, sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact.artefact import Lexicon
from evidence_mapper.redact.base import Found, Kind
from evidence_mapper.redact.cues import word_set

_CAP: Final = r"[A-Z][\w'’-]*[a-z][\w'’-]*"
_KINDS: Final = (
    r"(?:Hotel|Guest House|Foyer|Post Office|Garden Centre|Leisure Centre|Sports Centre|Library|Primary|"
    r"Infants?|"
    r"Juniors?|Comprehensive|Comp|Grammar|Sixth Form|Home Support|Home Help|Care Village|Retirement Village|"
    r"Care Partnership|Support Services|Carers|Caring|Health Village|Walk-?in Centre|Solicitors|Accountants|"
    r"Medical Practice|Day Care|Daycare|Workshop|Workshops|Project|Farm Project|Women's Refuge|Refuge|"
    r"Retirement Living|Almshouses|Day Opportunities|Court Care Home)"
)
_NAMED: Final = re.compile(rf"(?<![\w])(?:{_CAP} (?:(?:and|&|of) )?){{1,4}}{_KINDS}\b")
_AT_HOME: Final = re.compile(
    rf"(?<![\w])(?:{_CAP} ){{1,2}}(?:at Home|Care at Home|in the Community|Homecare|HomeCare)\b"
)
_WARD: Final = re.compile(
    rf"\b[Ww]ard [A-Z]?\d{{1,2}}[A-Z]?,? (?:at |of )?(?:the )?(?:{_CAP} ){{0,2}}"
    rf"(?:General|Royal|Infirmary|Hospital)\b"
)
_HOLY: Final = re.compile(
    rf"\b(?:Our Lady(?: and St\.? {_CAP}| (?:of|Star|Queen|Help)(?: (?:the|of|{_CAP})){{1,4}})|"
    rf"Holy (?:Trinity|Family|Cross|Rood|Name|Spirit|Rosary|Saviour)|Sacred Heart|All Saints|All Souls|"
    rf"Christ the King|Christ Church|Corpus Christi|Immaculate Conception|Assumption|English Martyrs)"
    rf"(?:['’]s?)?(?: (?:RC|Catholic|C of E|CE|Primary|School|Church|Parish))*"
)
_ROYAL: Final = re.compile(
    r"\b(?:Queen|King|Princess|Prince|Duke of|Duchess of|Lord|Lady) [A-Z][a-z]+['’]s(?=[\s.,;:)]|$)"
)
_ABROAD: Final = re.compile(
    rf"\b(?:Hospital|H[oô]pital|Ospedale|Szpital|Clinica|Clínica|Klinikum) (?:(?:de|da|do|la|le|del|di|"
    rf"San|Santa|"
    rf"w|{_CAP}) ?){{1,4}}(?<! )"
)
_STAYS: Final = re.compile(
    rf"\b(?:stay(?:s|ed|ing)?|placed|resident|resides?|residing|respite|placements?|bed|room|place|"
    rf"manager|matron|"
    rf"staff|discharged|discharge|moved|back|remain(?:s|ed|ing)?|died|passed away|settled|vacancy|admission|"
    rf"cared for|carers?|nurse|nurses|living|lives|lived|home)(?: \w+)? at (?:the )?({_CAP}(?: {_CAP})?)"
    rf"(?=[\s.,;:)]|$)"
)
_TREES: Final = (
    r"(?:larches|willows|limes|firs|cedars|beeches|hollies|laurels|poplars|oaks|elms|gables|grange|manor|"
    r"lindens|"
    r"hawthorns|chestnuts|maples|rowans|sycamores|orchards?|pines|heathers|hollins|birches|ashes|hazels|"
    r"elders|brambles|briars|haven|priory|abbey|lodge|croft|meadows|mount|paddocks?|old rectory|"
    r"old vicarage|beech(?:es)?|conifers|magnolias|spinney|coppice|acorns)"
)
_TREES_SMALL: Final = re.compile(
    rf"(?:(?<=\bat )|(?<=\bto )|(?<=\bin )|(?<=\binto )|(?<=\bfrom )|(?<=\bfrm )|(?<=\brung )|(?<=\brang )|"
    rf"(?<=\bvia ))(?:the|The) {_TREES}\b(?! (?:tree|road|bush))"
)
_SMALL_KINDS: Final = (
    r"(?:primary|primary school|infirmary|hospice|academy|surgery|medical centre|health centre|care home|"
    r"nursing home|residential home|high school|grange|lodge|house|court|manor|general|day centre|hospital|"
    r"college|special school|nursery|rest home|med centre)"
)
_SMALL: Final = re.compile(
    rf"(?:(?<=\bat )|(?<=\bto )|(?<=\bfrom )|(?<=\bfrm )|(?<=\bin )|(?<=\bvia )|(?<=\bring )|(?<=\brang ))"
    rf"(?:st )?[a-z'’]{{3,}}(?: (?:road|lane|street|hill|park|green|bank|view|wood|[a-z'’]{{4,}}))? "
    rf"{_SMALL_KINDS}\b"
)
_SAINT_SMALL: Final = re.compile(
    r"(?<![\w])(?<!\d )(?:st|saint) [a-z]{4,}['’]?s\b(?: (?:school|primary|hospital|hospice|church|ward|"
    r"care home))?"
)
_ROAD_WORDS: Final = frozenset({"road", "lane", "street", "hill", "park", "green", "bank", "view", "wood"})
_PLAIN: Final = word_set(
    "the a an this that her his their our my your its local special new old another any some same different "
    "nearest private main big small other two both care nursing day community cottage district mental health "
    "mother baby acute public full open court high"
)

_NO_STREET: Final = re.compile(
    r"\b(?:[Nn]o\.?|[Nn]umber|[Nn]um) ?\d{1,4}[a-zA-Z]?,? (?:[A-Za-z'’]+ ){1,2}?(?i:street|st|road|rd|"
    r"avenue|ave|lane|"
    r"close|drive|crescent|cres|terrace|gardens|gdns|grove|mews|walk|row|place|court|buildings|way|hill)\b"
)
_SITE: Final = re.compile(
    rf"\b(?:(?:[Tt]he )?(?:[Ll]ay-?by|[Ss]ite|[Cc]aravans?|[Mm]oorings?) (?:on|at|off|near|"
    rf"by) (?:the )?{_CAP}(?: {_CAP}){{0,2}}"
    rf"|(?:{_CAP} ){{1,2}}(?:Lane|Road|Street|Hill) (?:[Ss]ite|[Ll]ay-?by|[Yy]ard)"
    rf"|[AB]\d{{1,4}} (?:[Ll]ay-?by|services)"
    rf"|(?:UNIT|PLOT|PITCH|FLAT) \d+[A-Z]?,? (?:[A-Z'’]{{3,}} ){{1,3}}(?:SITE|LANE|ROAD|STREET|COURT|"
    rf"HOUSE|CLOSE|YARD))"
)
_END_HOUSE: Final = re.compile(
    rf"\b[Tt]he (?:end|last|first|top|bottom|corner|white|red|big|far|middle) (?:cottage|house|bungalow|"
    rf"flat|terrace|farm),? "
    rf"(?:on |in |of )?{_CAP}(?: {_CAP}){{0,2}}"
)
_YARD: Final = re.compile(
    rf"\b(?:{_CAP} ){{1,2}}(?:Yard|Buildings|Court|House|Mansions),? [Bb]lock [A-Z0-9]\b"
)
_ROOM: Final = re.compile(
    rf"\b(?:Room|Rm|Bed|Flat|Apartment|Apt|Unit) \d{{1,3}}[A-Z]?,? (?:at )?(?:{_CAP} ){{1,3}}(?:Care Home|"
    rf"Nursing Home|Residential Home|"
    rf"House|Lodge|Court|Grange|Manor|Hall)(?:, \d{{1,4}}[a-z]? (?:{_CAP} ?){{1,3}}(?<! ))?"
)


def find_named(text: str, lexicon: Lexicon) -> Iterator[Found]:
    """Yield addresses and places; they may overlap."""
    for pattern in (_NO_STREET, _SITE, _END_HOUSE, _YARD, _ROOM):
        yield from (Found(Span(*m.span()), Kind.ADDRESS) for m in pattern.finditer(text))
    for pattern in (_WARD, _HOLY, _ROYAL, _ABROAD, _TREES_SMALL):
        yield from (_place(m, 0) for m in pattern.finditer(text))
    for pattern in (_NAMED, _AT_HOME):
        for match in pattern.finditer(text):
            if start := _named_from(match, lexicon):
                yield Found(Span(start - 1, match.end()), Kind.PLACE)
    for match in _STAYS.finditer(text):
        words = match.group(1).split()
        if all(_is_strange(w, lexicon) for w in words):
            yield _place(match, 1)
    for pattern in (_SMALL, _SAINT_SMALL):
        yield from (_place(m, 0) for m in pattern.finditer(text) if _is_named_small(m.group(), lexicon))


def _named_from(match: re.Match[str], lexicon: Lexicon) -> int:
    """Return where the name begins, counted from 1; 0 where every word is of every day."""
    words = list(re.finditer(r"\S+", match.group()))
    free = [w for w in words if w.group() not in {"and", "&", "of", "at", "in", "the"}]
    at = next((i for i, w in enumerate(free) if w.group().casefold() not in _STARTERS), len(free))
    name = free[at:]
    kind = re.search(
        rf"{_KINDS}$|(?:at Home|Care at Home|in the Community|Homecare|HomeCare)$", match.group()
    )
    own = [w for w in name if kind and w.start() < kind.start()]
    if not own:
        return 0
    known = any(_is_strange(w.group(), lexicon) or w.group().casefold() in lexicon.names for w in own)
    weak = match.group().endswith(
        ("Project", "Workshop", "Workshops", "Carers", "Library", "Caring", "Support Services")
    )
    if not known and (
        weak or own[0].group().casefold() in lexicon.never or (len(own) == 1 and _opens(match))
    ):
        return 0
    return match.start() + own[0].start() + 1


def _opens(match: re.Match[str]) -> bool:
    before = match.string[max(0, match.start() - 3) : match.start()].rstrip()
    return not before or before[-1] in ".!?:\n"


_STARTERS: Final = word_set(
    "the a an at in on from to of and but he she they we i her his their my our your attended visited "
    "moved seen "
    "went with for by this that also both then when after before since call called rang spoke email referral "
    "referred discharged admitted transferred stays lives local named current previous new contact school "
    "community adult social mental health home nhs council support young older children's"
)


def _is_strange(word: str, lexicon: Lexicon) -> bool:
    low = re.sub(r"['’]s$", "", word.casefold())
    return not (
        low in lexicon.words
        or low in lexicon.never
        or low in lexicon.given
        or low.rstrip("s") in lexicon.words
    )


def _is_named_small(words: str, lexicon: Lexicon) -> bool:
    first, *rest = words.split()
    if first in {"st", "saint"}:
        return bool(rest) and (rest[0].strip("'’") in lexicon.names or rest[0].rstrip("s'’") in lexicon.given)
    if first in _PLAIN:
        return False
    strange = first not in lexicon.words and first not in lexicon.never
    return strange or bool(rest and rest[0] in _ROAD_WORDS)


def _place(match: re.Match[str], group: int) -> Found:
    return Found(Span(*match.span(group)), Kind.PLACE)

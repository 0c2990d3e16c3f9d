"""Addresses, and named places that point to a person: schools, surgeries, hospitals, homes, services."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from evidence_mapper.domain.passage import Span
from evidence_mapper.redact.base import Found, Kind
from evidence_mapper.redact.cues import word_set

_STREET: Final = (
    r"(?:Street|Str|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Close|Cl|"
    r"Drive|Drv|Dr|Court|Ct|Crescent|Cres|Way|Place|Pl|Terrace|Terr|"
    r"Gardens|Gdns|Grove|Gr|Hill|Walk|Square|Sq|Row|Mews|Green|"
    r"Park|View|Parade|Rise|Gate|Wharf|Yard|Buildings|Fold|"
    r"Croft|Mount|Bank|Garth|Drove|Vale|Meadows?|Villas|Cottages?|"
    r"House|Lodge|Point|Heights|Towers?|Brow|Nook|Loke|"
    r"Ridge|Approach|Chase|Esplanade|Promenade|Quay|Broadway|"
    r"Causeway|Common|End|Fields?|Hey|Heath|Spinney|Holt|Dene|Mansions)"
)
_STRONG: Final = (
    r"(?:Street|Road|Rd|Avenue|Ave|Lane|Crescent|Cres|Terrace|"
    r"Gardens|Gdns|Grove|Mews|Close|Drive|Walk|Row|Yard|Fold|Rise|Buildings|Parade|Wharf|"
    r"Square)"
)
_CAP: Final = r"(?:[A-Z][\w'’-]*|St\.|[A-Z]\.)"
_NAME: Final = rf"{_CAP}(?: (?:of|the|and|le|de|on|in)? ?{_CAP}){{0,3}}"
_UNIT: Final = (
    r"(?:(?:Flat|Apartment|Apt|Unit|Room|Rm|Bungalow|Plot|Pitch|"
    r"Caravan|Studio|Block|Bedsit|Bed|Ground Floor Flat|Basement Flat|"
    r"(?:First|Top|Second) Floor Flat) ?(?:no\.? ?)?(?:\d+[A-Za-z]?|[A-Z])?,? (?:in |at |of )?)"
)
_TOWN: Final = rf"(?:,\s{{0,2}}{_CAP}(?:[ -](?:on|in|under|le|upon|by|the|{_CAP})){{0,3}}(?![\w ]*:))"
_POST: Final = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"

_NUMBERED: Final = re.compile(
    rf"(?<![\w£/.:])(?:{_UNIT})?(?:{_CAP} (?:House|Court|Lodge|"
    rf"Towers?|Point|Heights|Cottage|Mansions),? |The {_CAP}, )?"
    rf"\d{{1,4}}[A-Za-z]?(?: ?[-/] ?\d{{1,4}}[A-Za-z]?)?,? "
    rf"(?:{_CAP} ){{1,3}}?{_STREET}\b(?:{_TOWN}{{0,2}}(?=,? {_POST})|{_TOWN})?"
)
_NUMBERED_LOW: Final = re.compile(
    r"(?<![\w£/.:])(?:flat ?\d*[a-z]?,? )?\d{1,4}[a-z]?,? "
    r"(?!(?:hours?|hrs|mins?|minutes|days?|weeks?|months?|years?|"
    r"times?|calls?|x|in|a|the|to|of|and|by|at|on|per)\b)"
    r"(?:[a-z'’]+ ){1,2}?(?:street|st|road|rd|avenue|ave|lane|"
    r"close|drive|crescent|cres|terrace|gardens|gdns|grove|mews|walk|row|place|court|buildings)\b",
    re.IGNORECASE,
)
_UNIT_IN: Final = re.compile(
    rf"(?<![\w])(?:[Ff]lat|[Aa]partment|[Aa]pt|[Uu]nit|[Bb]ungalow|"
    rf"[Pp]lot|[Pp]itch|FLAT) ?(?:no\.? ?)?(?:\d+[A-Za-z]?|[A-D]\b),? (?:in |at |of )?"
    rf"{_CAP}(?: {_CAP}){{0,3}}(?:{_TOWN}{{0,2}}(?=,? {_POST})|{_TOWN})?"
)
_UNIT_LOW: Final = re.compile(
    r"(?<![\w])flat \d+[a-z]?,? [a-z'’]+ (?:house|court|lodge|towers?|point|heights|tower)\b", re.IGNORECASE
)
_UNNUMBERED: Final = re.compile(
    rf"(?:(?<=\b[Oo]n )|(?<=\b[Ii]n )|(?<=\b[Aa]t )|(?<=\b[Oo]f )|"
    rf"(?<=\b[Tt]o )|(?<=\b[Ff]rom )|(?<=\b[Dd]own )|(?<=[Tt]he )|(?<=[Aa]ddress: )|"
    rf"(?<=[Aa]ddress ))"
    rf"(?:{_CAP} ){{1,3}}{_STRONG}\b"
)
_LOUD: Final = re.compile(
    rf"(?<![\w£/.:])(?:(?:FLAT|UNIT|APARTMENT|APT|PLOT|PITCH|ROOM) "
    rf"?\d+[A-Z]?,? (?:[A-Z'’]{{2,}} ){{0,2}}[A-Z'’]{{3,}}"
    rf"|\d{{1,4}}[A-Z]?,? (?:[A-Z'’]{{3,}} ){{1,3}}(?:{_STREET.upper()}))\b"
)
"""In capitals only."""
_UNNUMBERED_LOW: Final = re.compile(
    r"(?:(?<=\bon )|(?<=\bin )|(?<=\bat )|(?<=\bof )|(?<=\bto "
    r"))(?!the\b|a\b|main\b|this\b|that\b|same\b|my\b|our\b|his\b|her\b|busy\b|wrong\b|"
    r"next\b)"
    r"[a-z'’]{3,} (?:road|rd|street|lane|avenue|ave|crescent|cres|terrace)\b"
)
_NAMED_HOUSE: Final = re.compile(
    rf"(?<![\w])(?:The )?{_CAP} (?:Cottage|Farm|Farmhouse|Barn|Croft|Forge|Villa|Mill|House), (?:The )?{_CAP}"
    rf"(?: (?:{_CAP}|{_STREET}|Esplanade))?\b"
)
_OLD_HOUSE: Final = re.compile(
    r"(?<![\w])[Tt]he (?:Old|New) (?:Forge|Rectory|Vicarage|Manse|Parsonage|School ?[Hh]ouse|School|Bakery|"
    r"Bakehouse|Mill|Barn|Dairy|Chapel|Post Office|Smithy|Stables|Coach House|Granary|Police House|Station|"
    r"Brewery|Byre|Lodge|Farmhouse|Cottage|Tannery|Malthouse|Signal Box)\b"
)
"""A dwelling named after what it was."""
_NUMBER_AT: Final = re.compile(
    rf"(?:(?<=\blives at )|(?<=\blive at )|(?<=\bliving at )|(?<=\bstays at )|(?<=\bstaying at )"
    rf"|(?<=\bmoved to )|(?<=\bhome is )|(?<=\b[Aa]ddress )|(?<=\b[Aa]ddress: ))"
    rf"\d{{1,4}}[A-Za-z]? (?!AM\b|PM\b|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|"
    rf"Fri|Sat|Sun)[a-z]*\b){_CAP}(?: {_CAP}){{0,2}}"
)
"""A number and a street whose kind is left out: "lives at 14 Beech"."""
_HOUSE: Final = re.compile(
    rf"(?<=[\s(:])(?:{_CAP} ){{1,3}}(?:Cottage|Farm|Farmhouse|Barn|"
    rf"Villa|Bungalow|House|Lodge|Court),(?:\s{_CAP}(?: {_CAP}){{0,3}},){{0,3}}\s{_CAP}(?: "
    rf"{_CAP}){{0,2}}(?=,? {_POST})"
)
_LABEL: Final = re.compile(
    rf"\b(?:home |current |previous |new |old )?(?:address|lives at|"
    rf"living at|living in|residing at|resides at|moved to|addr)\b\s?[:\t-]?\s{{0,3}}"
    rf"((?:{_UNIT})?(?:\d{{1,4}}[A-Za-z]?,? )?{_CAP}(?: "
    rf"{_CAP}){{0,3}}(?:, {_CAP}(?: {_CAP}){{0,3}}){{1,3}})(?=[,.]? {_POST})",
    re.IGNORECASE,
)

_KIND: Final = (
    r"(?:Surgery|Medical (?:Centre|Practice|Group)|Health "
    r"(?:Centre|Clinic)|Family Practice|Group Practice|GP Practice|Practice|Clinic|Dental "
    r"(?:Practice|Surgery)|Partnership"
    r"|(?:Primary|Infant|Infants|Junior|High|Secondary|Grammar|"
    r"Special|Community|Nursery|Catholic|C of E|CofE|Church of England)?"
    r" ?(?:School|Academy)|(?:Sixth Form )?College|Nursery|"
    r"University|Care Home|Nursing Home|Residential Home|Rest Home|Residential Care Home|"
    r"Care Centre|General Hospital|Community Hospital|Hospital|"
    r"Infirmary|District General|Royal|General|Hospice|Day (?:Centre|Service|Services|"
    r"Hospital)|"
    r"Community Centre|Resource Centre|Family Centre|Children's "
    r"Centre|Extra Care(?: Scheme)?|Sheltered Housing|Supported Living|Unit|Ward|Hostel|"
    r"(?:Baptist |Methodist |Parish |Pentecostal |URC |Catholic "
    r")?Church|Chapel|Mosque|Masjid|Temple|Mandir|Gurdwara|Synagogue|Shul|Pharmacy|"
    r"Chemists?|"
    r"Home ?[Cc]are|Care (?:Ltd|Limited|Agency|Services|Solutions|"
    r"Group)|Domiciliary Care|Support Services|Housing Association|Homes|Club)"
)
_PLACE: Final = re.compile(
    rf"(?<![\w])(?:St\.? )?{_CAP}(?:[’']s)?(?: (?:of|the|and|&|on|de)? ?{_CAP}){{0,4}} {_KIND}\b"
    rf"|(?<![\w])(?:the |The )?{_CAP}(?: {_CAP}){{0,2}} (?:care "
    rf"home|nursing home|residential home|surgery|day centre|medical centre|hospice|primary|"
    rf"school|college|"
    r"hospital|health centre|extra care|practice|home care|"
    r"homecare|sheltered|respite|mosque|church|gurdwara|temple)\b"
)
_SAINT: Final = re.compile(rf"(?<![\w])(?:St\.?|Saint) {_CAP}(?: {_CAP})?(?:[’']s)?(?: {_KIND})?")
_HOME: Final = re.compile(
    rf"(?<![\w])(?:The )?{_CAP}(?: {_CAP})? (?:House|Lodge|Court|"
    rf"Manor|Grange|Hall|Gardens|View|Park|Mount|Lea|Croft|Nook|Bank|Meadows?|Place|Gables|"
    rf"Oaks|Elms|"
    r"Willows|Limes|Firs|Cedars|Beeches|Hollies|Laurels|Poplars|"
    r"Towers|Springs|Villa|Vale|Green|Hill|Wood|Fold|Heights|Mews)\b"
    rf"|(?<![\w])[Tt]he (?:{_CAP} )?(?:Gables|Oaks|Elms|Willows|"
    rf"Limes|Firs|Cedars|Beeches|Hollies|Laurels|Poplars|Grange|Manor|Lindens|Hawthorns|"
    rf"Larches|Chestnuts|Maples|Rowans|Mount|Croft|Sycamores|Orchards?|Pines|Heathers)\b"
)
_HOME_NEAR: Final = re.compile(
    r"\b(?:care home|nursing|residential|home manager|resident|"
    r"placement|placed|respite|staff at|moved (?:in)?to|admitted|extra care|sheltered|"
    r"supported living|manager of|manager at|lives at|living at|"
    r"stay at|back to|visit(?:ed|ing)? .{0,12}at|seen at|at|discharged to|day care|scheme|"
    r"unit|move to|from|room at)\b",
    re.IGNORECASE,
)
_OPENERS: Final = word_set(
    "The A An At In On From To Of And But He She They We I Her His Their My Our Your Attended Visited "
    "Moved Seen Went With For By Our This That Also Both Then When After Before Since Call Called "
    "Rang Spoke Email Referral Referred Discharged Admitted Transferred Stays Lives Local Named "
    "Current Previous GP School Mum Dad No New Contact Registered"
)
_GENERAL: Final = re.compile(
    r"^(?:(?:The|A|An|Our|Your|My|This|Local|Special|Primary|"
    r"Secondary|High|Day|Care|Nursing|Residential|Community|General|District|Private|NHS|"
    r"Mental|Health|"
    r"Adult|Adults|Social|Housing|Home|Homes|Respite|Supported|"
    r"Living|Extra|Children's|Children|Youth|Council|Acute|Cottage|Older|People's|Good|Best|"
    r"Safe|"
    r"Stroke|Dementia|Support|Services?|Sheltered|Medical|Family|"
    r"Dental|Intensive|Critical|Emergency|Rehab(?:ilitation)?|Assessment|Crisis|Lunch|GP|"
    r"Memory|Falls|Pain|"
    r"Ward|Unit|Surgery|Hospital|School|College|Church|Mosque|"
    r"Centre|Practice|Club|Sunday|Book|Breakfast|Luncheon|Carers|Carers'|Care|Act|"
    r"Technology|Best|Social|Work|"
    r"Sixth|Form|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|"
    r"Clinic|University|Nursery|Gurdwara|Temple|Synagogue|Out|Patient|Eye|Foot|Diabetic|and|"
    r"of|the|Royal|"
    r"Partnership|Working|Joint|Integrated|Learning|Disability|"
    r"Disabilities|Association|Academy|Pharmacy|Hospice|Safeguarding|Quality|Commissioning|"
    r"Town|City|County|"
    r"care|nursing|residential|home|surgery|day|centre|school|"
    r"hospital|practice|homecare|church|mosque|temple|gurdwara|respite|sheltered|extra|"
    r"college|primary|health|medical) ?)+$"
)


_JOB_AT: Final = re.compile(
    r"(?:[A-Z][a-z]+ ){0,2}(?:Manager|Matron|Sister|Nurse|Head|Headteacher|Worker|Staff|Officer|Coordinator|"
    r"Lead|Deputy|Consultant|Doctor|Team) (?:on|of|at|from|de) (?:the )?"
)


def find_places(text: str) -> Iterator[Found]:
    """Yield addresses and named places; they may overlap."""
    for pattern in (
        _NUMBERED,
        _NUMBERED_LOW,
        _UNIT_IN,
        _UNIT_LOW,
        _UNNUMBERED,
        _UNNUMBERED_LOW,
        _NAMED_HOUSE,
        _OLD_HOUSE,
        _NUMBER_AT,
        _HOUSE,
    ):
        for match in pattern.finditer(text):
            yield Found(Span(*match.span()), Kind.ADDRESS)
    for match in _LABEL.finditer(text):
        yield Found(Span(*match.span(1)), Kind.ADDRESS)
    for pattern in (_PLACE, _SAINT):
        yield from (f for m in pattern.finditer(text) if (f := _named(text, *m.span())))
    for match in _HOME.finditer(text):
        near = _HOME_NEAR.search(text, max(0, match.start() - 30), min(len(text), match.end() + 25))
        if near:
            found = _named(text, *match.span())
            if found:
                yield found


def _named(text: str, start: int, end: int) -> Found | None:
    """Return the place less the words before its name; None when nothing of it is a name."""
    while True:
        first, space, _ = text[start:end].partition(" ")
        if not space or first not in _OPENERS or first == "The":
            break
        start += len(first) + 1
    # "Ward Manager on Kestrel Ward": somebody's job before the place.
    job = _JOB_AT.match(text[start:end])
    start += job.end() if job else 0
    if _GENERAL.match(text[start:end]):
        return None
    return Found(Span(start, end), Kind.PLACE)

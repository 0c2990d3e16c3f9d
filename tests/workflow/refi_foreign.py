"""Projects as other analysis tools write them, made by hand from what is known of their habits."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from evidence_mapper.extract.refi.package import local_name

PROJECT_NS = "urn:QDA-XML:project:1.0"
SHARED = Path(__file__).resolve().parents[3] / "shared" / "reference" / "refi"

TEXT = (
    "Focus group \U0001f600, north\n"
    "\n"
    "I waited seven months for my carer’s assessment. Nobody rang.\n"
    "The social worker listened to me and e\u0301xplained it all.\n"
    "\n"
    "Direct payments gave my son a choice. \U0001f468\u200d\U0001f469\u200d\U0001f467 We are grateful."
)
WAITED = "I waited seven months for my carer’s assessment."
LISTENED = "The social worker listened to me and e\u0301xplained it all."
PAYMENTS = "Direct payments gave my son a choice. \U0001f468\u200d\U0001f469\u200d\U0001f467"


def guid(name: str) -> str:
    """Return a GUID that is the same in every run."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"test:{name}"))


def schema(name: str) -> etree.XMLSchema:
    """Return a schema of the standard; it lies beside the repository, since its licence is not clear."""
    path = SHARED / f"{name}.xsd"
    assert path.is_file(), (
        f"{path} is not there: put the standard's {name}.xsd in that folder to run this test"
    )
    return etree.XMLSchema(file=str(path))


def project_xml(path: Path) -> etree._Element:
    """Return the XML of a package."""
    with zipfile.ZipFile(path) as package:
        return etree.fromstring(package.read("project.qde"))


def check_references(root: etree._Element) -> None:
    """Check what the schema does not: GUIDs are unique, and each reference leads to a thing of its kind."""
    named: dict[str, str] = {}
    for element in root.iter():
        if (own := element.get("guid")) is not None and local_name(element) != "MemberCode":
            assert own not in named, f"{own} stands for two things"
            named[own] = local_name(element)
    kinds = {"CodeRef": "Code", "MemberCode": "Code", "NoteRef": "Note", "VariableRef": "Variable"}
    for element in root.iter():
        if (kind := kinds.get(local_name(element))) is not None:
            target = element.get("targetGUID") or element.get("guid")
            assert named.get(target or "") == kind, f"{local_name(element)} to {target}"
        for key in ("creatingUser", "modifyingUser", "creatingUserGUID"):
            if element.get(key) is not None:
                assert named.get(str(element.get(key))) == "User"


def code_points(text: str, raw: str) -> Callable[[int], int]:
    """Count as the standard says: code points of the file."""
    return _counting(text, raw, ends=True)


def ends_as_one(text: str, raw: str) -> Callable[[int], int]:
    """Count a Windows line end as one character, as MAXQDA and ATLAS.ti do."""
    return _counting(text, raw, ends=False)


def utf16_units(text: str, raw: str) -> Callable[[int], int]:
    """Count UTF-16 units, as a program does that takes its strings for characters."""
    return _counting(text, raw, ends=True, units=True)


def after_mark(text: str, raw: str) -> Callable[[int], int]:
    """Count the byte order mark too."""
    count = _counting(text, raw, ends=True)
    return lambda place: count(place) + 1


def _counting(text: str, raw: str, *, ends: bool, units: bool = False) -> Callable[[int], int]:
    windows = "\r\n" in raw

    def count(place: int) -> int:
        before = text[:place]
        size = len(before.encode("utf-16-le")) // 2 if units else len(before)
        return size + (before.count("\n") if windows and ends else 0)

    return count


@dataclass
class Marked:
    """One selection: a quote, the codes on it, who put them there."""

    quote: str
    codes: Sequence[str]
    user: str | None = "Anna"
    at: str | None = "2025-02-03T10:11:12Z"
    note: str = ""
    description: str = ""
    name: str | None = None
    """None for the beginning of the quote."""


@dataclass
class Foreign:
    """A project under construction."""

    origin: str
    codes: str = ""
    """XML of the Code elements."""
    users: Sequence[str] = ("Anna", "Ben Öz")
    sources: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    after: str = ""
    """XML after the notes: links, sets, graphs."""
    before: str = ""
    """XML before the sources: variables, cases."""
    members: dict[str, bytes] = field(default_factory=dict)

    def selections(
        self,
        text: str,
        marked: Sequence[Marked],
        count: Callable[[int], int],
        tag: str = "PlainTextSelection",
        salt: str = "",
    ) -> str:
        """Return the XML of selections on a text."""
        return "".join(
            self._selection(text, each, count, (tag, f"{salt}{number}")) for number, each in enumerate(marked)
        )

    def _selection(self, text: str, each: Marked, count: Callable[[int], int], named: tuple[str, str]) -> str:
        tag, key = named
        start = text.index(each.quote)
        user = f' creatingUser="{guid(each.user)}"' if each.user else ""
        at = f' creationDateTime="{each.at}"' if each.at else ""
        ref = ""
        if each.note:
            note = guid(f"note {self.origin} {key} {each.note}")
            ref = f'<NoteRef targetGUID="{note}"/>'
            self.notes.append(
                f'<Note guid="{note}" name="Memo"{user}>'
                f"<PlainTextContent>{escape(each.note)}</PlainTextContent></Note>"
            )
        codings = ""
        for place, named_code in enumerate(each.codes):
            own = guid(f"coding {self.origin} {key} {named_code}")
            codings += f'<Coding guid="{own}"{user}{at}><CodeRef targetGUID="{guid(named_code)}"/>'
            codings += f"{'' if place else ref}</Coding>"
        said = f"<Description>{each.description}</Description>" if each.description else ""
        name = quoteattr(each.quote[:100] if each.name is None else each.name)
        own = guid(f"selection {self.origin} {key}")
        return (
            f'<{tag} guid="{own}" name={name} '
            f'startPosition="{count(start)}" endPosition="{count(start + len(each.quote))}"{user}{at}>'
            f"{said}{codings}</{tag}>"
        )

    def text_source(self, name: str, raw: bytes, selections: str, *, path: str | None = None) -> None:
        """Add a source whose text is a file of the package, or elsewhere when ``path`` says so."""
        member = f"{guid(name)}.txt"
        if path is None or path == member:
            self.members[f"sources/{member}"] = raw
        named = quoteattr(path or f"internal://{member}")
        self.sources.append(
            f"<TextSource guid={quoteattr(guid(name))} name={quoteattr(name)} plainTextPath={named}>"
            f"{selections}</TextSource>"
        )

    def write(self, path: Path) -> Path:
        """Write the package."""
        users = [f'<User guid="{guid(name)}" name="{name}"/>' for name in self.users]
        parts = [
            _wrapped("Users", users),
            f"<CodeBook><Codes>{self.codes}</Codes></CodeBook>",
            self.before,
            _wrapped("Sources", self.sources),
            _wrapped("Notes", self.notes),
            self.after,
        ]
        xml = (
            f'<?xml version="1.0" encoding="utf-8"?>\n<Project xmlns="{PROJECT_NS}" name="Study" '
            f"origin={quoteattr(self.origin)}>{''.join(parts)}</Project>"
        )
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            package.writestr("project.qde", xml)
            for name, data in self.members.items():
                package.writestr(name, data)
        return path


def _wrapped(name: str, inside: Sequence[str]) -> str:
    return f"<{name}>{''.join(inside)}</{name}>" if inside else ""


def code(name: str, *children: str, codable: bool = True, description: str = "") -> str:
    """Return the XML of a code."""
    said = f"<Description>{description}</Description>" if description else ""
    flag = "true" if codable else "false"
    below = "".join(children)
    return f'<Code guid="{guid(name)}" name={quoteattr(name)} isCodable="{flag}">{said}{below}</Code>'


CODES = (
    code(
        "Care Act duties",
        code("Assessing needs", code("carers", description="all about carers")),
        code("safeguarding "),
        codable=False,
    )
    + code("Supporting people to live healthy lives")
    + code("Weather")
    + code("Concern")
)


def nvivo(path: Path) -> Path:
    """NVivo: Windows line ends that count as two, a PDF with its text, sets and graphs, a picture."""
    made = Foreign("NVivo Windows 14", CODES)
    raw = TEXT.replace("\n", "\r\n")
    marked = [
        Marked(WAITED, ["Assessing needs", "Concern"], note="Check the date & <ask>"),
        Marked(WAITED, ["Assessing needs"], "Ben Öz", "2025-02-04T09:00:00+01:00"),
        Marked(LISTENED, ["Weather"]),
        Marked(PAYMENTS, ["Supporting people to live healthy lives"], "Ben Öz"),
    ]
    selections = made.selections(TEXT, marked, code_points(TEXT, raw))
    made.text_source("Focus group 1", raw.encode(), selections)
    pdf_text = "Page one says that reviews are late.\nPage two thanks the team."
    made.members["sources/paper.txt"] = pdf_text.encode()
    made.members["sources/paper.pdf"] = b"%PDF-1.4 not looked at"
    on_pdf = made.selections(
        pdf_text, [Marked("reviews are late", ["Assessing needs"])], code_points(pdf_text, ""), salt="pdf"
    )
    made.sources.append(
        f'<PDFSource guid="{guid("pdf")}" name="Paper.pdf" path="internal://paper.pdf">'
        f'<PDFSelection guid="{guid("area")}" page="0" firstX="1" firstY="2" secondX="3" secondY="4">'
        f'<Coding guid="{guid("c-area")}"><CodeRef targetGUID="{guid("Weather")}"/></Coding></PDFSelection>'
        f'<Representation guid="{guid("pdf-text")}" plainTextPath="internal://paper.txt">{on_pdf}'
        "</Representation></PDFSource>"
        f'<PictureSource guid="{guid("picture")}" name="Photo" path="internal://photo.jpg">'
        f'<PictureSelection guid="{guid("p-area")}" firstX="1" firstY="2" secondX="3" secondY="4">'
        f'<Coding guid="{guid("c-pic")}"><CodeRef targetGUID="{guid("Weather")}"/></Coding>'
        "</PictureSelection></PictureSource>"
    )
    made.before = (
        f'<Variables><Variable guid="{guid("age")}" name="Age" typeOfVariable="Integer"/></Variables>'
        f'<Cases><Case guid="{guid("case")}" name="Mrs A"/></Cases>'
    )
    made.notes.append(
        f'<Note guid="{guid("annotation")}" name="Annotation" plainTextPath="internal://note.txt"/>'
        f'<Note guid="{guid("journal")}" name="Journal"><PlainTextContent>Day one</PlainTextContent></Note>'
    )
    made.members["sources/note.txt"] = "\ufeffAsked again in May".encode()
    made.after = (
        f'<Links><Link guid="{guid("link")}" name="explains"/>'
        f'<Link guid="{guid("link2")}" originGUID="{guid("annotation")}" direction="OneWay" '
        f'targetGUID="{guid("selection NVivo Windows 14 1")}"/></Links>'
        f'<Sets><Set guid="{guid("set")}" name="Key codes"/></Sets>'
        f'<Graphs><Graph guid="{guid("graph")}" name="Map"/></Graphs>'
    )
    return made.write(path)


def atlas(path: Path) -> Path:
    """ATLAS.ti: line ends that count as one, comments as descriptions, one GUID for area and text."""
    made = Foreign("ATLAS.ti Windows", CODES)
    raw = TEXT.replace("\n", "\r\n")
    marked = [Marked(LISTENED, ["safeguarding "], description="A comment"), Marked(PAYMENTS, ["Weather"])]
    made.text_source("Interview", raw.encode(), made.selections(TEXT, marked, ends_as_one(TEXT, raw)))
    text = "Both in the text and on the page."
    made.members["sources/both.txt"] = text.encode()
    both = made.selections(text, [Marked(text, ["Assessing needs"])], code_points(text, ""), salt="b")
    shared = guid(f"selection {made.origin} b0")
    made.sources.append(
        f'<PDFSource guid="{guid("b")}" name="Both.pdf"><PDFSelection guid="{shared}" page="0" firstX="1" '
        f'firstY="2" secondX="3" secondY="4"><Coding guid="{guid("cb")}">'
        f'<CodeRef targetGUID="{guid("Assessing needs")}"/></Coding></PDFSelection>'
        f'<Representation guid="{guid("bt")}" plainTextPath="internal://both.txt">{both}</Representation>'
        "</PDFSource>"
    )
    return made.write(path)


def maxqda(path: Path) -> Path:
    """MAXQDA: a byte order mark, Windows line ends counted as one, texts that lie outside the package."""
    made = Foreign("MAXQDA 2024", CODES)
    raw = TEXT.replace("\n", "\r\n")
    marked = [Marked(WAITED, ["Assessing needs"]), Marked(PAYMENTS, ["Weather"])]
    selections = made.selections(TEXT, marked, ends_as_one(TEXT, raw))
    made.text_source("Inside", b"\xef\xbb\xbf" + raw.encode(), selections)
    outside = made.selections(TEXT, marked, ends_as_one(TEXT, raw), salt="out")
    made.text_source("Outside", b"", outside, path="relative:///texts/outside.txt")
    hostile = made.selections(TEXT, marked, ends_as_one(TEXT, raw), salt="abs")
    made.text_source("Absolute", b"", hostile, path="absolute:///etc/passwd")
    return made.write(path)


def qualcoder(path: Path) -> Path:
    """QualCoder: a byte order mark that counts, users that are empty, children in the wrong order, audio."""
    made = Foreign("QualCoder 3.5", CODES)
    marked = [
        Marked(WAITED, ["Assessing needs"], user=None, at=None),
        Marked(PAYMENTS, ["Weather"], "Ben Öz"),
    ]
    selections = made.selections(TEXT, marked, after_mark(TEXT, TEXT)).replace(
        "<Coding ", '<Coding creatingUser="" ', 1
    )
    made.text_source("Diary.txt", b"\xef\xbb\xbf" + TEXT.encode(), selections)
    said = "Words that were spoken about safeguarding."
    made.sources.append(
        f'<AudioSource guid="{guid("audio")}" name="Talk.mp3" path="internal://talk.mp3">'
        f'<Transcript guid="{guid("tr")}"><PlainTextContent>{said}</PlainTextContent>'
        f'<SyncPoint guid="{guid("s1")}" timeStamp="0" position="0"/>'
        f'<SyncPoint guid="{guid("s2")}" timeStamp="900" position="{len(said)}"/>'
        f'<TranscriptSelection guid="{guid("ts")}" name="Words that" fromSyncPoint="{guid("s1")}" '
        f'toSyncPoint="{guid("s2")}" creatingUser="{guid("Anna")}"><Coding guid="{guid("ct")}">'
        f'<CodeRef targetGUID="{guid("safeguarding ")}"/></Coding></TranscriptSelection></Transcript>'
        f'<AudioSelection guid="{guid("as")}" begin="0" end="9"><Coding guid="{guid("ca")}">'
        f'<CodeRef targetGUID="{guid("Weather")}"/></Coding></AudioSelection></AudioSource>'
    )
    return made.write(path)


def bare_paths(path: Path) -> Path:
    """A writer without scheme in its paths, without namespace on its children, counting UTF-16 units."""
    made = Foreign("qc", CODES)
    marked = [Marked(WAITED, ["Assessing needs"]), Marked(PAYMENTS, ["Weather"], "Ben Öz")]
    member = f"{guid('Board')}.txt"
    made.text_source(
        "Board", TEXT.encode(), made.selections(TEXT, marked, utf16_units(TEXT, TEXT)), path=member
    )
    return made.write(path)


def taguette(path: Path) -> Path:
    """Taguette: a flat codebook and nothing else."""
    codes = code("Assessing needs") + code("Interesting")
    path.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<CodeBook xmlns="urn:QDA-XML:codebook:1.0" '
        f'origin="Taguette 1.4"><Codes>{codes}</Codes></CodeBook>',
        encoding="utf-8",
    )
    return path

"""DOCX, ODT and PPTX as blocks of text: the XML inside the archive, and nothing that runs.

Only what people read is taken: no deleted text, notes, comments or pictures. Refused with the reason: macros,
passwords, archives that would unfold to more than a document holds, documents that declare entities.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO
from posixpath import basename
from xml.etree import ElementTree as ET  # (document types are refused before)
from xml.parsers import expat

from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge.blocks import Block
from helpdesk.text import clean

MOST_MEMBERS, LARGEST_MEMBER, MOST_BYTES = 5_000, 5_000_000, 100_000_000

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_SLIDES = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_MACROS = re.compile(r"vbaProject\.bin$|vbaData\.xml$|^Basic/|^Scripts/", re.IGNORECASE)
_DAMAGED = "Le document est abîmé : ouvrez-le, enregistrez-le à nouveau, puis réessayez."


def read_office(data: bytes) -> list[Block]:
    """The blocks of a document in one of the three forms. Raises UnreadableDocument with a sentence for the person."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = _checked_names(archive)
            if "word/document.xml" in names:
                return list(_docx(archive, names))
            if "ppt/presentation.xml" in names:
                return list(_pptx(archive, names))
            if "content.xml" in names:
                return list(_odt(archive, names))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableDocument(_DAMAGED) from error
    raise UnreadableDocument("Cette archive n’est pas un document DOCX, ODT ou PPTX.")


def _checked_names(archive: zipfile.ZipFile) -> set[str]:
    members = archive.infolist()
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableDocument("Le document est protégé par un mot de passe : enregistrez-le sans protection.")
    sizes = [member.file_size for member in members]
    if len(members) > MOST_MEMBERS or sum(sizes) > MOST_BYTES:
        raise UnreadableDocument("Une fois décompressé, le document serait démesuré : rien n’a été lu.")
    names = {member.filename for member in members}
    if any(_MACROS.search(name) for name in names):
        raise UnreadableDocument("Le document contient des macros : enregistrez-le sans elles (.docx, .odt ou .pptx).")
    if "META-INF/manifest.xml" in names and b"encryption-data" in _bytes(archive, "META-INF/manifest.xml"):
        raise UnreadableDocument("Le document est protégé par un mot de passe : enregistrez-le sans protection.")
    return names


def _bytes(archive: zipfile.ZipFile, name: str) -> bytes:
    if archive.getinfo(name).file_size > LARGEST_MEMBER:
        raise UnreadableDocument("Une fois décompressé, le document serait démesuré : rien n’a été lu.")
    with archive.open(name) as member:
        return member.read(LARGEST_MEMBER)


def _xml(archive: zipfile.ZipFile, name: str) -> ET.Element:
    data = _bytes(archive, name)
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
        return ET.fromstring(data)  # noqa: S314 (it declares no entity: read once before)
    except (expat.ExpatError, ET.ParseError, ValueError, LookupError) as error:
        raise UnreadableDocument(_DAMAGED) from error


def _refuse_doctype(*_declared: object) -> None:
    raise UnreadableDocument("Le document déclare des entités XML, ce qu’aucun traitement de texte ne fait : refusé.")


def _docx(archive: zipfile.ZipFile, names: set[str]) -> Iterator[Block]:
    levels = _heading_styles(_xml(archive, "word/styles.xml")) if "word/styles.xml" in names else {}
    bullets = _bullets(_xml(archive, "word/numbering.xml")) if "word/numbering.xml" in names else set()
    for paragraph in _xml(archive, "word/document.xml").iter(f"{_WORD}p"):
        text = _running(paragraph, {f"{_WORD}t"}, {f"{_WORD}br", f"{_WORD}tab", f"{_WORD}cr"}, f"{_WORD}p")
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        level = levels.get(style.get(f"{_WORD}val", ""), 0) if style is not None else 0
        number = paragraph.find(f"{_WORD}pPr/{_WORD}numPr/{_WORD}numId")
        mark = "" if number is None or level else "-" if number.get(f"{_WORD}val") in bullets else "1."
        if text and level >= 0:
            yield Block(text, level, mark)


def _heading_styles(styles: ET.Element) -> Mapping[str, int]:
    """Style → level of its headings; -1 for the title of the document. Names are English whatever the language."""
    found = {}
    for style in styles.iter(f"{_WORD}style"):
        name = style.find(f"{_WORD}name")
        words = name.get(f"{_WORD}val", "").lower() if name is not None else ""
        if named := re.fullmatch(r"heading ([1-9])", words):
            found[style.get(f"{_WORD}styleId", "")] = int(named[1])
        elif words in ("title", "subtitle"):
            found[style.get(f"{_WORD}styleId", "")] = -1
    return found


def _bullets(numbering: ET.Element) -> set[str]:
    """Numbers of the lists whose items have a sign rather than a number."""
    signs = set()
    for kind in numbering.iter(f"{_WORD}abstractNum"):
        form = kind.find(f"{_WORD}lvl/{_WORD}numFmt")
        if form is not None and form.get(f"{_WORD}val") == "bullet":
            signs.add(kind.get(f"{_WORD}abstractNumId"))
    found = set()
    for number in numbering.iter(f"{_WORD}num"):
        kind_of = number.find(f"{_WORD}abstractNumId")
        if kind_of is not None and kind_of.get(f"{_WORD}val") in signs:
            found.add(number.get(f"{_WORD}numId", ""))
    return found


def _odt(archive: zipfile.ZipFile, names: set[str]) -> Iterator[Block]:
    content = _xml(archive, "content.xml")
    numbered = {
        style.get("{urn:oasis:names:tc:opendocument:xmlns:style:1.0}name")
        for root in (content, _xml(archive, "styles.xml") if "styles.xml" in names else content)
        for style in root.iter(f"{_TEXT}list-style")
        if style.find(f"{_TEXT}list-level-style-number") is not None
    }
    stack = [(content, "")]  # own stack: a document may nest deeper than Python does
    while stack:
        element, mark = stack.pop()
        if element.tag in (f"{_TEXT}tracked-changes", f"{_TEXT}note"):
            continue
        if element.tag in (f"{_TEXT}p", f"{_TEXT}h"):
            text = _running(element, set(), {f"{_TEXT}line-break", f"{_TEXT}tab", f"{_TEXT}s"}, f"{_TEXT}note")
            outline = element.get(f"{_TEXT}outline-level", "1")
            level = int(outline) if element.tag == f"{_TEXT}h" and outline.isdecimal() else 0
            if text:
                yield Block(text, level, "" if level else mark)
            continue
        if element.tag == f"{_TEXT}list":
            mark = mark or ("1." if element.get(f"{_TEXT}style-name") in numbered else "-")
        stack += [(child, mark) for child in reversed(element)]


def _pptx(archive: zipfile.ZipFile, names: set[str]) -> Iterator[Block]:
    """A slide's title is a heading: of a section where the slide says nothing else."""
    for name in _slides(archive, names):
        title, said = "", []
        for shape in _xml(archive, name).iter(f"{_SLIDES}sp"):
            place = shape.find(f"{_SLIDES}nvSpPr/{_SLIDES}nvPr/{_SLIDES}ph")
            kind = place.get("type", "") if place is not None else ""
            signs = {f"{_DRAWING}br", f"{_DRAWING}tab"}
            texts = [_running(each, {f"{_DRAWING}t"}, signs, "") for each in shape.iter(f"{_DRAWING}p")]
            if kind in ("title", "ctrTitle"):
                title = " ".join(filter(None, texts))
            elif kind not in ("ftr", "dt", "sldNum", "subTitle"):
                said += [text for text in texts if text]
        if title:
            yield Block(title, 2 if said else 1)
        yield from (Block(text) for text in said)


def _slides(archive: zipfile.ZipFile, names: set[str]) -> list[str]:
    """The slides in the order in which they are shown."""
    relations = {}
    if "ppt/_rels/presentation.xml.rels" in names:
        for relation in _xml(archive, "ppt/_rels/presentation.xml.rels"):
            relations[relation.get("Id", "")] = f"ppt/slides/{basename(relation.get('Target', ''))}"
    shown = [slide.get(f"{_RELATION}id", "") for slide in _xml(archive, "ppt/presentation.xml").iter(f"{_SLIDES}sldId")]
    return [relations[key] for key in shown if relations.get(key) in names]


def _running(paragraph: ET.Element, texts: set[str], spaces: set[str], apart: str) -> str:
    """The words of a paragraph on one line. Without `texts`, all text counts; what is inside `apart` does not."""
    pieces: list[str] = []
    stack: list[ET.Element | str] = [paragraph]
    while stack:
        element = stack.pop()
        if isinstance(element, str):
            pieces.append(element)
            continue
        if element.tag in spaces:
            pieces.append(" ")
        if not texts or element.tag in texts:
            pieces.append(element.text or "")
        for child in reversed(element):
            if not texts:
                stack.append(child.tail or "")
            if child.tag != apart:
                stack.append(child)
    return " ".join(clean("".join(pieces)).split())

"""Office documents and PDFs made in memory, as small as their programs read them."""

import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from xml.sax.saxutils import escape

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
TEXT = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
SLIDE = (
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
STYLES = f"""<w:styles {WORD}>
<w:style w:styleId="Titre"><w:name w:val="Title"/></w:style>
<w:style w:styleId="Titre1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Titre2"><w:name w:val="heading 2"/></w:style>
<w:style w:styleId="Titre3"><w:name w:val="heading 3"/></w:style></w:styles>"""
NUMBERING = f"""<w:numbering {WORD}>
<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/></w:lvl></w:abstractNum>
<w:num w:numId="4"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="5"><w:abstractNumId w:val="1"/></w:num></w:numbering>"""

# style (« 1 » and « 2 » are headings, « - » and « 1. » items, « » text) and words
Lines = Sequence[tuple[str, str]]


def archive(members: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return out.getvalue()


def docx(lines: Lines, more: Mapping[str, str | bytes] | None = None, head: str = "") -> bytes:
    body = "".join(_word_paragraph(style, text) for style, text in lines)
    document = f"{head}<w:document {WORD}><w:body>{body}</w:body></w:document>"
    members = {"word/document.xml": document, "word/styles.xml": STYLES, "word/numbering.xml": NUMBERING}
    return archive({**members, **(more or {})})


def odt(lines: Lines, more: Mapping[str, str | bytes] | None = None) -> bytes:
    style = '<text:list-style style:name="L1"><text:list-level-style-number/></text:list-style>'
    body = "".join(_text_paragraph(kind, text) for kind, text in lines)
    gone = "<text:tracked-changes><text:p>effacé autrefois</text:p></text:tracked-changes>"
    content = (
        f"<office:document-content {TEXT}>{style}<office:text>{gone}{body}</office:text></office:document-content>"
    )
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content, **(more or {})})


def pptx(slides: Sequence[tuple[str, Sequence[str]]]) -> bytes:
    """Slides stored the other way round than they are shown."""
    numbered = list(enumerate(slides, start=1))
    shown = "".join(f'<p:sldId id="{number}" r:id="rId{number}"/>' for number, _slide in numbered)
    relations = "".join(
        f'<Relationship Id="rId{number}" Target="slides/slide{len(slides) + 1 - number}.xml"/>'
        for number, _ in numbered
    )
    members: dict[str, str | bytes] = {
        "ppt/presentation.xml": f"<p:presentation {SLIDE}><p:sldIdLst>{shown}</p:sldIdLst></p:presentation>",
        "ppt/_rels/presentation.xml.rels": f"<Relationships>{relations}</Relationships>",
    }
    for number, (title, texts) in numbered:
        body = "".join(f"<a:p><a:r><a:t>{escape(text)}</a:t></a:r></a:p>" for text in texts)
        shapes = _shape("title", f"<a:p><a:r><a:t>{escape(title)}</a:t></a:r></a:p>") + _shape("body", body)
        members[f"ppt/slides/slide{len(slides) + 1 - number}.xml"] = f"<p:sld {SLIDE}>{shapes}</p:sld>"
    return archive(members)


def pdf(lines: Sequence[str], *, encrypted: bool = False) -> bytes:
    """One page of Helvetica."""
    shown = "".join(f"({line.replace('(', '[').replace(')', ']')}) Tj T*\n" for line in lines)
    stream = b"BT /F1 11 Tf 14 TL 40 800 Td\n" + shown.encode("cp1252") + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
        b"<< /Filter /Standard /V 1 /R 2 /O (" + b"o" * 32 + b") /U (" + b"u" * 32 + b") /P -4 >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += str(number).encode() + b" 0 obj\n" + content + b"\nendobj\n"
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    secured = " /Encrypt 7 0 R /ID [<00><00>]" if encrypted else ""
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R{secured} >>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}{trailer}".encode()


def _word_paragraph(style: str, text: str) -> str:
    properties = {
        "-": '<w:numPr><w:numId w:val="4"/></w:numPr>',
        "1.": '<w:numPr><w:numId w:val="5"/></w:numPr>',
        "": "",
    }.get(style, f'<w:pStyle w:val="Titre{style if style.isdigit() else ""}"/>')
    half = len(text) // 2  # programs cut a paragraph into runs anywhere
    runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in (text[:half], text[half:]))
    gone = "<w:del><w:r><w:delText>effacé</w:delText></w:r></w:del>"
    return f"<w:p><w:pPr>{properties}</w:pPr>{runs}{gone}</w:p>"


def _text_paragraph(style: str, text: str) -> str:
    half = len(text) // 2
    said = f"{escape(text[:half])}<text:span>{escape(text[half:])}</text:span>"
    if style.isdigit():
        return f'<text:h text:outline-level="{style}">{said}</text:h>'
    if style:
        name = ' text:style-name="L1"' if style == "1." else ""
        return f"<text:list{name}><text:list-item><text:p>{said}</text:p></text:list-item></text:list>"
    return f"<text:p>{said}</text:p>"


def _shape(kind: str, paragraphs: str) -> str:
    place = f'<p:nvSpPr><p:nvPr><p:ph type="{kind}"/></p:nvPr></p:nvSpPr>'
    return f"<p:sp>{place}<p:txBody>{paragraphs}</p:txBody></p:sp>"

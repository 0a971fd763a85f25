"""Tables as an OpenDocument spreadsheet (OASIS OpenDocument 1.3): a zip of three small files, and nothing to run.

A text is marked as one, so that no spreadsheet takes it for a formula whatever it begins with.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

MIMETYPE = "application/vnd.oasis.opendocument.spreadsheet"
Cell = str | int | float | None
_MOMENT = (2000, 1, 1, 0, 0, 0)  # in the zip: the same tables give the same bytes
_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # no characters of XML
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<manifest:manifest xmlns:manifest="{_OFFICE}:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIMETYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


@dataclass(frozen=True)
class Sheet:
    """One table; numbers stay numbers, None is an empty cell."""

    name: str
    rows: Sequence[Sequence[Cell]]


def spreadsheet(sheets: Sequence[Sheet]) -> bytes:
    """The whole file."""
    content = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<office:document-content xmlns:office="{_OFFICE}:office:1.0" xmlns:table="{_OFFICE}:table:1.0" '
        f'xmlns:text="{_OFFICE}:text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
        f"{''.join(map(_table, sheets))}</office:spreadsheet></office:body></office:document-content>"
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        # First and not compressed, so that the kind of the file can be read at a fixed place.
        archive.writestr(zipfile.ZipInfo("mimetype", _MOMENT), MIMETYPE, zipfile.ZIP_STORED)
        for name, text in (("META-INF/manifest.xml", _MANIFEST), ("content.xml", content)):
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), text, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def _table(sheet: Sheet) -> str:
    width = max((len(row) for row in sheet.rows), default=1)
    rows = "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in sheet.rows)
    name = quoteattr(_text(re.sub(r"[\[\]*?:/\\']", " ", sheet.name)))
    columns = f'<table:table-column table:number-columns-repeated="{max(width, 1)}"/>'
    return f"<table:table table:name={name}>{columns}{rows}</table:table>"


def _cell(value: Cell) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, str):
        lines = "".join(f"<text:p>{escape(line)}</text:p>" for line in _text(value).split("\n"))
        return f'<table:table-cell office:value-type="string">{lines}</table:table-cell>'
    return (
        f'<table:table-cell office:value-type="float" office:value="{value}">'
        f"<text:p>{value}</text:p></table:table-cell>"
    )


def _text(value: str) -> str:
    return _UNFIT.sub("", value)

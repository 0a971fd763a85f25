"""The bytes of a document as text, or a clear refusal."""

import codecs

from helpdesk.errors import UnreadableDocument

LARGEST = 500_000
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_FORMATS = (
    (b"%PDF", "un PDF"),
    (b"PK\x03\x04", "un document bureautique ou une archive"),
    (b"\xd0\xcf\x11\xe0", "un document Word"),
    (b"\x89PNG", "une image"),
    (b"\xff\xd8\xff", "une image"),
    (b"{\\rtf", "un document RTF"),
    (b"<!DOCTYPE", "une page web"),
)


def decode(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or Windows-1252. Raises UnreadableDocument with a sentence for the person."""
    if len(data) > LARGEST:
        raise UnreadableDocument(
            f"Le fichier pèse plus de {LARGEST // 1000} ko : un document de questions et réponses est bien plus "
            "court. Vérifiez que c’est le bon fichier."
        )
    for start, name in _FORMATS:
        if data.startswith(start):
            raise UnreadableDocument(f"Le fichier est {name}, pas un texte : enregistrez-le en texte brut (.txt).")
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decoded(data, encoding)
    if b"\x00" in data:
        raise UnreadableDocument("Le fichier n’est pas un texte : il contient des octets nuls.")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = _decoded(data, "cp1252")
    _refuse_noise(text)
    if not text.strip():
        raise UnreadableDocument("Le fichier est vide.")
    return text


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableDocument("Le texte n’est ni en UTF-8 ni en Windows-1252. Enregistrez-le en UTF-8.") from error
    if not text.strip():
        raise UnreadableDocument("Le fichier est vide.")
    _refuse_noise(text)
    return text


def _refuse_noise(text: str) -> None:
    """A file of another kind that happens to decode is full of control characters."""
    controls = sum(1 for char in text if ord(char) < 32 and char not in "\t\n\r\f\v")
    if controls * 100 > len(text):
        raise UnreadableDocument("Le fichier n’est pas un texte : il contient trop de caractères de contrôle.")

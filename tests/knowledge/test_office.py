"""Documents of office programs and PDFs: what people read in them comes out, what is dangerous is refused."""

import pytest

from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge.document import Document
from helpdesk.knowledge.importer import read
from helpdesk.knowledge.lexicon import Lexicon
from tests.knowledge.office import WORD, archive, docx, odt, pdf, pptx

LINES = (
    ("t", "Foire aux questions"),
    ("", "Version de travail"),
    ("1", "Comptes des élèves"),
    ("2", "Un élève peut-il changer son mot de passe ?"),
    ("", "Oui. Il faut :"),
    ("1.", "ouvrir la page ;"),
    ("1.", "cliquer sur « Oublié »."),
    ("2", "Et sans téléphone ?"),
    ("-", "Au collège*."),
)
SECTION = (
    "Comptes des élèves",
    [
        (
            "Un élève peut-il changer son mot de passe ?",
            "Oui. Il faut :\n\n1. ouvrir la page ;\n1. cliquer sur « Oublié ».",
        ),
        ("Et sans téléphone ?", "- Au collège\\*."),
    ],
)


def said(document: Document) -> list[tuple[str, list[tuple[str, str]]]]:
    return [(part.title, [(each.question, each.answer) for each in part.questions]) for part in document.sections]


@pytest.mark.parametrize("make", [docx, odt], ids=["docx", "odt"])
def test_headings_that_ask_are_questions_and_lists_stay_lists(make: type, words: Lexicon) -> None:
    lines = [line for line in LINES if line[0] != "t"] if make is odt else LINES

    imported = read(make(lines), words)

    assert said(imported.document) == [SECTION]
    assert [repair.before for repair in imported.repairs] == ["Version de travail"]


def test_slides_are_read_in_the_order_in_which_they_are_shown(words: Lexicon) -> None:
    slides = [
        ("Comptes des élèves", []),
        ("Et sans téléphone ?", ["Au collège."]),
        ("Et la nuit ?", ["Demain.", "Tôt."]),
    ]

    assert said(read(pptx(slides), words).document) == [
        ("Comptes des élèves", [("Et sans téléphone ?", "Au collège."), ("Et la nuit ?", "Demain.\n\nTôt.")])
    ]


def test_a_document_without_headings_is_read_like_a_text(words: Lexicon) -> None:
    lines = [
        ("", "Un élève peut-il changer son mot de passe ?"),
        ("", "Oui, par courriel, depuis la page de connexion."),
    ]

    ((_title, questions),) = said(read(docx(lines), words).document)

    assert questions == [
        ("Un élève peut-il changer son mot de passe ?", "Oui, par courriel, depuis la page de connexion.")
    ]


def test_the_text_of_a_pdf_is_read(words: Lexicon) -> None:
    page = [
        "Un élève peut-il changer son mot de passe ?",
        "Oui, par courriel, depuis la page de connexion de son compte.",
    ]

    ((_title, questions),) = said(read(pdf(page), words).document)

    assert questions == [(page[0], page[1])]


BOMB = f"<w:document {WORD}>" + " " * 6_000_000 + "</w:document>"
LAUGHS = '<!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (docx(LINES, {"word/vbaProject.bin": b"x"}), "macros"),
        (odt(LINES, {"Basic/Standard/Module1.xml": "x"}), "macros"),
        (odt(LINES, {"META-INF/manifest.xml": "<manifest:encryption-data/>"}), "mot de passe"),
        (archive({"word/document.xml": BOMB}), "démesuré"),
        (archive({f"{number}": "" for number in range(5_001)}), "démesuré"),
        (docx(LINES, head=LAUGHS), "entités XML"),
        (docx(LINES, {"word/document.xml": "<w:document"}), "abîmé"),
        (docx(LINES)[:-100], "abîmé"),
        (archive({"lisez-moi.txt": "bonjour"}), "n’est pas un document"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "mot de passe, ou d’un ancien format"),
        (pdf(["Un élève peut-il changer son mot de passe ?"], encrypted=True), "mot de passe"),
        (pdf([]), "ne contient pas de texte"),
        (b"%PDF-1.4\nabc", "abîmé"),
        (docx([("1", "Comptes")]), "Aucune question"),
        (b"x" * 10_000_001, "10 Mo"),
    ],
)
def test_what_is_dangerous_or_unreadable_is_refused_with_the_reason(data: bytes, why: str, words: Lexicon) -> None:
    with pytest.raises(UnreadableDocument, match=why):
        read(data, words)


def test_a_document_nested_deeper_than_python_goes_is_read(words: Lexicon) -> None:
    deep = "<text:section>" * 5_000 + "<text:p>Perdu ?</text:p>" + "</text:section>" * 5_000
    content = f'<r xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">{deep}</r>'

    with pytest.raises(UnreadableDocument):  # a question without an answer, and no crash
        read(archive({"content.xml": content}), words)

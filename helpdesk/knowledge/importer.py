"""A document handed in for the FAQ, whatever its form: bytes → `Imported`.

bytes → text → reviewed Markdown, read as it stands
             → a scan: lines → outline → passages under repair → sections, questions, answers
      → DOCX, ODT, PPTX → blocks → the reviewed form where headings ask, else a scan
      → PDF → text → a scan
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge import reviewed
from helpdesk.knowledge.audience import audience_of
from helpdesk.knowledge.blocks import Block, plain_lines, reviewed_form
from helpdesk.knowledge.decoding import decode
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.layout import join, read_lines
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.office import read_office
from helpdesk.knowledge.outline import Entry, Part, answer_passages, outline, question_lines
from helpdesk.knowledge.pdf import read_pdf
from helpdesk.knowledge.repair.mend import mend
from helpdesk.knowledge.repair.tokens import tokens
from helpdesk.knowledge.repair.trail import Draft, Edit, Repair, Rule
from helpdesk.knowledge.signs import is_item, without_mark

LARGEST_FILE = 10_000_000  # bytes; of a text, decoding takes less
_ENOUGH_WORDS = 50
_ONLY_SECTION = "Questions et réponses"


@dataclass(frozen=True, slots=True)
class Imported:
    """A document and every change that was made to its text on the way, in the order of the source."""

    document: Document
    repairs: tuple[Repair, ...]


@dataclass
class _Entry:
    question: Draft
    answer: list[tuple[str, Draft]]


@dataclass
class _Part:
    title: Draft
    entries: list[_Entry]


def read(data: bytes, lexicon: Lexicon) -> Imported:
    """Understand a document in whatever form. Raises UnreadableDocument with a French sentence for the person."""
    imported = _read(data, lexicon)
    for section in imported.document.sections:
        for text, most in ((section.title, 300), *((each.question, 500) for each in section.questions)):
            if len(text) > most:
                raise UnreadableDocument(f"« {text[:60]}… » est trop long pour une rubrique ou une question.")
    return imported


def _read(data: bytes, lexicon: Lexicon) -> Imported:
    if len(data) > LARGEST_FILE:
        raise UnreadableDocument(f"Le fichier pèse plus de {LARGEST_FILE // 1_000_000} Mo.")
    if data.startswith(b"PK\x03\x04"):
        return _read_blocks(read_office(data), lexicon)
    if data[:1024].lstrip().startswith(b"%PDF"):
        return read_scan(read_pdf(data), lexicon)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise UnreadableDocument(
            "Le document est protégé par un mot de passe, ou d’un ancien format (.doc, .ppt) : enregistrez-le "
            "en .docx, .odt ou .pptx, sans protection."
        )
    text = decode(data)
    if reviewed.is_reviewed(text):
        return Imported(reviewed.parse(text), ())
    return read_scan(text, lexicon)


def _read_blocks(blocks: Sequence[Block], lexicon: Lexicon) -> Imported:
    formed = reviewed_form(blocks)
    if formed is None:
        return read_scan(plain_lines(blocks), lexicon)
    text, left_out = formed
    return Imported(reviewed.parse(text), tuple(Repair(0, line, "", Rule.LEFT_OUT) for line in left_out))


def read_scan(text: str, lexicon: Lexicon) -> Imported:
    """Read a plain text, damaged or not."""
    lines, repairs = read_lines(text)
    found = outline(lines)
    if not found.parts:
        raise UnreadableDocument(
            "Aucune question n’a été trouvée. Une question doit finir par « ? », et sa réponse commencer à la ligne."
        )
    repairs += [_unanswered(entry) for part in found.parts for entry in part.entries if not entry.is_answered]
    parts = [_part(part, lexicon) for part in found.parts if any(entry.is_answered for entry in part.entries)]
    if not parts:
        raise UnreadableDocument("Aucune question n’est suivie d’une réponse.")
    drafts = [draft for part in parts for draft in _drafts(part)]
    _refuse_gibberish(drafts, lexicon)
    mend(drafts, lexicon)
    for part in parts:
        _capitalise(part.title)
    repairs += [Repair(line.number, line.text, "", Rule.LEFT_OUT) for line in found.left_out]
    repairs += [repair for draft in drafts for repair in draft.repairs]
    document = Document(tuple(_section(part) for part in parts))
    return Imported(document, tuple(sorted(repairs, key=lambda repair: repair.line)))


def _unanswered(entry: Entry) -> Repair:
    return Repair(entry.question[0].number, " ".join(line.text for line in entry.question), "", Rule.UNANSWERED)


def _refuse_gibberish(drafts: list[Draft], lexicon: Lexicon) -> None:
    """What is mostly no French, repaired or not, can only get worse."""
    words = {token.lower for draft in drafts for token in tokens(draft.text) if len(token.text) > 3}
    strange = sum(1 for word in words if not lexicon.knows(word) and not lexicon.spellings(word))
    if len(words) > _ENOUGH_WORDS and strange * 2 > len(words):
        raise UnreadableDocument(
            "Plus de la moitié des mots ne sont pas reconnus : le texte n’est pas en français, ou il est trop abîmé."
        )


def _part(part: Part, lexicon: Lexicon) -> _Part:
    title = join(part.heading, lexicon) if part.heading else Draft(_ONLY_SECTION, [(0, 1)])
    return _Part(title, [_entry(entry, lexicon) for entry in part.entries if entry.is_answered])


def _entry(entry: Entry, lexicon: Lexicon) -> _Entry:
    question = join(question_lines(entry), lexicon)
    if entry.lacks_mark:
        question.apply([Edit(without_mark(question.text), len(question.text), " ?", Rule.MARK)])
    answer = []
    for lines in answer_passages(entry):
        first = lines[0]
        sign = first.text.split(" ")[0] if is_item(first.text) else ""
        bare = [replace(first, text=first.text[len(sign) :].strip()), *lines[1:]] if sign else lines
        mark = "" if not sign else f"{sign} " if sign[0].isdigit() else "- "
        answer.append((mark, join(bare, lexicon)))
    return _Entry(question, answer)


def _drafts(part: _Part) -> list[Draft]:
    return [part.title, *(draft for entry in part.entries for draft in (entry.question, *(d for _, d in entry.answer)))]


def _capitalise(title: Draft) -> None:
    """« comptes élèves » stood after a colon; as a heading it takes a capital."""
    if title.text[:1].islower():
        title.apply([Edit(0, 1, title.text[0].upper(), Rule.CAPITAL)])


def _section(part: _Part) -> Section:
    questions = []
    for entry in part.entries:
        answer = _as_text(entry.answer)
        audience = audience_of(entry.question.text, answer, part.title.text)
        questions.append(Question(entry.question.text, answer, audience))
    return Section(part.title.text, tuple(questions))


def _as_text(passages: list[tuple[str, Draft]]) -> str:
    """Passages parted by an empty line, items of one list by a line end."""
    text = ""
    was_item = False
    for mark, draft in passages:
        if text:
            text += "\n" if mark and was_item else "\n\n"
        text += mark + draft.text
        was_item = bool(mark)
    return text

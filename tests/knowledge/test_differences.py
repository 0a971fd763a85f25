"""What an import would change, entry by entry, and which address each keeps."""

from helpdesk.knowledge.differences import Kind, changes
from helpdesk.knowledge.document import Document, Question, Section, addressed, slug_of
from helpdesk.knowledge.importer import read
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.places import config_dir
from helpdesk.vocabulary import Readers

PHONE = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
PASSWORD = Question("Un élève peut-il changer son mot de passe ?", "Oui, par mail.", Readers.FAMILIES, "mot-de-passe")
LETTER = Question("Que signifie « notifier un compte » ?", "Générer un courrier.", Readers.SCHOOLS, "notifier")


def document(*questions: Question, title: str = "Comptes") -> Document:
    return Document((Section(title, questions),))


def edited(question: Question, *, asks: str = "", answers: str = "", slug: str | None = None) -> Question:
    return Question(
        asks or question.question,
        answers or question.answer,
        question.audience,
        question.slug if slug is None else slug,
    )


def found(old: Document, new: Document) -> list[tuple[Kind, str]]:
    return [(change.kind, change.slug) for change in changes(old, new)]


def test_the_same_document_changes_nothing() -> None:
    assert found(document(PHONE, PASSWORD), document(PHONE, PASSWORD)) == []


def test_the_shipped_documents_read_twice_change_nothing(words: Lexicon) -> None:
    for name in ("educonnect.md", "educonnect.txt"):
        given = read((config_dir() / "faq" / name).read_bytes(), words).document
        assert changes(given, given) == ()


def test_an_edited_answer_changes_that_entry_alone() -> None:
    new = document(PHONE, edited(PASSWORD, answers="Non."), LETTER)

    assert found(document(PHONE, PASSWORD, LETTER), new) == [(Kind.CHANGED, "mot-de-passe")]


def test_an_added_and_a_gone_entry_leave_the_others_alone() -> None:
    assert found(document(PHONE, LETTER), document(PASSWORD, PHONE)) == [
        (Kind.ADDED, "mot-de-passe"),
        (Kind.GONE, "notifier"),
    ]


def test_a_reworded_question_without_an_address_keeps_the_one_it_has() -> None:
    new = document(edited(PASSWORD, asks="Les élèves peuvent-ils changer leur mot de passe ?", slug=""))

    assert found(document(PHONE, PASSWORD), new) == [(Kind.CHANGED, "mot-de-passe"), (Kind.GONE, "telephone")]


def test_a_question_put_in_other_words_is_known_by_its_answer() -> None:
    answer = "Le secrétariat du collège corrige le numéro, puis vous recevez un message qui le confirme."
    old = edited(PHONE, answers=answer)
    new = edited(PHONE, asks="Nouveau téléphone, que faire ?", answers=answer, slug="")

    assert found(document(old), document(new)) == [(Kind.CHANGED, "telephone")]


def test_the_address_is_the_key_even_when_everything_else_changed() -> None:
    new = edited(LETTER, slug="telephone")

    assert found(document(PHONE), document(new)) == [(Kind.CHANGED, "telephone")]


def test_an_address_that_the_document_changes_is_told_with_the_former_one() -> None:
    change = changes(document(PHONE), document(edited(PHONE, slug="nouveau-numero")))[0]

    assert change.before is not None
    assert (change.kind, change.before.question.slug, change.slug) == (Kind.CHANGED, "telephone", "nouveau-numero")


def test_one_entry_that_moves_is_one_change() -> None:
    assert found(document(PHONE, PASSWORD, LETTER), document(LETTER, PHONE, PASSWORD)) == [(Kind.MOVED, "notifier")]


def test_entries_of_a_renamed_section_have_moved() -> None:
    assert found(document(PHONE), document(PHONE, title="Coordonnées")) == [(Kind.MOVED, "telephone")]


def test_a_new_entry_never_takes_an_address_in_use() -> None:
    twin = Question("Téléphone", "Tout autre chose.", Readers.SCHOOLS)

    assert found(document(PHONE), document(PHONE, twin)) == [(Kind.ADDED, "telephone-2")]


def test_two_like_questions_are_paired_with_the_likest() -> None:
    one = Question("Comment notifier un compte élève ?", "Ainsi.", Readers.SCHOOLS, "un")
    two = Question("Comment notifier un compte parent ?", "Autrement.", Readers.SCHOOLS, "deux")
    new = document(edited(two, asks="Comment notifier un compte de parent ?", slug=""), edited(one, slug=""))

    assert {change.slug for change in changes(document(one, two), new)} <= {"un", "deux"}
    assert (Kind.CHANGED, "deux") in found(document(one, two), new)


def test_the_raw_scan_after_the_reviewed_text_keeps_every_address(words: Lexicon) -> None:
    reviewed = read((config_dir() / "faq" / "educonnect.md").read_bytes(), words).document
    scan = read((config_dir() / "faq" / "educonnect.txt").read_bytes(), words).document

    kinds = {change.kind for change in changes(reviewed, scan)}
    slugs = {change.slug for change in changes(reviewed, scan)}

    assert kinds <= {Kind.CHANGED, Kind.MOVED}
    assert slugs <= {each.slug for each in reviewed.questions()}


def test_addresses_are_made_of_the_words_and_are_unique() -> None:
    assert slug_of("À qui s’adresser ? L’élève, 2 fois !") == "a-qui-s-adresser-l-eleve-2-fois"
    assert slug_of("???") == "question"
    assert len(slug_of("mot " * 60)) <= 80
    twice = addressed(document(edited(PHONE, slug=""), edited(PHONE, slug="")))
    assert [each.slug for each in twice.questions()] == [
        "mon-numero-a-change-a-qui-le-dire",
        "mon-numero-a-change-a-qui-le-dire-2",
    ]

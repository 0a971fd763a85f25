"""Reading documents: the customer's scan, other habits of writing them, and files that are none."""

import re
from contextlib import suppress

import pytest

from helpdesk.errors import UnreadableDocument
from helpdesk.knowledge.decoding import LARGEST
from helpdesk.knowledge.importer import Imported, read, read_scan
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.trail import Rule
from helpdesk.places import config_dir
from helpdesk.vocabulary import Readers


@pytest.fixture(scope="module")
def scan(words: Lexicon) -> Imported:
    return read((config_dir() / "faq" / "educonnect.txt").read_bytes(), words)


def questions(text: str, words: Lexicon) -> list[str]:
    return [each.question for each in read_scan(text, words).document.questions()]


def answers(text: str, words: Lexicon) -> list[str]:
    return [each.answer for each in read_scan(text, words).document.questions()]


def titles(text: str, words: Lexicon) -> list[str]:
    return [section.title for section in read_scan(text, words).document.sections]


def test_the_customers_scan_has_eight_sections_and_eighteen_questions(scan: Imported) -> None:
    shape = [(section.title, len(section.questions)) for section in scan.document.sections]

    assert shape == [
        ("Accès à la connexion EduConnect", 1),
        ("Comptes des responsables", 5),
        ("Comptes responsables", 1),
        ("Comptes élèves", 2),
        ("Campagne de communication", 3),
        ("Gestion des comptes EduConnect par l’établissement", 4),
        ("Accès Enseignants et personnels d’établissement", 1),
        ("Assistance nationale EduConnect", 1),
    ]


def test_a_question_of_two_sentences_that_wraps_is_one(scan: Imported) -> None:
    assert scan.document.sections[2].questions[0].question == (
        "À qui le responsable doit-il signaler un changement de numéro de téléphone en cours d’année ? "
        "Peut-il modifier son numéro de mobile dans les informations de son compte ?"
    )


def test_an_answer_cut_by_an_empty_line_is_whole_and_its_paragraphs_stay(scan: Imported) -> None:
    whole = scan.document.sections[1].questions[0].answer
    paragraphs = scan.document.sections[5].questions[3].answer.split("\n\n")

    assert whole.endswith("pour consulter le compte de l’ensemble des enfants.")
    assert [paragraph.split(" ")[0] for paragraph in paragraphs] == ["Inciter", "Il"]


def test_of_the_eighteen_eight_speak_to_schools_and_one_to_staff(scan: Imported) -> None:
    readers = {section.title: [each.audience for each in section.questions] for section in scan.document.sections}

    assert readers["Comptes des responsables"] == [*[Readers.FAMILIES] * 3, Readers.SCHOOLS, Readers.FAMILIES]
    assert set(readers["Campagne de communication"]) == {Readers.SCHOOLS}
    assert set(readers["Gestion des comptes EduConnect par l’établissement"]) == {Readers.SCHOOLS}
    assert readers["Accès Enseignants et personnels d’établissement"] == [Readers.STAFF]
    everyone = [each for section in readers.values() for each in section]
    assert (everyone.count(Readers.FAMILIES), everyone.count(Readers.SCHOOLS)) == (9, 8)


def test_nothing_is_changed_silently(scan: Imported) -> None:
    """Undoing the record on the words of the source leads to every word that was read."""
    source = (config_dir() / "faq" / "educonnect.txt").read_text("utf-8")
    known = set(source.split()) | {word for repair in scan.repairs for word in repair.after.split()}
    read_words = {
        word
        for section in scan.document.sections
        for text in (section.title, *(part for each in section.questions for part in (each.question, each.answer)))
        for word in text.split()
    }

    assert read_words - known == set()


@pytest.mark.parametrize("disturbed", [r"\n(\s*\n)+", r"\n"], ids=["no empty line left", "one after every line"])
def test_the_empty_lines_of_a_scan_tell_nothing_alone(disturbed: str, scan: Imported, words: Lexicon) -> None:
    source = (config_dir() / "faq" / "educonnect.txt").read_text("utf-8")
    text = re.sub(disturbed, "\n" if "+" in disturbed else "\n\n", source)

    document = read_scan(text, words).document

    assert [section.title for section in document.sections] == [section.title for section in scan.document.sections]
    assert [each.question for each in document.questions()] == [each.question for each in scan.document.questions()]


def test_headings_may_be_numbered_in_capitals_or_short_lines(words: Lexicon) -> None:
    body = "\n\nComment payer ?\n\nPar chèque.\n\n"

    assert titles(f"1. Paiement{body}2. Retards{body}", words) == ["Paiement", "Retards"]
    assert titles(f"PAIEMENT{body}RETARDS ET PERTES{body}", words) == ["PAIEMENT", "RETARDS ET PERTES"]
    assert titles(f"Foire aux questions\n\nPaiement{body}Retards et pertes{body}", words) == [
        "Paiement",
        "Retards et pertes",
    ]
    assert titles(f"Thème 1 : paiement{body}Thème 2 : retards{body}", words) == ["Paiement", "Retards"]


def test_a_heading_marker_may_be_damaged_and_its_title_wrap(words: Lexicon) -> None:
    text = "\fQuestlons / Réeponses: paiement de la\nfacture\nComment payer ?\nPar chèque.\n"

    assert titles(text, words) == ["Paiement de la facture"]


def test_a_document_without_headings_is_one_section(words: Lexicon) -> None:
    assert titles("Comment payer ?\n\nPar chèque.\n", words) == ["Questions et réponses"]


def test_a_title_above_everything_is_left_out_and_says_so(words: Lexicon) -> None:
    imported = read_scan("La cantine en questions\n\n1. Paiement\n\nComment payer ?\nPar chèque.\n", words)

    assert [(each.line, each.before) for each in imported.repairs if each.rule is Rule.LEFT_OUT] == [
        (1, "La cantine en questions")
    ]


def test_a_question_may_follow_the_answer_before_it_without_an_empty_line(words: Lexicon) -> None:
    text = (
        "Comment payer ?\nPar chèque.\nPuis-je payer en ligne ?\nOui.\nJ’ai perdu ma carte, que faire ?\nPrévenez-nous."
    )

    assert questions(text, words) == [
        "Comment payer ?",
        "Puis-je payer en ligne ?",
        "J’ai perdu ma carte, que faire ?",
    ]


def test_a_question_inside_an_answer_stays_there(words: Lexicon) -> None:
    text = "Comment payer ?\n\nVous avez reçu la facture ? Payez en ligne. Sinon, pourquoi attendre ?\nAppelez-nous.\n"

    assert answers(text, words) == [
        "Vous avez reçu la facture ? Payez en ligne. Sinon, pourquoi attendre ? Appelez-nous."
    ]


def test_signs_for_questions_and_answers_are_taken_off(words: Lexicon) -> None:
    text = "Q1 : Comment payer ?\nR : Par chèque.\n\nQ2 : Où payer ?\nR : À la mairie.\n"

    assert questions(text, words) == ["Comment payer ?", "Où payer ?"]
    assert answers(text, words) == ["Par chèque.", "À la mairie."]


def test_a_question_that_lost_its_mark_gets_it_back(words: Lexicon) -> None:
    text = "Comment payer la facture 7\n\nPar chèque.\n\nOù retirer la carte en 2027\n\nÀ la mairie.\n"

    assert questions(text, words) == ["Comment payer la facture ?", "Où retirer la carte en 2027 ?"]


def test_lists_stay_lists(words: Lexicon) -> None:
    text = "Que faut-il apporter ?\n\nPour le dossier :\n• une photo ;\n• un bail, signé par\nles parents.\n\nMerci.\n"

    assert answers(text, words) == ["Pour le dossier :\n\n- une photo ;\n- un bail, signé par les parents.\n\nMerci."]


def test_words_cut_by_a_hyphen_are_joined_and_compounds_keep_theirs(words: Lexicon) -> None:
    text = "Comment payer ?\n\nAvec votre identi-\nfiant. Les élèves paient eux-\nmêmes.\n"

    assert answers(text, words) == ["Avec votre identifiant. Les élèves paient eux-mêmes."]


def test_page_numbers_and_running_lines_are_left_out(words: Lexicon) -> None:
    page = "\fMairie de Sainte-Colline\nComment payer la facture {} ?\n\nPar chèque, à\n\n{}\n"
    text = "".join(page.format(name, number) for number, name in enumerate(("du gaz", "de l’eau", "du bois"), 1))

    assert questions(text, words) == [
        f"Comment payer la facture {name} ?" for name in ("du gaz", "de l’eau", "du bois")
    ]
    assert set(answers(text, words)) == {"Par chèque, à"}


def test_a_marked_heading_counts_even_after_a_question_without_an_answer(words: Lexicon) -> None:
    text = "Questions / Réponses : un\n\nOù payer ?\n\nQuestions / Réponses : deux\n\nComment payer ?\n\nPar chèque.\n"

    assert titles(text, words) == ["Deux"]


def test_a_question_without_an_answer_is_left_out_and_says_so(words: Lexicon) -> None:
    imported = read_scan("1. Un\n\nComment payer ?\n\nPar chèque.\n\n2. Deux\n\nOù payer ?\n", words)

    assert len(imported.document.sections) == 1
    assert [each.before for each in imported.repairs if each.rule is Rule.UNANSWERED] == ["Où payer ?"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_any_usual_encoding_and_line_end_reads_the_same(encoding: str, line_end: str, words: Lexicon) -> None:
    text = "Où payer ?\n\nÀ l’école, « en ligne ».\n".replace("\n", line_end)

    document = read(text.encode(encoding), words).document

    assert [(each.question, each.answer) for each in document.questions()] == [
        ("Où payer ?", "À l’école, « en ligne ».")
    ]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "vide"),
        (b" \n\f\n", "vide"),
        (b"\xff\xfe", "vide"),
        (b"\xff\xfea", "UTF-8"),
        (b"Comment ?\x00\x01", "octets nuls"),
        (bytes(range(1, 32)) * 40, "contrôle"),
        (b"%PDF-1.7\n", "PDF"),
        (b"PK\x03\x04\x14\x00", "abîmé"),
        (b"x" * (LARGEST + 1), "500 ko"),
        ("Bonjour à tous. Rien à demander.".encode(), "Aucune question"),
        (b"Comment payer ?\n", "suivie d"),
        (
            ("How to pay?\n\n" + " ".join(f"strangewordnumber{chr(97 + n % 26)}{n}x" for n in range(90))).encode(),
            "français",
        ),
    ],
)
def test_what_is_no_document_is_refused_with_a_sentence(data: bytes, sentence: str, words: Lexicon) -> None:
    with pytest.raises(UnreadableDocument, match=sentence):
        read(data, words)


@pytest.mark.parametrize("piece", ["\f", "\n\n\n", "Titre\n\n", "l'a ", "a-", "a@b ", "« ", "ou : ", "Ou ? ", "'a '"])
def test_a_hostile_file_is_read_or_refused_in_bounded_time(piece: str, words: Lexicon) -> None:
    """Quadratic work on a passage this long would take minutes."""
    text = "Comment payer ?\n" + piece * (60_000 // len(piece))

    with suppress(UnreadableDocument):
        assert read(text.encode(), words).document.sections

"""Repair of single passages: what is put right, what is left alone, what is on record."""

import pytest

from helpdesk.knowledge.importer import read
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.knowledge.repair.mend import mend
from helpdesk.knowledge.repair.trail import Draft, Repair, Rule
from helpdesk.places import config_dir
from tests.knowledge.error_rate import DOCUMENTS, KEPT_APART, TUNED


def mended(text: str, words: Lexicon, *, beside: str = "") -> str:
    """`text` repaired; `beside` is another passage of the same document, which shows how the scan was."""
    drafts = [Draft(text, [(0, 1)]), Draft(beside, [(0, 2)])]
    mend(drafts, words)
    return drafts[0].text


def repairs(text: str, words: Lexicon) -> list[Repair]:
    draft = Draft(text, [(0, 1)])
    mend([draft], words)
    return draft.repairs


# A passage of a scan that loses every mark but é.
BARE = "Apres la derniere seance, les éleves sont ramenés a la mairie, ou le goûter est preparé a partir de six heures."


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("à I'école", "à l’école"),
        ("à I’école", "à l’école"),
        ("à 'école", "à l’école"),
        ("à ’'école", "à l’école"),
        ("à I’'école", "à l’école"),
        ("à l 'école", "à l’école"),
        ("à l école", "à l’école"),
        ("à 1'école", "à l’école"),
        ("I'école est ouverte.", "L’école est ouverte."),
        ("l’enfant ouI'adulte", "l’enfant ou l’adulte"),
        ("pasd'accès", "pas d’accès"),
        ("jusqu’ à midi", "jusqu’à midi"),
        ("d’'une année", "d’une année"),
        ("s’ils 'ont dit", "s’ils l’ont dit"),
        ("il est ouvert aujourd'hui", "il est ouvert aujourd’hui"),
    ],
)
def test_a_broken_elision_is_made_whole(read_as: str, meant: str, words: Lexicon) -> None:
    assert mended(read_as, words) == meant


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("la bibliotheque municipale", "la bibliothèque municipale"),
        ("la méme adresse", "la même adresse"),
        ("il recoit une réponse", "il reçoit une réponse"),
        ("ELEVES", "ÉLÈVES"),
        ("Ecole maternelle", "École maternelle"),
        ("c’est-a-dire", "c’est-à-dire"),
        ("un rendez-vous aprés la classe", "un rendez-vous après la classe"),
        ("une seule éleve", "une seule élève"),
    ],
)
def test_lost_and_flattened_accents_come_back(read_as: str, meant: str, words: Lexicon) -> None:
    assert mended(read_as, words) == meant


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("lls arrivent.", "Ils arrivent."),
        ("lnscription des enfants", "Inscription des enfants"),
        ("dans un Iycée", "dans un lycée"),
        ("il est obligatoire de marguer les vêtements", "il est obligatoire de marquer les vêtements"),
        ("les parrents", "les parents"),
        ("les resposnables", "les responsables"),
        ("dans le quatrtier", "dans le quartier"),
        ("une réeponse", "une réponse"),
        ("la comrnune", "la commune"),
        ("une c0mmune", "une commune"),
        ("le profeseur", "le professeur"),
    ],
)
def test_misread_letters_are_put_right(read_as: str, meant: str, words: Lexicon) -> None:
    assert mended(read_as, words) == meant


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("les tarifsde la cantine", "les tarifs de la cantine"),
        ("le nom deson enfant", "le nom de son enfant"),
        ("Ilest gratuit.", "Il est gratuit."),
        ("il peut renouvelerle contrat", "il peut renouveler le contrat"),
        ("par la régie municipaleviaun guichet", "par la régie municipale via un guichet"),
        ("une décision qui esta revoir", "une décision qui est à revoir"),
        ("le quotientfamilial", "le quotient familial"),
        ("le compte EduConnectpar exemple", "le compte EduConnect par exemple"),
        ("le transport sco laire", "le transport scolaire"),
    ],
)
def test_words_run_together_are_parted_and_torn_ones_joined(read_as: str, meant: str, words: Lexicon) -> None:
    assert mended(read_as, words) == meant


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("Avez-vous compris?", "Avez-vous compris ?"),
        ("cliquez sur «Envoyer»", "cliquez sur « Envoyer »"),
        ("trois pièces: un bail", "trois pièces : un bail"),
        ("un  bail , une photo", "un bail, une photo"),
        ("la ﬁche", "la fiche"),
        ("avec Educonnect", "avec EduConnect"),
        ("avec EdvConnect", "avec EduConnect"),
    ],
)
def test_type_is_set_the_french_way(read_as: str, meant: str, words: Lexicon) -> None:
    assert mended(read_as, words) == meant


@pytest.mark.parametrize(
    "meant",
    [
        "Le parent accède à la page et demande à l’école à être rappelé.",
        "Il a reçu la carte et il l’a à la main ; elle a un mois.",
        "À qui faut-il s’adresser ? À la mairie.",
        "Votre enfant a été inscrit à partir de six ans, s’il a plusieurs frères.",
        "Le service n’a pas à répondre à des questions qu’il a déjà eues.",
        "Peut-on accéder à son dossier ? Y a-t-il un délai à respecter ?",
        "Restez là où vous êtes jusqu’à la page où vous lisez votre nom.",
        "Dès que le dossier est prêt, prévenez-nous ; celui-là est à refaire.",
        "L’école ou le collège vous répond.",
    ],
)
def test_words_that_only_their_neighbours_tell_apart(meant: str, words: Lexicon) -> None:
    bare = meant.translate(str.maketrans("àÀèùêç", "aAeuéc"))

    assert mended(bare, words, beside=BARE) == meant


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("la carte a été refuse", "la carte a été refusé"),
        ("le tarif le plus élève", "le tarif le plus élevé"),
    ],
)
def test_participles_get_their_accent_back_where_the_scan_loses_it(read_as: str, meant: str, words: Lexicon) -> None:
    bare = "Les resultats ont ete envoyes aux interesses, qui ont deja repondu a l’ecole."

    assert mended(read_as, words, beside=bare) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Mme Lanson et M. Durant habitent Saint-Denis, près de Brême.",
        "Le logiciel Pronotix, la société Vidéotis et le sigle XKPT.",
        "Écrivez à ce.0711324D@ac-dijon.fr ou voyez www.exemple-academie.fr/eleve.",
        "Les élu·e·s, les inscrit(e)s et l’enfant(s) concerné.",
        "La réinitialisation, les téléprocédures et le reconditionnement sont prévus.",
        "On connait le cout et on apparait sur la liste.",
        "L’évènement a lieu le 6e jour, à 12:30, en salle B2.",
        "Il a la clé, elle a un compte, qui a fini ? La mairie a la charge des repas.",
        "Le mot ‘ami’ et le mot 'école' sont cités.",
        "Les points c et d ; l’annexe a) et la lettre a.",
        "Mon œuvre, ma sœur, son cœur : ambiguë, maïs, naïf.",
    ],
)
def test_right_french_and_names_are_left_alone(text: str, words: Lexicon) -> None:
    assert mended(text, words).replace("’", "'") == text.replace("’", "'")


@pytest.mark.parametrize("name", ["educonnect.corrected", *TUNED, *KEPT_APART])
def test_a_clean_document_is_not_changed(name: str, words: Lexicon) -> None:
    imported = read((DOCUMENTS / f"{name}.txt").read_bytes(), words)

    assert [repair for repair in imported.repairs if repair.rule is not Rule.LEFT_OUT] == []


def test_the_reviewed_answers_are_not_changed(words: Lexicon) -> None:
    document = read((config_dir() / "faq" / "educonnect.md").read_bytes(), words).document
    lines = [line for each in document.questions() for line in [each.question, *each.answer.split("\n")]]
    drafts = [Draft(line, [(0, 1)]) for line in lines]

    mend(drafts, words)

    assert [repair for draft in drafts for repair in draft.repairs] == []


def test_each_repair_is_on_record_with_its_words_and_rule(words: Lexicon) -> None:
    found = repairs("Le responsable accede a I'ENT.", words)

    assert [(each.before, each.after, each.rule) for each in found] == [
        ("I'ENT.", "l’ENT.", Rule.APOSTROPHE),
        ("accede", "accède", Rule.ACCENT),
        ("accède a l’ENT.", "accède à l’ENT.", Rule.CONTEXT),
    ]


def test_a_repair_names_the_line_of_the_source(words: Lexicon) -> None:
    draft = Draft("une premiere ligne et une deuxieme", [(0, 7), (21, 9)])

    mend([draft], words)

    assert [(each.line, each.before) for each in draft.repairs] == [(7, "premiere"), (9, "deuxieme")]


def test_an_unlisted_word_that_comes_back_is_a_word(words: Lexicon) -> None:
    """Noise seldom strikes three times the same way."""
    text = "Un funnel, deux funnels, ce funnel, mon funnel."

    assert mended(text, words) == text

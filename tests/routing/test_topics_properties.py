"""What must hold of any text: never an error, and no weight for what does not matter."""

import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helpdesk.routing.understanding import Understanding
from tests.routing.messages import a_message
from tests.routing.rulebooks import the_rulebook, understood

TROUBLES = [
    "Je n'ai jamais reçu le code par SMS pour activer mon compte.",
    "J'ai oublié mon mot de passe EduConnect.",
    "Mon fils a oublié son mot de passe élève.",
    "Il manque mon deuxième enfant sur mon compte.",
    "FranceConnect tourne en boucle.",
    "Je n'arrive pas à faire la demande de bourse.",
    "Mon fils dit qu'il veut mourir.",
    "Quelqu'un est entré dans mon compte et a changé mon adresse mail.",
    "Je souhaite déposer une réclamation et saisir le médiateur.",
]
COURTESIES = [
    "Bonjour,",
    "Madame, Monsieur,",
    "Merci d'avance.",
    "Bonne journée à vous.",
    "Je reste à votre disposition.",
]
ALARMING = [
    "Mon fils dit qu'il veut mourir.",
    "Mon ex nous attend devant l'école et menace de prendre les enfants.",
    "Quelqu'un est entré dans mon compte et a changé mon adresse mail.",
    "Je vois les notes d'un enfant qui n'est pas le mien.",
]
BESIDE_THE_POINT = [
    "Mon fils est au collège à Rodez.",
    "J'ai changé d'ordinateur cet été.",
    "L'an dernier tout marchait bien.",
    "Je travaille de nuit.",
    "La bourse a été versée en octobre.",
]
QUOTATION = "> Nous avons bien reçu votre demande de bourse.\n> Votre mot de passe a été réinitialisé.\n"
QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def told(found: Understanding) -> tuple[str, str]:
    return found.topic.slug, found.priority.slug


@QUICK
@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_understood_somehow(text: str, subject: str) -> None:
    found = understood(a_message(text, subject=subject))

    assert found.topic.slug in {topic.slug for topic in the_rulebook().lists.topics}


@QUICK
@given(
    st.lists(st.sampled_from([*TROUBLES, *COURTESIES, "pas", "> ", "…", "\n\n", "Le 3 nov. a écrit :"]), max_size=25)
)
def test_pieces_of_real_mails_in_any_order_are_understood_somehow(pieces: list[str]) -> None:
    assert told(understood(" ".join(pieces)))


@QUICK
@given(st.sampled_from(TROUBLES), st.permutations(COURTESIES), st.integers(0, len(COURTESIES)))
def test_courtesies_around_a_trouble_change_nothing(trouble: str, courtesies: list[str], place: int) -> None:
    mail = "\n".join([*courtesies[:place], trouble])

    assert told(understood(mail)) == told(understood(trouble))


@QUICK
@given(st.sampled_from(ALARMING), st.permutations(BESIDE_THE_POINT), st.integers(0, len(BESIDE_THE_POINT)))
def test_an_alarm_is_heard_wherever_it_stands_among_other_things(alarm: str, others: list[str], place: int) -> None:
    mail = " ".join([*others[:place], alarm, *others[place:]])

    assert understood(mail).priority.slug == "urgent"


@pytest.mark.parametrize("trouble", [*TROUBLES, *ALARMING])
def test_capitals_and_accents_change_nothing(trouble: str) -> None:
    bare = "".join(c for c in unicodedata.normalize("NFD", trouble) if not unicodedata.combining(c))

    variants = {told(understood(text)) for text in (trouble.upper(), trouble.lower(), bare, bare.upper())}

    assert variants == {told(understood(trouble))}


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize(
    "heading",
    [
        "Le mar. 3 nov. 2026 à 09:12, Assistance <a@b.example> a écrit :\n",
        "Le mar. 3 nov. 2026 à 09:12, Assistance du rectorat de l'académie\n<a@b.example> a écrit :\n",
        "-----Message d'origine-----\nDe : Assistance\nEnvoyé : mardi 3 novembre 2026 09:12\nObjet : RE\n\n",
        "On Tue, Nov 3, 2026 at 9:12 AM Assistance wrote:\n",
    ],
)
def test_the_style_of_a_quotation_changes_nothing(trouble: str, heading: str) -> None:
    assert told(understood(f"{trouble}\n\n{heading}{QUOTATION}")) == told(understood(trouble))


def test_a_megabyte_is_read_no_further_than_its_first_pages() -> None:
    late = understood("bonjour " * 150_000 + TROUBLES[1])

    assert late.topic.slug == "hors-perimetre"

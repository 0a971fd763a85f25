"""Fields of model answers, as supervisors and agents type them."""

from helpdesk.tickets.canned_text import fill, gaps_in, unknown_in

TEXT = "Bonjour {nom},\nvoyez {Etablissement} : {fiche:mot-de-passe}"


def test_fields_are_filled_in_whatever_their_accents_and_case() -> None:
    values = {"nom": "Lou Inventé", "établissement": "Collège Fictif", "fiche:mot-de-passe": "https://a.example/q"}

    assert fill(TEXT, values) == "Bonjour Lou Inventé,\nvoyez Collège Fictif : https://a.example/q"


def test_what_nobody_told_is_a_gap_that_is_found_again() -> None:
    text = fill(TEXT, {"nom": "", "établissement": "Collège Fictif"})

    assert text.startswith("Bonjour [à compléter : nom],")
    assert gaps_in(text) == ["nom", "fiche:mot-de-passe"]
    assert gaps_in(text.replace("[à compléter : nom]", "Lou").replace(" [à compléter : fiche:mot-de-passe]", "")) == []


def test_a_field_typed_by_hand_is_a_gap_and_other_braces_are_none() -> None:
    assert gaps_in("Bonjour {Nom}, écrivez {a, b}") == ["nom"]


def test_unknown_fields_and_articles_are_named() -> None:
    text = "{nom} {prénom du chat} {fiche:mot-de-passe} {fiche:inconnue} {}"

    assert unknown_in(text, {"mot-de-passe"}.__contains__) == ["prénom du chat", "fiche:inconnue", ""]

"""Entries of the FAQ as they stand in a mail."""

from helpdesk.knowledge.as_text import as_text

BASE = "https://aide.example"


def test_lists_stay_lists_and_emphasis_goes() -> None:
    assert as_text("## Étapes\n\n* **Ouvrez** la page\n* _Cliquez_", BASE) == "Étapes\n\n- Ouvrez la page\n- Cliquez"


def test_a_link_tells_where_it_leads() -> None:
    text = "Voir [ce guide](https://site.example/un_guide), [la fiche](fiche:fratrie) ou [l’accueil](/questions)."

    assert as_text(text, BASE) == (
        "Voir ce guide (https://site.example/un_guide), la fiche (https://aide.example/questions/fratrie) "
        "ou l’accueil (https://aide.example/questions)."
    )


def test_an_address_is_written_once_and_pictures_are_left_out() -> None:
    text = "![Écran](image:0123456789abcdef) Écrivez à [dpd@site.example](mailto:dpd@site.example)."

    assert as_text(text, BASE) == "Écrivez à dpd@site.example."

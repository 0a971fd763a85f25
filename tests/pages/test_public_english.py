"""The site under /en: English everywhere, except what is marked as French."""

import re
from html.parser import HTMLParser

import pytest
from flask.testing import FlaskClient

from helpdesk.tickets.followup import link_secret
from tests.application import Desk
from tests.pages.reading import links_of, main_of, plain, title_of

pytestmark = pytest.mark.usefixtures("answers")

PAGES = [
    "/en/",
    "/en/questions",
    "/en/questions/etablissements",
    "/en/questions/mot-de-passe-de-mon-enfant",
    "/en/recherche?q=password",
    "/en/recherche?q=mot+de+passe",
    "/en/demande",
    "/en/plan-du-site",
    "/en/accessibilite",
    "/en/mentions-legales",
    "/en/donnees-personnelles",
    "/en/nulle-part",
]
# Names, and French words that the English explains or gives as examples.
NAMES = {"ÉduConnect", "Béziers", "Défenseur"}
EXPLAINED = {"académie", "collège", "lycée", "école", "médiateur", "reçu", "numéro"}
VOID = {"meta", "link", "input", "br", "img", "use"}


class EnglishText(HTMLParser):
    """The words of a page for English eyes: what stands in an element marked `lang="fr"` is left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self._open: list[str] = []
        self._french_from: int | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        french = self._french_from is not None or attributes.get("lang") == "fr"
        if not french:
            self.words += [attributes.get(name) or "" for name in ("title", "placeholder", "aria-label")]
        if tag not in VOID:
            self._open.append(tag)
            if french and self._french_from is None:
                self._french_from = len(self._open)

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        assert self._open.pop() == tag, f"</{tag}> closes something else"
        if self._french_from is not None and len(self._open) < self._french_from:
            self._french_from = None

    def handle_data(self, data: str) -> None:
        if self._french_from is None and not (self._open and self._open[-1] in {"script", "title", "style"}):
            self.words.append(data)


@pytest.mark.parametrize("page", PAGES)
def test_no_french_is_left_unmarked(client: FlaskClient, page: str) -> None:
    text = plain(" ".join(EnglishText(client.get(page).text).words))

    accented = set(re.findall(r"\w*[À-ÖØ-öø-ÿ]\w*", text)) - NAMES - EXPLAINED
    assert accented == set()
    assert not re.search(r"\b(?:vous|votre|nous|demande|réponse|établissement)\b", text)
    assert "request" in text


def test_the_form_is_refused_in_english(client: FlaskClient) -> None:
    answer = client.post("/en/demande", data={"text": ""})

    assert title_of(answer).startswith("Request not sent yet – Make a request")
    assert "Your surname is missing." in main_of(answer)
    assert "Somebody else" in main_of(answer)


def test_a_request_made_in_english_is_followed_in_english(client: FlaskClient, desk: Desk) -> None:
    ticket = desk.ticket(language="en")
    secret = link_secret(desk.parts.settings.secret_key, ticket.reference, ticket.link_version)

    page = client.get(f"/en/suivi/{ticket.reference}/{secret}?sent=1")

    assert f"Request {ticket.reference} received" in main_of(page)
    assert "Where does it stand? We have received it." in main_of(page)
    assert links_of(page)["Français : version française"] == f"/suivi/{ticket.reference}/{secret}"
    assert "23 November 2026 10:00" in main_of(page)

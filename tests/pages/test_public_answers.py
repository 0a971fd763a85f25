"""The answers as readers find them: lists, one answer a page, search, and what robots are told."""

import json
import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from helpdesk.db import utc_now
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.takeover import apply
from helpdesk.vocabulary import Readers
from tests.application import MONDAY, Desk
from tests.pages.reading import elements_of, links_of, main_of, title_of, words_of

pytestmark = pytest.mark.usefixtures("answers")

CHILDS_PASSWORD = "Un parent peut-il régénérer le mot de passe de son enfant ?"
FOR_FAMILIES = ["/questions/mot-de-passe-de-mon-enfant", "/questions/changement-de-telephone"]
FOR_SCHOOLS = ["/questions/notifier-un-compte", "/questions/enseignants-et-personnels-sont-ils-concernes"]
PUBLIC_PAGES = [
    "/",
    "/questions",
    "/questions/etablissements",
    "/questions/mot-de-passe-de-mon-enfant",
    "/plan-du-site",
    "/accessibilite",
    "/mentions-legales",
    "/donnees-personnelles",
]


@pytest.mark.parametrize("page", ["/", "/questions"])
def test_families_find_their_questions_and_not_those_of_schools(client: FlaskClient, page: str) -> None:
    addresses = links_of(client.get(page)).values()

    assert set(FOR_FAMILIES) <= set(addresses)
    assert not set(FOR_SCHOOLS) & set(addresses)


def test_schools_and_staff_have_their_own_page(client: FlaskClient) -> None:
    addresses = links_of(client.get("/questions/etablissements")).values()

    assert set(FOR_SCHOOLS) <= set(addresses)
    assert not set(FOR_FAMILIES) & set(addresses)


def test_an_answer_is_one_page_with_its_question_and_its_neighbours(client: FlaskClient) -> None:
    page = client.get("/questions/mot-de-passe-de-mon-enfant")

    assert title_of(page).startswith(CHILDS_PASSWORD)
    assert f"Comptes des élèves {CHILDS_PASSWORD} Non. Les parents ne peuvent pas renouveler" in main_of(page)
    assert "/questions/mot-de-passe-d-un-eleve" in links_of(page).values()
    assert links_of(page)["Comptes des élèves"] == "/questions#comptes-des-eleves"
    assert "Réponse mise à jour le 23 novembre 2026." in main_of(page)


def test_people_are_one_click_from_every_answer(client: FlaskClient) -> None:
    for page in [*FOR_FAMILIES, *FOR_SCHOOLS, "/", "/questions", "/questions/etablissements"]:
        assert links_of(client.get(page))["Faire une demande"] == "/demande"


def test_search_engines_are_given_the_question_and_its_answer(client: FlaskClient) -> None:
    html = client.get("/questions/mot-de-passe-de-mon-enfant").text

    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert found
    data = json.loads(found.group(1))
    assert data["@type"] == "FAQPage"
    (question,) = data["mainEntity"]
    assert question["name"] == CHILDS_PASSWORD
    assert question["acceptedAnswer"]["text"].startswith("<p>Non. Les parents")


def test_what_looks_like_markup_in_an_answer_stays_text(client: FlaskClient) -> None:
    text = (
        'Tapez <b>oui</b> <script>alert(1)</script> ou [ici](javascript:alert(1)). </script><script src="//x"></script>'
    )
    section = Section("Essai", (Question("Que <taper> ?", text, Readers.FAMILIES, "taper"),), "essai")

    apply(Document((section,)), "essai.md", MONDAY)
    page = client.get("/questions/taper")

    assert "Que <taper> ? Tapez <b>oui</b> <script>alert(1)</script>" in main_of(page)
    sources = [script.get("src") for script in elements_of(page).of("script")]
    assert sources.count(None) == 1  # the data for search engines
    assert all(source.startswith("/static/") for source in sources if source)
    assert not [link for link in elements_of(page).of("a") if (link.get("href") or "").startswith("javascript:")]


def test_a_former_address_leads_on_for_good(client: FlaskClient) -> None:
    moved = Question(CHILDS_PASSWORD, "Non.", Readers.FAMILIES, "mot-de-passe-enfant")
    apply(Document((Section("Comptes", (moved,), "comptes"),)), "essai.md", MONDAY)

    answer = client.get("/questions/mot-de-passe-de-mon-enfant")
    english = client.get("/en/questions/mot-de-passe-de-mon-enfant")

    assert (answer.status_code, answer.location) == (301, "/questions/mot-de-passe-enfant")
    assert english.location == "/en/questions/mot-de-passe-enfant"


def test_an_address_that_does_not_exist_says_so_and_shows_ways_on(client: FlaskClient) -> None:
    page = client.get("/questions/jamais-vu")

    assert page.status_code == 404
    assert "Cette page n’existe pas" in main_of(page)
    assert {"/", "/demande"} <= set(links_of(page).values())


def test_a_search_shows_answers_with_the_words_that_fit(client: FlaskClient) -> None:
    page = client.get("/recherche", query_string={"q": "mot de passe de mon enfant"})

    (found,) = [each for each in links_of(page).values() if each.endswith("/mot-de-passe-de-mon-enfant")]
    assert client.get(found).location.endswith("/questions/mot-de-passe-de-mon-enfant"), "counted, then led on"
    assert "<mark>mot de passe</mark>" in page.text
    assert 'name="robots" content="noindex"' in page.text


def test_an_answer_meant_for_schools_is_marked_in_the_results(client: FlaskClient) -> None:
    words = main_of(client.get("/recherche", query_string={"q": "notifier un compte"}))

    assert "Que signifie « notifier un compte » ? Pour les établissements" in words
    assert "Pour les établissements" not in main_of(
        client.get("/recherche", query_string={"q": "changer de téléphone"})
    )


def test_a_misspelt_search_is_mended_aloud(client: FlaskClient) -> None:
    page = client.get("/recherche", query_string={"q": "changer de telefone"})

    assert "Vouliez-vous dire : changer de téléphone ?" in main_of(page)
    mended = client.get(links_of(page)["changer de téléphone"])
    assert "Vouliez-vous dire" not in main_of(mended)
    assert any(each.endswith("/changement-de-telephone") for each in links_of(mended).values())


@pytest.mark.parametrize("query", ["recette de crêpes", "<script>alert(1)</script>", "?", "x" * 5_000, "\x00\ud800"])
def test_when_nothing_fits_the_page_says_so_and_hands_the_words_to_the_form(client: FlaskClient, query: str) -> None:
    page = client.get("/recherche", query_string={"q": query.encode("utf-8", "surrogatepass")})

    assert page.status_code == 200
    assert "Nous n’avons pas de réponse toute prête" in main_of(page)
    assert "<script>alert" not in page.text
    form = client.get(_in_main(page, "/demande"))
    assert form.status_code == 200


def test_the_words_of_a_search_are_in_the_form(client: FlaskClient) -> None:
    page = client.get("/recherche", query_string={"q": "recette de crêpes & beignets"})

    form = client.get(_in_main(page, "/demande"))

    assert "recette de crêpes &amp; beignets</textarea>" in form.text


def test_an_empty_search_only_asks(client: FlaskClient) -> None:
    page = client.get("/recherche", query_string={"q": "  "})

    assert page.status_code == 200
    assert "réponse toute prête" not in main_of(page)


@pytest.mark.parametrize("page", PUBLIC_PAGES)
def test_a_page_that_all_share_sets_no_cookie_and_is_asked_for_anew(client: FlaskClient, page: str) -> None:
    first = client.get(page)
    again = client.get(page, headers={"If-None-Match": first.headers["ETag"]})

    assert first.status_code == 200
    assert "Set-Cookie" not in first.headers
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_shown_to_who_is_signed_in_is_kept_by_nobody(desk: Desk) -> None:
    browser = desk.sign_in(desk.agent())

    assert browser.get("/questions").headers["Cache-Control"] == "no-store"


def test_what_somebody_searched_is_kept_by_nobody(client: FlaskClient) -> None:
    assert client.get("/recherche?q=code").headers["Cache-Control"] == "no-store"


def test_the_site_map_for_robots_lists_every_answer_once(client: FlaskClient) -> None:
    tree = ElementTree.fromstring(client.get("/sitemap.xml").data)

    addresses = [element.text or "" for element in tree.iter() if element.tag.endswith("}loc")]
    assert len(addresses) == len(set(addresses))
    assert {f"http://127.0.0.1:8000{page}" for page in [*FOR_FAMILIES, *FOR_SCHOOLS, *PUBLIC_PAGES]} <= set(addresses)
    assert not [address for address in addresses if "/suivi" in address or "/agent" in address]
    for address in addresses:
        assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_robots_stay_out_of_requests_and_agents_pages(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()

    assert {"Disallow: /suivi/", "Disallow: /agent/", "Disallow: /recherche", "Disallow: /en/suivi/"} <= set(lines)
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in lines


def test_a_flaw_can_be_reported_at_an_address_that_is_not_out_of_date(client: FlaskClient) -> None:
    fields = dict(line.split(": ", 1) for line in client.get("/.well-known/security.txt").text.splitlines())

    assert client.get(fields["Contact"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    expires = datetime.fromisoformat(fields["Expires"])
    assert utc_now() + timedelta(days=150) < expires < utc_now() + timedelta(days=365)


@pytest.mark.parametrize("page", [*PUBLIC_PAGES, "/demande", "/recherche?q=code", "/questions/jamais-vu"])
def test_every_page_has_what_the_state_asks_of_its_sites(client: FlaskClient, page: str) -> None:
    answer = client.get(page)
    footer = answer.text.split("<footer", 1)[1].split("</footer>", 1)[0]

    state = re.findall(r'href="(https://(?:info|service-public|legifrance|data)\.[^"]+)"', footer)
    assert state == [
        "https://info.gouv.fr",
        "https://service-public.gouv.fr",
        "https://legifrance.gouv.fr",
        "https://data.gouv.fr",
    ]
    legal = [
        "Plan du site",
        "Accessibilité : non conforme",
        "Mentions légales",
        "Données personnelles",
        "Gestion des cookies",
    ]
    words = words_of(footer)
    assert [words.index(label) for label in legal] == sorted(words.index(label) for label in legal)
    assert "licence etalab-2.0" in words
    assert len(elements_of(answer).of("h1")) == 1
    assert elements_of(answer).of("html")[0]["lang"] == "fr"


def test_every_page_leads_to_its_twin_in_the_other_language(client: FlaskClient) -> None:
    french = client.get("/questions/mot-de-passe-de-mon-enfant")
    english = client.get("/en/questions/mot-de-passe-de-mon-enfant")

    assert links_of(french)["English version"] == "/en/questions/mot-de-passe-de-mon-enfant"
    assert links_of(english)["Français : version française"] == "/questions/mot-de-passe-de-mon-enfant"
    assert links_of(english)["Make a request"] == "/en/demande"
    assert elements_of(english).of("html")[0]["lang"] == "en"


def test_english_readers_are_told_that_answers_are_french_and_screen_readers_too(client: FlaskClient) -> None:
    page = client.get("/en/questions/mot-de-passe-de-mon-enfant")

    assert "This answer has not been translated yet: here it is in French." in main_of(page)
    (article,) = elements_of(page).of("article")
    assert article["lang"] == "fr"


def _in_main(answer: TestResponse, start: str) -> str:
    """The address of the link in the page's main part that begins so."""
    found = re.search(rf'href="({start}[^"]*)"', answer.text.split("<main", 1)[1])
    assert found
    return found.group(1).replace("&amp;", "&")


def test_files_of_the_look_are_what_they_say_and_run_nothing_by_themselves(client: FlaskClient) -> None:
    answer = client.get("/static/site.css")

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    answer.close()

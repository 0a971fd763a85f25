"""Answers outside our pages: feeds, JSON for programs, the search in a frame; and the lists of the home page."""

import hashlib
import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from dataclasses import replace as changed
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from helpdesk.errors import ConfigError
from helpdesk.knowledge import entries
from helpdesk.knowledge.deflection import noting
from helpdesk.knowledge.deflection.rolling import forget
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.readers.showing import ENOUGH, most_asked
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Agent
from helpdesk.settings import Settings, load_settings
from helpdesk.vocabulary import Place, Readers
from tests.application import MONDAY, Desk, later, post

ATOM = "{http://www.w3.org/2005/Atom}"
PHONE = Question(
    "Mon numéro a changé : à qui le dire ?", "Au **collège**, [ici](/demande).", Readers.FAMILIES, "telephone"
)
LOGIN = Question("Où se connecter ?", "À l’ENT.", Readers.FAMILIES, "connexion")
CODES = Question("Comment éditer les codes ?", "Dans l’annuaire.", Readers.SCHOOLS, "codes")
FAQ = Document((Section("Comptes & accès", (PHONE, LOGIN), "comptes"), Section("Écoles", (CODES,), "ecoles")))


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def faq(app: Flask) -> None:
    apply(FAQ, "faq.md", MONDAY)


def say_next_day(**changes: Any) -> None:
    """Publish the first entry with changes, a day later."""
    first = changed(FAQ.sections[0], questions=(changed(PHONE, **changes), LOGIN))
    apply(Document((first, FAQ.sections[1])), "faq.md", later(days=1))


@pytest.mark.usefixtures("faq")
class TestFeeds:
    def test_each_holds_the_answers_of_its_readers(self, client: FlaskClient) -> None:
        self.holds(client, "/questions/flux.xml", {"telephone", "connexion"})
        self.holds(client, "/questions/etablissements/flux.xml", {"codes"})
        self.holds(client, "/questions/rubriques/ecoles/flux.xml", {"codes"})
        assert client.get("/questions/rubriques/rien/flux.xml").status_code == 404
        page = client.get("/questions/nouveautes").text
        assert all(f"/questions/{slug}" in page for slug in ("telephone", "connexion", "codes"))

    def holds(self, client: FlaskClient, address: str, slugs: set[str]) -> None:
        answer = client.get(address)
        feed = ET.fromstring(answer.data)
        links = {entry.find(f"{ATOM}link").get("href", "") for entry in feed.findall(f"{ATOM}entry")}  # type: ignore[union-attr]
        assert answer.mimetype == "application/atom+xml"
        assert {link.rsplit("/", 1)[-1] for link in links} == slugs
        assert feed.findtext(f"{ATOM}updated") == "2026-11-23T09:00:00Z"
        assert feed.find(f"{ATOM}link[@rel='self']").get("href", "").endswith(address)  # type: ignore[union-attr]

    def test_a_changed_entry_keeps_its_name_in_the_feed(self, client: FlaskClient) -> None:
        def names() -> dict[str, str]:
            feed = ET.fromstring(client.get("/questions/flux.xml").data)
            found = feed.findall(f"{ATOM}entry")
            return {one.findtext(f"{ATOM}id", ""): one.findtext(f"{ATOM}updated", "") for one in found}

        before = names()
        say_next_day(slug="numero", answer="Au lycée.")

        after = names()
        assert after.keys() == before.keys()
        assert sorted(after.values()) == ["2026-11-23T09:00:00Z", "2026-11-24T09:00:00Z"]


@pytest.mark.usefixtures("faq")
class TestJson:
    def test_all_published_entries_from_any_site_and_not_twice(self, client: FlaskClient) -> None:
        answer = client.get("/api/fiches.json", headers={"Origin": "https://ent.example"})
        again = client.get("/api/fiches.json", headers={"If-None-Match": answer.headers["ETag"]})

        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Last-Modified"] == "Mon, 23 Nov 2026 09:00:00 GMT"
        assert "Set-Cookie" not in answer.headers
        assert (again.status_code, again.headers["Access-Control-Allow-Origin"]) == (304, "*")
        assert (answer.get_json()["count"], answer.get_json()["next"]) == (3, None)
        first = answer.get_json()["entries"][0]
        assert (first["slug"], first["audience"], first["version"]) == ("telephone", "families", 1)
        assert first["section"] == {"slug": "comptes", "title": "Comptes & accès"}
        assert first["changed_at"] == "2026-11-23T09:00:00Z"
        assert '<a href="http://127.0.0.1:8000/demande"' in first["answer_html"]
        assert first["answer_text"] == "Au collège, ici (http://127.0.0.1:8000/demande)."

    def test_one_entry_by_its_present_and_its_former_address(self, client: FlaskClient) -> None:
        say_next_day(slug="numero")

        moved = client.get("/api/fiches/telephone.json")

        assert (moved.status_code, moved.location) == (301, "/api/fiches/numero.json")
        assert client.get(moved.location).get_json()["question"] == PHONE.question
        assert client.get("/api/fiches/rien.json").get_json()["error"].startswith("Cette réponse n’existe pas")

    def test_a_page_past_the_end_is_empty(self, client: FlaskClient) -> None:
        answer = client.get("/api/fiches.json?page=7")

        assert (answer.status_code, answer.get_json()["entries"], answer.get_json()["next"]) == (200, [], None)
        assert (
            client.get("/api/fiches.json?page=7", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
        )

    def test_a_search_names_what_fits_and_odd_ones_are_answered(self, client: FlaskClient) -> None:
        answer = client.get("/api/recherche.json?q=changer+de+numéro")
        for query in ("", "' OR 1=1 --", "🙂" * 3000, "\u202e\x00 NEAR/2 *"):
            odd = client.get("/api/recherche.json", query_string={"q": query})
            assert (odd.status_code, odd.get_json()["answered"], odd.get_json()["results"]) == (200, False, [])

        assert answer.get_json()["answered"]
        assert answer.get_json()["results"][0]["url"] == "http://127.0.0.1:8000/questions/telephone"
        assert answer.headers["Cache-Control"] == "public, max-age=300"


@pytest.mark.usefixtures("faq")
class TestLimitOfSearches:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return changed(settings, search_limit="2 per hour")

    def test_too_many_are_refused_in_words(self, client: FlaskClient) -> None:
        answers = [client.get("/api/recherche.json?q=numéro") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert "Trop de recherches" in answers[-1].get_json()["error"]


class TestFrames:
    @pytest.mark.usefixtures("faq")
    def test_other_sites_may_frame_the_search_alone_by_the_script_of_the_guide(self, client: FlaskClient) -> None:
        frame = client.get("/integration/recherche?q=changer+de+numéro")

        assert "frame-ancestors 'self' https:" in frame.headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in client.get("/").headers["Content-Security-Policy"]
        assert "Set-Cookie" not in frame.headers
        links = re.findall(r"<a [^>]*>", frame.text)
        assert len(links) == 2
        assert all('target="_blank" rel="noopener"' in link for link in links)
        script = client.get("/integration.js")
        digest = b64encode(hashlib.sha384(script.data).digest()).decode()
        assert f"sha384-{digest}" in client.get("/integration").text.replace("&#43;", "+")
        assert script.headers["Access-Control-Allow-Origin"] == "*"

    @pytest.mark.parametrize("sites", ["'unsafe-inline'", "https://a.example; script-src *", "http://"])
    def test_a_setting_that_is_no_list_of_sites_is_refused(self, sites: str) -> None:
        with pytest.raises(ConfigError, match="EMBED_SITES"):
            load_settings({"EMBED_SITES": sites})

    @pytest.mark.parametrize(
        ("sites", "read"), [("none", "'none'"), ("https://ent.example  https://*.ac.example:8443", None)]
    )
    def test_sites_are_named_as_browsers_read_them(self, sites: str, read: str | None, tmp_path: object) -> None:
        settings = load_settings({"EMBED_SITES": sites, "DATA_DIR": str(tmp_path)})

        assert settings.embed_sites == (read or "https://ent.example https://*.ac.example:8443")


@pytest.mark.usefixtures("faq")
class TestAskedMost:
    def test_editors_choose_until_visitors_have(self, client: FlaskClient, desk: Desk, editor: Agent) -> None:
        assert "les plus posées" not in client.get("/").text
        signed_in = desk.sign_in(editor)
        refused = post(signed_in, "/agent/fiches/2/suivi", {"rank": "mille"}, page="/agent/fiches/2")
        ranked = post(signed_in, "/agent/fiches/2/suivi", {"rank": "1"}, page="/agent/fiches/2")

        page = client.get("/").text

        assert (refused.status_code, ranked.status_code) == (422, 303)
        assert (
            page.index("les plus posées") < page.index("/questions/connexion") < page.index("Les réponses aux familles")
        )

    def test_figures_choose_once_there_are_enough(self, app: Flask, editor: Agent) -> None:
        entries.follow(editor, 2, "", None, "", MONDAY, rank=1)
        for number in range(ENOUGH):
            noting.propose(f"t{number}", Place.SEARCH, ["telephone"], visitor=f"{number:064}", now=MONDAY)
            noting.opened(f"t{number}", "telephone", MONDAY)

        forget(later(days=9))

        asked = most_asked((Readers.FAMILIES,), later(days=9))

        assert [article.slug for article in asked] == ["telephone"]

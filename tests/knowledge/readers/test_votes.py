"""« Cette réponse vous a-t-elle aidé ? »: one vote a visitor and a day, reasons without personal data, figures."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.knowledge.readers.visits import Shown, shown_by, token_of, visitor
from helpdesk.knowledge.readers.votes import forget_visitors, opinions, vote
from helpdesk.models import Agent, Vote
from helpdesk.vocabulary import VoteReason
from tests.application import MONDAY, Desk, field_in, later

pytestmark = pytest.mark.usefixtures("faq")

ENTRY = "/questions/telephone"
KEYS = ("k" * 40,)


def press(client: FlaskClient, opinion: str, *, page: str = ENTRY, browser: str = "A") -> str:
    """Vote from a page of the entry; gives the address one is led to."""
    token = field_in(client.get(page).text, "page")
    prefix = "/en" if page.startswith("/en/") else ""
    answer = client.post(f"{prefix}/avis", data={"page": token, "avis": opinion}, headers={"User-Agent": browser})
    assert answer.status_code == 303, answer.text
    assert "Set-Cookie" not in answer.headers
    return str(answer.location)


def votes() -> list[Vote]:
    db.session.rollback()
    return list(db.session.scalars(select(Vote).order_by(Vote.id)))


def test_a_double_click_counts_once_and_the_last_word_counts(client: FlaskClient) -> None:
    """On both databases, whose ways to insert or change a row differ."""
    press(client, "oui")
    press(client, "oui")
    press(client, "non")
    press(client, "oui", browser="B")

    assert [(one.article_id, one.useful, one.number, one.language) for one in votes()] == [
        (1, False, 1, "fr"),
        (1, True, 1, "fr"),
    ]


class TestOnOneDatabase:
    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_who_was_not_helped_may_say_why_without_leaving_anything_personal(self, client: FlaskClient) -> None:
        thanks = press(client, "non")
        assert "Pourquoi" in client.get(thanks).text

        said = {"raison": "failed", "mots": "Rien au 06 12 34 56 78, mon mot de passe est Soleil2024!"}
        done = client.post(thanks, data=said)

        assert "C’est noté" in client.get(done.location).text
        (one,) = votes()
        assert one.reason is VoteReason.FAILED
        assert one.words == "Rien au [téléphone], mon mot de passe est [mot de passe masqué]"

    def test_yes_after_no_takes_the_reason_back(self, client: FlaskClient) -> None:
        client.post(press(client, "non"), data={"raison": "wrong", "mots": "périmé"})

        thanks = press(client, "oui")

        assert "<form method" not in client.get(thanks).text
        (one,) = votes()
        assert (one.useful, one.reason, one.words) == (True, None, "")

    @pytest.mark.parametrize("said", [{"raison": "DROP TABLE", "mots": "\x00" * 5}, {"mots": "x" * 5000}, {}])
    def test_odd_reasons_are_taken_as_far_as_they_go(self, client: FlaskClient, said: dict[str, str]) -> None:
        assert client.post(press(client, "non"), data=said).status_code == 303

        (one,) = votes()
        assert one.reason is None
        assert len(one.words) <= 300

    @pytest.mark.parametrize(
        "fields",
        [
            {"page": "forged", "avis": "oui"},
            {"page": URLSafeTimedSerializer("another key", salt="vote").dumps([1, 1, "fr"]), "avis": "oui"},
            {"page": token_of(KEYS[0], Shown(1, 1, "fr")), "avis": "peut-être"},
            {"page": token_of(KEYS[0], Shown(9, 1, "fr")), "avis": "oui"},
            {},
        ],
    )
    def test_what_no_page_of_ours_sent_is_not_counted(self, client: FlaskClient, fields: dict[str, str]) -> None:
        answer = client.post("/avis", data=fields)

        assert answer.status_code == 410
        assert "Votre avis n’a pas été compté" in answer.text
        assert client.get("/avis/forged").status_code == client.post("/avis/forged").status_code == 410
        assert votes() == []

    def test_another_site_cannot_vote_for_its_visitors(self, client: FlaskClient) -> None:
        token = field_in(client.get(ENTRY).text, "page")

        answer = client.post("/avis", data={"page": token, "avis": "non"}, headers={"Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403
        assert votes() == []

    def test_one_network_votes_so_often_and_no_more(self, client: FlaskClient) -> None:
        for number in range(60):
            press(client, "non", browser=str(number))

        token = field_in(client.get(ENTRY).text, "page")

        assert client.post("/avis", data={"page": token, "avis": "non"}).status_code == 429
        assert len(votes()) == 60

    def test_a_page_in_english_leads_on_in_english(self, client: FlaskClient) -> None:
        thanks = press(client, "non", page=f"/en{ENTRY}")

        assert thanks.startswith("/en/avis/")
        assert "Thank you for your opinion" in client.get(thanks).text

    def test_after_two_days_a_vote_is_nobodys_and_still_counts(self, editor: Agent) -> None:
        vote(Shown(1, 1, "fr"), "a" * 64, True, MONDAY)
        vote(Shown(1, 1, "fr"), "b" * 64, True, later(days=2))

        assert forget_visitors(later(days=2, minutes=1)) == 1

        assert [one.visitor for one in votes()] == [None, "b" * 64]
        (opinion,) = opinions(editor, MONDAY)
        assert (opinion.useful.part, opinion.useful.whole) == (2, 2)

    def test_editors_alone_read_what_was_said(self, client: FlaskClient, desk: Desk, editor: Agent) -> None:
        client.post(press(client, "non"), data={"raison": "unclear", "mots": "<b>quel</b> secrétariat"})

        page = desk.sign_in(editor).get("/agent/fiches/mesures").text

        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
        assert "0 % entre 0 % et 79 % Je n’ai pas compris : 1" in text
        assert "&lt;b&gt;quel&lt;/b&gt; secrétariat" in page
        assert desk.sign_in(desk.agent()).get("/agent/fiches/mesures").status_code == 404
        with pytest.raises(NotFound):
            opinions(desk.agent(), MONDAY)


def test_a_visitor_is_another_one_the_next_day_and_with_another_key() -> None:
    today = visitor(KEYS[0], MONDAY.date(), "192.0.2.1", "Firefox")

    assert today == visitor(KEYS[0], MONDAY.date(), "192.0.2.1", "Firefox")
    assert today != visitor(KEYS[0], (MONDAY + timedelta(days=1)).date(), "192.0.2.1", "Firefox")
    assert today != visitor("another", MONDAY.date(), "192.0.2.1", "Firefox")


def test_a_page_signed_with_a_former_key_still_counts() -> None:
    assert shown_by(("new", *KEYS), token_of(KEYS[0], Shown(1, 2, "en"))) == Shown(1, 2, "en")

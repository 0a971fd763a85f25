"""What proposals are worth: shown, opened, useful, followed by a request; nobody's after seven days."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.intake.message import Sender
from helpdesk.knowledge.deflection import noting
from helpdesk.knowledge.deflection.results import results
from helpdesk.knowledge.deflection.rolling import find_returns, forget
from helpdesk.knowledge.deflection.traces import contact_hash
from helpdesk.knowledge.readers.figures import share
from helpdesk.models import Agent, Missed, Proposal, ProposalDay, Proposed, ProposedDay
from helpdesk.vocabulary import Channel, Outcome, Place
from tests.application import MONDAY, Desk, field_in, later, post

pytestmark = pytest.mark.usefixtures("faq")

KEY = "k" * 40
TYPED = {"text": "Mon numéro de téléphone a changé, à qui le dire ?"}
REQUEST = {
    "profile": "responsable",
    "last_name": "Inventé",
    "first_name": "Lou",
    "email": "lou@famille.example",
    "text": "Mon numéro a changé et rien ne marche.",
}


def proposals() -> list[Proposal]:
    db.session.rollback()
    return list(db.session.scalars(select(Proposal).order_by(Proposal.id)))


def shown(token: str, who: str = "v" * 64, **more: object) -> None:
    """A proposal of the one entry in the form, at ten on Monday."""
    noting.propose(token, Place.FORM, ["telephone"], visitor=who, now=MONDAY, **more)  # type: ignore[arg-type]


def outcomes() -> dict[str, Outcome | None]:
    return {one.token: one.outcome for one in proposals()}


def test_a_proposal_is_followed_on_both_databases_until_only_sums_remain(app: Flask, editor: Agent) -> None:
    shown("a", "1" * 64)
    shown("b", "2" * 64)
    shown("c", "3" * 64, control=True)
    noting.opened("a", "telephone", later(minutes=1))
    noting.judged("1" * 64, 1, True, later(minutes=2))
    noting.sent("b", "2" * 64, later(minutes=3))
    noting.sent("c", "3" * 64, later(minutes=4))
    before = results(editor, MONDAY.date(), later(hours=1))

    gone = forget(later(days=9))

    (place,), (entry,) = before.places, before.entries
    assert (place.solved, place.sent, place.control) == (share(1, 2), share(1, 2), share(1, 1))
    assert (entry.shown, entry.opened, entry.useful) == (2, share(1, 2), share(1, 1))
    assert (entry.followed, entry.control) == (share(1, 2), share(1, 1))
    assert gone == 3
    assert proposals() == []
    assert db.session.scalars(select(Proposed)).all() == []
    after = results(editor, MONDAY.date(), later(days=9))
    assert (after.places, after.entries) == (before.places, before.entries)
    assert len(db.session.scalars(select(ProposalDay)).all()) == 2
    assert len(db.session.scalars(select(ProposedDay)).all()) == 2


class TestOnOneDatabase:
    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_a_search_leads_to_the_kept_page_and_counts_who_opened_and_who_was_helped(
        self, client: FlaskClient
    ) -> None:
        page = client.get("/recherche?q=changer+de+numéro").text
        address = page.split('href="/recherche/vers/')[1].split('"')[0]

        answer = client.get(f"/recherche/vers/{address}")
        entry = client.get("/questions/telephone")
        client.post("/avis", data={"page": field_in(entry.text, "page"), "avis": "oui"})

        assert (answer.status_code, answer.location) == (302, "/questions/telephone")
        assert "Set-Cookie" not in answer.headers
        (one,) = proposals()
        assert (one.place, one.outcome) == (Place.SEARCH, Outcome.SOLVED)
        (entry_shown,) = db.session.scalars(select(Proposed))
        assert (entry_shown.opened, entry_shown.useful) == (True, True)

    def test_who_writes_after_a_search_has_come_back(self, client: FlaskClient) -> None:
        client.get("/recherche?q=changer+de+numéro")

        sent = post(client, "/demande", REQUEST)

        assert sent.status_code == 303
        assert [one.outcome for one in proposals()] == [Outcome.RETURNED]

    def test_the_form_proposes_what_fits_and_knows_whether_it_was_sent_all_the_same(self, client: FlaskClient) -> None:
        answer = client.post("/demande/reponses", data=TYPED).get_json()
        more = client.post("/demande/reponses", data=TYPED | {"proposals": answer["id"]}).get_json()
        post(client, "/demande", REQUEST | {"proposals": answer["id"]})

        (proposed,) = answer["answers"]
        assert proposed["question"].startswith("Mon numéro a changé")
        assert proposed["address"] == f"/recherche/vers/{answer['id']}/telephone"
        assert more["id"] == answer["id"]
        assert [(one.place, one.outcome) for one in proposals()] == [(Place.FORM, Outcome.SENT)]

    def test_what_fits_nothing_proposes_nothing(self, client: FlaskClient) -> None:
        texts = ("", "court", "la cantine sera-t-elle ouverte demain", "\x00' OR 1=1 --" * 900)

        answers = [client.post("/demande/reponses", data={"text": text}) for text in texts]

        assert {answer.status_code for answer in answers} == {200}
        assert [answer.get_json()["answers"] for answer in answers] == [[]] * len(texts)
        assert proposals() == []

    def test_other_sites_and_unknown_tokens_count_for_nothing(self, client: FlaskClient) -> None:
        refused = client.post("/demande/reponses", data=TYPED, headers={"Sec-Fetch-Site": "cross-site"})
        settled = client.post(f"/demande/reponses/{'x' * 500}")
        followed = client.get("/recherche/vers/nothing/telephone")

        assert (refused.status_code, settled.status_code, followed.status_code) == (403, 204, 302)
        assert proposals() == []
        shown("theirs")
        client.post("/demande/reponses", data=TYPED | {"proposals": "theirs"})
        assert [one.visitor for one in proposals()] == ["v" * 64]

    def test_programs_and_what_browsers_fetch_ahead_are_not_counted(self, client: FlaskClient) -> None:
        for header in ({"User-Agent": "Googlebot/2.1"}, {"Sec-Purpose": "prefetch"}):
            answer = client.get("/recherche?q=changer+de+numéro", headers=header)
            assert 'href="/questions/telephone"' in answer.text

        assert proposals() == []

    def test_a_program_that_asks_without_end_is_counted_up_to_a_limit(self) -> None:
        for number in range(noting.MOST + 5):
            shown(f"t{number}")

        assert len(proposals()) == noting.MOST

    def test_the_last_word_counts_and_a_request_outweighs_it(self) -> None:
        shown("a")
        noting.opened("a", "telephone", later(minutes=1))
        noting.judged("v" * 64, 1, True, later(minutes=2))
        noting.judged("v" * 64, 1, False, later(minutes=3))
        assert outcomes() == {"a": None}

        noting.solved("a", later(minutes=4))
        noting.sent("a", "v" * 64, later(minutes=5))

        assert outcomes() == {"a": Outcome.SENT}

    def test_a_mail_or_a_call_the_next_day_is_somebody_who_came_back(self, desk: Desk) -> None:
        shown("mail", contact=contact_hash(KEY, MONDAY.date(), "Lou@Famille.example"))
        shown("call", contact=contact_hash(KEY, MONDAY.date(), "+33639980001"))
        shown("other", contact=contact_hash(KEY, MONDAY.date(), "camille@famille.example"))
        desk.receive(desk.message(channel=Channel.EMAIL), later(hours=20))
        caller = replace(desk.message(channel=Channel.PHONE), sender=Sender(phone="+33639980001"))
        desk.receive(caller, later(hours=1))

        found = find_returns((KEY,), later(hours=21))

        assert found == 2
        assert outcomes() == {"mail": Outcome.RETURNED, "call": Outcome.RETURNED, "other": None}

    def test_another_day_is_another_visitor_and_hashes_are_forgotten_after_two(self) -> None:
        shown("a", contact=contact_hash(KEY, MONDAY.date(), "lou@famille.example"))

        noting.sent("", "v" * 64, later(days=1, minutes=1))
        forget(later(days=2, minutes=1))

        (one,) = proposals()
        assert (one.visitor, one.contact, one.outcome) == (None, None, None)

    def test_a_search_in_vain_is_told_once_three_visitors_made_it(self, client: FlaskClient, editor: Agent) -> None:
        for number, query in enumerate(["Bourse de lycée", "bourses du lycee ?", "lycée bourse"]):
            noting.missed(query, frozenset({"de", "du"}), f"{number}" * 64, later(minutes=number))
            noting.missed(query, frozenset({"de", "du"}), f"{number}" * 64, later(minutes=number))
        noting.missed("Kévin Inventé 06 39 98 00 01", frozenset(), "9" * 64, MONDAY)

        (told,) = results(editor, MONDAY.date(), later(hours=1)).missed

        assert (told.words, told.times) == ("lycée bourse", 3)
        forget(later(days=8))
        assert {one.words for one in db.session.scalars(select(Missed))} == {
            "Bourse de lycée", "bourses du lycee ?", "lycée bourse",
        }  # fmt: skip

    def test_the_page_and_its_table_are_for_editors(self, desk: Desk, editor: Agent) -> None:
        shown("a")
        client = desk.sign_in(editor)

        page, table = client.get("/agent/fiches/mesures").text, client.get("/agent/fiches/mesures/chiffres.csv")

        assert "Formulaire" in page
        assert "Mon numéro a changé" in table.get_data().decode("utf-8-sig").splitlines()[1]
        other = desk.sign_in(desk.agent(name="Autre Essai"))
        assert other.get("/agent/fiches/mesures/chiffres.csv").status_code == 404

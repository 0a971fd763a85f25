"""The lists of the queue narrowed, walked, kept under a name and kept fresh; and the next ticket."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.message import SchoolHint
from helpdesk.models import Agent, Membership, SavedView, Ticket
from helpdesk.tickets import actions, holds, queue
from helpdesk.tickets.next_up import take_next
from helpdesk.tickets.queue import COUNTED, View, queue_page
from helpdesk.vocabulary import Channel, Priority, Role
from tests.application import Desk, post
from tests.workspace.pages import main_of, title_of, words_of

GRENOBLE = SchoolHint(commune="Grenoble", postal_code="38000")
LYON = SchoolHint(name="Collège Imaginé", commune="Lyon", postal_code="69003")


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return desk.agent("assistance-10", "assistance-08")


@pytest.fixture
def signed_in(desk: Desk, agent: Agent) -> FlaskClient:
    return desk.sign_in(agent)


def received(desk: Desk, subject: str, ago: timedelta = timedelta(minutes=5), **changes: Any) -> Ticket:
    return desk.ticket(subject=subject, now=utc_now() - ago, **changes)


def subjects(html: str) -> list[str]:
    cells = html.split('<td class="tickets__what">')[1:]
    return [words_of(cell.split("</a>")[0]) for cell in cells]


def link(html: str, rel: str) -> str:
    return unescape(html.split(f'rel="{rel}" href="')[1].split('"')[0])


def test_filters_narrow_a_list_and_combine(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    received(desk, "Lyon", school=LYON)
    received(desk, "Courriel", timedelta(days=9), channel=Channel.EMAIL, language="en")
    mine = received(
        desk,
        "La mienne",
        text="Je n’arrive pas à me connecter à EduConnect. Le justificatif est joint.",
        channel=Channel.EMAIL,
    )
    received(desk, "Grenoble", school=GRENOBLE)
    actions.take(agent, mine.reference, utc_now())
    actions.set_priority(agent, mine.reference, Priority.URGENT, now=utc_now())
    expected = {
        "canal=courriel": ["La mienne", "Courriel"],
        "canal=courriel&suivi=personne": ["Courriel"],
        "suivi=moi": ["La mienne"],
        f"suivi={agent.id}": ["La mienne"],
        "statut=en-cours": ["La mienne"],
        "priorite=urgente": ["La mienne"],
        "langue=en": ["Courriel"],
        "recue=plus-7": ["Courriel"],
        "recue=moins-7&academie=08": ["Grenoble"],
        "service=assistance-08": ["Grenoble"],
        "etablissement=imagine": ["Lyon"],
        "texte=justificatifs": ["La mienne"],
        "texte=justificatifs&canal=sms": [],
        f"sujet={mine.topic}&texte=joint": ["La mienne"],
        # What is no filter narrows nothing, and does no harm.
        "canal=pigeon&suivi=moi": ["La mienne"],
        "suivi=-1&recue=hier&priorite=%27&suivi=moi&canal=courriel": ["La mienne", "Courriel"],
    }

    assert {query: subjects(signed_in.get(f"/agent/?{query}").text) for query in expected} == expected


def test_the_page_says_what_narrows_it_and_what_it_did_not_understand(desk: Desk, signed_in: FlaskClient) -> None:
    page = signed_in.get("/agent/?canal=courriel&recue=moins-7&statut=perdue&vue=ailleurs")

    assert "Aucune demande de cette liste ne passe ces filtres" in main_of(page)
    assert "Canal : Courriel Reçue : depuis moins de 7 jours" in main_of(page)
    assert "« statut=perdue », « vue=ailleurs »" in main_of(page)
    assert 'href="/agent/?vue=a-traiter&amp;recue=moins-7"' in page.text


def test_a_filter_never_widens_what_the_agent_sees(desk: Desk, signed_in: FlaskClient) -> None:
    received(desk, "À Mayotte", school=SchoolHint(commune="Mamoudzou", postal_code="97600"))

    for query in ("vue=toutes", "service=assistance-43", "vue=toutes&service=assistance-43", "academie=43&vue=toutes"):
        assert subjects(signed_in.get(f"/agent/?{query}").text) == [], query


def test_all_is_as_wide_as_the_sight_of_who_looks(desk: Desk) -> None:
    desk.ticket(subject="À Lyon")
    national = desk.agent("triage-national", name="Nadia Essai", role=Role.SUPERVISOR)

    assert [ticket.subject for ticket in queue_page(national, View.ALL, now=utc_now()).tickets] == ["À Lyon"]
    assert queue_page(national, View.TODO, now=utc_now()).tickets == []


@pytest.mark.parametrize("view", ["a-traiter", "toutes"])
def test_a_list_is_walked_to_its_end_and_back_without_gap(
    desk: Desk, signed_in: FlaskClient, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "PAGE_SIZE", 2)
    for place in range(5):
        received(desk, f"{place}", timedelta(minutes=place), school=GRENOBLE if place % 2 else LYON)

    first = signed_in.get(f"/agent/?vue={view}").text
    second = signed_in.get(link(first, "next")).text
    third = signed_in.get(link(second, "next")).text
    back = signed_in.get(link(third, "prev")).text
    start = signed_in.get(link(back, "prev")).text

    assert sorted(subjects(first) + subjects(second) + subjects(third)) == list("01234")
    assert (subjects(back), subjects(start)) == (subjects(second), subjects(first))
    assert 'rel="prev"' not in start
    assert 'rel="next"' not in third


def test_a_long_list_is_not_counted_to_its_end(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    template = desk.ticket()
    columns = [each for each in Ticket.__table__.columns if each.name not in ("id", "reference")]
    with transaction() as session:
        row = session.execute(select(*columns).where(Ticket.id == template.id)).mappings().one()
        many = [{**row, "reference": f"EC-{number}"} for number in range(COUNTED)]
        session.execute(Ticket.__table__.insert(), many)  # type: ignore[attr-defined]

    assert queue_page(agent, View.TODO, now=utc_now()).counts[View.TODO] == COUNTED + 1
    assert title_of(signed_in.get("/agent/")).startswith("À traiter (1 000+)")


def test_columns_are_chosen_in_the_address(desk: Desk, signed_in: FlaskClient) -> None:
    received(desk, "Lyon", school=LYON)

    page = signed_in.get("/agent/?colonne=etablissement&colonne=langue&colonne=rien").text

    assert re.findall(r'<th scope="col">([^<]+)</th>', page.split("<table")[1]) == [
        "Demande",
        "Établissement",
        "Langue",
    ]
    assert "Collège Imaginé" in page


class TestFresh:
    """A page that stays open asks whether its list has changed."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def test_nothing_is_sent_while_nothing_has_changed(self, desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
        ticket = received(desk, "Première")
        answer = signed_in.get("/agent/liste?vue=a-traiter")
        again = {"If-None-Match": answer.headers["ETag"]}
        same = signed_in.get("/agent/liste?vue=a-traiter", headers=again)
        page = signed_in.get("/agent/?vue=a-traiter").text

        holds.keep(desk.agent(name="Camille Essai"), ticket.reference, utc_now())
        held = signed_in.get("/agent/liste?vue=a-traiter", headers=again)

        assert subjects(answer.text) == ["Première"]
        assert (same.status_code, same.data) == (304, b"")
        assert f'data-state="{answer.headers["ETag"].strip(chr(34))}"' in page
        assert (held.status_code, "Camille Essai est dessus" in held.text) == (200, True)

    def test_a_stranger_is_sent_to_sign_in(self, client: FlaskClient) -> None:
        assert client.get("/agent/liste").status_code == 302


class TestSavedViews:
    """Kept under a name, for oneself or for a service."""

    @pytest.fixture
    def database_url(self, sqlite_url: str) -> str:
        return sqlite_url

    def save(self, client: FlaskClient, query: str, name: str, for_whom: str = "") -> Any:
        fields = {"query": query, "name": name, "for_whom": for_whom}
        return post(client, "/agent/vues", fields, page="/agent/")

    def test_a_view_comes_back_by_its_name(self, desk: Desk, signed_in: FlaskClient) -> None:
        answer = self.save(signed_in, "vue=en-attente&canal=courriel&canal2=x&truc=<b>", "Mes courriels")

        page = signed_in.get("/agent/")
        assert (answer.status_code, answer.location) == (303, "/agent/?vue=en-attente&canal=courriel")
        assert 'href="/agent/?vue=en-attente&amp;canal=courriel"' in page.text
        assert "Mes courriels" in main_of(page)

    def test_the_same_name_replaces_and_a_missing_one_is_asked_for(self, desk: Desk, signed_in: FlaskClient) -> None:
        self.save(signed_in, "vue=en-attente", "La mienne")
        self.save(signed_in, "vue=en-retard", "La mienne")
        refused = self.save(signed_in, "vue=toutes", " ")

        assert db.session.scalars(select(SavedView.query)).all() == ["vue=en-retard"]
        assert (refused.status_code, "Donnez un nom" in main_of(refused)) == (422, True)

    def test_a_shared_one_is_for_those_of_the_service_as_long_as_they_work_there(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        colleague = desk.sign_in(desk.agent("assistance-08", name="Camille Essai"))
        stranger = desk.sign_in(desk.agent("assistance-43", name="Sacha Essai"))
        self.save(signed_in, "vue=en-retard", "Retards de Grenoble", "assistance-08")
        self.save(signed_in, "vue=en-retard", "À moi seule")

        shown = ["Retards de Grenoble" in main_of(each.get("/agent/")) for each in (signed_in, colleague, stranger)]
        own = ["À moi seule" in main_of(each.get("/agent/")) for each in (signed_in, colleague, stranger)]
        with transaction() as session:
            session.execute(Membership.__table__.delete().where(Membership.agent_id == agent.id))  # type: ignore[attr-defined]

        assert (shown, own) == ([True, True, False], [True, False, False])
        assert "Retards de Grenoble" not in main_of(signed_in.get("/agent/"))

    def test_none_is_shared_with_or_taken_from_others(self, desk: Desk, signed_in: FlaskClient) -> None:
        stranger = desk.sign_in(desk.agent("assistance-43", name="Sacha Essai"))
        self.save(signed_in, "vue=en-retard", "La mienne")
        view = db.session.scalars(select(SavedView.id)).one()
        address = f"/agent/vues/{view}/suppression"

        assert self.save(stranger, "vue=toutes", "Intruse", "assistance-10").status_code == 404
        assert post(stranger, address, {}, page="/agent/").status_code == 404
        assert signed_in.post(address).status_code == 422  # without the page's token
        assert post(signed_in, address, {}, page="/agent/").status_code == 303
        assert post(signed_in, address, {}, page="/agent/").status_code == 303
        db.session.rollback()
        assert db.session.scalar(select(func.count(SavedView.id))) == 0


class TestNext:
    """The most pressing ticket that nobody holds."""

    def test_it_is_taken_opened_and_held(self, desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
        received(desk, "Récente")
        urgent = received(desk, "Urgente")
        actions.set_priority(agent, urgent.reference, Priority.URGENT, now=utc_now())

        answer = post(signed_in, "/agent/suivante", {}, page="/agent/")

        assert answer.location == f"/agent/demandes/{urgent.reference}"
        assert desk.read(urgent.reference).assignee_id == agent.id
        assert holds.others(db.session(), [urgent.id], desk.agent(name="Camille Essai"), utc_now())

    def test_what_a_colleague_has_open_is_left_to_her(self, desk: Desk, agent: Agent) -> None:
        ticket = received(desk, "Ouverte ailleurs")
        holds.keep(desk.agent(name="Camille Essai"), ticket.reference, utc_now())

        assert take_next(agent, utc_now()) is None

    def test_none_left_is_told_and_none_of_other_services_is_taken(self, desk: Desk, signed_in: FlaskClient) -> None:
        received(desk, "À Mayotte", school=SchoolHint(commune="Mamoudzou", postal_code="97600"))

        post(signed_in, "/agent/suivante", {}, page="/agent/")

        assert "Rien à prendre" in words_of(signed_in.get("/agent/").text)

    def test_a_forged_press_takes_nothing(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = received(desk, "Seule")

        assert signed_in.post("/agent/suivante").status_code == 422
        assert desk.read(ticket.reference).assignee_id is None

    def test_two_at_once_get_two_tickets(self, desk: Desk) -> None:
        for place in range(6):
            received(desk, f"{place}")
        agents = [desk.agent(name=f"Agent {place}").id for place in range(4)]

        def press(number: int) -> str | None:
            with desk.app.app_context():
                return take_next(db.session.get_one(Agent, number), utc_now())

        with ThreadPoolExecutor(4) as pool:
            taken = list(pool.map(press, agents))

        assert len(set(taken) - {None}) == 4

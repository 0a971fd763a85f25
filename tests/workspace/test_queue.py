"""The queue: what is in it, in what order, and in which words."""

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.message import SchoolHint, Sender
from helpdesk.models import Agent, Ticket
from helpdesk.people.agents import add_agent
from helpdesk.tickets import actions
from helpdesk.tickets.queue import PAGE_SIZE, read_key
from helpdesk.vocabulary import Lateness, Priority, Role
from tests.application import Desk
from tests.workspace.pages import main_of, title_of, words_of

GRENOBLE = SchoolHint(commune="Grenoble", postal_code="38000")


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return desk.agent()


@pytest.fixture
def signed_in(desk: Desk, agent: Agent) -> FlaskClient:
    return desk.sign_in(agent)


def received(desk: Desk, subject: str, ago: timedelta = timedelta(minutes=5), **changes: Any) -> Ticket:
    """A ticket that came some time before now."""
    return desk.ticket(subject=subject, now=utc_now() - ago, **changes)


def subjects(html: str) -> list[str]:
    """What the rows of the table are about, in order."""
    cells = html.split('<td class="tickets__what">')[1:]
    return [words_of(cell.split("</a>")[0]) for cell in cells]


def test_a_row_tells_all_that_choosing_needs(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = received(desk, "Code jamais reçu", timedelta(hours=3))

    page = main_of(signed_in.get("/agent/"))

    who_and_what = (ticket.reference, "Code jamais reçu", "Lou Inventé", "Lyon – Assistance EduConnect")
    how_long_and_where = ("Normale", "il y a 3 h", "À répondre avant", "Nouvelle", "non attribuée")
    assert [words for words in who_and_what + how_long_and_where if words not in page] == []


def test_what_is_late_says_so_in_words(desk: Desk, signed_in: FlaskClient) -> None:
    received(desk, "Oubliée", timedelta(days=20))

    received(desk, "Récente")

    page = signed_in.get("/agent/?vue=en-retard")

    assert "En retard depuis le" in main_of(page)
    assert "j de retard" in main_of(page)
    assert subjects(page.text) == ["Oubliée"]
    assert title_of(page).startswith("En retard (1)")


def test_what_waits_for_the_person_is_paused(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    ticket = received(desk, "Répondue", timedelta(hours=30))
    actions.reply(agent, ticket.reference, "Voici.", seen=2**40, solve=False, now=utc_now() - timedelta(hours=5))

    assert "En pause la personne a la parole depuis 5 h" in main_of(signed_in.get("/agent/?vue=en-attente"))


def test_the_last_call_is_told_in_words(desk: Desk, signed_in: FlaskClient) -> None:
    reference = received(desk, "Pressante").reference
    with transaction() as session:
        due = {"due_at": utc_now() + timedelta(minutes=40, seconds=30), "lateness": Lateness.SOON}
        session.execute(update(Ticket).where(Ticket.reference == reference).values(due))

    for page in (signed_in.get("/agent/"), signed_in.get(f"/agent/demandes/{reference}")):
        assert "Bientôt en retard" in main_of(page)
        assert "dans 40 min" in main_of(page)


def test_the_most_pressing_comes_first(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    received(desk, "Récente", timedelta(hours=1))
    received(desk, "Ancienne", timedelta(days=3))
    urgent = received(desk, "Urgente", timedelta(minutes=1))
    actions.set_priority(agent, urgent.reference, Priority.URGENT, now=utc_now())

    assert subjects(signed_in.get("/agent/").text) == ["Urgente", "Ancienne", "Récente"]


def test_only_the_tickets_of_own_services_are_there(desk: Desk, signed_in: FlaskClient) -> None:
    received(desk, "À Lyon")
    received(desk, "À Grenoble", school=GRENOBLE)

    assert subjects(signed_in.get("/agent/").text) == ["À Lyon"]


def test_each_view_holds_its_own_and_tells_how_many(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    for subject in ("Nouvelle", "Prise", "Répondue", "Résolue"):
        ticket = received(desk, subject)
        if subject == "Prise":
            actions.take(agent, ticket.reference, utc_now())
        if subject in ("Répondue", "Résolue"):
            solve = subject == "Résolue"
            actions.reply(agent, ticket.reference, "Voici.", seen=2**40, solve=solve, now=utc_now())

    found = {
        view: sorted(subjects(signed_in.get(f"/agent/?vue={view}").text))
        for view in ("a-traiter", "mes-demandes", "non-attribuees", "en-attente", "terminees")
    }
    page = main_of(signed_in.get("/agent/"))

    assert found == {
        "a-traiter": ["Nouvelle", "Prise"],
        "mes-demandes": ["Prise"],
        "non-attribuees": ["Nouvelle"],
        "en-attente": ["Répondue"],
        "terminees": ["Résolue"],
    }
    assert "À traiter 2 demandes En retard 0 demandes Mes demandes 1 demandes Non attribuées 1 demandes" in page


@pytest.mark.parametrize(
    ("view", "words"),
    [
        ("a-traiter", "Rien à traiter"),
        ("en-retard", "Rien n’est en retard"),
        ("mes-demandes", "Vous ne suivez aucune demande"),
        ("non-attribuees", "Chaque demande est suivie par quelqu’un"),
        ("en-attente", "Aucune demande n’attend une réponse"),
        ("terminees", "Aucune demande n’est encore résolue ni close"),
    ],
)
def test_an_empty_view_says_what_that_means(signed_in: FlaskClient, view: str, words: str) -> None:
    page = signed_in.get(f"/agent/?vue={view}")

    assert words in main_of(page)
    assert "/agent/demandes/" not in page.text


def test_an_agent_without_service_is_told_whom_to_ask(desk: Desk) -> None:
    add_agent("new@rectorat.example", "Nouvel Essai", "", (), Role.AGENT)
    signed_in = desk.sign_in(db.session.scalars(select(Agent).where(Agent.name == "Nouvel Essai")).one())

    assert "Demandez à votre administrateur" in main_of(signed_in.get("/agent/"))


def test_one_of_several_services_can_be_chosen_and_is_counted_alone(desk: Desk) -> None:
    signed_in = desk.sign_in(desk.agent("assistance-10", "assistance-08"))
    received(desk, "À Lyon")
    received(desk, "À Grenoble", school=GRENOBLE)

    page = signed_in.get("/agent/?service=assistance-08")

    assert subjects(page.text) == ["À Grenoble"]
    assert title_of(page).startswith("À traiter (1)")
    assert '<option value="assistance-08" selected>' in page.text


def test_with_one_service_there_is_nothing_to_choose(signed_in: FlaskClient) -> None:
    assert 'name="service"' not in signed_in.get("/agent/").text


@pytest.mark.parametrize("view", ["a-traiter", "terminees"])
def test_pages_follow_one_another_without_gap_or_repetition(
    desk: Desk, agent: Agent, signed_in: FlaskClient, view: str
) -> None:
    references = []
    for place in range(PAGE_SIZE * 2 + 3):
        ticket = received(desk, f"Demande {place}", timedelta(minutes=place % 4))
        references.append(ticket.reference)
        if view == "terminees":
            actions.close(agent, ticket.reference, "doublon", now=utc_now())
        elif place % 3 == 0:
            actions.set_priority(agent, ticket.reference, Priority.URGENT, now=utc_now())

    shown, address = [], f"/agent/?vue={view}"
    for _page in range(3):
        html = signed_in.get(address).text
        shown += [part[:12] for part in html.split('href="/agent/demandes/')[1:]]
        following = html.split('rel="next" href="')
        address = following[1].split('"')[0].replace("&amp;", "&") if len(following) > 1 else ""

    assert address == ""
    assert len(shown) == len(set(shown))
    assert sorted(shown) == sorted(references)


def test_the_second_page_leads_back_to_the_beginning(desk: Desk, signed_in: FlaskClient) -> None:
    page = signed_in.get("/agent/?apres=normal.1000.1")

    assert ">Début</a>" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "vue=x",
        "service=unknown",
        "apres=x",
        "apres=normal.9999999999999999999.1",
        f"apres=normal.1.{10**40}",
        "apres=normal.-1.-1",
        "apres=%00",
    ],
)
def test_an_address_changed_by_hand_still_gives_a_page(signed_in: FlaskClient, query: str) -> None:
    assert signed_in.get(f"/agent/?{query}").status_code == 200


def test_a_key_in_an_address_says_the_very_microsecond() -> None:
    key = read_key("urgent.1795424399123457.7")

    assert str(key) == "urgent.1795424399123457.7"


class TestFinding:
    """By what somebody says on the phone."""

    def test_a_reference_as_it_was_heard_opens_the_ticket(self, desk: Desk, signed_in: FlaskClient) -> None:
        reference = desk.ticket().reference

        answer = signed_in.get("/agent/recherche", query_string={"q": f" {reference.lower().replace('-', ' ')} "})

        assert (answer.status_code, answer.location) == (303, f"/agent/demandes/{reference}")

    @pytest.mark.parametrize(
        "said", ["lou@famille.example", "LOU@famille.example", "06 39 98 12 34", "Inventé", "invent"]
    )
    def test_an_address_a_number_or_a_name_lists_the_tickets(
        self, desk: Desk, signed_in: FlaskClient, said: str
    ) -> None:
        desk.ticket(subject="La sienne", sender=Sender("Lou Inventé", "lou@famille.example", "+33639981234"))
        desk.ticket(subject="Une autre", sender=Sender("Nour Fictif", "nour@famille.example"))

        assert subjects(signed_in.get("/agent/recherche", query_string={"q": said}).text) == ["La sienne"]

    def test_finished_tickets_are_found_too(self, desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
        ticket = desk.ticket(subject="Close")
        actions.close(agent, ticket.reference, "doublon", now=utc_now())

        assert subjects(signed_in.get("/agent/recherche?q=lou").text) == ["Close"]

    def test_those_of_other_services_are_not(self, desk: Desk, signed_in: FlaskClient) -> None:
        other = desk.ticket(school=GRENOBLE)

        for said in (other.reference, "Lou", "lou@famille.example"):
            page = signed_in.get("/agent/recherche", query_string={"q": said})
            assert "Aucune demande de vos services" in main_of(page)

    @pytest.mark.parametrize("said", ["%", "_", "\\", "", " ", "\x00", "a" * 5000])
    def test_signs_of_the_database_find_nothing_by_themselves(
        self, desk: Desk, signed_in: FlaskClient, said: str
    ) -> None:
        desk.ticket()

        page = signed_in.get("/agent/recherche", query_string={"q": said})

        assert page.status_code == 200
        assert subjects(page.text) == []

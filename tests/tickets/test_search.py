"""Finding tickets by words and narrowings: the same on both databases, and nothing beyond the agent's sight."""

from datetime import date, timedelta

import pytest

from helpdesk.intake.message import IncomingFile, SchoolHint, Sender
from helpdesk.models import Agent
from helpdesk.tickets import actions, search
from helpdesk.tickets.asked import read_asked, read_day
from helpdesk.tickets.search import find_tickets
from helpdesk.vocabulary import Channel, Priority, Role
from tests.application import MONDAY, Desk, later

GRENOBLE = SchoolHint(commune="Grenoble", postal_code="38000")
LYON = SchoolHint(name="Collège Imaginé", commune="Lyon", postal_code="69003")


def found(agent: Agent, words: str) -> set[str]:
    """What the tickets found are about."""
    return {ticket.subject for ticket in find_tickets(agent, words, now=later(days=1)).tickets}


@pytest.fixture
def agent(desk: Desk) -> Agent:
    """An agent of Lyon, with a handful of tickets there and one elsewhere."""
    agent = desk.agent()
    pdf = IncomingFile("justificatif.pdf", "application/pdf", b"%PDF-1.4")
    zoe = Sender("Zoé Imaginée", "zoe@famille.example", "+33639981234")
    desk.ticket("Le code d’activation n’arrive pas.", subject="Code", sender=zoe, school=LYON)
    desk.ticket("Mon mot de passe est perdu.", subject="Perdu", files=(pdf,), channel=Channel.EMAIL)
    closed = desk.ticket("Activer le code du collège.", subject="Close", now=MONDAY - timedelta(days=40))
    actions.close(agent, closed.reference, "doublon", now=MONDAY)
    urgent = desk.ticket("Le passe du mot.", subject="Urgente")
    actions.set_priority(agent, urgent.reference, Priority.URGENT, now=MONDAY)
    actions.note(agent, urgent.reference, "Rappeler la grand-mère.", now=MONDAY)
    desk.ticket("Le code d’activation n’arrive pas.", subject="Ailleurs", school=GRENOBLE)
    return agent


@pytest.mark.usefixtures("agent")
def test_words_quotes_and_narrowings_find_the_same_on_both_databases(agent: Agent) -> None:
    expected = {
        "activation code": {"Code", "Close"},
        '"code d’activation"': {"Code"},
        "« mot de passe »": {"Perdu"},
        "mot passe": {"Perdu", "Urgente"},
        "MOTS DE PASSE": {"Perdu", "Urgente"},
        "grand-mère": {"Urgente"},
        "grand": {"Urgente"},
        "de:imaginee": {"Code"},
        "from:zoe@famille.example": {"Code"},
        "zoe@famille.example": {"Code"},
        "06 39 98 12 34": {"Code"},
        "école:imagine": {"Code"},
        "imagine": {"Code"},
        "fichier:justificatif": {"Perdu"},
        "de:justificatif": set(),
        "code statut:close": {"Close"},
        "status:closed": {"Close"},
        "avant:01/11/2026": {"Close"},
        "code après:01/11/2026": {"Code"},
        "after:2026-11-01 priorité:urgente": {"Urgente"},
        "canal:courriel": {"Perdu"},
        "service:lyon code": {"Code", "Close"},
        "service:grenoble code": set(),
        "le la de": set(),
        "de:": {"Perdu"},
        "de:\x00": {"Perdu"},
        "https://inventé.example": set(),
    }

    for nothing in ("", '"', '""""', "«", "a" * 99_999, ":::", "' OR 1=1 --", "* & | ! ( <-> )"):
        expected[nothing] = set()

    assert {words: found(agent, words) for words in expected} == expected


def test_only_a_supervisor_of_a_national_service_finds_those_of_all(desk: Desk, agent: Agent) -> None:
    national = desk.agent("triage-national", name="Nadia Essai", role=Role.SUPERVISOR)
    stranger = desk.agent("scolarite-43", name="Autre Essai")

    assert found(national, "activation") == {"Code", "Close", "Ailleurs"}
    assert (
        found(stranger, "activation") == found(stranger, "de:imaginée") == found(stranger, "statut:nouvelle") == set()
    )


def test_pages_follow_one_another(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "PAGE_SIZE", 1)
    shown, place = [], None
    for _page in range(2):
        page = find_tickets(agent, "activation", place, now=later(days=1))
        shown += [ticket.subject for ticket in page.tickets]
        place = page.before

    assert (shown, place) == (["Close", "Code"], None)


def test_what_many_hold_is_looked_for_among_the_latest_first(agent: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "_STEPS", (1, 3))

    assert found(agent, "activation") == {"Code", "Close"}


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-03", date(2026, 11, 3)),
        ("3/11/2026", date(2026, 11, 3)),
        ("03.11.2026", date(2026, 11, 3)),
        ("11/2026", date(2026, 11, 1)),
        ("2026", date(2026, 1, 1)),
        ("hier", date(2026, 11, 23)),
        ("aujourd’hui", TODAY),
        ("7j", date(2026, 11, 17)),
        ("31/02/2026", None),
        ("2026-13-01", None),
        ("demain", None),
        ("9999j", date(1999, 7, 10)),
        ("0001", None),
    ],
)
def test_a_day_is_read_as_people_write_it(said: str, day: date | None) -> None:
    assert read_day(said, TODAY) == day


@pytest.mark.parametrize("word", ["statut:fermé", "priorité:haute", "canal:pigeon", "avant:demain", "after:x"])
def test_a_narrowing_that_is_none_is_told_in_words(word: str) -> None:
    asked = read_asked(f"code {word}", TODAY)

    assert [term.stems for term in asked.terms] == [("cod",)]
    assert word.partition(":")[2] in asked.problems[0]

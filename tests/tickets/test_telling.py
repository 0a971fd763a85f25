"""Notes that name colleagues, watched tickets, tickets put aside."""

import pytest

from helpdesk.db import db, transaction, utc_now
from helpdesk.errors import IllegalMove, NotAllowed, NotFound
from helpdesk.models import Agent, Mention, Snooze, Ticket, Watch
from helpdesk.tickets import actions, snoozing, telling
from helpdesk.tickets.erasing import erase
from helpdesk.tickets.glance import glance
from helpdesk.tickets.mentions import handle, handles_in, meant
from helpdesk.tickets.next_up import take_next
from helpdesk.tickets.queue import View, queue_page
from helpdesk.vocabulary import Status
from tests.application import Desk, later
from tests.workspace.pages import add_word


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The statements are plain."""
    return sqlite_url


@pytest.fixture
def agathe(desk: Desk) -> Agent:
    return desk.agent(name="Agathe Essai")


@pytest.fixture
def basile(desk: Desk) -> Agent:
    return desk.agent(name="Basile Du-Bois")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@basile.du.bois peux-tu regarder ?", ["basile.du.bois"]),
        ("Voir avec @Basile.Du-Bois, puis @élise.", ["basile.du.bois", "elise"]),
        ("(@basile) @basile", ["basile"]),
        ("lou@famille.example a écrit, et @", []),
        ("@" * 10_000, []),
        ("@" + "a" * 10_000, ["a" * 100]),
    ],
)
def test_names_are_read_as_they_are_typed(text: str, found: list[str]) -> None:
    assert handles_in(text) == found


def test_a_name_that_two_share_or_nobody_has_is_not_guessed() -> None:
    names = [(1, "Élise Essai"), (2, "Noé Essai"), (3, "Noe Essai")]

    assert handle("Élise Essai") == "elise.essai"
    assert meant(["elise.essai", "noe.essai", "zoe"], names) == ({1}, ["noe.essai", "zoe"])


def test_who_is_named_is_told_until_the_ticket_is_read(desk: Desk, agathe: Agent, basile: Agent) -> None:
    ticket = desk.ticket()

    nobody = actions.note(agathe, ticket.reference, "@basile.du.bois et @zoe.inconnue ?", now=later())

    assert nobody == ["zoe.inconnue"]
    assert (glance(basile, utc_now()).news, glance(agathe, utc_now()).news) == (1, 0)
    assert [each.message.text for each in telling.told(basile).mentions] == ["@basile.du.bois et @zoe.inconnue ?"]
    telling.read(basile, desk.read(ticket.reference), later(hours=1))
    assert glance(basile, utc_now()).news == 0


def test_nobody_is_told_of_what_she_may_not_see(desk: Desk, agathe: Agent, basile: Agent) -> None:
    ticket, stranger = desk.ticket(), desk.agent("assistance-08", name="Greta Essai")

    with pytest.raises(NotAllowed):
        actions.note(agathe, ticket.reference, "Pour toi.", now=later(), to=[stranger.id])
    assert actions.note(agathe, ticket.reference, "@greta.essai", now=later()) == ["greta.essai"]
    actions.note(agathe, ticket.reference, "Pour toi.", now=later(), to=[basile.id])
    telling.watch(basile, ticket.reference)
    actions.transfer(agathe, ticket.reference, "assistance-08", "école à Vienne", now=later())

    assert [note.text for note in desk.read(ticket.reference).messages[1:]] == ["@greta.essai", "Pour toi."]
    assert glance(basile, utc_now()).news == 0
    assert (telling.told(basile).mentions, telling.told(basile).watched) == ([], [])


def test_what_others_do_on_a_watched_ticket_is_new_until_it_is_read(desk: Desk, agathe: Agent, basile: Agent) -> None:
    ticket = desk.ticket()
    for _ in range(2):
        telling.watch(basile, ticket.reference)

    actions.take(basile, ticket.reference, later())
    own = glance(basile, utc_now()).news
    actions.take(agathe, ticket.reference, later(), over=basile.id)

    assert (own, glance(basile, utc_now()).news) == (0, 1)
    assert [each.name for each in telling.watchers(ticket)] == ["Basile Du-Bois"]
    telling.read(basile, desk.read(ticket.reference), later())
    telling.forget(basile, ticket.reference)
    add_word(desk, ticket, "Merci.")
    assert glance(basile, utc_now()).news == 0


def listed(agent: Agent, view: View = View.TODO) -> list[str]:
    db.session.rollback()
    page = queue_page(agent, view, now=later(hours=1))
    assert page.counts[View.TODO] == len(queue_page(agent, View.TODO, now=later(hours=1)).tickets)
    return [ticket.reference for ticket in page.tickets]


def test_what_is_put_aside_leaves_ones_own_lists_alone_until_the_day(desk: Desk, agathe: Agent, basile: Agent) -> None:
    aside, other = desk.ticket(), desk.ticket()

    late = snoozing.snooze(agathe, aside.reference, later(days=3), later())

    assert late
    assert (listed(agathe), len(listed(basile))) == ([other.reference], 2)
    assert listed(agathe, View.ALL) == [other.reference, aside.reference]
    assert [each.ticket.reference for each in snoozing.snoozed(agathe, later(days=2))] == [aside.reference]
    assert snoozing.snoozed(agathe, later(days=3)) == []
    assert (take_next(agathe, later()), take_next(agathe, later())) == (other.reference, None)
    assert desk.read(aside.reference).status is Status.NEW


def test_a_word_of_the_person_ends_the_pause_and_so_does_a_click(desk: Desk, agathe: Agent) -> None:
    written, clicked = desk.ticket(), desk.ticket()
    for ticket in (written, clicked):
        snoozing.snooze(agathe, ticket.reference, later(days=9000), later())

    add_word(desk, written, "Une précision.")
    snoozing.end(agathe, clicked.reference)

    assert set(listed(agathe)) == {written.reference, clicked.reference}


def test_what_is_over_or_not_ones_own_is_not_put_aside(desk: Desk, agathe: Agent) -> None:
    over, stranger = desk.ticket(), desk.agent("assistance-08", name="Greta Essai")
    actions.close(agathe, over.reference, "doublon", now=later())

    with pytest.raises(IllegalMove):
        snoozing.snooze(agathe, over.reference, later(days=3), later())
    for act in (telling.watch, telling.forget, snoozing.end):
        with pytest.raises(NotFound):
            act(stranger, over.reference)


def test_erasing_a_ticket_takes_all_of_it_along(desk: Desk, agathe: Agent, basile: Agent) -> None:
    ticket = desk.ticket()
    actions.note(agathe, ticket.reference, "@basile.du.bois", now=later())
    telling.watch(basile, ticket.reference)
    snoozing.snooze(basile, ticket.reference, later(days=3), later())

    with transaction() as session:
        erase(session, [session.get_one(Ticket, ticket.id)], later())

    assert [db.session.query(each).count() for each in (Mention, Watch, Snooze)] == [0, 0, 0]

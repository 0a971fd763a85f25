"""A closed service lends its requests to another and gets back what was not answered; nothing goes round or is lost."""

import itertools
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event, select, update

from helpdesk.db import db, transaction
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.intake.receive import receive_on
from helpdesk.models import Agent, Closing, Outgoing, Service
from helpdesk.routing import corrections
from helpdesk.routing.decision import Decision
from helpdesk.routing.rules import recompute_service
from helpdesk.tickets import actions, closings, history, sharing
from helpdesk.tickets.access import ticket_for
from helpdesk.vocabulary import Assignment, Role
from tests.application import Desk, later

LYON, GRENOBLE, PARIS = "assistance-10", "assistance-08", "assistance-01"
TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)
REOPENED = later(days=3)


def chief(desk: Desk, slug: str = LYON) -> Agent:
    return desk.agent(slug, name=f"Chef de {slug}", role=Role.SUPERVISOR)


def close(desk: Desk, slug: str = LYON, stand_in: str = GRENOBLE, first: date = TODAY, last: date = TOMORROW) -> int:
    """Close the service; returns the id of the closing."""
    closings.plan(chief(desk, slug), slug, stand_in, first, last, "fermeture du rectorat", now=later())
    return db.session.scalars(select(Closing.id).order_by(Closing.id.desc())).first() or 0


def where(desk: Desk, reference: str) -> tuple[str, str | None]:
    """The service that holds a ticket, and the one that lent it."""
    ticket = desk.read(reference)
    return ticket.service.slug, ticket.lent_by.slug if ticket.lent_by else None


def test_what_comes_for_a_closed_service_goes_to_its_stand_in_and_the_history_says_why(desk: Desk) -> None:
    close(desk)

    ticket = desk.ticket()

    routed, lent = ticket.events[-2:]
    assert where(desk, ticket.reference) == (GRENOBLE, LYON)
    assert (routed.kind, lent.kind) == (history.ROUTED, history.LENT)
    assert lent.data == {"from": LYON, "to": GRENOBLE, "until": "2026-11-24", "reason": "fermeture du rectorat"}
    assert ticket.academy == "10", "the school is where it was"


def test_the_decision_stays_true(desk: Desk) -> None:
    """It names the service of the rules; lending is an event after it, and no correction."""
    close(desk)

    routed = next(each for each in desk.ticket().events if each.kind == history.ROUTED)

    decision = Decision.from_json(routed.data)
    assert decision.service == LYON
    assert recompute_service(decision) == LYON


def test_home_still_sees_what_it_lent_and_others_do_not(desk: Desk) -> None:
    close(desk)
    reference = desk.ticket().reference

    for slug in (LYON, GRENOBLE):
        assert ticket_for(db.session(), desk.agent(slug, name=f"Agent {slug}"), reference).reference == reference
    with pytest.raises(NotFound):
        ticket_for(db.session(), desk.agent(PARIS, name="Pia Essai"), reference)


def test_the_stand_in_gives_out_what_it_is_lent(desk: Desk) -> None:
    gaston = desk.agent(GRENOBLE, name="Gaston Essai").id
    sharing.set_sharing(chief(desk, GRENOBLE), GRENOBLE, Assignment.ROUND_ROBIN, {gaston})
    close(desk)

    assert desk.ticket().assignee_id == gaston


@pytest.mark.parametrize(("now", "holder"), [(later(days=-1), LYON), (later(days=1), GRENOBLE), (later(days=2), LYON)])
def test_before_and_after_nothing_is_lent(desk: Desk, now: datetime, holder: str) -> None:
    close(desk)

    assert desk.ticket(now=now).service.slug == holder


def test_what_waits_is_lent_in_one_go_and_only_once(desk: Desk) -> None:
    """In more batches than one; what waits for the person stays."""
    agent = desk.agent(name="Agathe Essai")
    waiting = [desk.ticket().reference for _ in range(3)]
    answered = desk.ticket().reference
    actions.reply(agent, answered, "Bonjour", seen=2**40, solve=False, now=later(minutes=5))
    actions.take(desk.agent(name="Agathe Essai"), waiting[0], later(minutes=6))
    closing = close(desk)

    _closing, found = closings.waiting_at(chief(desk), LYON, closing, later(hours=1))
    lent = [closings.lend_waiting(chief(desk), LYON, closing, later(hours=1), at_once=2) for _click in range(2)]

    assert (found.count, lent) == (3, [3, 0])
    assert [where(desk, reference) for reference in waiting] == [(GRENOBLE, LYON)] * 3
    assert where(desk, answered) == (LYON, None)
    assert desk.read(waiting[0]).assignee_id is None


def test_at_the_end_what_was_not_answered_comes_back(desk: Desk) -> None:
    close(desk)
    lent = [desk.ticket().reference for _ in range(5)]
    gaston = desk.agent(GRENOBLE, name="Gaston Essai")
    actions.reply(gaston, lent[0], "Bonjour", seen=2**40, solve=False, now=later(hours=1))
    _the_person_writes_again(desk, lent[0])

    early, back, again = (closings.return_lent(now, at_once=2) for now in (later(days=1), REOPENED, REOPENED))

    assert (early, back, again) == (0, 4, 0)
    assert where(desk, lent[0]) == (GRENOBLE, LYON), "who has answered goes on"
    assert [where(desk, reference) for reference in lent[1:]] == [(LYON, None)] * 4
    last = desk.read(lent[1]).events[-1]
    assert (last.kind, last.data) == (history.RETURNED, {"from": GRENOBLE, "to": LYON})


def _the_person_writes_again(desk: Desk, reference: str) -> None:
    message = desk.message("Encore moi.")
    receive_on(reference, message, desk.parts.files, reopen_within=timedelta(days=9), now=later(hours=2))


def test_an_answer_from_before_the_loan_does_not_keep_a_ticket(desk: Desk) -> None:
    """Grenoble had answered once and handed over to Lyon, which then closed."""
    ticket = desk.ticket()
    both = desk.agent(LYON, GRENOBLE, name="Agathe Essai")
    actions.transfer(both, ticket.reference, GRENOBLE, "Isère", now=later(minutes=1))
    actions.reply(both, ticket.reference, "Bonjour", seen=2**40, solve=False, now=later(minutes=2))
    actions.transfer(both, ticket.reference, LYON, "non, Rhône", now=later(minutes=3))
    closings.lend_waiting(chief(desk), LYON, close(desk), later(hours=1))

    closings.return_lent(REOPENED)

    assert where(desk, ticket.reference) == (LYON, None)


def test_killed_halfway_the_return_goes_on(desk: Desk) -> None:
    close(desk)
    references = [desk.ticket().reference for _ in range(4)]
    flushes = itertools.count(1)

    def die_at_the_fourth_ticket(*_: object) -> None:
        if next(flushes) == 4:
            raise KeyboardInterrupt

    event.listen(db.session, "after_flush", die_at_the_fourth_ticket)
    with pytest.raises(KeyboardInterrupt):
        closings.return_lent(REOPENED, at_once=2)
    event.remove(db.session, "after_flush", die_at_the_fourth_ticket)
    halfway = [where(desk, reference)[0] for reference in references]

    closings.return_lent(REOPENED, at_once=2)

    assert halfway == [LYON, LYON, GRENOBLE, GRENOBLE], "a batch is all or nothing"
    assert {where(desk, reference) for reference in references} == {(LYON, None)}


def test_opened_again_early_what_was_lent_comes_back(desk: Desk) -> None:
    closing = close(desk, last=date(2026, 12, 20))
    reference = desk.ticket().reference

    closings.end(chief(desk), LYON, closing, now=later(hours=2))
    closings.return_lent(later(hours=3))

    assert where(desk, reference) == (LYON, None)
    assert desk.ticket(now=later(hours=3)).service.slug == LYON


def test_chains_are_refused_when_they_are_planned(desk: Desk) -> None:
    """Neither a stand-in that is closed itself, nor closing while one stands in; other days are free."""
    close(desk, LYON, GRENOBLE)

    refused = {
        (GRENOBLE, LYON): "est fermé du 23/11/2026 au 24/11/2026",
        (GRENOBLE, PARIS): "Votre service remplace",
        (PARIS, LYON): "choisissez un autre service",
        (LYON, PARIS): "Votre service est déjà fermé",
        (LYON, LYON): "Choisissez un autre service",
        ("triage-national", GRENOBLE): "Le triage national ne ferme pas",
    }
    for (slug, stand_in), words in refused.items():
        with pytest.raises(NotAllowed, match=words):
            close(desk, slug, stand_in)
    close(desk, GRENOBLE, LYON, date(2026, 11, 25), date(2026, 11, 26))

    assert len(db.session.scalars(select(Closing)).all()) == 2


def test_planned_twice_it_is_planned_once_and_what_is_over_is_refused(desk: Desk) -> None:
    assert close(desk) == close(desk)

    with pytest.raises(NotAllowed, match="déjà passée"):
        close(desk, first=date(2026, 11, 2), last=date(2026, 11, 3))


def test_a_chain_that_time_zones_make_ends_in_national_triage(desk: Desk) -> None:
    """The last day in Polynésie is not over when the next one has begun in Lyon."""
    close(desk, "assistance-41", LYON, TODAY, TODAY)
    close(desk, LYON, GRENOBLE, TOMORROW, TOMORROW)
    morning_of_the_24th_in_paris = later(days=1, hours=-3)
    with transaction() as session:
        session.execute(update(Service).where(Service.slug == "assistance-41").values(timezone="Pacific/Tahiti"))
    reference = desk.ticket(now=later(days=-9)).reference

    actions.transfer(desk.agent(), reference, "assistance-41", "essai", now=morning_of_the_24th_in_paris)

    assert where(desk, reference) == ("triage-national", "assistance-41")


def test_a_transfer_to_a_closed_service_reaches_its_stand_in_and_the_person_is_told_once(desk: Desk) -> None:
    close(desk, GRENOBLE, PARIS)
    reference = desk.ticket().reference

    actions.transfer(desk.agent(), reference, GRENOBLE, "Isère", now=later(hours=1))

    assert where(desk, reference) == (PARIS, GRENOBLE)
    assert desk.read(reference).academy == "08"
    assert len(db.session.scalars(select(Outgoing).where(Outgoing.kind == "transfer")).all()) == 1


def test_the_stand_in_cannot_send_it_back_while_home_is_closed(desk: Desk) -> None:
    close(desk)
    reference = desk.ticket().reference
    gaston = desk.agent(GRENOBLE, name="Gaston Essai")

    with pytest.raises(NotAllowed, match="fermé"):
        actions.transfer(gaston, reference, LYON, "à vous", now=later(hours=1))

    assert where(desk, reference) == (GRENOBLE, LYON)


def test_the_stand_in_may_hand_it_on_and_home_then_is_out_of_it(desk: Desk) -> None:
    close(desk)
    reference = desk.ticket().reference

    corrections.correct(desk.agent(GRENOBLE, name="Gaston Essai"), reference, PARIS, "", "Paris", now=later(hours=1))

    assert where(desk, reference) == (PARIS, None)


def test_going_and_coming_tells_the_person_nothing(desk: Desk) -> None:
    """The acknowledgement names who is in charge when the request comes; a later loan changes nothing for them."""
    reference = desk.ticket().reference
    closings.lend_waiting(chief(desk), LYON, close(desk), later(hours=1))
    closings.return_lent(REOPENED)

    assert where(desk, reference) == (LYON, None)
    assert [row.kind for row in db.session.scalars(select(Outgoing))] == ["acknowledgement"]


def test_only_the_supervisors_of_the_service_close_it(desk: Desk) -> None:
    closing = close(desk)
    others = [desk.agent(name="Agathe Essai"), chief(desk, GRENOBLE), chief(desk, "triage-national")]

    for other in others:
        for act in (
            lambda agent: closings.plan(agent, LYON, PARIS, TODAY, TODAY, "essai", now=later()),
            lambda agent: closings.end(agent, LYON, closing, now=later()),
            lambda agent: closings.waiting_at(agent, LYON, closing, later()),
            lambda agent: closings.lend_waiting(agent, LYON, closing, later()),
            lambda agent: closings.closings_of(agent, LYON, later()),
        ):
            with pytest.raises(NotFound):
                act(other)
    with pytest.raises(NotFound):
        closings.end(chief(desk, GRENOBLE), GRENOBLE, closing, now=later())

    assert db.session.get_one(Closing, closing).last_day == TOMORROW

"""« Mal orientée »: the ticket goes where it belongs, the error is counted once, the figures are those of the week."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import HelpdeskError, IllegalMove, NotAllowed, NotFound
from helpdesk.intake.message import SchoolHint
from helpdesk.models import Agent, Correction, Outgoing
from helpdesk.outbox.post import TRANSFER
from helpdesk.routing import accuracy, corrections
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import Role, Status
from tests.application import Desk, later

GRENOBLE = SchoolHint(commune="Grenoble", postal_code="38000")


def stored() -> list[Correction]:
    db.session.rollback()
    return list(db.session.scalars(select(Correction).order_by(Correction.id)))


def kinds(desk: Desk, reference: str) -> list[str]:
    return [event.kind for event in desk.read(reference).events]


def posted() -> int:
    return len(db.session.scalars(select(Outgoing).where(Outgoing.kind == TRANSFER)).all())


def test_a_correction_moves_the_ticket_like_a_transfer_and_is_counted(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()

    corrections.correct(agent, ticket.reference, "assistance-08", "", "école à Vienne", now=later(hours=1))

    ticket = desk.read(ticket.reference)
    [said] = stored()
    assert (ticket.service.slug, ticket.academy, ticket.status) == ("assistance-08", "08", Status.NEW)
    assert (ticket.rule, ticket.clue_kinds, ticket.routed_academy) == ("assistance", "commune,postal-code", "10")
    assert ticket.events[-1].kind == history.TRANSFERRED
    assert ticket.events[-1].data["misrouted"]
    assert posted() == 1
    assert (said.rule, said.clue_kinds) == ("assistance", "commune,postal-code")
    assert (said.academy_before, said.academy_after) == ("10", "08")
    assert (said.service_before.slug, said.service_after.slug) == ("assistance-10", "assistance-08")
    assert (said.agent_id, said.reason, said.at) == (agent.id, "école à Vienne", later(hours=1))


def test_a_wrong_topic_alone_moves_nothing_and_tells_nobody(desk: Desk) -> None:
    ticket = desk.ticket()
    wrong = ticket.topic

    corrections.correct(desk.agent(), ticket.reference, "", "securite-donnees", "compte piraté", now=later(hours=1))

    ticket = desk.read(ticket.reference)
    [said] = stored()
    assert (ticket.service.slug, ticket.topic) == ("assistance-10", "securite-donnees")
    assert ticket.events[-1].data == {"from": wrong, "to": "securite-donnees", "reason": "compte piraté"}
    assert (said.topic_before, said.topic_after, said.service_after.slug) == (
        wrong,
        "securite-donnees",
        "assistance-10",
    )
    assert posted() == 0


def test_said_twice_it_counts_once(desk: Desk) -> None:
    """A double click, by somebody who still sees the ticket."""
    agent, ticket = desk.agent("assistance-10", "assistance-08"), desk.ticket()

    for _click in range(2):
        corrections.correct(agent, ticket.reference, "assistance-08", "", "école à Vienne", now=later(hours=1))

    assert len(stored()) == 1
    assert kinds(desk, ticket.reference).count(history.TRANSFERRED) == 1
    assert posted() == 1


def test_said_by_two_at_the_same_moment_it_counts_once(desk: Desk) -> None:
    reference = desk.ticket().reference
    agents = [desk.agent("assistance-10", slug, name=f"{slug} Essai").id for slug in ("assistance-08", "assistance-01")]
    start = threading.Barrier(2)

    def correct(agent_id: int, slug: str) -> None:
        with desk.app.app_context():
            agent = db.session.get_one(Agent, agent_id)
            start.wait()
            try:
                corrections.correct(agent, reference, slug, "", "essai", now=later(hours=1))
            except HelpdeskError:
                pass  # the other was first, and the ticket is out of sight
            finally:
                db.session.remove()

    threads = [
        threading.Thread(target=correct, args=pair)
        for pair in zip(agents, ("assistance-08", "assistance-01"), strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(stored()) == 1


def test_the_last_word_holds(desk: Desk) -> None:
    """Grenoble says that it was Clermont's: one routing was wrong, once."""
    ticket = desk.ticket()
    corrections.correct(desk.agent(), ticket.reference, "assistance-08", "", "Isère", now=later(hours=1))
    other = desk.agent("assistance-08", name="Gaston Essai")

    corrections.correct(other, ticket.reference, "assistance-06", "", "Allier", now=later(hours=2))

    [said] = stored()
    assert (said.service_before.slug, said.service_after.slug) == ("assistance-10", "assistance-06")
    assert said.reason == "Allier"


def test_that_routing_was_right_after_all_takes_the_correction_back(desk: Desk) -> None:
    ticket = desk.ticket()
    corrections.correct(desk.agent(), ticket.reference, "assistance-08", "", "Isère", now=later(hours=1))
    other = desk.agent("assistance-08", name="Gaston Essai")

    corrections.correct(other, ticket.reference, "assistance-10", "", "non, Rhône", now=later(hours=2))

    assert stored() == []
    assert desk.read(ticket.reference).service.slug == "assistance-10"


def test_after_a_plain_transfer_the_holder_may_still_say_that_it_should_have_come_at_once(desk: Desk) -> None:
    ticket = desk.ticket()
    actions.transfer(desk.agent(), ticket.reference, "scolarite-10", "suite du dossier", now=later(hours=1))
    assert stored() == [], "a transfer alone is no correction"
    other = desk.agent("scolarite-10", name="Simone Essai")

    corrections.correct(other, ticket.reference, "scolarite-10", "", "une bourse", now=later(hours=2))

    [said] = stored()
    assert (said.service_before.slug, said.service_after.slug) == ("assistance-10", "scolarite-10")
    assert kinds(desk, ticket.reference)[-1] == history.MISROUTED


@pytest.mark.parametrize(("service", "topic"), [("", ""), ("assistance-10", ""), ("nulle-part", "")])
def test_a_correction_that_says_nothing_is_refused(desk: Desk, service: str, topic: str) -> None:
    ticket = desk.ticket()

    with pytest.raises((NotAllowed, NotFound)):
        corrections.correct(desk.agent(), ticket.reference, service, topic, "essai", now=later(hours=1))

    assert stored() == []


def test_what_is_closed_is_left_alone(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    actions.close(agent, ticket.reference, "publicité", now=later(minutes=1))

    for service, topic in (("assistance-08", ""), ("", "securite-donnees")):
        with pytest.raises(IllegalMove):
            corrections.correct(agent, ticket.reference, service, topic, "essai", now=later(hours=1))

    assert stored() == []


def test_another_services_agent_corrects_nothing(desk: Desk) -> None:
    ticket = desk.ticket()

    with pytest.raises(NotFound):
        corrections.correct(desk.agent("scolarite-10"), ticket.reference, "scolarite-10", "", "à nous", now=later())

    assert stored() == []


@pytest.fixture
def week(desk: Desk) -> None:
    """Lyon: six requests, one of them Grenoble's and one for another service of Lyon; two more go to triage, of which
    one should have been understood; one in Grenoble is right. The week before: one in Lyon, wrong.
    """
    lyon, national = desk.agent(name="Agathe Essai"), desk.agent("triage-national", name="Noé Essai")
    old = desk.ticket(now=later(days=-8)).reference
    corrections.correct(lyon, old, "assistance-08", "", "Isère", now=later(days=-7))
    for number, slug in enumerate(["assistance-08", "scolarite-10", "", "", "", ""]):
        reference = desk.ticket(now=later(hours=number)).reference
        if slug:
            corrections.correct(lyon, reference, slug, "", f"cas {number}", now=later(hours=9))
    desk.ticket(school=GRENOBLE)
    triage = [desk.ticket(school=SchoolHint()).reference for _ in range(2)]
    corrections.correct(national, triage[0], "assistance-08", "", "le département est dit", now=later(hours=9))


def counted(desk: Desk, agent: Agent, days: int = 7) -> dict[str, tuple[int, int, int]]:
    groups = corrections.accuracy(agent, days, later(days=1)).groups
    lines = [*accuracy.by_rule(groups), *accuracy.by_clue(groups)]
    return {line.name: (line.period.routed, line.wrong, line.before.routed) for line in lines}


@pytest.mark.usefixtures("week")
def test_a_national_supervisor_reads_the_figures_of_all(desk: Desk) -> None:
    supervisor = desk.agent("triage-national", name="Claude Essai", role=Role.SUPERVISOR)

    assert counted(desk, supervisor) == {
        "assistance": (7, 2, 1),
        "triage": (2, 1, 0),
        "commune": (7, 1, 1),
        "postal-code": (7, 1, 1),
    }
    assert counted(desk, supervisor, days=30)["assistance"] == (8, 3, 0)


@pytest.mark.usefixtures("week")
def test_an_academies_supervisor_reads_what_was_sent_there_and_only_tickets_in_sight(desk: Desk) -> None:
    supervisor = desk.agent("scolarite-10", name="Simone Essai", role=Role.SUPERVISOR)

    found = corrections.accuracy(supervisor, 7, later(days=1))

    assert counted(desk, supervisor)["assistance"] == (6, 2, 1)
    assert [each.reason for each in found.corrections] == ["cas 1"]
    assert found.unseen == 1, "the other went to Grenoble, with its ticket"
    assert [each.reason for each in corrections.corrections_since(supervisor, 7, later(days=1))] == ["cas 1"]


@pytest.mark.usefixtures("week")
def test_who_supervises_nothing_reads_no_figures(desk: Desk) -> None:
    agent = desk.agent("triage-national", name="Noé Essai")

    for read in (corrections.accuracy, corrections.corrections_since):
        with pytest.raises(NotFound):
            read(agent, 7, later(days=1))


def test_a_ticket_outside_the_period_is_not_counted(desk: Desk) -> None:
    desk.ticket(now=later(days=-20))
    supervisor = desk.agent("triage-national", name="Claude Essai", role=Role.SUPERVISOR)

    assert corrections.accuracy(supervisor, 7, later() + timedelta(days=1)).groups == []

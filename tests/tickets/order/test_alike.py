"""One person who calls and writes about the same thing: proposed to the agent, never joined alone."""

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.intake.message import SchoolHint, Sender
from helpdesk.models import Ticket
from helpdesk.tickets import actions
from helpdesk.tickets.order.alike import alike
from helpdesk.tickets.order.links import link
from helpdesk.tickets.order.relations import Relation
from helpdesk.vocabulary import Channel
from tests.application import MONDAY, Desk

LOU = "+33639980111"
CODE = "Je ne reçois pas le code par SMS."


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


def called(desk: Desk, text: str = CODE, **changes: Any) -> Ticket:
    """By phone; the number is all that is known."""
    return desk.ticket(text, **{"channel": Channel.PHONE, "sender": Sender(phone=LOU), **changes})


def wrote(desk: Desk, text: str = CODE, **changes: Any) -> Ticket:
    """By the form, under an address of its own, with the same number."""
    return desk.ticket(text, **{"sender": Sender("Lou Inventé", "lou@famille.example", LOU), **changes})


def test_a_call_and_a_form_of_one_number_about_one_thing_are_proposed(desk: Desk) -> None:
    call, form, agent = called(desk), wrote(desk), desk.agent()

    (found,) = alike(agent, call)

    assert found.other.id == form.id
    assert set(found.shared) == {"numéro", "sujet", "établissement"}
    assert [one.other.id for one in alike(agent, form)] == [call.id]


def test_what_is_something_else_is_not_proposed(desk: Desk) -> None:
    agent, call = desk.agent(), called(desk)
    wrote(desk, sender=Sender("Lou Inventé", "lou@famille.example", "+33639980222"))  # another number
    wrote(desk, "Mon fils n’apparaît pas sur mon compte.", school=SchoolHint(postal_code="69100"))  # another matter
    wrote(desk, now=MONDAY - timedelta(days=15))
    wrote(desk, school=SchoolHint(commune="Grenoble", postal_code="38000"))  # of another service
    actions.close(agent, wrote(desk).reference, "doublon", now=MONDAY)
    link(agent, wrote(desk).reference, call.reference, Relation.DUPLICATE, MONDAY)

    assert alike(agent, desk.read(call.reference)) == []


def test_a_request_that_is_over_asks_nothing(desk: Desk) -> None:
    agent, call = desk.agent(), called(desk)
    wrote(desk)
    actions.solve(agent, call.reference, now=MONDAY)

    assert alike(agent, desk.read(call.reference)) == ()

"""Having a failed mail sent again; the rest of it is told by its button, in tests/workspace."""

import threading

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.models import Agent, Outgoing
from helpdesk.outbox.deliver import deliver_due
from helpdesk.outbox.mailer import Refused
from helpdesk.tickets import history
from helpdesk.tickets.resending import resend
from tests.application import MONDAY, Desk, MemoryMailer, later


def test_a_failed_mail_that_two_clicks_send_again_at_the_same_moment_leaves_once(
    desk: Desk, mailer: MemoryMailer
) -> None:
    agent_id, reference = desk.agent().id, desk.ticket().reference
    mailer.fail_with = Refused("destinataire refusé (550)")
    deliver_due(mailer, desk.parts.letters, MONDAY)
    mail_id = db.session.scalars(select(Outgoing.id)).one()
    start, outcomes = threading.Barrier(2), list[bool]()

    def again() -> None:
        with desk.app.app_context():
            somebody = db.session.get_one(Agent, agent_id)
            start.wait()
            outcomes.append(resend(somebody, reference, mail_id, "lou@famille.example", now=later(hours=2)))
            db.session.remove()

    threads = [threading.Thread(target=again) for _click in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == [False, True]
    assert [event.kind for event in desk.read(reference).events].count(history.RESENT) == 1

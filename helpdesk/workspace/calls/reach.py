"""How the person of a ticket is reached, for its page: by mail or text message, and the call that we owe."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.db import db, utc_now
from helpdesk.models import CallBack, Outgoing, TextReport, Ticket
from helpdesk.outbox.segments import BASIC, EXTENDED, plain
from helpdesk.outbox.ways import stopped, way_to
from helpdesk.pages import parts
from helpdesk.tickets.calls.asking import open_call_back
from helpdesk.vocabulary import Channel
from helpdesk.workspace import times
from helpdesk.workspace.calls.forms import PromiseForm


@dataclass(frozen=True)
class Reach:
    """`texts` are what became of text messages, by the id of the message, None for the acknowledgement. `around` is
    what a text message says beside the agent's words. `promised` says when we call, in words.
    """

    way: Channel | None
    stopped: bool
    texts: Mapping[int | None, TextReport]
    around: str
    call_back: CallBack | None
    promised: str
    form: PromiseForm

    @property
    def by_text(self) -> bool:
        """Whether an answer leaves as a text message."""
        return self.way is Channel.SMS

    alphabet = (BASIC, EXTENDED)

    @property
    def many(self) -> int:
        """Parts from which on a text message is long."""
        return parts().settings.text_segments


def reach_of(ticket: Ticket) -> Reach:
    """As it stands now."""
    session, call_back = db.session(), open_call_back(db.session(), ticket)
    way = way_to(session, ticket)
    reports = (
        select(Outgoing.message_id, TextReport)
        .join(Outgoing, Outgoing.id == TextReport.outgoing_id)
        .where(Outgoing.ticket_id == ticket.id)
        .order_by(TextReport.outgoing_id)
    )
    rows = session.execute(reports).all() if ticket.sender_phone else ()
    return Reach(
        way=way,
        stopped=stopped(session, ticket.sender_phone),
        texts={row.message_id: row.TextReport for row in rows},
        around=plain(parts().letters.around(ticket)) if way is Channel.SMS else "",
        call_back=call_back,
        promised=promised(call_back) if call_back else "",
        form=PromiseForm(formdata=None, number=call_back.number if call_back else ticket.sender_phone),
    )


def promised(call_back: CallBack) -> str:
    """When the call is due, in words, in the zone of the ticket's service."""
    now, zone = utc_now(), call_back.ticket.service.timezone
    if call_back.slot_from and call_back.slot_until:
        return times.slot(call_back.slot_from, call_back.slot_until, now, zone)
    return times.moment(call_back.next_at, now, zone) if call_back.next_at > now else "dès que possible"

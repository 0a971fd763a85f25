"""What the provider tells of a text message of ours, at once or hours later, in any order and more than once."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import transaction
from helpdesk.models import Outgoing, TextReport
from helpdesk.outbox.text_states import TextState, newer
from helpdesk.outbox.undelivered import tell_agents
from helpdesk.vocabulary import Channel, DeliveryState


def handed_over(session: Session, outgoing_id: int, sid: str, segments: int, now: datetime) -> None:
    """Keep what the provider called the text, in the transaction that marks its row as sent."""
    report = session.get(TextReport, outgoing_id, with_for_update=True)
    if report is None:
        report = TextReport(outgoing_id=outgoing_id, state=TextState.QUEUED, at=now)
        session.add(report)
    report.sid, report.segments = sid, segments
    session.flush()
    _follow(session, report, now)


def reported(outgoing_id: int, sid: str, state: TextState, error: str, now: datetime) -> bool:
    """Keep what the provider says of the row's text; whether it is news. A text that did not arrive is no answer: the
    ticket opens again. What is said of rows that are gone, or of another text than the row's, changes nothing.
    """
    with transaction() as session:
        row = session.scalar(select(Outgoing).where(Outgoing.id == outgoing_id).with_for_update())
        if row is None or row.channel is not Channel.SMS:
            return False
        report = session.get(TextReport, outgoing_id)
        if report is None:
            report = TextReport(outgoing_id=outgoing_id, sid=sid, state=state, error=error, at=now, segments=0)
            session.add(report)
        elif report.sid != sid or not newer(report.state, state):
            return False
        report.state, report.error, report.at = state, error, now
        session.flush()
        _follow(session, report, now)
        return True


def _follow(session: Session, report: TextReport, now: datetime) -> None:
    row = session.get_one(Outgoing, report.outgoing_id)
    if report.state is not TextState.UNDELIVERED or row.state is not DeliveryState.SENT:
        return
    row.state = DeliveryState.FAILED
    row.last_error = f"le SMS n’est pas arrivé{f' (code {report.error})' if report.error else ''}"
    tell_agents(session, row, row.last_error, now)

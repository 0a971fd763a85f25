"""The history of a ticket: every act adds one event, written here and nowhere else."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.models import Agent, Event, Ticket

RECEIVED = "received"
MASKED = "masked"
ROUTED = "routed"
PERSON_WROTE = "person-wrote"
TAKEN = "taken"
RELEASED = "released"
REPLIED = "replied"
TAKEN_BACK = "taken-back"
NOTED = "noted"
TRANSFERRED = "transferred"
GIVEN = "given"
HANDED = "handed"
LENT = "lent"
RETURNED = "returned"
MISROUTED = "misrouted"
TOPIC_CHANGED = "topic-changed"
PRIORITY_CHANGED = "priority-changed"
SOLVED = "solved"
CLOSED = "closed"
REOPENED = "reopened"
WOKEN = "woken"
LINKED = "linked"
TIED = "tied"
UNTIED = "untied"
MERGED = "merged"  # told on both; "back" on the one that goes on
UNMERGED = "unmerged"
SPLIT = "split"  # told on both; "back" on the new one
UNWANTED = "unwanted"
WANTED = "wanted"
BULK_UNDONE = "bulk-undone"  # `kind`: of the act on many tickets that was undone
TAGGED = "tagged"
UNTAGGED = "untagged"
JOINED = "joined"  # an incident
PARTED = "parted"
TOLD_ELSEWHERE = "told-elsewhere"  # the answer of its incident went to the person on another ticket
JUDGED = "judged"  # by the person, once solved
DELIVERY_FAILED = "delivery-failed"
RESENT = "resent"
ADDRESS_CORRECTED = "address-corrected"
PERSON_CORRECTED = "person-corrected"  # name, address, number
SCHOOL_CHANGED = "school-changed"
WARNED = "warned"
LATE = "late"
ESCALATED = "escalated"
CALL_BACK_ASKED = "call-back-asked"
CALLED = "called"
CALL_TAKEN = "call-taken"
TEXTS_STOPPED = "texts-stopped"
TEXTS_RESUMED = "texts-resumed"
PICTURE = "picture"
RECORDING = "recording"
TRANSCRIBED = "transcribed"
ARCHIVED = "archived"
ERASED = "erased"


def record(
    session: Session, ticket: Ticket, kind: str, agent: Agent | None, now: datetime, data: dict[str, Any] | None = None
) -> None:
    """Add an event to the ticket, inside the transaction that changes it."""
    session.add(Event(ticket=ticket, kind=kind, agent=agent, at=now, data=data or {}))
    ticket.changed_at = now

"""What pages and mails say of the telephone: how a call is brought to a ticket."""

from helpdesk.intake.phone.voice.codes import show_code
from helpdesk.settings import Settings


def call_code(settings: Settings, ticket_id: int) -> str:
    """The call code of a ticket as people read it; empty where nobody would answer: no number of ours, no demo."""
    without_account = settings.demo and not settings.twilio_account_sid
    return show_code(ticket_id) if settings.call_number or without_account else ""

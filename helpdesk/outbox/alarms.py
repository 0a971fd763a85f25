"""What a mail about pressing tickets says: references and topics only, nothing of the people who asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, get_timezone_location

from helpdesk.models import Notice
from helpdesk.vocabulary import Lateness

SHOWN = 50  # tickets; whoever has more of them needs the queue, not a longer mail
_HOME = "Europe/Paris"
_TITLES = {
    Lateness.FORGOTTEN: "Sans première réponse depuis longtemps",
    Lateness.LATE: "En retard",
    Lateness.SOON: "Bientôt en retard",
}


@dataclass(frozen=True)
class Line:
    """One ticket. `due` names the service's zone where that is not the one of Paris."""

    reference: str
    topic: str
    service: str
    due: str
    link: str


@dataclass(frozen=True)
class Section:
    """Tickets that are equally pressing."""

    title: str
    lines: Sequence[Line]


def subject(notices: Sequence[Notice]) -> str:
    """How many tickets, and how bad the worst is: « EduConnect : 3 demandes, dont 1 en retard »."""
    late = sum(notice.lateness is not Lateness.SOON for notice in notices)
    count = f"{len(notices)} demande{'s' if len(notices) > 1 else ''}"
    if late == len(notices):
        return f"EduConnect : {count} en retard"
    return f"EduConnect : {count} bientôt en retard" if not late else f"EduConnect : {count}, dont {late} en retard"


def sections(notices: Sequence[Notice], site: str, topic_label: Callable[[str], str]) -> list[Section]:
    """The first SHOWN of the notices, which come the gravest first."""
    return [
        Section(_TITLES[level], [_line(notice, site, topic_label) for notice in group])
        for level, group in groupby(notices[:SHOWN], key=lambda notice: notice.lateness)
    ]


def _line(notice: Notice, site: str, topic_label: Callable[[str], str]) -> Line:
    ticket = notice.ticket
    timezone = ticket.service.timezone
    due = format_datetime(notice.due_at.astimezone(ZoneInfo(timezone)), "EEEE d MMMM, H 'h' mm", locale="fr")
    if timezone != _HOME:
        due += f" (heure de {get_timezone_location(timezone, locale='fr', return_city=True)})"
    return Line(
        ticket.reference,
        topic_label(ticket.topic),
        ticket.service.name,
        due.replace(" h ", "\u00a0h\u00a0"),
        f"{site}/agent/demandes/{ticket.reference}",
    )

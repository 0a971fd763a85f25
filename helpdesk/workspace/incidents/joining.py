"""On the page of one ticket: of which incident it is, or may be."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import utc_now
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.forms import Button
from helpdesk.models import Incident
from helpdesk.tickets.incidents import joining, offers
from helpdesk.tickets.queries import TicketPage
from helpdesk.vocabulary import Direction
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import id_in
from helpdesk.workspace.ticket_page import back, not_there, render

bp = Blueprint("joining", __name__, url_prefix="/agent/demandes/<reference>/incident")
bp.register_error_handler(NotFound, not_there)


@dataclass(frozen=True)
class Belonging:
    """The incident of a ticket, or those that are offered while it has none."""

    incident: Incident | None
    offered: Sequence[Incident]


@bp.app_template_global()
def belonging(page: TicketPage) -> Belonging:
    """What the card of a ticket's page shows."""
    incident = offers.incident_with(page.ticket)
    if incident is not None:
        return Belonging(incident, ())
    said = next((message.text for message in page.messages if message.direction is Direction.IN), "")
    return Belonging(None, offers.offered_for(signed_in_agent(), page.ticket, said))


@bp.post("")
@login_required
def attach(reference: str) -> ResponseReturnValue:
    """Say that the ticket is of the incident that the button names."""
    if not Button().validate():
        return render(reference, 422)
    number = id_in(request.form.get("incident")) or 0
    try:
        joining.attach(signed_in_agent(), number, reference, utc_now())
    except IllegalMove as error:
        return render(reference, 409, problem=str(error))
    flash(_("Demande rattachée à l’incident."))
    return back(reference)


@bp.post("/detacher")
@login_required
def detach(reference: str) -> ResponseReturnValue:
    """Take it out again."""
    if not Button().validate():
        return render(reference, 422)
    joining.detach(signed_in_agent(), reference, utc_now())
    flash(_("Demande détachée de l’incident."))
    return back(reference)

"""Finding tickets by whatever is written on them."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from helpdesk.db import utc_now
from helpdesk.text import one_line
from helpdesk.tickets.asked import LONGEST
from helpdesk.tickets.references import read_reference
from helpdesk.tickets.search import Found, find_tickets
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import number_in
from helpdesk.workspace.shown import FIRST_COLUMNS

bp = Blueprint("finding", __name__, url_prefix="/agent")


@bp.get("/recherche")
@login_required
def find() -> ResponseReturnValue:
    """Tickets by reference, person, school, words and narrowings. A reference leads straight to its ticket."""
    sought, before, now = one_line(request.args.get("q", ""), LONGEST), request.args.get("avant", ""), utc_now()
    place = number_in(before) or None
    found = find_tickets(signed_in_agent(), sought, place, now=now) if sought else Found(())
    if len(found.tickets) == 1 and read_reference(sought):
        return redirect(url_for("ticket.show", reference=found.tickets[0].reference), 303)
    return render_template(
        "workspace/found.html",
        found=found,
        sought=sought,
        further=place is not None,
        columns=FIRST_COLUMNS,
        now=now,
        words=words,
        times=times,
    )

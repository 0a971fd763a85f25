"""The agent's queue, and finding one ticket in it."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from helpdesk.db import utc_now
from helpdesk.text import one_line
from helpdesk.tickets import queue
from helpdesk.tickets.queue import View
from helpdesk.tickets.references import read_reference
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("queue", __name__, url_prefix="/agent")

VIEW_LABELS = {
    View.TODO: _("À traiter"),
    View.LATE: _("En retard"),
    View.MINE: _("Mes demandes"),
    View.UNASSIGNED: _("Non attribuées"),
    View.WAITING: _("En attente"),
    View.DONE: _("Terminées"),
}
EMPTY = {
    View.TODO: _("Rien à traiter : toutes les demandes ont reçu une réponse."),
    View.LATE: _("Rien n’est en retard."),
    View.MINE: _("Vous ne suivez aucune demande. Prenez-en une dans « Non attribuées »."),
    View.UNASSIGNED: _("Chaque demande est suivie par quelqu’un."),
    View.WAITING: _("Aucune demande n’attend une réponse de la personne."),
    View.DONE: _("Aucune demande n’est encore résolue ni close."),
}


@bp.get("/")
@login_required
def show() -> str:
    """One page of a view, most pressing first. View, service and place are in the address, so it can be kept."""
    agent, now = signed_in_agent(), utc_now()
    view = _view(request.args.get("vue", ""))
    service = request.args.get("service", "")
    after = queue.read_key(request.args.get("apres", ""))
    return render_template(
        "workspace/queue.html",
        page=queue.queue_page(agent, view, service, after, now=now),
        view=view,
        labels=VIEW_LABELS,
        empty=EMPTY[view],
        service=service,
        services=queue.own_services(agent),
        further=after is not None,
        now=now,
        words=words,
        times=times,
    )


@bp.get("/recherche")
@login_required
def find() -> ResponseReturnValue:
    """Tickets by reference, mail address, phone number, name or subject. A reference leads straight to its ticket."""
    sought = one_line(request.args.get("q", ""))
    tickets = queue.find_tickets(signed_in_agent(), sought) if sought else []
    if len(tickets) == 1 and read_reference(sought):
        return redirect(url_for("ticket.show", reference=tickets[0].reference), 303)
    return render_template(
        "workspace/found.html",
        tickets=tickets,
        sought=sought,
        full=len(tickets) == queue.PAGE_SIZE,
        now=utc_now(),
        words=words,
        times=times,
    )


def _view(slug: str) -> View:
    return View(slug) if slug in set(View) else View.TODO

"""The agent's queue: its lists, kept fresh while they are looked at, views under a name, and the next ticket."""

import hashlib
from datetime import datetime
from urllib.parse import parse_qsl

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField

from helpdesk.db import utc_now
from helpdesk.errors import NotAllowed
from helpdesk.forms import AtMost, Button, Form, Needed, tidy
from helpdesk.tickets import queue, saved_views
from helpdesk.tickets.clock import shown as lateness_shown
from helpdesk.tickets.next_up import take_next
from helpdesk.tickets.order import tags
from helpdesk.tickets.queue import COUNTED, QueuePage, View
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent, signed_in_sight
from helpdesk.workspace.order.bulk_forms import KIND_LABELS
from helpdesk.workspace.shown import COLUMNS, LABELS, Shown, chips, choices, read_shown

bp = Blueprint("queue", __name__, url_prefix="/agent")

VIEW_LABELS = {
    View.TODO: _("À traiter"),
    View.LATE: _("En retard"),
    View.MINE: _("Mes demandes"),
    View.UNASSIGNED: _("Non attribuées"),
    View.WAITING: _("En attente"),
    View.DONE: _("Terminées"),
    View.ALL: _("Toutes"),
}
EMPTY = {
    View.TODO: _("Rien à traiter : toutes les demandes ont reçu une réponse."),
    View.LATE: _("Rien n’est en retard."),
    View.MINE: _("Vous ne suivez aucune demande. Prenez-en une dans « Non attribuées »."),
    View.UNASSIGNED: _("Chaque demande est suivie par quelqu’un."),
    View.WAITING: _("Aucune demande n’attend une réponse de la personne."),
    View.DONE: _("Aucune demande n’est encore résolue ni close."),
    View.ALL: _("Aucune demande n’est encore arrivée."),
}
_FRESH_FOR = 300  # seconds; then ages and delays are written anew, even if nothing else has changed


class SaveViewForm(Form):
    """A name for the list that is shown, and for whom. `query` is its address."""

    query = HiddenField()
    name = StringField(_("Nom de la vue"), [Needed(_("Donnez un nom à cette vue.")), AtMost(60)], filters=[tidy])
    for_whom = SelectField(_("Pour qui ?"), validate_choice=False)


@bp.get("/")
@login_required
def show() -> ResponseReturnValue:
    """One page of a list. List, filters, columns and place are in the address, so it can be kept."""
    return _page(read_shown())


@bp.get("/liste")
@login_required
def fragment() -> ResponseReturnValue:
    """The lists' names and the rows alone, for a page that keeps itself fresh; 304 while there is nothing new."""
    now, shown = utc_now(), read_shown()
    page = _read(shown, now)
    state, response = _state(page, shown, now), make_response()
    response.set_etag(state)
    response.headers["Cache-Control"] = "private, no-cache"
    if not request.if_none_match.contains(state):
        response.set_data(render_template("workspace/queue_list.html", **_list(page, shown, now)))
    else:
        response.status_code = 304
    return response


@bp.post("/suivante")
@login_required
def take() -> ResponseReturnValue:
    """Take the most pressing ticket that nobody holds, and open it."""
    if not Button().validate():
        return _page(read_shown(), 422)
    reference = take_next(signed_in_agent(), utc_now())
    if reference is None:
        flash(gettext("Rien à prendre : chaque demande de vos services est suivie par quelqu’un."))
        return redirect(url_for(".show"), 303)
    flash(gettext("Vous suivez cette demande."))
    return redirect(url_for("ticket.show", reference=reference), 303)


@bp.post("/vues")
@login_required
def save_view() -> ResponseReturnValue:
    """Keep the list that was shown under a name."""
    form = SaveViewForm()
    shown = read_shown(MultiDict(parse_qsl((form.query.data or "")[:2000])))
    if not form.validate():
        return _page(shown, 422, save_form=form)
    try:
        saved_views.save_view(signed_in_agent(), form.said("name"), shown.query(), form.said("for_whom"))
    except NotAllowed as error:
        return _page(shown, 409, save_form=form, problem=str(error))
    flash(gettext("La vue « %(name)s » est gardée.", name=form.said("name")))
    return redirect(shown.address(), 303)


@bp.post("/vues/<id:view_id>/suppression")
@login_required
def delete_view(view_id: int) -> ResponseReturnValue:
    """Forget a view."""
    if not Button().validate():
        return _page(read_shown(), 422)
    saved_views.delete_view(signed_in_agent(), view_id)
    flash(gettext("La vue est supprimée."))
    return redirect(url_for(".show"), 303)


@bp.get("/touches")
@login_required
def keys() -> str:
    """The keys, for browsers without scripts and for those who look for them in the site."""
    return render_template("workspace/keys.html")


def counted(number: int | None) -> str:
    """A count as it is shown: « 1 000+ » where counting stopped."""
    if number is None:
        return ""
    return str(number) if number <= COUNTED else "1\u202f000+"


def _page(
    shown: Shown, status: int = 200, *, save_form: SaveViewForm | None = None, problem: str = ""
) -> ResponseReturnValue:
    agent, now = signed_in_agent(), utc_now()
    page = _read(shown, now)
    services = queue.own_services(agent)
    form = save_form or SaveViewForm(formdata=None, query=shown.query())
    shared = [(each.slug, gettext("Pour « %(name)s »", name=words.service_in_short(each))) for each in services]
    form.for_whom.choices = [("", gettext("Pour moi")), *shared]
    html = render_template(
        "workspace/queue.html",
        **_list(page, shown, now),
        services=services,
        service_choices=[(each.slug, words.service_in_short(each)) for each in services],
        supervised=signed_in_sight().supervised,
        saved=saved_views.saved_views(agent),
        chips=chips(shown, {str(agent.id): agent.name}),
        choices=choices(),
        tag_names=[(name, name) for name in dict.fromkeys(each.name for each in tags.offered_to(agent))],
        filter_labels=LABELS,
        all_columns=COLUMNS,
        save_form=form,
        refused=save_form,
        problem=problem,
        bulk_kinds=KIND_LABELS,
        state=_state(page, shown, now),
    )
    return html, status


def _read(shown: Shown, now: datetime) -> QueuePage:
    place = shown.after, shown.before
    return queue.queue_page(signed_in_agent(), shown.view, shown.filters, *place, now=now, sight=signed_in_sight())


def _list(page: QueuePage, shown: Shown, now: datetime) -> dict[str, object]:
    """What the part of the page needs that is made anew while it is looked at."""
    return {
        "page": page,
        "tags": tags.tags_on([ticket.id for ticket in page.tickets]),
        "shown": shown,
        "labels": VIEW_LABELS,
        "empty": EMPTY[shown.view],
        "button": Button(formdata=None),
        "counted": counted,
        "now": now,
        "words": words,
        "times": times,
    }


def _state(page: QueuePage, shown: Shown, now: datetime) -> str:
    """Changes whenever the list would be shown otherwise."""
    rows = [
        (ticket.id, ticket.version, lateness_shown(ticket.due_at, ticket.lateness, ticket.alarm_at, now))
        for ticket in page.tickets
    ]
    holders = sorted((number, hold.agent_id) for number, hold in page.holders.items())
    told = (rows, holders, list(page.counts.values()), shown.here(), int(now.timestamp()) // _FRESH_FOR)
    return hashlib.sha256(repr(told).encode()).hexdigest()[:20]

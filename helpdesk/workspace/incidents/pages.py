"""« Incidents »: what is going wrong now, the bursts that may be one, and the page of each incident."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.db import db, utc_now
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.forms import Button, Form
from helpdesk.knowledge.readers.banners import keeps
from helpdesk.models import Incident
from helpdesk.tickets.incidents import answering, joining, offers, records, sight, watching
from helpdesk.tickets.incidents.states import STATE_LABELS, IncidentState, PartState
from helpdesk.tickets.queries import ticket_of
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import TYPED, login_required, signed_in_agent
from helpdesk.workspace.fields import id_in, typed
from helpdesk.workspace.incidents.forms import ChoosingForm, IncidentBannerForm, IncidentForm
from helpdesk.workspace.incidents.saying import offer_words

bp = Blueprint("incidents", __name__, url_prefix="/agent/incidents")
offer_words(bp)


@bp.errorhandler(NotFound)
def not_there(error: NotFound) -> ResponseReturnValue:
    """In words, and with what was typed."""
    db.session.rollback()
    kept = [value for name in ("title", *TYPED) if (value := request.form.get(name))]
    return render_template("workspace/not_found.html", text=str(error), typed=kept), 404


@bp.get("")
@login_required
def index() -> ResponseReturnValue:
    """What lasts, what has ended, and for supervisors the bursts they decide about."""
    return _index()


@bp.post("/vagues/<id:burst_id>/ecarter")
@login_required
def dismiss(burst_id: int) -> ResponseReturnValue:
    """Say that a burst is no incident."""
    agent = signed_in_agent()
    watching.burst_of(agent, burst_id)
    if not Button().validate():
        return _index(422)
    watching.dismiss(agent, burst_id)
    flash(_("Vague écartée. Elle revient ici si elle grandit encore de moitié."))
    return redirect(url_for(".index"), 303)


@bp.get("/nouveau")
@login_required
def new() -> ResponseReturnValue:
    """An empty form or, from a ticket or a burst, one that is filled in as far as these tell."""
    agent, now = signed_in_agent(), utc_now()
    form = _form()
    form.token.data, form.starts.data = secrets.token_hex(16), typed(now)
    burst_id, reference = id_in(request.args.get("vague")), request.args.get("demande", "")[:40]
    if burst_id is not None:
        burst = watching.burst_of(agent, burst_id)
        form.burst.data, form.starts.data = str(burst.id), typed(burst.began_at)
        form.academies.data = [burst.academy] if burst.academy else form.academies.data
        form.topics.data, form.words.data = [burst.topic] if burst.topic else [], burst.word
    elif reference:
        ticket = ticket_of(agent, reference)
        form.about.data, form.title.data, form.starts.data = reference, ticket.subject[:120], typed(ticket.received_at)
        form.topics.data = [ticket.topic]
        form.academies.data = [ticket.academy] if ticket.academy in form.offered else form.academies.data
    return _edit(form, None)


@bp.post("/nouveau")
@login_required
def create() -> ResponseReturnValue:
    """Write it down; sent twice it is one."""
    agent, now, form = signed_in_agent(), utc_now(), IncidentForm()
    form.offer(_keeper())
    if not form.validate():
        return _edit(form, None, 422)
    burst_id, about = id_in(form.burst.data), form.said("about") or None
    token = form.said("token")[:40] or secrets.token_hex(16)
    try:
        number = records.write(agent, token, form.what(now), now, about=about, burst_id=burst_id)
    except IllegalMove as error:
        return _edit(form, None, 409, str(error))
    flash(_("Incident déclaré. Rattachez-lui les demandes qui en parlent."))
    return redirect(url_for(".show", incident_id=number), 303)


@bp.get("/<id:incident_id>")
@login_required
def show(incident_id: int) -> ResponseReturnValue:
    """What is known, its tickets, those that may be of it, its answers and its banner."""
    return page(incident_id)


@bp.get("/<id:incident_id>/modifier")
@login_required
def edit(incident_id: int) -> ResponseReturnValue:
    """The form of what is known."""
    incident = _kept(incident_id)
    form = _form()
    form.take(incident)
    return _edit(form, incident)


@bp.post("/<id:incident_id>/modifier")
@login_required
def change(incident_id: int) -> ResponseReturnValue:
    """Keep what was changed."""
    agent, incident, form = signed_in_agent(), _kept(incident_id), IncidentForm()
    form.offer(_keeper())
    if not form.validate():
        return _edit(form, incident, 422)
    try:
        records.change(agent, incident_id, form.what(incident.starts_at), revision=form.seen())
    except Changed as error:
        form["revision"].data = str(_kept(incident_id).revision)
        return _edit(form, incident, 409, str(error))
    flash(_("Incident mis à jour."))
    return redirect(url_for(".show", incident_id=incident_id), 303)


@bp.post("/<id:incident_id>/etat")
@login_required
def move(incident_id: int) -> ResponseReturnValue:
    """Say where it stands."""
    _kept(incident_id)
    if not Button().validate():
        return page(incident_id, 422)
    state = request.form.get("state", "")
    if state not in set(IncidentState):
        return page(incident_id, 422, problem=_("Choisissez où en est l’incident."))
    try:
        records.move(signed_in_agent(), incident_id, IncidentState(state), utc_now())
    except IllegalMove as error:
        return page(incident_id, 409, problem=str(error))
    flash(_("L’incident est maintenant : %(state)s.", state=STATE_LABELS[IncidentState(state)].lower()))
    return redirect(url_for(".show", incident_id=incident_id), 303)


@bp.post("/<id:incident_id>/bandeau")
@login_required
def publish(incident_id: int) -> ResponseReturnValue:
    """Tell readers."""
    _kept(incident_id)
    form, now = IncidentBannerForm(), utc_now()
    if not form.validate():
        return page(incident_id, 422, banner_form=form)
    try:
        records.publish_banner(signed_in_agent(), incident_id, form.notice(now), now)
    except IllegalMove as error:
        return page(incident_id, 409, problem=str(error), banner_form=form)
    flash(_("Bandeau publié : les lecteurs le voient maintenant."))
    return redirect(url_for(".show", incident_id=incident_id), 303)


@bp.post("/<id:incident_id>/demandes")
@login_required
def join(incident_id: int) -> ResponseReturnValue:
    """Attach what was ticked, or all that the page offered."""
    agent, form = signed_in_agent(), ChoosingForm()
    incident = records.incident_of(agent, incident_id)
    if not form.validate():
        return page(incident_id, 422, choosing=form)
    offered = [ticket.reference for ticket in offers.offered_to(agent, incident)]
    chosen = form.references(offered)
    if not chosen:
        return page(incident_id, 422, problem=_("Cochez au moins une demande."), choosing=form)
    try:
        count = joining.attach_all(agent, incident_id, chosen, utc_now())
    except IllegalMove as error:
        return page(incident_id, 409, problem=str(error), choosing=form)
    flash(ngettext("%(num)s demande rattachée.", "%(num)s demandes rattachées.", count))
    return redirect(url_for(".show", incident_id=incident_id), 303)


def page(incident_id: int, status: int = 200, *, problem: str = "", **refused: Form) -> ResponseReturnValue:
    """The page of one incident."""
    agent, now = signed_in_agent(), utc_now()
    incident = records.incident_of(agent, incident_id)
    forms: dict[str, Form] = {
        "banner_form": IncidentBannerForm(formdata=None, text=incident.title),
        "choosing": ChoosingForm(formdata=None),
        **refused,
    }
    html = render_template(
        "workspace/incidents/page.html",
        incident=incident,
        keeps=sight.may_keep(agent, incident),
        tickets=offers.tickets_in(agent, incident),
        offered=offers.offered_to(agent, incident),
        answers=answering.answers_of(incident),
        left=answering.left_out(agent, incident),
        states=[(state.value, label) for state, label in STATE_LABELS.items()],
        state_labels=STATE_LABELS,
        parts_of={state.name: state for state in PartState},
        button=Button(formdata=None),
        refused=next(iter(refused.values()), None),
        problem=problem,
        now=now,
        words=words,
        times=times,
        **forms,
    )
    return html, status


def _index(status: int = 200) -> ResponseReturnValue:
    agent, now = signed_in_agent(), utc_now()
    html = render_template(
        "workspace/incidents/index.html",
        incidents=records.incident_list(agent),
        bursts=watching.bursts_for(agent, now),
        keeper=bool(keeps(agent)),
        state_labels=STATE_LABELS,
        button=Button(formdata=None),
        now=now,
        words=words,
        times=times,
    )
    return html, status


def _edit(form: IncidentForm, incident: Incident | None, status: int = 200, problem: str = "") -> ResponseReturnValue:
    html = render_template("workspace/incidents/edit.html", form=form, incident=incident, problem=problem, words=words)
    return html, status


def _form() -> IncidentForm:
    form = IncidentForm(formdata=None)
    form.offer(_keeper())
    return form


def _keeper() -> tuple[str | None, ...]:
    owned = keeps(signed_in_agent())
    if not owned:
        raise NotFound("Cette page est pour les superviseurs.")
    return owned


def _kept(incident_id: int) -> Incident:
    """The incident, for who keeps it. Raises NotFound."""
    agent = signed_in_agent()
    incident = records.incident_of(agent, incident_id)
    if not sight.may_keep(agent, incident):
        raise NotFound("Cet incident est tenu par d’autres superviseurs.")
    return incident

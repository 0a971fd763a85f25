"""The calls that are owed: the list, what came of each, and promising one."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.forms import Button
from helpdesk.models import CallBack
from helpdesk.outbox.ways import way_to
from helpdesk.pages import parts
from helpdesk.tickets.calls import calling, listing
from helpdesk.tickets.calls.plan import REASON_LABELS
from helpdesk.tickets.queries import ticket_of
from helpdesk.vocabulary import Channel
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, seen_at_a_glance, signed_in_agent
from helpdesk.workspace.calls.forms import PromiseForm
from helpdesk.workspace.calls.reach import promised, reach_of
from helpdesk.workspace.fields import number_in
from helpdesk.workspace.ticket_page import back, not_there, render

bp = Blueprint("call_backs", __name__, url_prefix="/agent")
bp.register_error_handler(NotFound, not_there)

OUTCOMES = {
    "joint": calling.reached,
    "sans-reponse": calling.no_answer,
    "mauvais-numero": calling.wrong_number,
    "inutile": calling.drop,
}


@bp.get("/rappels")
@login_required
def show() -> ResponseReturnValue:
    """Whom to call now, and later."""
    return _page()


@bp.post("/rappels/<id:call_back_id>/<any(joint, 'sans-reponse', 'mauvais-numero', inutile):verb>")
@login_required
def note(call_back_id: int, verb: str) -> ResponseReturnValue:
    """Say what came of a call; who has reached somebody goes on with what was said."""
    if not Button().validate():
        return _page(422)
    agent, now = signed_in_agent(), utc_now()
    done = OUTCOMES[verb](agent, call_back_id, number_in(request.form.get("tries")), now=now)
    if done:
        parts().dispatcher.wake()
    call_back = db.session.get_one(CallBack, call_back_id)
    flash(_told(verb, call_back, now) if done else _("C’est déjà noté : rien n’a été changé."))
    if verb == "joint" and done:
        return redirect(url_for("ticket.show", reference=call_back.ticket.reference, _anchor="reponse"), 303)
    return redirect(url_for(".show"), 303)


@bp.post("/demandes/<reference>/rappel")
@login_required
def promise(reference: str) -> ResponseReturnValue:
    """Put the person of a ticket on the list."""
    form, agent = PromiseForm(), signed_in_agent()
    ticket = ticket_of(agent, reference)
    if not form.validate():
        return render(reference, 422, promise_form=form)
    try:
        slot = form.slot(ticket.service.timezone)
        calling.promise(agent, reference, slot, now=utc_now(), number=form.said("number"))
    except NotAllowed as error:
        return render(reference, 409, problem=str(error), promise_form=form)
    call_back = reach_of(ticket_of(agent, reference)).call_back
    flash(_("C’est noté : à rappeler %(when)s.", when=promised(call_back) if call_back else ""))
    return back(reference)


@bp.app_template_global()
def calls_owed() -> int:
    """How many calls the agent's services should make now, for links to the list."""
    return seen_at_a_glance().calls


def _page(status: int = 200) -> ResponseReturnValue:
    agent, now = signed_in_agent(), utc_now()
    html = render_template(
        "workspace/calls/call_backs.html",
        owed=listing.owed(agent, now),
        button=Button(formdata=None),
        refused=status != 200,
        reasons=REASON_LABELS,
        promised=promised,
        now=now,
        agent=agent,
        words=words,
        times=times,
    )
    return html, status


def _told(verb: str, call_back: CallBack, now: datetime) -> str:
    """What follows from the outcome."""
    ticket = call_back.ticket
    way = way_to(db.session(), ticket)
    if verb == "joint":
        if way:
            return _("C’est noté. Un mémo est commencé : complétez-le, ou laissez-le.")
        return _("C’est noté. La personne n’a ni courriel ni SMS : écrivez une note de ce qui a été dit.")
    if verb == "sans-reponse" and call_back.done_at is None:
        when = times.moment(call_back.next_at, now, ticket.service.timezone)
        return _("C’est noté : à rappeler %(when)s.", when=when)
    if verb == "sans-reponse":
        told = _("La personne en est prévenue.") if way else _("Rien ne peut la prévenir : la demande reste à traiter.")
        return f"{_('C’est noté : plus de rappel prévu.')} {told}"
    if verb == "mauvais-numero" and way is Channel.EMAIL:
        return _("C’est noté. La personne reçoit un courriel qui lui demande le bon numéro.")
    if verb == "mauvais-numero":
        return _("C’est noté. Sans courriel, on ne peut pas lui demander le bon numéro : voyez ses autres demandes.")
    return _("Le rappel est retiré de la liste.")

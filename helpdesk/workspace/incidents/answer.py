"""Answering an incident: the words are written, then looked at with how many they reach, then sent."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from helpdesk.db import utc_now
from helpdesk.errors import IllegalMove, NotFound
from helpdesk.models import Incident
from helpdesk.pages import parts
from helpdesk.tickets.incidents import answering, records, sight
from helpdesk.tickets.incidents.answering import Preview
from helpdesk.tickets.incidents.states import IncidentState
from helpdesk.tickets.incidents.wording import written
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.incidents.forms import AnswerForm
from helpdesk.workspace.incidents.pages import not_there

bp = Blueprint("incident_answer", __name__, url_prefix="/agent/incidents/<id:incident_id>/reponse")
bp.register_error_handler(NotFound, not_there)
_AT_ONCE = 25  # tickets answered while the page is waited for; the duty does the others


@bp.get("")
@login_required
def compose(incident_id: int) -> ResponseReturnValue:
    """An empty answer."""
    form = AnswerForm(formdata=None)
    form.token.data = secrets.token_hex(16)
    return _page(_kept(incident_id), form)


@bp.post("")
@login_required
def send(incident_id: int) -> ResponseReturnValue:
    """Show whom it reaches and how it reads or, by the button of that page, send it."""
    agent, incident, form, now = signed_in_agent(), _kept(incident_id), AnswerForm(), utc_now()
    if not form.validate():
        return _page(incident, form, 422)
    if "send" not in request.form:
        seen = answering.preview(agent, incident_id, form.to())
        form.seen.data = str(seen.seen)
        return _page(incident, form, preview=seen)
    token = form.said("token")[:40] or secrets.token_hex(16)
    try:
        answering.send(agent, incident_id, token, form.what(), form.to(), form.seen_id(), now)
        if form.ends.data:
            records.move(agent, incident_id, IncidentState.ENDED, now)
    except IllegalMove as error:
        return _page(incident, form, 409, problem=str(error))
    answering.go_on(now, at_most=_AT_ONCE)
    parts().dispatcher.wake()
    left = len(answering.left_out(agent, incident))
    flash(
        _("La réponse part.")
        + (
            ngettext(" %(num)s demande est à regarder d’abord.", " %(num)s demandes sont à regarder d’abord.", left)
            if left
            else ""
        )
    )
    return redirect(url_for("incidents.show", incident_id=incident_id), 303)


def _page(
    incident: Incident, form: AnswerForm, status: int = 200, *, preview: Preview | None = None, problem: str = ""
) -> ResponseReturnValue:
    first = preview.first if preview else None
    example = written(form.said("text"), first.sender_name, first.reference) if first else ""
    html = render_template(
        "workspace/incidents/answer.html",
        incident=incident,
        form=form,
        preview=preview,
        example=example,
        problem=problem,
    )
    return html, status


def _kept(incident_id: int) -> Incident:
    """The incident, for who keeps it. Raises NotFound."""
    incident = records.incident_of(signed_in_agent(), incident_id)
    if not sight.may_keep(signed_in_agent(), incident):
        raise NotFound("Cet incident est tenu par d’autres superviseurs.")
    return incident

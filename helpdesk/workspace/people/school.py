"""« Changer l’établissement » of a ticket: a form, where the ticket would go then, and the act."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, ValidationError

from helpdesk.db import utc_now
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.forms import AtMost, Form, tidy
from helpdesk.intake.message import SchoolHint
from helpdesk.models import Ticket
from helpdesk.pages import parts
from helpdesk.routing import school_change
from helpdesk.routing.in_force import present
from helpdesk.routing.uai import normal_form
from helpdesk.tickets.lifecycle import Act, may
from helpdesk.tickets.queries import ticket_of
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.ticket_page import back, not_there

bp = Blueprint("school", __name__, url_prefix="/agent/demandes/<reference>/etablissement")
bp.register_error_handler(NotFound, not_there)


class SchoolForm(Form):
    """The school as it should have been told; the directory proposes while one types."""

    school_name = StringField(_("Nom de l’établissement"), [AtMost(200)], filters=[tidy])
    school_commune = StringField(_("Ville"), [AtMost(120)], filters=[tidy])
    school_postal_code = StringField(_("Code postal"), [AtMost(20)], filters=[tidy])
    school_uai = StringField(_("Code UAI"), [AtMost(20)], filters=[tidy])

    def validate_school_uai(self, field: StringField) -> None:
        """A code, or nothing."""
        if field.data and normal_form(field.data) is None:
            raise ValidationError(gettext("Un code UAI a sept chiffres et une lettre. Exemple : 0690001A"))

    def hint(self) -> SchoolHint:
        """What was typed."""
        uai = normal_form(self.said("school_uai")[:20]) or ""
        return SchoolHint(self.said("school_name"), self.said("school_commune"), self.said("school_postal_code"), uai)


@bp.get("")
@login_required
def show(reference: str) -> ResponseReturnValue:
    """The school as it stands, to be changed."""
    ticket = ticket_of(signed_in_agent(), reference)
    fields = ("school_name", "school_commune", "school_postal_code", "school_uai")
    return _page(ticket, SchoolForm(formdata=None, **{name: getattr(ticket, name) for name in fields}))


@bp.post("")
@login_required
def change(reference: str) -> ResponseReturnValue:
    """Look where it would go (`look`), change the school alone, or change it and send the ticket there (`send`)."""
    form, agent, now = SchoolForm(), signed_in_agent(), utc_now()
    if not form.validate():
        return _page(ticket_of(agent, reference), form, status=422)
    routing = present(parts().routing)
    if "look" in request.form:
        return _page(ticket_of(agent, reference), form, look=True)
    try:
        send_to = request.form.get("send", "")[:80]
        sent = school_change.change_school(agent, reference, form.hint(), routing, now, send_to=send_to)
    except (Changed, IllegalMove, NotAllowed) as error:
        return _page(ticket_of(agent, reference), form, str(error), 409, look=True)
    if not sent:
        flash(gettext("L’établissement est changé. La demande reste dans son service."))
        return back(reference)
    parts().dispatcher.wake()
    name = words.service_name(send_to)
    flash(
        gettext(
            "L’établissement de %(reference)s est changé, et la demande va à « %(name)s ».",
            reference=reference,
            name=name,
        )
    )
    return redirect(url_for("queue.show"), 303)


def _page(
    ticket: Ticket, form: SchoolForm, problem: str = "", status: int = 200, *, look: bool = False
) -> ResponseReturnValue:
    routing = present(parts().routing)
    decision = (
        school_change.preview(signed_in_agent(), ticket.reference, form.hint(), routing, utc_now()) if look else None
    )
    html = render_template(
        "workspace/people/school.html",
        ticket=ticket,
        form=form,
        problem=problem,
        look=look,
        decision=decision,
        movable=may(ticket.status, Act.TRANSFER),
        words=words,
    )
    return html, status

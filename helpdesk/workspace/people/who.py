"""« Corriger la personne » of a ticket: name, address, number."""

from typing import Any

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField

from helpdesk.db import utc_now
from helpdesk.errors import Changed, NotAllowed, NotFound
from helpdesk.forms import AtMost, Form, MailAddress, PhoneNumber, tidy
from helpdesk.people.phones import read_phone, show_phone
from helpdesk.tickets.order.whose import Who, correct_person
from helpdesk.tickets.queries import ticket_of
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.ticket_page import back, not_there

bp = Blueprint("who", __name__, url_prefix="/agent/demandes/<reference>/personne")
bp.register_error_handler(NotFound, not_there)


class WhoForm(Form):
    """What a ticket says of the person. An answer needs one way to reach them."""

    name = StringField(_("Nom et prénom"), [AtMost(190)], filters=[tidy])
    email = StringField(_("Adresse de courriel"), [MailAddress(), AtMost(254)], filters=[tidy])
    phone = StringField(_("Numéro de téléphone"), [PhoneNumber(), AtMost(40)], filters=[tidy])

    def who(self) -> Who:
        """As tickets hold it. Call it once the form is valid."""
        phone = read_phone(self.said("phone"))
        return Who(self.said("name"), self.said("email"), phone.e164 if phone else "")


@bp.get("")
@login_required
def show(reference: str) -> ResponseReturnValue:
    """The person as the ticket has them, to be corrected."""
    ticket = ticket_of(signed_in_agent(), reference)
    held = {"name": ticket.sender_name, "email": ticket.sender_email, "phone": show_phone(ticket.sender_phone)}
    return _page(reference, WhoForm(formdata=None, **held))


@bp.post("")
@login_required
def correct(reference: str) -> ResponseReturnValue:
    """Write the correction down."""
    form, agent = WhoForm(), signed_in_agent()
    if not form.validate():
        return _page(reference, form, status=422)
    try:
        news = correct_person(agent, reference, form.who(), utc_now())
    except (Changed, NotAllowed) as error:
        return _page(reference, form, str(error), 409)
    flash(gettext("La personne est corrigée.") if news else gettext("Il n’y avait rien à corriger."))
    return back(reference)


def _page(reference: str, form: WhoForm, problem: str = "", status: int = 200) -> ResponseReturnValue:
    values: dict[str, Any] = {"form": form, "problem": problem, "ticket": ticket_of(signed_in_agent(), reference)}
    return render_template("workspace/people/who.html", **values), status

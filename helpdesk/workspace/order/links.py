"""The links of one ticket: to see, to say and to undo."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import SelectField, StringField, ValidationError

from helpdesk.db import utc_now
from helpdesk.errors import NotAllowed, NotFound
from helpdesk.forms import AtMost, Button, Form, Needed, tidy
from helpdesk.tickets.order import links
from helpdesk.tickets.order.relations import RELATION_LABELS, Relation
from helpdesk.tickets.queries import ticket_of
from helpdesk.tickets.references import read_reference
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.ticket_page import not_there

bp = Blueprint("links", __name__, url_prefix="/agent/demandes/<reference>/liens")
bp.register_error_handler(NotFound, not_there)


class LinkForm(Form):
    """What this ticket is, and to which."""

    relation = SelectField(_("Cette demande…"), validate_choice=False, id="lien")
    other = StringField(
        _("Numéro de l’autre demande"), [Needed(_("Il manque le numéro.")), AtMost(60)], filters=[tidy], id="autre"
    )

    def validate_relation(self, field: SelectField) -> None:
        """One of the three."""
        if field.data not in set(Relation):
            raise ValidationError(str(_("Dites ce que cette demande est pour l’autre.")))

    def validate_other(self, field: StringField) -> None:
        """A number as people read it, typed with or without its signs."""
        if read_reference(field.data or "") is None:
            raise ValidationError(str(_("Ce numéro n’est pas complet. Il est en haut de la page de la demande.")))


@bp.get("")
@login_required
def show(reference: str) -> ResponseReturnValue:
    """The links that are there, and a form for one more."""
    return _page(reference, LinkForm(formdata=None))


@bp.post("")
@login_required
def add(reference: str) -> ResponseReturnValue:
    """Link the two; what is refused comes back as typed."""
    form, agent = LinkForm(), signed_in_agent()
    if not form.validate():
        return _page(reference, form, 422)
    other = read_reference(form.said("other")) or ""
    try:
        links.link(agent, reference, other, Relation(form.relation.data), utc_now())
    except NotAllowed as error:
        return _page(reference, form, 409, str(error))
    flash(gettext("Demandes liées."))
    return redirect(url_for("ticket.show", reference=reference), 303)


@bp.post("/defaire")
@login_required
def remove(reference: str) -> ResponseReturnValue:
    """Undo the link to the ticket that the button names."""
    other = request.form.get("other", "")[:60]
    if not Button().validate():
        return _page(reference, LinkForm(formdata=None), 422)
    try:
        links.unlink(signed_in_agent(), reference, other, utc_now())
    except NotAllowed as error:
        return _page(reference, LinkForm(formdata=None), 409, str(error))
    flash(gettext("Lien défait."))
    return redirect(url_for(".show", reference=reference), 303)


def _page(reference: str, form: LinkForm, status: int = 200, problem: str = "") -> ResponseReturnValue:
    agent = signed_in_agent()
    ticket = ticket_of(agent, reference)
    html = render_template(
        "workspace/order/links.html",
        ticket=ticket,
        ties=links.links_of(agent, ticket),
        form=form,
        button=Button(formdata=None),
        relations=[(relation.value, label) for relation, label in RELATION_LABELS.items()],
        problem=problem,
        words=words,
    )
    return html, status

"""Taking a message off into a request of its own, after a look at where it would go."""

from collections.abc import Collection

from flask import Blueprint, flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField

from helpdesk.db import db, utc_now
from helpdesk.errors import IllegalMove, NotAllowed, NotFound
from helpdesk.forms import AtMost, Form, Needed, tidy
from helpdesk.pages import parts
from helpdesk.routing.in_force import present
from helpdesk.tickets.order import splitting
from helpdesk.tickets.queries import TicketPage, ticket_of
from helpdesk.vocabulary import Direction
from helpdesk.workspace import words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.ticket_page import back, not_there, render

bp = Blueprint("splitting", __name__, url_prefix="/agent/demandes/<reference>/messages/<int:message_id>")
bp.register_error_handler(NotFound, not_there)


class SplitForm(Form):
    """What the new request is called."""

    subject = StringField(
        _("Objet de la nouvelle demande"),
        [Needed(_("Donnez un objet à la nouvelle demande.")), AtMost(splitting.LONGEST)],
        filters=[tidy],
        id="objet",
    )


@bp.get("/separer")
@login_required
def show(reference: str, message_id: int) -> ResponseReturnValue:
    """The message, where it would go and why, and its subject to edit."""
    return _page(reference, message_id)


@bp.post("/separer")
@login_required
def split(reference: str, message_id: int) -> ResponseReturnValue:
    """Take it off; goes on to the new request, or stays where the agent may not see that one."""
    form, agent = SplitForm(), signed_in_agent()
    if not form.validate():
        return _page(reference, message_id, form, 422)
    try:
        routing = present(parts().routing)
        new = splitting.split(agent, reference, message_id, form.said("subject"), routing, utc_now())
    except (IllegalMove, NotAllowed) as error:
        return render(reference, 409, problem=str(error))
    parts().dispatcher.wake()
    try:
        ticket_of(agent, new)
    except NotFound:
        flash(gettext("Message séparé : c’est la demande %(new)s, qui n’est pas dans vos services.", new=new))
        return back(reference)
    flash(gettext("Message séparé de %(old)s : c’est maintenant cette demande.", old=reference))
    return back(new)


@bp.app_template_global("splits_off")
def _splits_off(page: TicketPage) -> Collection[int]:
    """Ids of the messages that a button takes off."""
    ticket = page.ticket
    if page.withdrawal or ticket.archived_at or ticket.erased_at:
        return ()
    theirs = (each.id for each in page.messages if each.ticket_id == ticket.id and each.direction is Direction.IN)
    return sorted(theirs)[1:]


def _page(reference: str, message_id: int, form: SplitForm | None = None, status: int = 200) -> ResponseReturnValue:
    db.session.rollback()
    try:
        routing = present(parts().routing)
        seen = splitting.preview(signed_in_agent(), reference, message_id, routing, utc_now())
    except (IllegalMove, NotAllowed) as error:
        return render(reference, 409 if form is None else status, problem=str(error))
    html = render_template(
        "workspace/order/split.html",
        seen=seen,
        ticket=seen.ticket,
        form=form or SplitForm(formdata=None, subject=seen.subject),
        words=words,
    )
    return html, status

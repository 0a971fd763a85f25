"""An agent's answer on its way to the FAQ: shown without personal data, checked, then a draft."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import utc_now
from helpdesk.editing.entries import not_found
from helpdesk.editing.forms import EntryForm
from helpdesk.errors import NotFound
from helpdesk.knowledge import editors, proposals
from helpdesk.knowledge.proposals import Proposal
from helpdesk.privacy.impersonal import MARKS, marks_in
from helpdesk.workspace.auth import login_required, signed_in_agent, signed_in_sight

bp = Blueprint("faq_proposal", __name__, url_prefix="/agent/fiches/depuis/<reference>/<int:message_id>")
bp.register_error_handler(NotFound, not_found)


@bp.get("")
@login_required
def show(reference: str, message_id: int) -> ResponseReturnValue:
    """The answer as an entry, to be checked."""
    found = proposals.proposal(signed_in_agent(), reference, message_id)
    form = EntryForm(formdata=None).offer(found.sections)
    for name in ("question", "answer", "section"):
        form[name].data = getattr(found.written, name)
    form["readers"].data, form["topics"].data = found.written.readers.value, list(found.written.topics)
    return _page(reference, message_id, found, form)


@bp.post("")
@login_required
def send(reference: str, message_id: int) -> ResponseReturnValue:
    """Make a draft of it."""
    agent = signed_in_agent()
    found = proposals.proposal(agent, reference, message_id)
    form = EntryForm().offer(found.sections)
    if not form.validate():
        return _page(reference, message_id, found, form, 422)
    left = marks_in(f"{form.said('question')} {form.said('answer')}")
    if left:
        return _page(reference, message_id, found, form, 422, left)
    draft_id = proposals.propose(agent, reference, message_id, form.written(), utc_now())
    flash(_("Merci : la fiche est proposée. Elle sera relue avant d’être publiée."))
    if editors.may_edit(agent, signed_in_sight()):
        return redirect(url_for("faq_draft.show", draft_id=draft_id), 303)
    return redirect(url_for("ticket.show", reference=reference), 303)


def _page(
    reference: str,
    message_id: int,
    found: Proposal,
    form: EntryForm,
    status: int = 200,
    left: Sequence[str] = (),
) -> ResponseReturnValue:
    problem = _("Réécrivez les phrases où il reste %(marks)s.", marks=", ".join(left)) if left else ""
    html = render_template(
        "editing/proposal.html",
        reference=reference,
        message_id=message_id,
        found=found,
        form=form,
        marks=list(MARKS.values()),
        problem=problem,
    )
    return html, status

"""The page of one ticket, and what its buttons do."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from helpdesk.db import utc_now
from helpdesk.errors import Changed, IllegalMove
from helpdesk.forms import AtMost, Button, Form, Needed, tidy
from helpdesk.intake.web import download
from helpdesk.pages import parts
from helpdesk.tickets import actions, queries
from helpdesk.tickets.lifecycle import Act, may
from helpdesk.vocabulary import PRIORITY_LABELS, Priority
from helpdesk.workspace.auth import login_required, signed_in_agent

bp = Blueprint("ticket", __name__, url_prefix="/agent/demandes/<reference>")

MAX_TEXT = 20_000


class ReplyForm(Form):
    """What the person will read. `seen` is the last message the page showed."""

    text = TextAreaField(_("Votre réponse"), [Needed(_("La réponse est vide.")), AtMost(MAX_TEXT)], filters=[tidy])
    seen = HiddenField()


class NoteForm(Form):
    """What only colleagues will read."""

    text = TextAreaField(_("Note interne"), [Needed(_("La note est vide.")), AtMost(MAX_TEXT)], filters=[tidy])


class TransferForm(Form):
    """Where to, and why."""

    service = SelectField(_("Vers quel service ?"), validate_choice=False)
    reason = StringField(_("Pourquoi ?"), [Needed(_("Dites pourquoi, en quelques mots.")), AtMost(300)], filters=[tidy])


class CloseForm(Form):
    """Why it ends without an answer."""

    reason = StringField(
        _("Pourquoi clore ?"), [Needed(_("Dites pourquoi, en quelques mots.")), AtMost(300)], filters=[tidy]
    )


class PriorityForm(Form):
    """How urgent."""

    priority = SelectField(
        _("Priorité"), choices=[(priority.value, label) for priority, label in PRIORITY_LABELS.items()]
    )


@bp.get("")
@login_required
def show(reference: str) -> ResponseReturnValue:
    """Thread, reasons, history, and the forms for what can be done."""
    return _page(reference)


@bp.post("/reponse")
@login_required
def reply(reference: str) -> ResponseReturnValue:
    """Answer the person; with the second button, mark as solved too."""
    form = ReplyForm()
    if not form.validate():
        return _page(reference, 422, reply_form=form)
    seen = int(form.seen.data) if (form.seen.data or "").isdecimal() else 0
    try:
        actions.reply(
            signed_in_agent(), reference, form.text.data, seen=seen, solve="solve" in request.form, now=utc_now()
        )
    except (Changed, IllegalMove) as error:
        return _page(reference, 409, reply_form=form, problem=str(error))
    parts().dispatcher.wake()
    flash(gettext("Réponse envoyée."))
    return _back(reference)


@bp.post("/note")
@login_required
def note(reference: str) -> ResponseReturnValue:
    """Add a note."""
    form = NoteForm()
    if not form.validate():
        return _page(reference, 422, note_form=form)
    actions.note(signed_in_agent(), reference, form.text.data, now=utc_now())
    flash(gettext("Note ajoutée."))
    return _back(reference)


@bp.post("/transfert")
@login_required
def transfer(reference: str) -> ResponseReturnValue:
    """Hand over to another service; the agent then goes back to the queue."""
    form = TransferForm()
    if not form.validate():
        return _page(reference, 422, transfer_form=form)
    try:
        actions.transfer(signed_in_agent(), reference, form.service.data, form.reason.data, now=utc_now())
    except IllegalMove as error:
        return _page(reference, 409, transfer_form=form, problem=str(error))
    parts().dispatcher.wake()
    flash(gettext("Demande %(reference)s transmise.", reference=reference))
    return redirect(url_for("queue.show"), 303)


@bp.post("/cloture")
@login_required
def close(reference: str) -> ResponseReturnValue:
    """End without an answer."""
    form = CloseForm()
    if not form.validate():
        return _page(reference, 422, close_form=form)
    return _act(reference, lambda: actions.close(signed_in_agent(), reference, form.reason.data, now=utc_now()))


@bp.post("/priorite")
@login_required
def priority(reference: str) -> ResponseReturnValue:
    """Change the priority."""
    form = PriorityForm()
    if not form.validate():
        return _page(reference, 422)
    wanted = Priority(form.priority.data)
    return _act(reference, lambda: actions.set_priority(signed_in_agent(), reference, wanted, now=utc_now()))


@bp.post("/<any(prendre, rendre, resoudre, rouvrir):verb>")
@login_required
def act(reference: str, verb: str) -> ResponseReturnValue:
    """The acts that need nothing but a button."""
    if not Button().validate():
        return _page(reference, 422, problem=gettext("Cette page était ouverte depuis longtemps : réessayez."))
    work = {
        "prendre": actions.take,
        "rendre": actions.release,
        "resoudre": actions.solve,
        "rouvrir": actions.reopen,
    }[verb]
    return _act(reference, lambda: work(signed_in_agent(), reference, now=utc_now()))


@bp.get("/fichiers/<int:attachment_id>")
@login_required
def file(reference: str, attachment_id: int) -> ResponseReturnValue:
    """A file of a ticket the agent may see, as a download."""
    return download(queries.attachment_for(signed_in_agent(), reference, attachment_id))


def _act(reference: str, work: Any) -> ResponseReturnValue:
    try:
        work()
    except IllegalMove as error:
        return _page(reference, 409, problem=str(error))
    return _back(reference)


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for(".show", reference=reference), 303)


def _page(reference: str, status: int = 200, problem: str = "", **forms: Form) -> ResponseReturnValue:
    """The ticket's page; a refused form comes back as it was typed, the others are fresh."""
    agent = signed_in_agent()
    page = queries.ticket_page(agent, reference)
    ticket = page.ticket
    shown = {
        "reply_form": ReplyForm(formdata=None, seen=page.last_seen),
        "note_form": NoteForm(formdata=None),
        "transfer_form": TransferForm(formdata=None),
        "close_form": CloseForm(formdata=None),
        "priority_form": PriorityForm(formdata=None, priority=ticket.priority),
        "button": Button(formdata=None),
        **forms,
    }
    for form in forms.values():
        if isinstance(form, ReplyForm):
            form.seen.data = page.last_seen  # what came meanwhile is on this page now
    transfer_form = shown["transfer_form"]
    transfer_form.service.choices = [(service.slug, service.name) for service in page.services]
    return (
        render_template(
            "workspace/ticket.html",
            page=page,
            ticket=ticket,
            agent=agent,
            problem=problem,
            acts={act: may(ticket.status, act) for act in Act},
            now=utc_now(),
            **shown,
        ),
        status,
    )

"""The page of one ticket, and what its buttons do."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.forms import Form
from helpdesk.intake.incoming import mails_of
from helpdesk.intake.web import download
from helpdesk.pages import parts
from helpdesk.routing import corrections
from helpdesk.routing.directory import school_of
from helpdesk.tickets import actions, history, queries, resending
from helpdesk.tickets.lifecycle import Act, may
from helpdesk.vocabulary import Priority
from helpdesk.workspace import events, times, words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.ticket_forms import (
    ActForm,
    CloseForm,
    CorrectionForm,
    NoteForm,
    PriorityForm,
    ReplyForm,
    ResendForm,
    TransferForm,
    by_academy,
    by_likelihood,
)

bp = Blueprint("ticket", __name__, url_prefix="/agent/demandes/<reference>")


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
    agent, text, seen = signed_in_agent(), form.text.data or "", _number(form.seen.data)
    try:
        actions.reply(agent, reference, text, seen=seen, solve="solve" in request.form, now=utc_now())
    except Changed as error:
        return _page(reference, 409, problem=str(error), new_since=seen, reply_form=form)
    except IllegalMove as error:
        return _page(reference, 409, problem=str(error), reply_form=form)
    parts().dispatcher.wake()
    flash(_sent(reference))
    return _back(reference)


@bp.post("/note")
@login_required
def note(reference: str) -> ResponseReturnValue:
    """Add a note."""
    form = NoteForm()
    if not form.validate():
        return _page(reference, 422, note_form=form)
    actions.note(signed_in_agent(), reference, form.text.data or "", now=utc_now())
    flash(_("Note ajoutée."))
    return _back(reference)


@bp.post("/transfert")
@login_required
def transfer(reference: str) -> ResponseReturnValue:
    """Hand over to another service; the agent then goes back to the queue."""
    form = TransferForm()
    if not form.validate():
        return _page(reference, 422, transfer_form=form)
    try:
        actions.transfer(signed_in_agent(), reference, form.service.data or "", form.reason.data or "", now=utc_now())
    except IllegalMove as error:
        return _page(reference, 409, transfer_form=form, problem=str(error))
    parts().dispatcher.wake()
    flash(_("Demande %(reference)s transférée.", reference=reference))
    return redirect(url_for("queue.show"), 303)


@bp.post("/correction")
@login_required
def correct(reference: str) -> ResponseReturnValue:
    """Say that routing was wrong. The ticket goes where it belongs, often out of the agent's sight."""
    form = CorrectionForm()
    if not form.validate():
        return _page(reference, 422, correction_form=form)
    agent, service, topic = signed_in_agent(), form.said("service"), form.said("topic")
    try:
        corrections.correct(agent, reference, service, topic, form.said("reason"), now=utc_now())
    except (IllegalMove, NotAllowed) as error:
        return _page(reference, 409, correction_form=form, problem=str(error))
    parts().dispatcher.wake()
    flash(_("Merci : l’orientation de %(reference)s est corrigée et comptée.", reference=reference))
    return _back(reference) if not service else redirect(url_for("queue.show"), 303)


@bp.post("/cloture")
@login_required
def close(reference: str) -> ResponseReturnValue:
    """End without an answer."""
    form = CloseForm()
    if not form.validate():
        return _page(reference, 422, close_form=form)
    reason = form.reason.data or ""
    return _act(
        reference, _("Demande close."), lambda: actions.close(signed_in_agent(), reference, reason, now=utc_now())
    )


@bp.post("/priorite")
@login_required
def priority(reference: str) -> ResponseReturnValue:
    """Change the priority."""
    form = PriorityForm()
    if not form.validate():
        return _page(reference, 422, priority_form=form)
    wanted = Priority(form.priority.data)
    return _act(
        reference,
        _("Priorité changée."),
        lambda: actions.set_priority(signed_in_agent(), reference, wanted, now=utc_now()),
    )


@bp.post("/renvoi")
@login_required
def resend(reference: str) -> ResponseReturnValue:
    """Send a mail again that did not arrive, perhaps to another address."""
    form = ResendForm()
    if not form.validate():
        return _page(reference, 422, resend_form=form)
    mail, address = _number(form.mail.data), form.said("address")
    if resending.resend(signed_in_agent(), reference, mail, address, now=utc_now()):
        parts().dispatcher.wake()
    flash(_("Le courriel repart pour %(address)s.", address=address))
    return _back(reference)


@bp.post("/prendre")
@login_required
def take(reference: str) -> ResponseReturnValue:
    """Follow the ticket; if a colleague took it since the page was shown, say so instead."""
    form = ActForm()
    if not form.validate():
        return _page(reference, 422, act_form=form)
    agent, holder = signed_in_agent(), _number(form.holder.data)
    return _act(
        reference, _("Vous suivez cette demande."), lambda: actions.take(agent, reference, utc_now(), over=holder)
    )


@bp.post("/<any(rendre, resoudre, rouvrir):verb>")
@login_required
def act(reference: str, verb: str) -> ResponseReturnValue:
    """The other acts that need nothing but a button."""
    form = ActForm()
    if not form.validate():
        return _page(reference, 422, act_form=form)
    work, done = {
        "rendre": (actions.release, _("La demande est rendue au service.")),
        "resoudre": (actions.solve, _("Demande marquée comme résolue.")),
        "rouvrir": (actions.reopen, _("Demande rouverte.")),
    }[verb]
    return _act(reference, done, lambda: work(signed_in_agent(), reference, now=utc_now()))


@bp.get("/fichiers/<int:attachment_id>")
@login_required
def file(reference: str, attachment_id: int) -> ResponseReturnValue:
    """A file of a ticket the agent may see, as a download."""
    return download(queries.attachment_for(signed_in_agent(), reference, attachment_id))


@bp.errorhandler(NotFound)
def not_found(error: NotFound) -> ResponseReturnValue:
    """In words, and without leaving the agents' pages."""
    db.session.rollback()
    return render_template("workspace/not_found.html", text=str(error)), 404


def _act(reference: str, done: str, work: Callable[[], None]) -> ResponseReturnValue:
    try:
        work()
    except (Changed, IllegalMove, NotAllowed) as error:
        return _page(reference, 409, problem=str(error))
    flash(done)
    return _back(reference)


def _sent(reference: str) -> str:
    """What to tell after an answer: to somebody without mail address, nothing has left."""
    if queries.ticket_of(signed_in_agent(), reference).sender_email:
        return _("Votre réponse est enregistrée et part par courriel.")
    return _("Réponse enregistrée. La personne n’a pas de courriel : rappelez-la.")


def _number(text: str | None) -> int:
    """A number from a hidden field, 0 if somebody changed it."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0


def _back(reference: str) -> ResponseReturnValue:
    return redirect(url_for(".show", reference=reference), 303)


def _page(
    reference: str, status: int = 200, *, problem: str = "", new_since: int | None = None, **refused: Form
) -> ResponseReturnValue:
    """The ticket's page; a refused form comes back as it was typed, the others are fresh. Messages after `new_since`
    are marked: they came while the agent was writing.
    """
    agent = signed_in_agent()
    page = queries.ticket_page(agent, reference)
    ticket = page.ticket
    forms: dict[str, Form] = {
        "reply_form": ReplyForm(formdata=None),
        "note_form": NoteForm(formdata=None),
        "resend_form": ResendForm(formdata=None, address=ticket.sender_email),
        "transfer_form": TransferForm(formdata=None),
        "correction_form": CorrectionForm(formdata=None),
        "close_form": CloseForm(formdata=None),
        "priority_form": PriorityForm(formdata=None, priority=ticket.priority),
        "act_form": ActForm(formdata=None),
        **refused,
    }
    forms["reply_form"]["seen"].data = page.last_seen  # what came meanwhile is on this page now
    forms["act_form"]["holder"].data = ticket.assignee_id or ""
    html = render_template(
        "workspace/ticket.html",
        page=page,
        ticket=ticket,
        agent=agent,
        problem=problem,
        refused=next(iter(refused.values()), None),
        new_since=new_since,
        acts={act: may(ticket.status, act) for act in Act},
        services=by_academy(page.services, ticket.service.academy),
        likely=by_likelihood(page),
        now=utc_now(),
        listed_school=school_of(ticket.school_uai),
        mails=mails_of(page.messages),
        linked=list(dict.fromkeys(event.data["to"] for event in page.events if event.kind == history.LINKED)),
        words=words,
        events=events,
        times=times,
        **forms,
    )
    return html, status

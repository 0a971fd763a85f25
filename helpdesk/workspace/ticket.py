"""The page of one ticket, and what its buttons do; answering has a file of its own."""

from collections.abc import Callable, Collection
from io import BytesIO

from flask import Blueprint, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import utc_now
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.files import content_type_of
from helpdesk.intake.web import download
from helpdesk.pages import parts
from helpdesk.routing import corrections
from helpdesk.tickets import actions, queries, resending
from helpdesk.vocabulary import Priority
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.fields import number_in
from helpdesk.workspace.ticket_forms import (
    ActForm,
    CloseForm,
    CorrectionForm,
    PriorityForm,
    ResendForm,
    TransferForm,
)
from helpdesk.workspace.ticket_page import back, not_there, render
from helpdesk.workspace.words import HEARD_IN_PLACE, READ_IN_PLACE, SHOWN_IN_PLACE

bp = Blueprint("ticket", __name__, url_prefix="/agent/demandes/<reference>")
bp.register_error_handler(NotFound, not_there)


@bp.get("")
@login_required
def show(reference: str) -> ResponseReturnValue:
    """Thread, reasons, history, and the forms for what can be done."""
    return render(reference)


@bp.post("/transfert")
@login_required
def transfer(reference: str) -> ResponseReturnValue:
    """Hand over to another service; the agent then goes back to the queue."""
    form = TransferForm()
    if not form.validate():
        return render(reference, 422, move_form=form)
    try:
        actions.transfer(signed_in_agent(), reference, form.service.data or "", form.reason.data or "", now=utc_now())
    except IllegalMove as error:
        return render(reference, 409, move_form=form, problem=str(error))
    parts().dispatcher.wake()
    flash(_("Demande %(reference)s transférée.", reference=reference))
    return redirect(url_for("queue.show"), 303)


@bp.post("/correction")
@login_required
def correct(reference: str) -> ResponseReturnValue:
    """Say that routing was wrong. The ticket goes where it belongs, often out of the agent's sight."""
    form = CorrectionForm()
    if not form.validate():
        return render(reference, 422, move_form=form)
    agent, service, topic = signed_in_agent(), form.said("service"), form.said("topic")
    try:
        corrections.correct(agent, reference, service, topic, form.said("reason"), now=utc_now())
    except (IllegalMove, NotAllowed) as error:
        return render(reference, 409, move_form=form, problem=str(error))
    parts().dispatcher.wake()
    flash(_("Merci : l’orientation de %(reference)s est corrigée et comptée.", reference=reference))
    return back(reference) if not service else redirect(url_for("queue.show"), 303)


@bp.post("/cloture")
@login_required
def close(reference: str) -> ResponseReturnValue:
    """End without an answer."""
    form = CloseForm()
    if not form.validate():
        return render(reference, 422, close_form=form)
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
        return render(reference, 422, priority_form=form)
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
        return render(reference, 422, resend_form=form)
    mail, address = number_in(form.mail.data), form.said("address")
    if resending.resend(signed_in_agent(), reference, mail, address, now=utc_now()):
        parts().dispatcher.wake()
    flash(_("Le courriel repart pour %(address)s.", address=address))
    return back(reference)


@bp.post("/prendre")
@login_required
def take(reference: str) -> ResponseReturnValue:
    """Follow the ticket; if a colleague took it since the page was shown, say so instead."""
    form = ActForm()
    if not form.validate():
        return render(reference, 422, act_form=form)
    agent, holder = signed_in_agent(), number_in(form.holder.data)
    return _act(
        reference, _("Vous suivez cette demande."), lambda: actions.take(agent, reference, utc_now(), over=holder)
    )


@bp.post("/<any(rendre, resoudre, rouvrir):verb>")
@login_required
def act(reference: str, verb: str) -> ResponseReturnValue:
    """The other acts that need nothing but a button."""
    form = ActForm()
    if not form.validate():
        return render(reference, 422, act_form=form)
    work, done = {
        "rendre": (actions.release, _("La demande est rendue au service.")),
        "resoudre": (actions.solve, _("Demande marquée comme résolue.")),
        "rouvrir": (actions.reopen, _("Demande rouverte.")),
    }[verb]
    return _act(reference, done, lambda: work(signed_in_agent(), reference, now=utc_now()))


@bp.get("/fichiers/<int:attachment_id>/image")
@login_required
def picture(reference: str, attachment_id: int) -> ResponseReturnValue:
    """An image of a ticket, to be shown in place."""
    return _in_place(reference, attachment_id, SHOWN_IN_PLACE)


@bp.get("/fichiers/<int:attachment_id>/son")
@login_required
def sound(reference: str, attachment_id: int) -> ResponseReturnValue:
    """A recording, to be heard in place."""
    return _in_place(reference, attachment_id, HEARD_IN_PLACE)


@bp.get("/fichiers/<int:attachment_id>/lecture")
@login_required
def document(reference: str, attachment_id: int) -> ResponseReturnValue:
    """A PDF, to be read in a frame of the ticket's page and of nobody else's."""
    return _in_place(reference, attachment_id, (READ_IN_PLACE,))


def _in_place(reference: str, attachment_id: int, types: Collection[str]) -> ResponseReturnValue:
    """A file of one of the types, which its bytes tell; whatever else it is runs nowhere."""
    attachment = queries.attachment_for(signed_in_agent(), reference, attachment_id)
    content = parts().files.read(attachment.sha256)
    content_type = content_type_of(content)
    if content_type not in types:
        raise NotFound(_("Ce fichier ne se montre pas ici : téléchargez-le."))
    response = send_file(BytesIO(content), content_type, download_name=attachment.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'self'"
    return response


@bp.get("/fichiers/<int:attachment_id>")
@login_required
def file(reference: str, attachment_id: int) -> ResponseReturnValue:
    """A file of a ticket the agent may see, as a download."""
    return download(queries.attachment_for(signed_in_agent(), reference, attachment_id))


def _act(reference: str, done: str, work: Callable[[], None]) -> ResponseReturnValue:
    try:
        work()
    except (Changed, IllegalMove, NotAllowed) as error:
        return render(reference, 409, problem=str(error))
    flash(done)
    return back(reference)

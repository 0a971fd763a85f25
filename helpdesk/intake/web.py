"""The public form and the page by which a request is followed."""

from dataclasses import replace
from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import Unavailable, db, utc_now
from helpdesk.errors import N_, HelpdeskError, IllegalMove, NotFound
from helpdesk.files import StorageFull
from helpdesk.intake.message import IncomingMessage, Sender
from helpdesk.intake.receive import Receipt, receive, receive_on
from helpdesk.intake.web_form import FilesMixin, FollowUpForm, RequestForm, is_token, new_token, said_again
from helpdesk.knowledge.deflection import noting
from helpdesk.knowledge.deflection.asking import this_visitor
from helpdesk.knowledge.readers.telling import about_academy, about_postal_code
from helpdesk.limits import network_of
from helpdesk.models import Attachment, Ticket
from helpdesk.outbox.ways import way_to
from helpdesk.pages import language, parts
from helpdesk.tickets.followup import link_secret, opens
from helpdesk.tickets.order.withdrawing import withdrawal_of
from helpdesk.tickets.queries import ticket_by_link
from helpdesk.tickets.references import read_reference
from helpdesk.tickets.taking_back import shown_to_person
from helpdesk.vocabulary import Channel

bp = Blueprint("intake", __name__)
TOO_MANY = N_("Vous avez envoyé beaucoup de demandes. Votre texte est gardé : réessayez dans une heure.")
TOO_MANY_MESSAGES = N_("Vous avez envoyé beaucoup de messages. Votre texte est gardé : réessayez dans une heure.")


@bp.get("/demande")
def request_form() -> str:
    """An empty form, with the token that makes its request unique."""
    form = RequestForm(formdata=None, token=new_token())
    form.note_shown(parts().settings.secret_keys)
    form.text.data = request.args.get("texte", "")[:1000] or None
    form.proposals.data = request.args.get("vues", "")[:32] or None
    return render_template("intake/request.html", form=form)


@bp.post("/demande")
def send_request() -> ResponseReturnValue:
    """Accept the request, or show the form again with everything that was typed and chosen."""
    form = RequestForm()
    if not is_token(form.token.data):
        form.token.data = new_token()
    settings = parts().settings
    automatic = form.looks_automatic(settings.secret_keys, timedelta(seconds=settings.form_seconds), utc_now())
    try:
        if not _may_keep_files(form):
            return _again(form, _(TOO_MANY), 429)
        files = form.collect_files(parts().files, settings.secret_key)
        if not form.validate():
            return _again(form, "", 422)
        if automatic:
            return _again(form, _("Vous avez été très rapide. Vos réponses sont gardées : envoyez-les à nouveau."), 422)
        if not _within_limits(form.said("email") or form.said("phone")):
            return _again(form, _(TOO_MANY), 429)
        receipt = _accept(form.message(files, language()))
        noting.sent(form.said("proposals")[:32], this_visitor(), utc_now())
    except (Unavailable, StorageFull):
        return _again(
            form,
            _("Nous n’avons pas pu enregistrer votre demande. Votre texte est gardé : réessayez bientôt."),
            503,
        )
    return redirect(_follow_up_url(ticket_by_link(receipt.reference)), 303)


@bp.get("/suivi/<reference>/<secret>")
def follow_up(reference: str, secret: str) -> ResponseReturnValue:
    """The request as its sender may see it: messages, never notes nor history. One that was merged into another of the
    same person leads there, unless that one has another address: whoever reads the one need not read the other.
    """
    ticket = _proven(reference, secret)
    found = withdrawal_of(db.session(), ticket)
    if found is not None and found.into is not None and _reach_one_reader(ticket, found.into):
        return redirect(_follow_up_url(found.into, sent=request.args.get("sent")))
    form = FollowUpForm(formdata=None, token=new_token())
    return _follow_up_page(ticket, secret, form)


@bp.post("/suivi/<reference>/<secret>")
def send_more(reference: str, secret: str) -> ResponseReturnValue:
    """Add a message to the request."""
    ticket = _proven(reference, secret)
    reference, form = ticket.reference, FollowUpForm()
    if not is_token(form.token.data):
        form.token.data = new_token()
    try:
        if not _may_keep_files(form):
            return _follow_up_page(ticket, secret, form, _(TOO_MANY_MESSAGES)), 429
        files = form.collect_files(parts().files, parts().settings.secret_key)
        if not form.validate():
            return _follow_up_page(ticket, secret, form), 422
        if not _within_limits(reference):
            return _follow_up_page(ticket, secret, form, _(TOO_MANY_MESSAGES)), 429
        sender = Sender(name=ticket.sender_name, email=ticket.sender_email, phone=ticket.sender_phone)
        incoming = IncomingMessage(
            Channel.WEB, form.said("token"), form.said("text"), sender, files=files, language=language()
        )
        _add(reference, incoming)
    except (Unavailable, StorageFull, IllegalMove) as error:
        return _follow_up_page(_proven(reference, secret), secret, form, _words_for(error)), 409 if isinstance(
            error, IllegalMove
        ) else 503
    return redirect(url_for(".follow_up", reference=reference, secret=secret, sent="1"), 303)


@bp.get("/suivi/<reference>/<secret>/fichiers/<int:attachment_id>")
def follow_up_file(reference: str, secret: str, attachment_id: int) -> ResponseReturnValue:
    """A file of the request, always as a download."""
    ticket = _proven(reference, secret)
    for message in shown_to_person(ticket, utc_now()):
        for attachment in message.attachments:
            if attachment.id == attachment_id:
                return download(attachment)
    raise NotFound(_("Ce fichier n’existe pas."))


def download(attachment: Attachment) -> ResponseReturnValue:
    """Bytes from outside never open inside our pages: always a download, never believed, in a sandbox."""
    from io import BytesIO

    content = BytesIO(parts().files.read(attachment.sha256))
    response = send_file(content, attachment.content_type, as_attachment=True, download_name=attachment.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _accept(incoming: IncomingMessage) -> Receipt:
    """The same page sent twice is one request; sent again with other words, those words join it."""
    receipt = receive(incoming, parts().routing, parts().files, utc_now())
    if not receipt.new and not receipt.repeated:
        more = replace(incoming, external_id=said_again(incoming.external_id, incoming.text))
        receipt = receive_on(receipt.reference, more, parts().files, reopen_within=_reopen_within(), now=utc_now())
    parts().dispatcher.wake()
    return receipt


def _add(reference: str, incoming: IncomingMessage) -> None:
    receipt = receive_on(reference, incoming, parts().files, reopen_within=_reopen_within(), now=utc_now())
    if not receipt.repeated:
        parts().dispatcher.wake()


def _proven(reference: str, secret: str) -> Ticket:
    """The ticket that the link opens; a wrong link and a ticket that is not there answer alike."""
    ticket = ticket_by_link(read_reference(reference) or "")
    if not opens(secret, parts().settings.secret_keys, ticket.reference, ticket.link_version):
        raise NotFound(_("Cette demande n’existe pas."))
    return ticket


def _reach_one_reader(ticket: Ticket, other: Ticket) -> bool:
    same_address = ticket.sender_email == other.sender_email or not (ticket.sender_email and other.sender_email)
    return ticket.person_id == other.person_id and same_address


def _follow_up_url(ticket: Ticket, sent: str | None = "1") -> str:
    secret = link_secret(parts().settings.secret_key, ticket.reference, ticket.link_version)
    return url_for("intake.follow_up", reference=ticket.reference, secret=secret, sent=sent)


def _follow_up_page(ticket: Ticket, secret: str, form: FollowUpForm, problem: str = "") -> str:
    messages = shown_to_person(ticket, utc_now())
    about_academy(ticket.academy)
    return render_template(
        "intake/follow_up.html",
        ticket=ticket,
        way=way_to(db.session(), ticket),
        messages=messages,
        secret=secret,
        form=form,
        problem=problem,
    )


def _again(form: RequestForm, problem: str, status: int) -> ResponseReturnValue:
    db.session.rollback()
    about_postal_code(form.said("school_postal_code"))
    return render_template("intake/request.html", form=form, problem=problem), status


def _within_limits(sender: str) -> bool:
    limits, settings = parts().limits, parts().settings
    return limits.allow(settings.form_limit, "form", network_of(request.remote_addr)) and limits.allow(
        settings.form_limit_sender, "sender", sender.casefold()
    )


def _reopen_within() -> timedelta:
    return timedelta(days=parts().settings.reopen_days)


def _may_keep_files(form: FilesMixin) -> bool:
    """Files lie on the disk even if the form is refused then: who sends them again and again would fill it."""
    limit, network = parts().settings.form_limit, network_of(request.remote_addr)
    return not form.brings_files() or parts().limits.allow(limit, "files", network)


def _words_for(error: HelpdeskError) -> str:
    if isinstance(error, IllegalMove):
        return _(str(error))
    return _("Nous n’avons pas pu enregistrer votre message. Votre texte est gardé : réessayez dans quelques minutes.")

"""Answering a ticket: drafts, what is inserted into them, sending, and taking back."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import db, utc_now
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.files import StorageFull
from helpdesk.knowledge.articles import article_by_slug
from helpdesk.knowledge.as_text import as_text
from helpdesk.models import Ticket
from helpdesk.outbox.ways import way_to
from helpdesk.pages import parts
from helpdesk.tickets import actions, canned, drafts, holds, taking_back
from helpdesk.tickets.meanwhile import Held, nothing_since
from helpdesk.tickets.next_up import take_next
from helpdesk.tickets.queries import ticket_of
from helpdesk.tickets.taking_back import Leaving
from helpdesk.vocabulary import Channel
from helpdesk.workspace.answer_files import new_files
from helpdesk.workspace.auth import login_required, seen_at_a_glance, signed_in_agent
from helpdesk.workspace.fields import id_in, number_in
from helpdesk.workspace.ticket_forms import ActForm, NoteForm, ReplyForm
from helpdesk.workspace.ticket_page import back, not_there, render

bp = Blueprint("answering", __name__, url_prefix="/agent/demandes/<reference>")
bp.register_error_handler(NotFound, not_there)


@bp.app_template_global()
def leaving() -> list[Leaving]:
    """The answers that who is signed in may still take back."""
    return taking_back.leaving(signed_in_agent(), utc_now()) if seen_at_a_glance().leaving else []


@bp.post("/reponse")
@login_required
def reply(reference: str) -> ResponseReturnValue:
    """Answer the person; then solve, wait for a day, or go on with the next, as the button says."""
    form, agent = ReplyForm(), signed_in_agent()
    ticket = ticket_of(agent, reference)
    valid = form.validate()
    with suppress(Changed):  # which is found again below, and told
        valid = _kept(form, ticket) and valid
    if not valid:
        return render(reference, 422, reply_form=form)
    settings, solve = parts().settings, "solve" in request.form
    sending = actions.Sending(
        told=form.told_id,
        despite=form.despite_id,
        until=_start_of_day(form, ticket),
        undo=timedelta(seconds=settings.undo_seconds),
    )
    try:
        actions.reply(
            agent, reference, form.said("text"), seen=form.seen_id, solve=solve, now=utc_now(), sending=sending
        )
    except Held as error:
        form.despite.data = str(error.agent_id)
        return render(reference, 409, problem=str(error), reply_form=form)
    except Changed as error:
        return render(reference, 409, problem=str(error), since=form, reply_form=form)
    except IllegalMove as error:
        return render(reference, 409, problem=str(error), reply_form=form)
    parts().dispatcher.wake()
    flash(_sent(ticket_of(agent, reference)))
    return _next() if "next" in request.form else back(reference)


@bp.post("/note")
@login_required
def note(reference: str) -> ResponseReturnValue:
    """Add a note."""
    form = NoteForm()
    if not form.validate():
        return render(reference, 422, note_form=form)
    to = [number_in(form.to.data)] if form.to.data else []
    try:
        nobody = actions.note(signed_in_agent(), reference, form.said("text"), now=utc_now(), to=to)
    except (IllegalMove, NotAllowed) as error:
        return render(reference, 409, problem=str(error), note_form=form)
    flash(_("Note ajoutée."))
    if nobody:
        names = ", ".join(f"@{name}" for name in nobody)
        flash(
            _(
                "Personne n’a été prévenu sous ce nom : %(names)s. Choisissez dans la liste, dans une autre note.",
                names=names,
            )
        )
    return back(reference)


@bp.post("/brouillon")
@login_required
def keep_draft(reference: str) -> ResponseReturnValue:
    """Keep what is typed, as the page does by itself; by the button also files, added or taken out."""
    form, agent = ReplyForm(), signed_in_agent()
    ticket = ticket_of(agent, reference)
    try:
        if not form.is_ours() or not _kept(form, ticket):
            return _refused(form, reference)
    except Changed as error:
        return _refused(form, reference, str(error), 409)
    if _by_script():
        return _presence(form, reference, writing=bool(form.said("text")))
    if removed := number_in(request.form.get("remove")):
        drafts.remove_file(agent, reference, removed)
    flash(_("Brouillon gardé."))
    return back(reference)


@bp.post("/presence")
@login_required
def stay(reference: str) -> ResponseReturnValue:
    """The page is still open, or with `leave` not any more."""
    form, agent = ReplyForm(), signed_in_agent()
    ticket_of(agent, reference)
    if not form.is_ours():
        return _refused(form, reference)
    if "leave" in request.form:
        holds.leave(agent, reference)
        return "", 204
    return _presence(form, reference, writing=False)


@bp.post("/inserer")
@login_required
def insert(reference: str) -> ResponseReturnValue:
    """A model answer or an entry of the FAQ, filled in for this ticket: added to the draft or, for a page's script,
    given as text to be put where the cursor is.
    """
    form, agent = ReplyForm(), signed_in_agent()
    ticket = ticket_of(agent, reference)
    if not form.is_ours():
        return _refused(form, reference)
    try:
        text = _inserted(ticket, request.form.get("insert", ""))
    except NotFound as error:
        return render(reference, 409, problem=str(error), reply_form=form)
    if _by_script():
        return jsonify(text=text)
    form.text.data = f"{form.said('text')}\n\n{text}".lstrip()
    try:
        if not _kept(form, ticket):
            return render(reference, 422, reply_form=form)
    except Changed as error:
        return render(reference, 409, problem=str(error), reply_form=form)
    return redirect(url_for("ticket.show", reference=reference, _anchor=form.text.id), 303)


@bp.post("/annuler")
@login_required
def undo(reference: str) -> ResponseReturnValue:
    """Take an answer back while its mail has not left."""
    form, agent = ActForm(), signed_in_agent()
    if not form.validate():
        return render(reference, 422, act_form=form)
    try:
        taking_back.take_back(agent, reference, number_in(request.form.get("message")), utc_now())
    except IllegalMove as error:
        return render(reference, 409, problem=str(error))
    flash(_("Envoi annulé : votre réponse est de nouveau un brouillon."))
    return back(reference)


def _kept(form: ReplyForm, ticket: Ticket) -> bool:
    """Keep text and files as the draft; False if something about them is wrong, which the form then says. What another
    site made the browser send is not kept. Raises Changed on a page whose answer was sent.
    """
    if not form.is_ours():
        return False
    agent, draft = signed_in_agent(), drafts.of(db.session(), signed_in_agent(), ticket)
    try:
        files = new_files(form, draft.files if draft else ())
    except StorageFull as error:
        form.files.errors, files = [str(error)], []
    drafts.save(agent, ticket.reference, form.said("text"), seen=form.seen_id, now=utc_now(), files=files)
    return not form.files.errors


def _next() -> ResponseReturnValue:
    """To the most pressing ticket that nobody follows, taken; to the queue when there is none."""
    reference = take_next(signed_in_agent(), utc_now())
    if reference is not None:
        return back(reference)
    flash(_("Plus aucune demande n’attend d’être prise."))
    return redirect(url_for("queue.show"), 303)


def _presence(form: ReplyForm, reference: str, *, writing: bool) -> ResponseReturnValue:
    """As JSON: who else is on the ticket, and what came since the page was opened; empty where there is nothing."""
    agent, now = signed_in_agent(), utc_now()
    hold, news = holds.keep(agent, reference, now, writing=writing), ""
    try:
        nothing_since(db.session(), ticket_of(agent, reference), agent, form.seen_id, form.told_id)
    except Changed as error:
        news = str(error)
    return jsonify(other=presence_sentence(hold.agent.name, hold.writing) if hold else "", news=news)


@bp.app_template_global()
def presence_sentence(name: str, writing: bool) -> str:
    """Who else is on the ticket, for its page and for lists."""
    if writing:
        return _("%(name)s écrit une réponse à cette demande.", name=name)
    return _("%(name)s a cette demande ouverte.", name=name)


def _inserted(ticket: Ticket, what: str) -> str:
    """The text of `modele:12` or `fiche:slug`. Raises NotFound."""
    kind, _colon, name = what.partition(":")
    base = parts().settings.public_base_url
    if kind == "modele" and (canned_id := id_in(name)) is not None:
        return canned.filled(signed_in_agent(), ticket, canned_id, base)
    if kind == "fiche":
        article = article_by_slug(name)
        return f"« {article.question} »\n\n{as_text(article.answer, base)}\n\n{base}/questions/{article.slug}"
    raise NotFound(_("Choisissez un modèle ou une fiche dans la liste."))


def _start_of_day(form: ReplyForm, ticket: Ticket) -> datetime | None:
    """When the ticket comes back: at the beginning of the day, where its service works."""
    day = form.until.data
    return datetime.combine(day, time(), ZoneInfo(ticket.service.timezone)) if day else None


def _sent(ticket: Ticket) -> str:
    """What to tell after an answer: to somebody without mail address, nothing has left."""
    way = way_to(db.session(), ticket)
    if way is Channel.SMS:
        return _("Votre réponse est enregistrée et part par SMS.")
    if way is None:
        return _("Réponse enregistrée. La personne n’a pas de courriel : rappelez-la.")
    if parts().settings.undo_seconds:
        return _("Votre réponse est enregistrée et part dans quelques secondes.")
    return _("Votre réponse est enregistrée et part par courriel.")


def _by_script() -> bool:
    return "script" in request.form


def _refused(form: ReplyForm, reference: str, problem: str = "", status: int = 422) -> ResponseReturnValue:
    if _by_script():
        return jsonify(problem=problem or next((text for _id, text in form.problems()), "")), status
    return render(reference, status, problem=problem, reply_form=form)

"""Merging a ticket with another, after a look at both; setting one aside as unwanted; and the way back from either."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField

from helpdesk.db import db, utc_now
from helpdesk.errors import IllegalMove, NotAllowed, NotFound
from helpdesk.forms import AtMost, Form, tidy
from helpdesk.models import Agent
from helpdesk.tickets.lifecycle import LIVE
from helpdesk.tickets.order import merging
from helpdesk.tickets.order import unwanted as setting_aside
from helpdesk.tickets.queries import TicketPage, ticket_page
from helpdesk.tickets.references import read_reference
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.shown import read_shown
from helpdesk.workspace.ticket_forms import ActForm
from helpdesk.workspace.ticket_page import back, not_there, render

bp = Blueprint("merging", __name__, url_prefix="/agent/demandes/<reference>")
bp.register_error_handler(NotFound, not_there)
UNWANTED = "unwanted"  # what is flashed is the number of a ticket just set aside; base.html offers the way back


class OtherForm(Form):
    """With which ticket."""

    avec = StringField(_("Numéro de l’autre demande"), [AtMost(60)], filters=[tidy], id="avec")


class MergeForm(Form):
    """Which of the two goes on; and that the persons may know of each other, where they are two."""

    other = StringField(filters=[tidy])
    kept = SelectField(validate_choice=False)
    family = BooleanField(_("C’est la même personne, ou la même famille"), id="famille")


@bp.get("/fusion")
@login_required
def show(reference: str) -> ResponseReturnValue:
    """The person's other live tickets to choose from; once one is chosen, both side by side."""
    return _page(reference, request.args.get("avec", "")[:60], MergeForm(formdata=None))


@bp.post("/fusion")
@login_required
def merge(reference: str) -> ResponseReturnValue:
    """Merge the two; goes on to the one that is kept."""
    form, agent = MergeForm(), signed_in_agent()
    other = read_reference(form.said("other")) or ""
    if not form.validate():
        return _page(reference, other, form, 422)
    gone, kept = (other, reference) if form.kept.data != other else (reference, other)
    try:
        if gone == other:
            ticket_page(agent, reference)  # not there: said as such, whichever is kept
        _merge(agent, reference, gone, kept, same_family=bool(form.family.data))
    except (IllegalMove, NotAllowed) as error:
        return _page(reference, other, form, 409, str(error))
    flash(gettext("%(gone)s est fusionnée dans %(kept)s.", gone=gone, kept=kept))
    return back(kept)


@bp.post("/fusion/defaire")
@login_required
def undo(reference: str) -> ResponseReturnValue:
    """Undo the merge with the ticket that the button names."""
    other = read_reference(request.form.get("other", "")[:60]) or ""
    return _do(
        reference,
        gettext("Fusion défaite : les deux demandes sont comme avant."),
        lambda agent: merging.unmerge(agent, reference, other, utc_now()),
    )


@bp.post("/indesirable")
@login_required
def unwanted(reference: str) -> ResponseReturnValue:
    """Out of every list of work and every figure; from the list too, with the way back at hand."""
    return _do(
        reference,
        gettext("Demande classée comme indésirable."),
        lambda agent: setting_aside.mark_unwanted(agent, reference, utc_now()),
        on_the_list=(reference, UNWANTED),
    )


@bp.post("/pas-indesirable")
@login_required
def wanted(reference: str) -> ResponseReturnValue:
    """And back as it was."""
    return _do(
        reference,
        gettext("Demande reprise, comme elle était."),
        lambda agent: setting_aside.mark_wanted(agent, reference, utc_now()),
        on_the_list=(gettext("%(reference)s est de nouveau dans la liste.", reference=reference), "message"),
    )


def _merge(agent: Agent, reference: str, gone: str, kept: str, *, same_family: bool) -> None:
    """NotFound is for the ticket of the address; the other one is something that was typed."""
    try:
        merging.merge(agent, gone, kept, utc_now(), same_family=same_family)
    except NotFound:
        if gone == reference:
            raise
        raise NotAllowed(gettext("L’autre demande n’existe pas ou n’est pas dans vos services.")) from None


def _do(
    reference: str, done: str, work: Callable[[Agent], None], on_the_list: tuple[str, str] | None = None
) -> ResponseReturnValue:
    """Do it and go back: to the list where the button stood there, which says what is flashed, and how."""
    form = ActForm()
    if not form.validate():
        return render(reference, 422, act_form=form)
    try:
        work(signed_in_agent())
    except (IllegalMove, NotAllowed) as error:
        return render(reference, 409, problem=str(error))
    place = request.form.get("retour")
    if on_the_list is not None and place is not None:
        flash(*on_the_list)
        shown = read_shown(MultiDict(parse_qsl(place.partition("?")[2][:2000])))
        return redirect(shown.here(), 303)
    flash(done)
    return back(reference)


def _page(reference: str, typed: str, form: MergeForm, status: int = 200, problem: str = "") -> ResponseReturnValue:
    agent = signed_in_agent()
    db.session.rollback()
    page = ticket_page(agent, reference)
    other, problem = _other(agent, reference, typed, problem)
    if other is None and typed and status == 200:
        status = 422
    html = render_template(
        "workspace/order/merge.html",
        page=page,
        ticket=page.ticket,
        other=other,
        older=min((page.ticket, other.ticket), key=lambda one: one.received_at) if other else None,
        candidates=[each for each in page.others if each.status in LIVE],
        form=form,
        other_form=OtherForm(formdata=None, avec=typed),
        problem=problem,
        now=utc_now(),
        words=words,
        times=times,
    )
    return html, status


def _other(agent: Agent, reference: str, typed: str, problem: str) -> tuple[TicketPage | None, str]:
    """The ticket that was typed, or what is wrong with it."""
    if not typed:
        return None, problem
    number = read_reference(typed)
    if number is None:
        return None, problem or gettext("Ce numéro n’est pas complet. Il est en haut de la page de la demande.")
    if number == reference:
        return None, problem or gettext("Une demande ne se fusionne pas avec elle-même.")
    try:
        return ticket_page(agent, number), problem
    except NotFound:
        return None, problem or gettext(
            "La demande %(number)s n’existe pas ou n’est pas dans vos services.", number=number
        )

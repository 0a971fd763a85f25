"""Acts on many requests: ticked in the queue, shown on a page of their own, done, and undone for ten minutes."""

import secrets
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from helpdesk.db import db, utc_now
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.forms import Button
from helpdesk.models import Agent, Tag, Ticket
from helpdesk.tickets.bulk import doing, orders, undoing
from helpdesk.tickets.bulk.kinds import AT_MOST, UNDO, BulkKind, PartState
from helpdesk.tickets.bulk.orders import Order
from helpdesk.tickets.queries import other_services
from helpdesk.workspace import times, words
from helpdesk.workspace.auth import login_required, signed_in_agent
from helpdesk.workspace.order.bulk_forms import ASKS, DONE_LABELS, KIND_LABELS, BulkForm, chosen_in, order_in
from helpdesk.workspace.ticket_forms import by_academy
from helpdesk.workspace.ticket_page import not_there

bp = Blueprint("bulk", __name__, url_prefix="/agent/lot")
bp.register_error_handler(NotFound, not_there)

_ONE = "/<id:bulk_id>"


@bp.post("")
@login_required
def choose() -> ResponseReturnValue:
    """What would be done, to which and not to which; asks first for what the act needs. Nothing is done yet."""
    form = BulkForm()
    first = not form.previewed.data  # from the queue, which had no field to fill in
    return _preview(form, ours=form.validate(), first=first)


@bp.post("/faire")
@login_required
def do() -> ResponseReturnValue:
    """Do it, and show what was done."""
    form, agent = BulkForm(), signed_in_agent()
    ours, versions = form.validate(), chosen_in(request.form.getlist("chosen"))
    if not ours or not 0 < len(versions) <= AT_MOST:
        return _preview(form, ours=ours)
    order = order_in(form, _offered(form, orders.chosen(agent, versions)))
    if order is None or len(form.said("token")) != 32:
        return _preview(form, ours=ours)
    try:
        bulk_id = doing.do(agent, form.said("token"), order, versions, utc_now())
    except Changed as error:
        return _preview(form, ours=True, problem=str(error))
    return redirect(url_for(".show", bulk_id=bulk_id), 303)


@bp.get(_ONE)
@login_required
def show(bulk_id: int) -> ResponseReturnValue:
    """What was done and what not, and the button that undoes it."""
    return _result(bulk_id)


@bp.post(f"{_ONE}/annuler")
@login_required
def undo(bulk_id: int) -> ResponseReturnValue:
    """Put back what nobody has touched since."""
    if not Button().validate():
        return render_template("workspace/order/bulk_stale.html", bulk_id=bulk_id), 422
    try:
        undoing.undo(signed_in_agent(), bulk_id, utc_now())
    except IllegalMove as error:
        return _result(bulk_id, 409, str(error))
    flash(gettext("Action annulée."))
    return redirect(url_for(".show", bulk_id=bulk_id), 303)


def _preview(form: BulkForm, *, ours: bool, first: bool = False, problem: str = "") -> ResponseReturnValue:
    agent, now = signed_in_agent(), utc_now()
    ids = chosen_in(request.form.getlist("chosen"))
    if problem or not 0 < len(ids) <= AT_MOST:
        return _nothing(form, len(ids), problem)
    tickets = orders.chosen(agent, ids)
    if form.kind is None:
        return _nothing(form, len(ids), problem)
    offered = _offered(form, tickets)
    asked = ASKS.get(form.kind)
    order = None if first and asked else order_in(form, offered)
    why = orders.obstacles(db.session(), agent, tickets, order or Order(form.kind), now)
    form.token.data, form.previewed.data = secrets.token_hex(16), "1"
    html = render_template(
        "workspace/order/bulk.html",
        form=form,
        kind=form.kind,
        title=KIND_LABELS[form.kind],
        asked=asked,
        order=order,
        detail=_detail(order) if order else "",
        offered=offered,
        able=[ticket for ticket in tickets if order is None or ticket.id not in why],
        unable=[(ticket, why[ticket.id]) for ticket in tickets if ticket.id in why] if order else [],
        out_of_sight=len(ids) - len(tickets),
        taken_over=_taken_over(agent, tickets, why) if form.kind is BulkKind.MINE else 0,
        now=now,
        words=words,
        times=times,
    )
    refused = not ours or (order is None and not first)
    return html, 422 if refused else 200


def _nothing(form: BulkForm, count: int, problem: str) -> ResponseReturnValue:
    """There is nothing to preview; says what to do."""
    if count > AT_MOST:
        problem = gettext("Trop de demandes cochées : %(most)s au plus à la fois.", most=AT_MOST)
    elif not problem and not count:
        problem = gettext("Cochez d’abord des demandes dans la liste.")
    elif not problem:
        problem = gettext("Choisissez ce qu’il faut faire des demandes cochées.")
    return render_template("workspace/order/bulk_nothing.html", form=form, problem=problem), 422


def _offered(form: BulkForm, tickets: Sequence[Ticket]) -> list[Any]:
    """What the act lets choose from: (value, label), in groups of an académie for services."""
    agent = signed_in_agent()
    match form.kind:
        case BulkKind.GIVE:
            return [(str(each.id), each.name) for each in orders.colleagues(agent, tickets)]
        case BulkKind.TRANSFER:
            return by_academy(other_services(), tickets[0].service.academy)
        case BulkKind.TAG | BulkKind.UNTAG:
            found = orders.tags_for(tickets, there=form.kind is BulkKind.UNTAG)
            return [(str(tag.id), _tag_label(tag)) for tag in found]
    return []


def _tag_label(tag: Tag) -> str:
    return f"{tag.name} ({words.service_in_short(tag.service)})" if tag.service else tag.name


def _detail(order: Order) -> str:
    """What the act says, in words."""
    match order.kind:
        case BulkKind.GIVE:
            agent = db.session.get(Agent, order.to)
            return agent.name if agent else ""
        case BulkKind.TRANSFER:
            return f"{words.service_name(order.service)} – {order.reason}"
        case BulkKind.PRIORITY:
            return words.label(order.priority)
        case BulkKind.TAG | BulkKind.UNTAG:
            tag = db.session.get(Tag, order.tag)
            return tag.name if tag else ""
    return order.reason


def _taken_over(agent: Agent, tickets: Sequence[Ticket], why: dict[int, str]) -> int:
    return sum(each.assignee_id not in (None, agent.id) for each in tickets if each.id not in why)


def _result(bulk_id: int, status: int = 200, problem: str = "") -> ResponseReturnValue:
    act, now = doing.act_of(signed_in_agent(), bulk_id), utc_now()
    by_state = {state: [part for part in act.parts if part.state is state] for state in PartState}
    html = render_template(
        "workspace/order/bulk_done.html",
        act=act,
        title=DONE_LABELS[act.kind],
        detail=_detail(Order.kept(act.said)),
        parts=by_state,
        seen=doing.in_sight(signed_in_agent(), act),
        undo_until=act.at + UNDO,
        can_undo=act.undone_at is None and now < act.at + UNDO and bool(by_state[PartState.DONE]),
        problem=problem,
        button=Button(formdata=None),
        words=words,
    )
    return html, status

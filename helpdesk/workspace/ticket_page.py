"""Drawing the page of one ticket: its forms as they were typed, or fresh ones."""

from contextlib import suppress
from datetime import datetime

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from helpdesk.db import Unavailable, db, utc_now
from helpdesk.errors import NotFound
from helpdesk.forms import Form
from helpdesk.intake.incoming import mails_of
from helpdesk.knowledge.ranking import Hit
from helpdesk.knowledge.search import search
from helpdesk.models import Agent, Hold, Ticket
from helpdesk.routing.directory import school_of
from helpdesk.tickets import canned, drafts, history, holds, telling
from helpdesk.tickets.lifecycle import Act, may
from helpdesk.tickets.meanwhile import events_since
from helpdesk.tickets.order.alike import alike
from helpdesk.tickets.order.links import links_of
from helpdesk.tickets.queries import TicketPage, moved_away_by, page_of, ticket_of
from helpdesk.vocabulary import Audience, Readers
from helpdesk.workspace import events, times, words
from helpdesk.workspace.auth import TYPED, look_again, seen_at_a_glance, signed_in_agent
from helpdesk.workspace.calls.reach import reach_of
from helpdesk.workspace.ticket_forms import (
    ActForm,
    CloseForm,
    NoteForm,
    PriorityForm,
    ReplyForm,
    ResendForm,
    TransferForm,
    by_academy,
    by_likelihood,
)


def render(
    reference: str, status: int = 200, *, problem: str = "", since: ReplyForm | None = None, **refused: Form
) -> ResponseReturnValue:
    """The ticket's page; a refused form comes back as it was typed, the others are fresh. What came after the page on
    which `since` was typed is marked.
    """
    agent, now = signed_in_agent(), utc_now()
    ticket = ticket_of(agent, reference)
    hold = _hold(agent, ticket, now)
    _read(agent, ticket, now)
    page = page_of(agent, ticket)
    draft = drafts.of(db.session(), agent, ticket)
    reach = reach_of(ticket)
    forms: dict[str, Form] = {
        "promise_form": reach.form,
        "reply_form": ReplyForm(formdata=None, text=draft.text if draft else ""),
        "note_form": NoteForm(formdata=None),
        "resend_form": ResendForm(formdata=None, address=ticket.sender_email),
        "move_form": TransferForm(formdata=None),
        "close_form": CloseForm(formdata=None),
        "priority_form": PriorityForm(formdata=None, priority=ticket.priority),
        "act_form": ActForm(formdata=None),
        **refused,
    }
    new_since, told = (since.seen_id, since.told_id) if since else (None, None)
    forms["reply_form"]["seen"].data = page.last_seen  # what came meanwhile is on this page now
    forms["reply_form"]["told"].data = page.last_event
    forms["act_form"]["holder"].data = ticket.assignee_id or ""
    html = render_template(
        "workspace/ticket.html",
        page=page,
        ticket=ticket,
        agent=agent,
        problem=problem,
        refused=next(iter(refused.values()), None),
        new_since=new_since,
        meanwhile=events_since(db.session(), ticket, agent, told) if told is not None else (),
        acts={act: page.withdrawal is None and may(ticket.status, act) for act in Act},
        services=by_academy(page.services, ticket.service.academy),
        likely=by_likelihood(page),
        now=now,
        listed_school=school_of(ticket.school_uai),
        mails=mails_of(page.messages),
        linked=list(dict.fromkeys(event.data["to"] for event in page.events if event.kind == history.LINKED)),
        ties=links_of(agent, ticket),
        same=alike(agent, ticket),
        hold=hold,
        reach=reach,
        draft=draft,
        models=canned.for_service(ticket.service_id),
        articles=_articles(page),
        words=words,
        events=events,
        times=times,
        **forms,
    )
    return html, status


def not_there(error: NotFound) -> ResponseReturnValue:
    """In words, without leaving the agents' pages, and with what was typed. What the agent has just sent elsewhere is
    told as done: a second click comes too late, not wrong.
    """
    db.session.rollback()
    reference = (request.view_args or {}).get("reference", "")
    slug = moved_away_by(signed_in_agent(), reference) if request.method == "POST" else None
    if slug is not None:
        name = words.service_name(slug)
        flash(_("C’est déjà fait : vous avez envoyé %(reference)s à « %(name)s ».", reference=reference, name=name))
        return redirect(url_for("queue.show"), 303)
    typed = [value for name in TYPED if (value := request.form.get(name))]
    return render_template("workspace/not_found.html", text=str(error), typed=typed), 404


def back(reference: str) -> ResponseReturnValue:
    """To the ticket's page, after something was done there."""
    return redirect(url_for("ticket.show", reference=reference), 303)


def _read(agent: Agent, ticket: Ticket, now: datetime) -> None:
    """What is new on the ticket for this agent is so no more. Most often nothing is new on any."""
    if seen_at_a_glance().news:
        with suppress(Unavailable):
            telling.read(agent, ticket, now)
        look_again()


def _hold(agent: Agent, ticket: Ticket, now: datetime) -> Hold | None:
    """Say that this agent is on the ticket; returns the colleague's hold if one was there before. A database that
    cannot write now still shows the page.
    """
    if not may(ticket.status, Act.REPLY):
        return None
    present = holds.present(db.session(), ticket, now)
    if present is not None and present.agent_id != agent.id:
        return present
    if present is None or present.until < now + holds.LEASE / 2:  # each view of a page need not write
        with suppress(Unavailable):
            return holds.keep(agent, ticket.reference, now)
    return None


def _articles(page: TicketPage) -> tuple[Hit, ...]:
    """Entries of the FAQ that fit what was asked; for families what is written for them."""
    ticket = page.ticket
    if not page.messages or not may(ticket.status, Act.REPLY):
        return ()
    readers = tuple(Readers) if ticket.audience is Audience.ENSEIGNANT else (Readers.FAMILIES,)
    return search(f"{ticket.subject}\n{page.messages[0].text}", readers).hits

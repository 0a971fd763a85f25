"""Each proposal of answers and what comes of it. A figure that cannot be written is left out: it hinders nobody.

A visitor is the keyed hash of a day (`readers/visits`): what one browser does on a page that is kept, without cookie
and without an id in the address, is known to be theirs for that day only.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec

import structlog
from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from helpdesk.db import Unavailable, db, forgettable, transaction
from helpdesk.errors import Changed
from helpdesk.knowledge.deflection.traces import search_key, shown_words
from helpdesk.models import Article, Missed, Proposal, Proposed
from helpdesk.vocabulary import Outcome, Place

log = structlog.get_logger()
P = ParamSpec("P")
MOST = 60  # proposals of one visitor and day that are counted: beyond, it is a program
LASTS = timedelta(days=1)  # after this no page of the proposal is open any more


def _lightly(verb: Callable[P, None]) -> Callable[P, None]:
    """Readers wait for no figure, and none of its errors is theirs."""

    @wraps(verb)
    def noted(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            verb(*args, **kwargs)
        except (Unavailable, Changed, SQLAlchemyError) as error:
            db.session.rollback()
            log.warning("figure not written", error=type(error).__name__)

    return noted


def new_token() -> str:
    """Drawn with the proposal; says nothing."""
    return secrets.token_urlsafe(12)


@_lightly
def propose(
    token: str,
    place: Place,
    slugs: Sequence[str],
    *,
    visitor: str,
    contact: str = "",
    control: bool = False,
    now: datetime,
) -> None:
    """Note that these entries were shown (`control`: would have been). The same token again adds to it."""
    with transaction() as session:
        forgettable(session)
        proposal = session.scalar(select(Proposal).where(Proposal.token == token, Proposal.visitor == visitor))
        if proposal is None:
            if _is_too_much(session, Proposal.visitor == visitor, Proposal.at > now - LASTS):
                return
            proposal = Proposal(token=token, place=place, control=control, visitor=visitor, at=now)
            session.add(proposal)
            session.flush()
        proposal.contact = contact or proposal.contact
        there = set(session.scalars(select(Proposed.article_id).where(Proposed.proposal_id == proposal.id)))
        ids = session.scalars(select(Article.id).where(Article.slug.in_(slugs), Article.published))
        session.add_all(Proposed(proposal_id=proposal.id, article_id=one) for one in ids if one not in there)


@_lightly
def opened(token: str, slug: str, now: datetime) -> None:
    """Note that the visitor looked at one of the entries."""
    with transaction() as session:
        forgettable(session)
        article = select(Article.id).where(Article.slug == slug).scalar_subquery()
        row = update(Proposed).where(Proposed.proposal_id.in_(_of(token, now)), Proposed.article_id == article)
        session.execute(row.values(opened=True))


@_lightly
def judged(visitor: str, article_id: int, useful: bool, now: datetime) -> None:
    """Note the vote of a visitor on an entry that a proposal led to today. « Oui » says that it is solved."""
    with transaction() as session:
        forgettable(session)
        mine = select(Proposal.id).where(Proposal.visitor == visitor, Proposal.at > now - LASTS)
        read = (Proposed.article_id == article_id, Proposed.opened)
        session.execute(update(Proposed).where(Proposed.proposal_id.in_(mine), *read).values(useful=useful))
        theirs = exists().where(Proposed.proposal_id == Proposal.id, *read)
        voted = update(Proposal).where(Proposal.id.in_(mine), theirs)
        if useful:
            session.execute(voted.where(Proposal.outcome.is_(None)).values(outcome=Outcome.SOLVED))
        else:
            session.execute(voted.where(Proposal.outcome == Outcome.SOLVED).values(outcome=None))


@_lightly
def solved(token: str, now: datetime) -> None:
    """Note that the visitor says so; a request sent all the same outweighs it."""
    with transaction() as session:
        forgettable(session)
        session.execute(
            update(Proposal)
            .where(Proposal.id.in_(_of(token, now)), Proposal.outcome.is_(None))
            .values(outcome=Outcome.SOLVED)
        )


@_lightly
def sent(token: str, visitor: str, now: datetime) -> None:
    """Note a request: sent with the proposal of this token in view, and come back after the others of the day."""
    with transaction() as session:
        forgettable(session)
        here = update(Proposal).where(Proposal.id.in_(_of(token, now)))
        session.execute(here.values(outcome=Outcome.SENT))
        others = update(Proposal).where(Proposal.visitor == visitor, Proposal.at > now - LASTS)
        unsent = or_(Proposal.outcome.is_(None), Proposal.outcome == Outcome.SOLVED)
        session.execute(others.where(Proposal.token != token, unsent).values(outcome=Outcome.RETURNED))


@_lightly
def missed(query: str, fillers: frozenset[str], visitor: str, now: datetime) -> None:
    """Note a search that found nothing, once a visitor and day."""
    words = shown_words(query)
    key = search_key(words, fillers)
    if not key:
        return
    with transaction() as session:
        forgettable(session)
        if _is_too_much(session, Missed.visitor == visitor, Missed.at > now - LASTS):
            return
        session.execute(delete(Missed).where(Missed.key == key, Missed.visitor == visitor))
        session.add(Missed(key=key, words=words, visitor=visitor, at=now))


def _of(token: str, now: datetime) -> Select[int]:
    return select(Proposal.id).where(Proposal.token == token, Proposal.at > now - LASTS)


def _is_too_much(session: Session, *which: ColumnElement[bool]) -> bool:
    return (session.scalar(select(func.count()).where(*which)) or 0) >= MOST

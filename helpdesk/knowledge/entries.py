"""What editors see: lists of entries by where they stand, one entry with all that belongs to it, its versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import HelpdeskError, NotFound
from helpdesk.knowledge import moves
from helpdesk.knowledge.articles import hold_edition, raise_edition
from helpdesk.knowledge.editors import check, edits
from helpdesk.knowledge.moves import record
from helpdesk.models import Agent, Article, ArticleEvent, ArticleVersion, Draft, Section, Translation
from helpdesk.text import fold
from helpdesk.vocabulary import DraftState

PAGE = 50


class View(StrEnum):
    """A list of entries; the value is its address."""

    PUBLISHED = "publiees"
    WRITING = "brouillons"
    IN_REVIEW = "a-relire"
    SCHEDULED = "programmees"
    DUE = "a-revoir"
    BEHIND = "a-traduire"
    ARCHIVED = "archivees"


@dataclass(frozen=True)
class EntryList:
    """One page of a list; `following` is the number of the next page, None at the end."""

    articles: Sequence[Article]
    drafts: Mapping[int, Sequence[Draft]]
    counts: Mapping[View, int]
    following: int | None


@dataclass(frozen=True)
class EntryPage:
    """One entry: what readers see, what is being written, what was said before, and every move."""

    article: Article
    drafts: Sequence[Draft]
    translations: Sequence[Translation]
    versions: Sequence[ArticleVersion]
    moves: Sequence[ArticleEvent]
    linked_from: Sequence[Article]


def entry_list(agent: Agent, view: View, today: date, *, words: str = "", page: int = 1) -> EntryList:
    """The entries of a view whose question holds all of `words`, accents aside."""
    wanted = [fold(word) for word in words.split()]
    query = select(Article.id, Article.question).join(Article.section).where(edits(agent), _within(view, today))
    order = (Article.review_on, Article.id) if view is View.DUE else (Section.position, Article.position, Article.id)
    rows = db.session.execute(query.order_by(*order)).all()
    ids = [number for number, question in rows if all(word in fold(question) for word in wanted)]
    shown = ids[(page - 1) * PAGE : page * PAGE]
    whole = select(Article).where(Article.id.in_(shown)).options(joinedload(Article.section), joinedload(Article.owner))
    articles = {article.id: article for article in db.session.scalars(whole)}
    drafts: dict[int, list[Draft]] = {}
    for draft in db.session.scalars(select(Draft).where(Draft.article_id.in_(shown)).order_by(Draft.id)):
        drafts.setdefault(draft.article_id, []).append(draft)
    counts = {each: _count(agent, each, today) for each in View}
    following = page + 1 if len(ids) > page * PAGE else None
    return EntryList([articles[number] for number in shown], drafts, counts, following)


def entry(agent: Agent, article_id: int) -> EntryPage:
    """Everything about one entry, the latest version and move first."""
    query = select(Article).where(Article.id == article_id, edits(agent))
    article = db.session.scalar(query.options(joinedload(Article.section), joinedload(Article.owner)))
    if article is None:
        raise NotFound("Cette fiche n’existe pas, ou ne vous est pas ouverte.")
    mine = {"article_id": article_id}
    versions = select(ArticleVersion).filter_by(**mine).order_by(ArticleVersion.number.desc())
    people = (joinedload(ArticleVersion.author), joinedload(ArticleVersion.reviewer))
    history = select(ArticleEvent).filter_by(**mine).options(joinedload(ArticleEvent.agent))
    links = or_(
        Article.answer.contains(f"(fiche:{article.slug}"), Article.answer.contains(f"/questions/{article.slug}")
    )
    return EntryPage(
        article,
        db.session.scalars(select(Draft).filter_by(**mine).options(joinedload(Draft.author)).order_by(Draft.id)).all(),
        db.session.scalars(select(Translation).filter_by(**mine)).all(),
        db.session.scalars(versions.options(*people)).all(),
        db.session.scalars(history.order_by(ArticleEvent.at.desc(), ArticleEvent.id.desc())).all(),
        db.session.scalars(select(Article).where(links, Article.published, Article.id != article_id).limit(20)).all(),
    )


def version(agent: Agent, article_id: int, number: int) -> ArticleVersion:
    """One version of an entry, in whatever language."""
    query = select(ArticleVersion).where(edits(agent)).filter_by(article_id=article_id, number=number)
    people = (
        joinedload(ArticleVersion.author),
        joinedload(ArticleVersion.reviewer),
        joinedload(ArticleVersion.section),
    )
    found = db.session.scalar(query.options(*people))
    if found is None:
        raise NotFound("Cette version n’existe pas, ou ne vous est pas ouverte.")
    return found


def sections(agent: Agent) -> Sequence[Section]:
    """The headings, in their order."""
    return db.session.scalars(select(Section).where(edits(agent)).order_by(Section.position, Section.id)).all()


def follow(
    agent: Agent,
    article_id: int,
    owner: str,
    review_on: date | None,
    reason: str,
    now: datetime,
    *,
    rank: int | None = None,
) -> None:
    """Who looks after the entry (a mail address, empty for nobody), when it is to be read again, and its place among
    the questions asked most, until figures tell.

    Raises HelpdeskError for an owner who may not edit.
    """
    with transaction() as session:
        check(session, edits(agent))
        hold_edition(session)  # before any entry, as all who change the FAQ
        article = session.scalar(select(Article).where(Article.id == article_id).with_for_update())
        if article is None:
            raise NotFound("Cette fiche n’existe pas, ou ne vous est pas ouverte.")
        found = session.scalar(select(Agent).where(Agent.email == owner.strip().casefold(), Agent.active))
        if owner.strip() and (found is None or not session.scalar(select(edits(found)))):
            raise HelpdeskError(f"« {owner.strip()} » n’est pas dans l’équipe de la FAQ.")
        article.owner, article.review_on, article.review_told_on = found, review_on, None
        if article.rank != rank:
            article.rank = rank
            raise_edition(session)  # the home page changes
        record(session, article, moves.FOLLOWED, agent, now, number=article.number, reason=reason)


def due(today: date) -> ColumnElement[bool]:
    """Entries that readers see and that are to be read again."""
    return and_(Article.published, Article.review_on <= today)


def _within(view: View, today: date) -> ColumnElement[bool]:
    if view is View.PUBLISHED:
        return Article.published.is_(True)
    if view is View.DUE:
        return due(today)
    if view is View.ARCHIVED:
        return and_(Article.published.is_(False), Article.number > 0)
    if view is View.BEHIND:
        late = Translation.of_number < Article.number
        return and_(Article.published, exists().where(Translation.article_id == Article.id, late))
    state = {
        View.WRITING: DraftState.WRITING,
        View.IN_REVIEW: DraftState.IN_REVIEW,
        View.SCHEDULED: DraftState.SCHEDULED,
    }[view]
    return exists().where(Draft.article_id == Article.id, Draft.state == state)


def _count(agent: Agent, view: View, today: date) -> int:
    query = select(func.count()).select_from(Article).where(edits(agent), _within(view, today))
    return db.session.scalar(query) or 0

"""Lists of answers for readers: those asked most, those changed last."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.knowledge.deflection.results import entry_counts
from helpdesk.models import Article, Section
from helpdesk.vocabulary import Readers

OVER = timedelta(days=90)
ENOUGH = 30  # openings of all entries together, before figures choose instead of editors


def most_asked(readers: Collection[Readers], now: datetime, limit: int = 6) -> Sequence[Article]:
    """By what visitors opened after a search or in the form up to last week, and found useful. Before there are figures
    of it, those that editors gave a rank, in its order.
    """
    counted = entry_counts((now - OVER).date(), late=False)  # a home page that is made anew must not wait
    counts = {article: seen for (article, control), seen in counted.items() if not control}
    if sum(seen["opened"] for seen in counts.values()) < ENOUGH:
        ranked = _published(readers).where(Article.rank.is_not(None))
        return db.session.scalars(ranked.order_by(Article.rank, Article.id).limit(limit)).all()
    weights = {article: seen["opened"] + seen["useful"] - seen["useless"] for article, seen in counts.items()}
    best = sorted((article for article in weights if weights[article] > 0), key=lambda one: (-weights[one], one))
    shown = db.session.scalars(_published(readers).where(Article.id.in_(best[: 4 * limit])))
    return sorted(shown, key=lambda article: (-weights[article.id], article.id))[:limit]


def changed_last(readers: Collection[Readers], *, section: str = "", limit: int = 30) -> Sequence[Article]:
    """Published entries, the latest change first; of one section by its address, or of all."""
    query = _published(readers).order_by(Article.changed_at.desc(), Article.id.desc()).limit(limit)
    return db.session.scalars(query.where(Section.slug == section) if section else query).all()


def _published(readers: Collection[Readers]) -> Select[Article]:
    query = select(Article).join(Article.section).options(joinedload(Article.section))
    return query.where(Article.published, Article.readers.in_(readers))

"""Whether answers help: one vote a visitor, a day and an entry; the last word counts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Integer, cast, func, select, update
from sqlalchemy.dialects.postgresql import insert as insert_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_sqlite

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.knowledge.editors import check, edits
from helpdesk.knowledge.readers.figures import Share, share
from helpdesk.knowledge.readers.visits import Shown
from helpdesk.models import Agent, Article, Vote
from helpdesk.privacy.impersonal import impersonal
from helpdesk.vocabulary import VoteReason

VISITORS_FOR = timedelta(days=2)  # a day and its night, wherever it is counted
WORDS_FOR = timedelta(days=365)
LONGEST_WORDS = 300  # a mark may be longer than what it stands for
LATEST_WORDS = 100


@dataclass(frozen=True)
class Opinion:
    """What readers said of one entry: votes, why it did not help, and for how many."""

    article: Article
    useful: Share
    reasons: Mapping[VoteReason, int]
    words: Sequence[Vote]


def vote(shown: Shown, visitor: str, useful: bool, now: datetime) -> int:
    """Count the vote, or change what this visitor said of the entry today; returns its id. Raises NotFound."""
    with transaction() as session:
        if not session.scalar(select(Article.published).where(Article.id == shown.article_id)):
            raise NotFound("Cette réponse n’existe pas, ou n’est plus publiée.")
        values = {"useful": useful, "number": shown.number, "language": shown.language, "at": now}
        insert = insert_sqlite if session.get_bind().dialect.name == "sqlite" else insert_postgresql
        row = insert(Vote).values(article_id=shown.article_id, visitor=visitor, words="", **values)
        # Who says « oui » after « non » takes the reason back with it.
        changed = values | ({"reason": None, "words": ""} if useful else {})
        query = row.on_conflict_do_update(index_elements=["article_id", "visitor"], set_=changed).returning(Vote.id)
        return int(session.scalars(query).one())


def explain(vote_id: int, reason: VoteReason | None, words: str) -> None:
    """Say why an answer did not help. The words lose what is personal in them before they are kept."""
    kept = impersonal(words[:LONGEST_WORDS]).text[:500]
    with transaction() as session:
        changed = update(Vote).where(Vote.id == vote_id, Vote.useful.is_(False)).values(reason=reason, words=kept)
        session.execute(changed)


def article_of(vote_id: int) -> tuple[Article, bool]:
    """The entry that was voted on, and whether it helped. Raises NotFound."""
    row = db.session.execute(
        select(Article, Vote.useful).join(Article, Article.id == Vote.article_id).where(Vote.id == vote_id)
    ).one_or_none()
    if row is None:
        raise NotFound("Cette page n’existe pas.")
    return row.Article, row.useful


def opinions(agent: Agent, since: datetime) -> list[Opinion]:
    """Of the entries that were voted on since then, those first that surely helped the least."""
    check(db.session(), edits(agent))
    lately = Vote.at >= since
    helped = func.sum(cast(Vote.useful, Integer)).label("helped")
    counts = select(Vote.article_id, helped, func.count().label("all")).where(lately).group_by(Vote.article_id)
    counted = {row.article_id: share(row.helped, row.all) for row in db.session.execute(counts)}
    reasons = (
        select(Vote.article_id, Vote.reason, func.count().label("times"))
        .where(lately, Vote.reason.is_not(None))
        .group_by(Vote.article_id, Vote.reason)
    )
    why: dict[int, dict[VoteReason, int]] = {}
    for article_id, reason, times in db.session.execute(reasons):
        if reason:
            why.setdefault(article_id, {})[reason] = times
    said: dict[int, list[Vote]] = {}
    with_words = select(Vote).where(lately, Vote.words != "").order_by(Vote.at.desc(), Vote.id.desc())
    for one in db.session.scalars(with_words.limit(LATEST_WORDS)):
        said.setdefault(one.article_id, []).append(one)
    articles = db.session.scalars(select(Article).where(Article.id.in_(counted)))
    found = [Opinion(each, counted[each.id], why.get(each.id, {}), said.get(each.id, [])) for each in articles]
    return sorted(found, key=lambda one: (one.useful.high, one.useful.value, one.article.id))


def forget_visitors(now: datetime) -> int:
    """Make the votes of past days nobody's, and drop the words of past years; returns how many became nobody's."""
    with transaction() as session:
        old = update(Vote).where(Vote.visitor.is_not(None), Vote.at < now - VISITORS_FOR).values(visitor=None)
        forgotten = session.scalars(old.returning(Vote.id)).all()
        session.execute(update(Vote).where(Vote.words != "", Vote.at < now - WORDS_FOR).values(words=""))
        return len(forgotten)

"""From review to readers: published at once or at a date, archived. Each time the edition rises with it."""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.knowledge import moves
from helpdesk.knowledge.articles import hold_edition, keep_version, next_number, raise_edition
from helpdesk.knowledge.drafts import FRENCH, locked_draft
from helpdesk.knowledge.editors import check, reviews
from helpdesk.knowledge.fitness import Unfit, unfit
from helpdesk.knowledge.moves import record
from helpdesk.models import Agent, Article, ArticleVersion, Draft, Translation
from helpdesk.vocabulary import DraftState

REVIEWED_AFTER = timedelta(days=365)  # where nobody said a date
AT_ONCE = 50


def approve(
    agent: Agent,
    draft_id: int,
    reason: str,
    *,
    revision: int,
    over: int,
    at: datetime | None,
    four_eyes: bool,
    site: str,
    now: datetime,
) -> None:
    """Publish what is in review, or set the date for it. `over` is the version that readers saw when the reviewer
    looked. With `four_eyes`, NotAllowed to who wrote in it.
    """
    with transaction() as session:
        check(session, reviews(agent))
        hold_edition(session)
        draft = locked_draft(session, agent, draft_id, revision)
        if draft.state is not DraftState.IN_REVIEW:
            raise IllegalMove("Cette version n’attend pas de relecture.")
        if four_eyes and agent.id in draft.writers:
            raise NotAllowed("Vous avez écrit dans cette version : une autre personne la relit et la publie.")
        if draft.article.number != over:
            raise Changed("La fiche publiée a changé entre-temps. Comparez de nouveau avant de publier.")
        if problems := unfit(session, draft, site):
            raise Unfit(problems)
        draft.reviewer_id, draft.revision = agent.id, revision + 1
        if at is None or at <= now:
            _publish(session, draft, agent, reason, now)
            return
        draft.state, draft.publish_at = DraftState.SCHEDULED, at
        record(session, draft.article, moves.SCHEDULED, agent, now, language=draft.language, reason=reason)


def publish_due(site: str, now: datetime) -> int:
    """Publish what has reached its date; returns how many that were. What has lost a link since goes back to review,
    with the reason in its history.
    """
    waiting = select(Draft.id).where(Draft.state == DraftState.SCHEDULED, Draft.publish_at <= now)
    ids = db.session.scalars(waiting.order_by(Draft.publish_at, Draft.id).limit(AT_ONCE)).all()
    return sum(_publish_one(draft_id, site, now) for draft_id in ids)


def archive(agent: Agent, article_id: int, reason: str, *, over: int, now: datetime) -> None:
    """Take an entry away from readers. Its versions stay; a new version brings it back."""
    with transaction() as session:
        check(session, reviews(agent))
        hold_edition(session)
        article = session.scalar(select(Article).where(Article.id == article_id).with_for_update())
        if article is None:
            raise NotFound("Cette fiche n’existe pas.")
        if not article.published:
            raise IllegalMove("Cette fiche n’est pas publiée.")
        if article.number != over:
            raise Changed("La fiche a changé entre-temps. La voici telle qu’elle est maintenant.")
        article.published, article.archived_at, article.changed_at = False, now, now
        record(session, article, moves.ARCHIVED, agent, now, number=article.number, reason=reason)
        raise_edition(session)


def _publish_one(draft_id: int, site: str, now: datetime) -> bool:
    with transaction() as session:
        hold_edition(session)
        due = select(Draft).where(Draft.id == draft_id, Draft.state == DraftState.SCHEDULED, Draft.publish_at <= now)
        draft = session.scalar(due.with_for_update(skip_locked=True))
        if draft is None:
            return False
        if problems := unfit(session, draft, site):
            draft.state, draft.publish_at, draft.revision = DraftState.IN_REVIEW, None, draft.revision + 1
            why = " ".join(problems)[:500]
            record(session, draft.article, moves.SENT_BACK, None, now, language=draft.language, reason=why)
            return False
        _publish(session, draft, None, "", now)
        return True


def _publish(session: Session, draft: Draft, agent: Agent | None, reason: str, now: datetime) -> None:
    article = session.get_one(Article, draft.article_id, with_for_update=True)
    number = next_number(session, article)
    if draft.language == FRENCH:
        _publish_french(session, draft, article, number, now)
    else:
        _publish_translation(session, draft, article, number, now)
    record(session, article, moves.PUBLISHED, agent, now, language=draft.language, number=number, reason=reason)
    session.delete(draft)
    raise_edition(session)


def _publish_french(session: Session, draft: Draft, article: Article, number: int, now: datetime) -> None:
    same = (article.question, article.answer, article.spoken) == (draft.question, draft.answer, draft.spoken)
    if same:  # only what stands around the words has changed: translations are as true as before
        for translation in session.scalars(select(Translation).filter_by(article_id=article.id)):
            translation.of_number = number if translation.of_number == article.number else translation.of_number
    if article.section_id != draft.section_id or article.number == 0:
        last = select(func.max(Article.position)).where(Article.section_id == draft.section_id)
        article.position = (session.scalar(last) or 0) + 1
    article.section_id, article.readers, article.topics = draft.section_id, draft.readers, draft.topics
    article.question, article.answer, article.spoken = draft.question, draft.answer, draft.spoken
    article.published, article.archived_at, article.number, article.changed_at = True, None, number, now
    article.owner_id = article.owner_id or draft.author_id
    if article.review_on is None or article.review_on <= now.date():
        article.review_on, article.review_told_on = (now + REVIEWED_AFTER).date(), None
    keep_version(session, article, "", now, author_id=draft.author_id, reviewer_id=draft.reviewer_id)


def _publish_translation(session: Session, draft: Draft, article: Article, number: int, now: datetime) -> None:
    said = {"question": draft.question, "answer": draft.answer, "spoken": draft.spoken}
    key = {"article_id": article.id, "language": draft.language}
    session.merge(Translation(**key, **said, number=number, of_number=draft.based_on, changed_at=now))
    people = {"author_id": draft.author_id, "reviewer_id": draft.reviewer_id}
    session.add(ArticleVersion(**key, **said, **people, number=number, origin="", at=now))

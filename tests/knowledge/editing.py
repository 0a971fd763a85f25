"""An entry of the FAQ written, sent to review and approved, as editors do."""

from sqlalchemy import select

from helpdesk.db import db
from helpdesk.knowledge import drafts, publishing
from helpdesk.knowledge.drafts import Written
from helpdesk.models import Agent, Article, Draft
from helpdesk.vocabulary import Readers
from tests.application import MONDAY, later

SITE = "http://127.0.0.1:8000"
TODAY = MONDAY.date()
WORDS = Written("Comment changer de mot de passe ?", "Par **SMS**.", "Par SMS.", Readers.FAMILIES, "comptes")


def draft(draft_id: int) -> Draft:
    db.session.rollback()
    return db.session.get_one(Draft, draft_id)


def article(slug: str) -> Article:
    db.session.rollback()
    return db.session.scalars(select(Article).where(Article.slug == slug)).one()


def submit(agent: Agent, draft_id: int) -> None:
    drafts.submit(agent, draft_id, "à relire", revision=draft(draft_id).revision, site=SITE, now=MONDAY)


def approve(agent: Agent, draft_id: int, *, days: int = 0, four_eyes: bool = True, reason: str = "") -> None:
    row = draft(draft_id)
    publishing.approve(
        agent,
        draft_id,
        reason,
        revision=row.revision,
        over=row.article.number,
        at=later(days=days) if days else None,
        four_eyes=four_eyes,
        site=SITE,
        now=MONDAY,
    )


def written(answer: str, **changes: str) -> Written:
    return Written("Mon numéro a changé : à qui le dire ?", answer, section="comptes", **changes)  # type: ignore[arg-type]


def change(editor: Agent, reviewer: Agent, answer: str, slug: str = "telephone") -> None:
    """A new version of an entry, all the way to readers."""
    draft_id = drafts.start(editor, article(slug).id, "fr", MONDAY)
    drafts.save(editor, draft_id, written(answer), revision=0, now=MONDAY)
    submit(editor, draft_id)
    approve(reviewer, draft_id)

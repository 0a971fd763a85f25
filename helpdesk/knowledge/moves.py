"""The history of an entry of the FAQ: every move adds one row, written here and nowhere else."""

from datetime import datetime

from sqlalchemy.orm import Session

from helpdesk.models import Agent, Article, ArticleEvent

STARTED = "started"
SUBMITTED = "submitted"
SENT_BACK = "sent-back"
SCHEDULED = "scheduled"
PUBLISHED = "published"
DISCARDED = "discarded"
RESTORED = "restored"
ARCHIVED = "archived"
IMPORTED = "imported"
KEPT = "kept"
WITHDRAWN = "withdrawn"
FROM_TICKET = "from-ticket"
FOLLOWED = "followed"


def record(
    session: Session,
    article: Article,
    kind: str,
    agent: Agent | None,
    now: datetime,
    *,
    language: str = "fr",
    number: int | None = None,
    reason: str = "",
) -> None:
    """Add a move, inside the transaction that makes it. `number` is the version it is about."""
    session.flush()  # the move needs the id
    session.add(
        ArticleEvent(
            article_id=article.id,
            kind=kind,
            agent_id=agent.id if agent else None,
            at=now,
            language=language,
            number=number,
            reason=reason,
        )
    )

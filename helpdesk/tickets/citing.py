"""Which articles of the FAQ an answer sends along: counted by the links in its text, whoever put them there."""

import re
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models import Article, ArticleUse, Message

_LINK = re.compile(r"https?://[^\s<>]{1,300}?/questions/([a-z0-9-]{1,160})(?![\w-])")


def cite(session: Session, message: Message, now: datetime) -> None:
    """Add a row for each article that the agent's answer links to, once however often it does."""
    slugs = set(_LINK.findall(message.text))
    if slugs and message.agent_id is not None:
        for article_id in session.scalars(select(Article.id).where(Article.slug.in_(slugs))):
            use = {"ticket_id": message.ticket_id, "message_id": message.id, "agent_id": message.agent_id}
            session.add(ArticleUse(article_id=article_id, at=now, **use))

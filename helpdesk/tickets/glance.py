"""What every page tells an agent beside its own matter: one statement, built once, for it is asked all day long."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, select

from helpdesk.db import UtcDateTime, db
from helpdesk.models import Agent
from helpdesk.tickets.access import WHOEVER
from helpdesk.tickets.calls.listing import owed_now
from helpdesk.tickets.taking_back import some_leaving
from helpdesk.tickets.telling import news


@dataclass(frozen=True)
class Glance:
    """How many notes and watched tickets are new, how many calls are owed now, and whether an answer of the agent may
    still be taken back.
    """

    news: int
    calls: int
    leaving: bool


def glance(agent: Agent, now: datetime) -> Glance:
    """That of an agent."""
    return Glance(*db.session.execute(_statement(), {"agent": agent.id, "now": now}).one())


@cache
def _statement() -> Select[int, int, bool]:
    now = bindparam("now", type_=UtcDateTime())
    return select(news(WHOEVER), owed_now(WHOEVER, now), some_leaving(WHOEVER, now))

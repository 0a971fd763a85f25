"""How the telephone fares: what administrators are told of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.intake.phone.voice.refused import refusals
from helpdesk.intake.phone.voice.states import RecordingState
from helpdesk.models import Call, Recording

DAYS = 7


@dataclass(frozen=True)
class PhoneHealth:
    """Of the last DAYS days. `errors`: codes of the provider → calls. `missing` recordings are late or lost."""

    calls: int
    errors: dict[str, int]
    refused: int
    missing: int


def phone_health(now: datetime) -> PhoneHealth:
    """As the database tells it; the provider is not asked."""
    since = now - timedelta(days=DAYS)
    number = db.session.scalar(select(func.count()).where(Call.started_at > since)) or 0
    failed = (
        select(Call.error, func.count().label("number"))
        .where(Call.started_at > since, Call.error != "")
        .group_by(Call.error)
    )
    late = (Recording.state == RecordingState.PENDING) & (Recording.attempts > 1)
    lost = (Recording.state == RecordingState.REFUSED) & (Recording.due > since)
    missing = db.session.scalar(select(func.count()).where(late | lost))
    errors = {row.error: row.number for row in db.session.execute(failed)}
    return PhoneHealth(number, errors, sum(refusals(now, DAYS).values()), missing or 0)

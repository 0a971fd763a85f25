"""How many requests the door of the telephone refused: forgeries, and settings that do not fit."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from helpdesk.db import db, transaction
from helpdesk.models import PhoneRefusal


def count_refusal(why: str, now: datetime) -> None:
    """One more today. Raises Unavailable where it cannot be written."""
    row = update(PhoneRefusal).where(PhoneRefusal.day == now.date(), PhoneRefusal.why == why)
    more = row.values(number=PhoneRefusal.number + 1).returning(PhoneRefusal.number)
    try:
        with transaction(lasting=False) as session:
            if session.scalar(more) is None:
                session.add(PhoneRefusal(day=now.date(), why=why, number=1))
    except IntegrityError:  # the first two of a day in the same moment
        with transaction() as session:
            session.execute(more)


def refusals(now: datetime, days: int) -> Mapping[str, int]:
    """Why → how many in the last days, today included."""
    since = now.date() - timedelta(days=days - 1)
    rows = db.session.execute(
        select(PhoneRefusal.why, func.sum(PhoneRefusal.number))
        .where(PhoneRefusal.day >= since)
        .group_by(PhoneRefusal.why)
    )
    return {why: int(number) for why, number in rows}

"""What proposals were worth, for the editors of the FAQ: the sums of past days with the rows of the last ones."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from helpdesk.db import db
from helpdesk.knowledge.deflection.rolling import SEEN_BY, sums_by_entry, sums_by_place
from helpdesk.knowledge.editors import check, edits
from helpdesk.knowledge.entries import due
from helpdesk.knowledge.readers.figures import Share, share
from helpdesk.models import Agent, Article, Missed, ProposalDay, ProposedDay, Ticket
from helpdesk.vocabulary import Place

LISTED = 50
TOPICS_OVER = timedelta(days=30)
MANY_TICKETS = 10


@dataclass(frozen=True)
class EntryResult:
    """One entry: how often proposed, then of these opened, judged useful (of the votes), followed by a request.

    `control`: requests of those to whom it was not shown although it fitted.
    """

    article: Article
    shown: int
    opened: Share
    useful: Share
    followed: Share
    control: Share


@dataclass(frozen=True)
class PlaceResult:
    """One place: of the proposals, after which somebody said that it was solved, sent a request, came back by another
    way. `control`: requests and returns of those who were shown nothing; of nothing in a search, which shows all.
    """

    place: Place
    solved: Share
    sent: Share
    returned: Share
    control: Share

    @property
    def followed(self) -> Share:
        """Sent or came back: what the control is compared with."""
        return share(self.sent.part + self.returned.part, self.sent.whole)

    @property
    def spares(self) -> bool:
        """Whether requests are surely fewer than without proposals: the intervals do not meet."""
        return bool(self.control.whole) and self.followed.high < self.control.low


@dataclass(frozen=True)
class MissedSearch:
    """Searches that said the same and found nothing: the words of the latest, visitors and days, the last day."""

    words: str
    times: int
    last: datetime


@dataclass(frozen=True)
class Lack:
    """A topic of many requests that no published entry is about."""

    topic: str
    tickets: int


@dataclass(frozen=True)
class Results:
    """All that the page shows."""

    places: Sequence[PlaceResult]
    entries: Sequence[EntryResult]
    missed: Sequence[MissedSearch]
    lacks: Sequence[Lack]
    due: Sequence[Article]


def results(agent: Agent, since: date, now: datetime) -> Results:
    """Of the days since then. Raises NotFound to who does not edit."""
    check(db.session(), edits(agent))
    return Results(_places(since), _entries(since), _missed(), _lacks(now), _due(now.date()))


def entry_counts(since: date, *, late: bool = True) -> dict[tuple[int, bool], Counter[str]]:
    """(id of an article, control) → shown, opened, useful, useless, followed since that day. Not `late`: without the
    last seven days, whose many rows take longer to count.
    """
    names = ("shown", "opened", "useful", "useless", "followed")
    past = select(
        ProposedDay.article_id, ProposedDay.control, *(func.sum(getattr(ProposedDay, n)).label(n) for n in names)
    ).where(ProposedDay.day >= since)
    rows = [
        *db.session.execute(past.group_by(ProposedDay.article_id, ProposedDay.control)),
        *(db.session.execute(sums_by_entry()) if late else ()),
    ]
    return _added(((row.article_id, row.control), row, names) for row in rows)


def _places(since: date) -> list[PlaceResult]:
    names = ("shown", "solved", "sent", "returned")
    past = select(
        ProposalDay.place, ProposalDay.control, *(func.sum(getattr(ProposalDay, n)).label(n) for n in names)
    ).where(ProposalDay.day >= since)
    rows = [
        *db.session.execute(past.group_by(ProposalDay.place, ProposalDay.control)),
        *db.session.execute(sums_by_place()),
    ]
    counts: Mapping[Any, Counter[str]] = _added(((row.place, row.control), row, names) for row in rows)
    found = []
    for place in Place:
        seen, control = counts.get((place, False), Counter()), counts.get((place, True), Counter())
        if seen or control:
            solved, sent, returned = (share(seen[name], seen["shown"]) for name in names[1:])
            without = share(control["sent"] + control["returned"], control["shown"])
            found.append(PlaceResult(place, solved, sent, returned, without))
    return found


def _entries(since: date) -> list[EntryResult]:
    """Those shown most first."""
    counts = entry_counts(since)
    articles = db.session.scalars(select(Article).where(Article.id.in_({article for article, _control in counts})))
    found = []
    for article in articles:
        seen, control = counts.get((article.id, False), Counter()), counts.get((article.id, True), Counter())
        shown = seen["shown"]
        found.append(
            EntryResult(
                article,
                shown,
                share(seen["opened"], shown),
                share(seen["useful"], seen["useful"] + seen["useless"]),
                share(seen["followed"], shown),
                share(control["followed"], control["shown"]),
            )
        )
    return sorted(found, key=lambda one: (-one.shown, one.article.id))


def _missed() -> list[MissedSearch]:
    """What several visitors looked for in vain: words that fewer used might be about one person."""
    groups = (
        select(func.max(Missed.id).label("latest"), func.count().label("times"), func.max(Missed.at).label("last"))
        .group_by(Missed.key)
        .having(func.count() >= SEEN_BY)
        .order_by(func.count().desc(), func.max(Missed.id).desc())
        .limit(LISTED)
        .subquery()
    )
    query = select(Missed.words, groups.c.times, Missed.at).join(groups, groups.c.latest == Missed.id)
    rows = db.session.execute(query.order_by(groups.c.times.desc(), Missed.id.desc()))
    return [MissedSearch(row.words, row.times, row.at) for row in rows]


def _lacks(now: datetime) -> list[Lack]:
    told = {
        topic
        for topics in db.session.scalars(select(Article.topics).where(Article.published))
        for topic in topics.split()
    }
    counts = (
        select(Ticket.topic, func.count().label("tickets"))
        .where(Ticket.received_at >= now - TOPICS_OVER, Ticket.topic.is_not(None))
        .group_by(Ticket.topic)
        .having(func.count() >= MANY_TICKETS)
        .order_by(func.count().desc())
    )
    return [Lack(row.topic, row.tickets) for row in db.session.execute(counts) if row.topic and row.topic not in told]


def _due(today: date) -> Sequence[Article]:
    query = select(Article).where(due(today)).options(joinedload(Article.owner))
    return db.session.scalars(query.order_by(Article.review_on, Article.id).limit(LISTED)).all()


def _added(rows: Iterable[tuple[Any, Any, Sequence[str]]]) -> dict[Any, Counter[str]]:
    counts: dict[Any, Counter[str]] = {}
    for key, row, names in rows:
        counts.setdefault(key, Counter()).update({name: int(getattr(row, name) or 0) for name in names})
    return counts

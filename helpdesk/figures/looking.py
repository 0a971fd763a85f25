"""The figures that a supervisor may see: those of the services that the agent supervises, and no others.

What is kept is read by its index, in as many rows as there are days or months; the events that are not counted yet, as
a rule those of the last minute or two, are counted on the way and added.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, String, and_, func, literal_column, or_, select
from sqlalchemy.orm import Session

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.figures.counting import Counts, services_now
from helpdesk.figures.keeping import counted_to, counts_between
from helpdesk.figures.measures import MEASURES
from helpdesk.figures.periods import ALL, DAY, Period
from helpdesk.models import Agent, Event, Service, figure
from helpdesk.tickets.access import sight_of, supervised_by

_ALL = literal_column(f"'{ALL}'", String)  # written out, so that the index of these rows is seen to hold them
_AT_MOST = 5_000  # events that a page counts by itself; more are left to the duty, and the page says so


class By(StrEnum):
    """What the figures are split up by. The value is in the address."""

    SERVICE = "service"
    TOPIC = "sujet"
    CHANNEL = "canal"
    ACADEMY = "academie"


@dataclass(frozen=True)
class Wanted:
    """Which figures: what is empty does not narrow. `academy` is that of the services, "-" of the national ones."""

    period: Period
    by: By = By.SERVICE
    service: str = ""
    topic: str = ""
    channel: str = ""
    academy: str = ""


Measured = Mapping[str, int]


@dataclass(frozen=True)
class Figures:
    """`before` is the period before, all together. `steps` are days or months of the period, with what was measured;
    `lines` are by key: a slug, a channel, the code of an académie ("-" for national services). `behind`: not all that
    happened is counted yet.
    """

    total: Measured
    before: Measured
    steps: Sequence[tuple[date, Measured]]
    lines: Sequence[tuple[str, Measured]]
    behind: bool


def services_seen_by(agent: Agent) -> Sequence[Service]:
    """The services whose figures the agent may see, by name. Raises NotFound for who supervises none."""
    sight = sight_of(db.session(), agent)
    if not sight.supervised:
        raise NotFound("Cette page est pour les superviseurs.")
    query = select(Service) if sight.national else select(Service).where(supervised_by(agent))
    return db.session.scalars(query.order_by(Service.name, Service.id)).all()


def figures_for(agent: Agent, wanted: Wanted) -> Figures:
    """Raises NotFound for a service that the agent does not supervise, and for who supervises none."""
    seen = services_seen_by(agent)
    if wanted.service and wanted.service not in {service.slug for service in seen}:
        raise NotFound("Ce service n’existe pas ou vous n’en êtes pas superviseur.")
    chosen = [service for service in seen if _fits(service, wanted)]
    session = db.session()
    fresh, behind = _fresh(session)
    look = _Look(session, wanted, {service.id: service for service in chosen}, fresh)
    period = wanted.period
    steps = look.added(period, figure.c.first_day, lambda cell: cell[1])
    by_step: dict[date, Counter[str]] = {step: Counter() for step in period.steps()}
    for day, measured in steps.items():
        by_step[period.step(day)].update(measured)
    lines = look.lines(period)
    return Figures(
        total=_sum(lines.values()),
        before=_sum(look.added(period.before(), figure.c.grain, lambda _cell: DAY).values()),
        steps=list(by_step.items()),
        lines=list(lines.items()),
        behind=behind,
    )


def _fits(service: Service, wanted: Wanted) -> bool:
    right = not wanted.service or service.slug == wanted.service
    return right and (not wanted.academy or (service.academy or "-") == wanted.academy)


def _fresh(session: Session) -> tuple[Counts, bool]:
    """What happened since the last count, and whether there is more of it than a page counts."""
    after = counted_to(session)
    last = session.scalar(select(func.max(Event.id))) or 0
    upto = min(last, after + _AT_MOST)
    return counts_between(session, services_now(session), after, upto) if upto > after else {}, upto < last


Cell = tuple[int, date, str, str]
Key = TypeVar("Key", int, date, str)


@dataclass(frozen=True)
class _Look:
    """Kept and fresh figures of some services, as they are wanted."""

    session: Session
    wanted: Wanted
    services: Mapping[int, Service]
    fresh: Counts

    def lines(self, period: Period) -> dict[str, Counter[str]]:
        """By the key of each line."""
        if self.wanted.by is By.TOPIC:
            return self.added(period, figure.c.topic, lambda cell: cell[2])
        if self.wanted.by is By.CHANNEL:
            return self.added(period, figure.c.channel, lambda cell: cell[3])
        found: dict[str, Counter[str]] = {}
        for number, measured in self.added(period, figure.c.service_id, lambda cell: cell[0]).items():
            service = self.services[number]
            key = service.slug if self.wanted.by is By.SERVICE else service.academy or "-"
            found.setdefault(key, Counter()).update(measured)
        return found

    def added(self, period: Period, column: Column[Key], key_of: Callable[[Cell], Key]) -> dict[Key, Counter[str]]:
        """What was measured, by the values of a column."""
        sums = [func.sum(figure.c[name]) for name in MEASURES]
        found: dict[Key, Counter[str]] = {}
        split = column.name in (figure.c.topic.name, figure.c.channel.name)
        kept = select(column, *sums).where(self._kept(period, split)).group_by(column)
        for key, *measured in self.session.execute(kept):
            found[key] = Counter(dict(zip(MEASURES, measured, strict=True)))
        for cell, more in self.fresh.items():
            if cell[0] in self.services and period.first <= cell[1] <= period.last and self._narrowed(cell):
                found.setdefault(key_of(cell), Counter()).update(more)
        return found

    def _kept(self, period: Period, split: bool) -> ColumnElement[bool]:
        """The rows of the period, in the services, as far as they are wanted: those of all topics and channels
        together, unless one is wanted or they are to be split up.
        """
        apart = split or self.wanted.topic or self.wanted.channel
        days = (
            and_(figure.c.grain == each.grain, figure.c.first_day.between(each.first, each.last))
            for each in period.slices()
        )
        wanted = [
            figure.c.service_id.in_(self.services),
            or_(*days),
            figure.c.topic != _ALL if apart else figure.c.topic == _ALL,
        ]
        if self.wanted.topic:
            wanted.append(figure.c.topic == self.wanted.topic)
        if self.wanted.channel:
            wanted.append(figure.c.channel == self.wanted.channel)
        return and_(*wanted)

    def _narrowed(self, cell: Cell) -> bool:
        return cell[2] == (self.wanted.topic or cell[2]) and cell[3] == (self.wanted.channel or cell[3])


def _sum(every: Iterable[Counter[str]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for measured in every:
        total.update(measured)
    return total

"""Notices about incidents: which are shown where, and how supervisors keep them.

National supervisors keep those of any reach; supervisors of an académie those of theirs.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.models import Agent, Banner, BannerEvent, Edition, Membership, Service
from helpdesk.tickets.access import supervises_nationally
from helpdesk.vocabulary import BannerMove, Role

EDITION = "banners"
LATEST = 50


@dataclass(frozen=True)
class Notice:
    """What a supervisor writes. Without académies it is national; without topics it is about all of them."""

    text: str
    english: str
    academies: tuple[str, ...]
    topics: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Present:
    """The banners of a page, and when the next one will begin or end; None if none will."""

    shown: Sequence[Banner]
    until: datetime | None


def banners_for(academy: str | None, topics: Collection[str] | None, now: datetime) -> Present:
    """What readers, callers included, are told now. `academy` None: not known, so only what is national. `topics` None:
    the page is about no topic; a banner about some topics is not shown to who reads of others.
    """
    coming = select(Banner).where(or_(Banner.ends_at.is_(None), Banner.ends_at > now)).order_by(Banner.id.desc())
    known = [each for each in db.session.scalars(coming) if _reaches(each, academy, topics)]
    moments = [at for each in known for at in (each.starts_at, each.ends_at) if at and at > now]
    return Present([each for each in known if each.starts_at <= now], min(moments, default=None))


def keeps(agent: Agent) -> tuple[str | None, ...]:
    """Whose banners the agent keeps: None for the national ones (and all others with them), else codes of académies.
    Empty for who keeps none.
    """
    if db.session.scalar(select(supervises_nationally(agent))):
        return (None,)
    mine = (
        select(Service.academy)
        .join(Membership, Membership.service_id == Service.id)
        .where(Membership.agent_id == agent.id, Membership.role == Role.SUPERVISOR, Service.academy.is_not(None))
    )
    return tuple(db.session.scalars(mine.distinct().order_by(Service.academy)))


def banner_list(agent: Agent) -> Sequence[Banner]:
    """The agent's banners, latest first. Raises NotFound to who keeps none."""
    query = select(Banner).where(_kept_by(agent)).order_by(Banner.id.desc()).limit(LATEST)
    return db.session.scalars(query).all()


def banner_of(agent: Agent, banner_id: int) -> Banner:
    """One of the agent's banners. Raises NotFound."""
    return _own(db.session(), agent, banner_id)


def write(agent: Agent, banner_id: int | None, notice: Notice, *, revision: int, now: datetime) -> None:
    """Publish a new banner (sent twice it is one), or change one. `revision` is that of the page.

    Raises Changed if somebody was quicker, NotFound for a reach that is not the agent's.
    """
    with transaction() as session:
        if banner_id is None:
            publish(session, agent, notice, now)
            return
        _within_reach(agent, notice)
        banner = _own(session, agent, banner_id, lock=True)
        if banner.revision != revision:
            raise Changed("Quelqu’un vient de modifier ce bandeau. Votre texte est gardé : comparez-le au sien.")
        banner.revision += 1
        _say(banner, notice)
        _note(session, banner, BannerMove.CHANGED, agent, now)


def publish(session: Session, agent: Agent, notice: Notice, now: datetime) -> Banner:
    """The writing part of a new banner, for verbs that do more with it; what is told already is returned as it is.

    Raises NotFound for a reach that is not the agent's.
    """
    owned = _within_reach(agent, notice)
    known = _is_there(session, notice, now)
    if known is not None:
        return known
    banner = Banner(academy=owned[0], revision=0)
    session.add(banner)
    _say(banner, notice)
    _note(session, banner, BannerMove.WRITTEN, agent, now)
    return banner


def end(agent: Agent, banner_id: int, now: datetime) -> None:
    """Take a banner away now, before its time if need be. Raises IllegalMove if it has ended."""
    with transaction() as session:
        banner = _own(session, agent, banner_id, lock=True)
        if banner.ends_at and banner.ends_at <= now:
            raise IllegalMove("Ce bandeau est déjà fini.")
        take_away(session, banner, agent, now)


def take_away(session: Session, banner: Banner, agent: Agent, now: datetime) -> None:
    """The writing part of ending a banner, for verbs that end what it is about."""
    banner.ends_at, banner.revision = now, banner.revision + 1
    _note(session, banner, BannerMove.ENDED, agent, now)


def _within_reach(agent: Agent, notice: Notice) -> tuple[str | None, ...]:
    owned = keeps(agent)
    if not owned or (None not in owned and (not notice.academies or not set(notice.academies) <= set(owned))):
        raise NotFound("Vous ne pouvez prévenir que votre académie.")
    return owned


def _say(banner: Banner, notice: Notice) -> None:
    banner.text, banner.english = notice.text, notice.english
    banner.academies, banner.topics = " ".join(notice.academies), " ".join(notice.topics)
    banner.starts_at, banner.ends_at = notice.starts_at, notice.ends_at


def _reaches(banner: Banner, academy: str | None, topics: Collection[str] | None) -> bool:
    here = not banner.academies or academy in banner.academies.split()
    return here and (not banner.topics or topics is None or not set(topics).isdisjoint(banner.topics.split()))


def _kept_by(agent: Agent) -> ColumnElement[bool]:
    owned = keeps(agent)
    if not owned:
        raise NotFound("Cette page est pour les superviseurs.")
    return Banner.id.is_not(None) if None in owned else Banner.academy.in_(owned)


def _own(session: Session, agent: Agent, banner_id: int, *, lock: bool = False) -> Banner:
    query = select(Banner).where(Banner.id == banner_id, _kept_by(agent))
    banner = session.scalar(query.with_for_update() if lock else query)
    if banner is None:
        raise NotFound("Ce bandeau n’existe pas, ou n’est pas de votre académie.")
    return banner


def _is_there(session: Session, notice: Notice, now: datetime) -> Banner | None:
    """The banner that tells the same already. Edition's row makes two who press at once come one after the other."""
    _edition(session)
    same = select(Banner).where(
        Banner.text == notice.text,
        Banner.academies == " ".join(notice.academies),
        Banner.topics == " ".join(notice.topics),
        or_(Banner.ends_at.is_(None), Banner.ends_at > now),
    )
    return session.scalar(same.limit(1))


def _edition(session: Session) -> Edition:
    edition = session.get(Edition, EDITION, with_for_update=True)
    if edition is None:
        edition = Edition(name=EDITION, number=0)
        session.add(edition)
        session.flush()
    return edition


def _note(session: Session, banner: Banner, move: BannerMove, agent: Agent, now: datetime) -> None:
    """History, and the edition that makes every kept page stale."""
    _edition(session).number += 1
    session.flush()
    said = {"text": banner.text, "starts_at": banner.starts_at, "ends_at": banner.ends_at}
    session.add(BannerEvent(banner_id=banner.id, kind=move, agent_id=agent.id, at=now, **said))

"""Model answers: kept by supervisors for their service, by those of a national service for all, used by agents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, NotAllowed, NotFound
from helpdesk.models import Agent, Article, CannedAnswer, Service, Ticket
from helpdesk.routing.directory import school_of
from helpdesk.tickets import canned_text
from helpdesk.tickets.access import supervised_by, supervises, supervises_nationally

BEGINNING = 400  # characters of a text that are searched in a list


@dataclass(frozen=True)
class Offered:
    """A model answer in a list; `beginning` is that of its text."""

    id: int
    key: str
    title: str
    national: bool
    beginning: str


def for_service(service_id: int) -> Sequence[Offered]:
    """What can be inserted into answers of a service: its own model answers, then the national ones."""
    columns = (CannedAnswer.id, CannedAnswer.key, CannedAnswer.title, CannedAnswer.service_id.is_(None))
    query = select(*columns, func.substr(CannedAnswer.text, 1, BEGINNING)).where(_usable_in(service_id))
    rows = db.session.execute(query.order_by(CannedAnswer.service_id.is_(None), CannedAnswer.key))
    return [Offered(*row) for row in rows]


def filled(agent: Agent, ticket: Ticket, canned_id: int, base_url: str) -> str:
    """The text of a model answer for this ticket, its gaps shown. Raises NotFound if it is not there any more."""
    usable = select(CannedAnswer.text).where(CannedAnswer.id == canned_id, _usable_in(ticket.service_id))
    text = db.session.scalar(usable)
    if text is None:
        raise NotFound("Ce modèle n’existe plus.")
    return canned_text.fill(text, _values(agent, ticket, text, base_url))


def editable(agent: Agent) -> Sequence[CannedAnswer]:
    """All that the agent may change, archived ones last. Raises NotFound for who is no supervisor."""
    if not db.session.scalar(select(supervises(agent))):
        raise NotFound("Cette page est pour les superviseurs.")
    query = select(CannedAnswer).where(_may_edit(agent)).options(joinedload(CannedAnswer.service))
    order = (CannedAnswer.archived_at.is_not(None), CannedAnswer.service_id.is_(None), CannedAnswer.service_id)
    return db.session.scalars(query.order_by(*order, CannedAnswer.key)).all()


def one(agent: Agent, canned_id: int) -> CannedAnswer:
    """One that the agent may change. Raises NotFound."""
    return _one(db.session(), agent, canned_id)


def owners(agent: Agent) -> Sequence[Service | None]:
    """For whom the agent may keep model answers: services, and None for all. Raises NotFound if for nobody."""
    query = select(Service).where(Service.active, supervised_by(agent)).order_by(Service.academy, Service.name)
    found: list[Service | None] = [*db.session.scalars(query)]
    found += [None] * bool(db.session.scalar(select(supervises_nationally(agent))))
    if not found:
        raise NotFound("Cette page est pour les superviseurs.")
    return found


def save(
    agent: Agent,
    canned_id: int | None,
    owner: str,
    words: Mapping[str, str],
    *,
    revision: int,
    now: datetime,
) -> None:
    """Add a model answer, or change one: `words` are its key, title and text, `owner` is the slug of its service or ""
    for all. `revision` is the one that the page showed.

    Raises NotFound for what is not the agent's to keep, NotAllowed for a key in use, Changed when somebody else was
    faster.
    """
    with transaction() as session:
        found = _one(session, agent, canned_id, lock=True) if canned_id is not None else CannedAnswer(revision=0)
        if found.revision != (revision if canned_id is not None else 0):
            raise Changed("Quelqu’un vient de changer ce modèle : comparez avec le vôtre, puis enregistrez.")
        service = _owner(session, agent, owner)
        if found.archived_at is None:
            _key_is_free(session, words["key"], service.id if service else None, found.id)
        found.service, found.key, found.title, found.text = service, words["key"], words["title"], words["text"]
        found.revision, found.changed_by_id, found.changed_at = found.revision + 1, agent.id, now
        session.add(found)


def set_archived(agent: Agent, canned_id: int, archived: bool, now: datetime) -> None:
    """Take a model answer out of use, or back into it. Raises NotAllowed when its key is used by another meanwhile."""
    with transaction() as session:
        found = _one(session, agent, canned_id, lock=True)
        if not archived:
            _key_is_free(session, found.key, found.service_id, found.id)
        found.archived_at, found.changed_by_id, found.changed_at = (now if archived else None), agent.id, now
        found.revision += 1


def is_article(slug: str) -> bool:
    """Whether a published article of the FAQ has this address."""
    return db.session.scalar(select(Article.id).where(Article.slug == slug, Article.published)) is not None


def _values(agent: Agent, ticket: Ticket, text: str, base_url: str) -> dict[str, str]:
    school, service = school_of(ticket.school_uai), ticket.service
    values = {
        "nom": ticket.sender_name,
        "référence": ticket.reference,
        "sujet": ticket.subject,
        "établissement": school.name if school else ticket.school_name,
        "établissement-courriel": school.email if school else "",
        "établissement-téléphone": school.phone if school else "",
        "service": service.name,
        "service-courriel": service.email,
        "service-téléphone": service.phone,
        "agent": agent.name,
        "qualité": agent.title,
    }
    slugs = [name.removeprefix(canned_text.ARTICLE) for name in canned_text.named_in(text)]
    published = db.session.scalars(select(Article.slug).where(Article.slug.in_(slugs), Article.published))
    links = {f"{canned_text.ARTICLE}{slug}": f"{base_url}/questions/{slug}" for slug in published}
    return values | links


def _key_is_free(session: Session, key: str, service_id: int | None, but: int | None) -> None:
    same = (CannedAnswer.key == key) & CannedAnswer.archived_at.is_(None)
    owner = CannedAnswer.service_id.is_(None) if service_id is None else CannedAnswer.service_id == service_id
    if set(session.scalars(select(CannedAnswer.id).where(same, owner))) - {but}:
        raise NotAllowed(f"Le raccourci « {key} » est déjà pris.")


def _one(session: Session, agent: Agent, canned_id: int, *, lock: bool = False) -> CannedAnswer:
    query = select(CannedAnswer).where(CannedAnswer.id == canned_id, _may_edit(agent))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound("Ce modèle n’existe pas, ou n’est pas à vous.")
    return found


def _may_edit(agent: Agent) -> ColumnElement[bool]:
    own = CannedAnswer.service_id.in_(select(Service.id).where(supervised_by(agent)))
    return or_(own, CannedAnswer.service_id.is_(None) & supervises_nationally(agent))


def _usable_in(service_id: int) -> ColumnElement[bool]:
    here = or_(CannedAnswer.service_id == service_id, CannedAnswer.service_id.is_(None))
    return here & CannedAnswer.archived_at.is_(None)


def _owner(session: Session, agent: Agent, slug: str) -> Service | None:
    if not slug:
        if not session.scalar(select(supervises_nationally(agent))):
            raise NotFound("Les modèles nationaux sont tenus par les superviseurs d’un service national.")
        return None
    service = session.scalar(select(Service).where(Service.slug == slug, Service.active, supervised_by(agent)))
    if service is None:
        raise NotFound("Ce service n’existe pas ou vous n’en êtes pas superviseur.")
    return service

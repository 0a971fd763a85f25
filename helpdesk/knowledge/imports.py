"""Documents that were handed in and wait until somebody has looked at what they would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.knowledge import takeover
from helpdesk.knowledge.articles import stored_document
from helpdesk.knowledge.document import Document, document_of
from helpdesk.knowledge.editors import check, edits, reviews
from helpdesk.knowledge.importer import Imported
from helpdesk.knowledge.plan import Step
from helpdesk.knowledge.search import edition
from helpdesk.knowledge.takeover import ImportReport
from helpdesk.models import Agent, PendingImport
from helpdesk.text import one_line

KEPT = 5  # documents that wait; the oldest make way


@dataclass(frozen=True)
class Comparison:
    """A waiting document beside what readers see. `edition` is that of the FAQ it was compared with."""

    row: PendingImport
    steps: Sequence[Step]
    edition: int


def hand_in(agent: Agent, imported: Imported, name: str, now: datetime) -> int:
    """Keep a document that was read; returns its number. Nothing is published."""
    with transaction() as session:
        check(session, reviews(agent))
        rows = {"document": imported.document.as_rows(), "repairs": len(imported.repairs)}
        row = PendingImport(name=one_line(name, 200), agent_id=agent.id, at=now, **rows)
        session.add(row)
        session.flush()
        for old in session.scalars(select(PendingImport).order_by(PendingImport.id.desc()).offset(KEPT)):
            session.delete(old)
        return row.id


def waiting(agent: Agent) -> Sequence[PendingImport]:
    """The documents, the latest first."""
    query = select(PendingImport).where(reviews(agent)).options(joinedload(PendingImport.agent))
    return db.session.scalars(query.order_by(PendingImport.id.desc())).all()


def comparison(agent: Agent, import_id: int) -> Comparison:
    """What a document would change now."""
    row = db.session.scalar(select(PendingImport).where(PendingImport.id == import_id, reviews(agent)))
    if row is None:
        raise NotFound("Ce document n’attend plus : importez-le de nouveau.")
    return Comparison(row, takeover.look(document_of(row.document)), edition())


def confirm(agent: Agent, import_id: int, decided: Mapping[str, bool], *, seen: int, now: datetime) -> ImportReport:
    """Publish what was looked at.

    `decided` says of entries changed on both sides whether the document’s is taken, `seen`
    is the edition it was compared with. Raises Changed if that is not the present one.
    """
    found = comparison(agent, import_id)
    document = document_of(found.row.document)
    report = takeover.apply(document, found.row.name, now, agent=agent, decided=decided, edition=seen)
    forget(agent, import_id)
    return report


def forget(agent: Agent, import_id: int) -> None:
    """Give a document up."""
    with transaction() as session:
        row = session.scalar(select(PendingImport).where(PendingImport.id == import_id, reviews(agent)))
        if row is not None:
            session.delete(row)


def exported(agent: Agent | None = None) -> Document:
    """What readers see, as a document to be edited elsewhere. Without an agent, for the command line."""
    if agent is not None:
        check(db.session(), edits(agent))
    return stored_document(db.session())

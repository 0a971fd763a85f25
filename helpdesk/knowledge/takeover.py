"""Taking over a new edition of the Q&A document. What was edited here is never overwritten unasked."""

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import Changed
from helpdesk.knowledge import moves
from helpdesk.knowledge.articles import hold_edition, keep_version, next_number, raise_edition, stored_document
from helpdesk.knowledge.differences import Change, Kind, Placed
from helpdesk.knowledge.document import Document, Question, addressed, slug_of
from helpdesk.knowledge.document import Section as Part
from helpdesk.knowledge.moves import record
from helpdesk.knowledge.plan import Here, Step, Verdict, as_said, from_said, plan
from helpdesk.models import Agent, Article, ArticleVersion, Redirect, Section, Translation


@dataclass(frozen=True)
class ImportReport:
    """What an import changed for readers, entry by entry, and the number of the edition that stands afterwards.
    `waiting` was changed here and in the document: it stays as it is here until somebody decides.
    """

    changes: tuple[Change, ...]
    edition: int
    waiting: tuple[Change, ...] = ()


def look(document: Document) -> tuple[Step, ...]:
    """What an import would do, and what it would ask. Changes nothing."""
    return _plan(db.session(), document)


def apply(
    document: Document,
    origin: str,
    now: datetime,
    *,
    agent: Agent | None = None,
    decided: Mapping[str, bool] | None = None,
    edition: int | None = None,
) -> ImportReport:
    """Make the FAQ say what the document says; a second time changes nothing.

    A reworded entry keeps its address. What left the document is no longer published but stays, with all its versions.
    `origin` (a file's name) is kept with each version. `decided` tells of entries that were changed on both sides
    (address → take the document's). Raises Changed if `edition` is not that of the FAQ any more.
    """
    with transaction() as session:
        present = hold_edition(session).number
        if edition is not None and present != edition:
            raise Changed("La FAQ a changé pendant que vous regardiez ces différences. Les voici de nouveau.")
        steps = _plan(session, document)
        decisions = decided or {}
        taken = [step for step in steps if _is_taken(step, decisions)]
        left = {step.slug for step in steps} - {step.slug for step in taken}
        waiting = {step.slug for step in steps if step.verdict is Verdict.ASK} - decisions.keys()
        writer = _Writer(session, origin, now, agent)
        for step in taken:
            writer.move_address(step.change)
        complete = _with_kept_addresses(stored_document(session), document, [step.change for step in steps])
        for position, part in enumerate(complete.sections):
            writer.write_section(part, position, left)
        for step in taken:
            writer.note(step.change)
        for step in steps:
            if step.verdict is Verdict.ASK and decisions.get(step.slug) is False:
                writer.note_kept(step.change)
        writer.remember(complete, waiting)
        changes = tuple(step.change for step in taken)
        unasked = tuple(step.change for step in steps if step.slug in waiting)
        return ImportReport(changes, raise_edition(session) if taken else present, unasked)


def _is_taken(step: Step, decided: Mapping[str, bool]) -> bool:
    return step.verdict is Verdict.APPLY or (step.verdict is Verdict.ASK and decided.get(step.slug, False))


def _plan(session: Session, document: Document) -> tuple[Step, ...]:
    rows = session.scalars(select(Article).options(joinedload(Article.section))).all()
    named = {question.version for question in document.questions() if question.version}
    texts = _texts(session, named)
    here = {
        row.slug: Here(
            from_said(row.imported) if row.imported else None,
            hidden=not row.published and (row.archived_at is not None or row.number == 0),
            versions=texts.get(row.id),
        )
        for row in rows
    }
    return plan(stored_document(session), document, here)


def _texts(session: Session, numbers: Collection[int]) -> dict[int, dict[int, Placed]]:
    """id of an article → number → what that version said."""
    found: dict[int, dict[int, Placed]] = {}
    query = select(ArticleVersion).where(ArticleVersion.number.in_(numbers), ArticleVersion.language == "fr")
    for row in session.scalars(query.options(joinedload(ArticleVersion.section))) if numbers else ():
        if row.section and row.readers:
            said = Placed(row.section.title, Question(row.question, row.answer, row.readers))
            found.setdefault(row.article_id, {})[row.number] = said
    return found


class _Writer:
    """Brings rows in step with a document. Touches nothing that says the same already."""

    def __init__(self, session: Session, origin: str, now: datetime, agent: Agent | None) -> None:
        self._session, self._origin, self._now, self._agent = session, origin, now, agent
        self._sections = {section.slug: section for section in session.scalars(select(Section))}
        self._articles = {article.slug: article for article in session.scalars(select(Article))}

    def move_address(self, change: Change) -> None:
        """The former address of an entry leads to its new one, unless another entry takes it over."""
        if change.before is None or change.before.question.slug == change.slug or change.kind is Kind.GONE:
            return
        former = change.before.question.slug
        self._make_way(change.slug)
        article = self._articles[change.slug] = self._articles.pop(former)
        article.slug = change.slug
        self._session.merge(Redirect(slug=former, article_id=article.id))
        self._session.flush()

    def write_section(self, part: Part, position: int, left: Collection[str]) -> None:
        """The heading and its entries, without those that are left as they are."""
        section = self._sections.get(part.slug)
        if section is None:
            section = self._sections[part.slug] = Section(slug=part.slug)
            self._session.add(section)
        section.title, section.position = part.title, position
        for place, question in enumerate(part.questions):
            if question.slug not in left:
                self._write(question, section, place)

    def note(self, change: Change) -> None:
        """The move in the entry's history; what is gone is withdrawn."""
        article = self._articles[change.slug]
        if change.kind is Kind.GONE:
            article.published, article.changed_at = False, self._now
        kind = moves.WITHDRAWN if change.kind is Kind.GONE else moves.IMPORTED
        record(self._session, article, kind, self._agent, self._now, reason=self._origin, number=article.number)

    def note_kept(self, change: Change) -> None:
        """That somebody chose the entry here over the document's."""
        article = self._articles.get(change.before.question.slug if change.before else change.slug)
        if article is not None:
            record(self._session, article, moves.KEPT, self._agent, self._now, reason=self._origin)

    def remember(self, document: Document, waiting: Collection[str]) -> None:
        """What the document said, for the next import; not of what somebody has still to decide."""
        for part in document.sections:
            for question in part.questions:
                article = self._articles.get(question.slug)
                said = as_said(Placed(part.title, question))
                if article is not None and question.slug not in waiting and article.imported != said:
                    article.imported = said

    def _make_way(self, slug: str) -> None:
        """An address in use again leads nowhere else; a withdrawn entry that had it steps aside."""
        self._session.execute(delete(Redirect).where(Redirect.slug == slug))
        withdrawn = self._articles.pop(slug, None)
        if withdrawn is not None:
            withdrawn.slug = slug_of(slug, self._articles.keys() | {slug})
            self._articles[withdrawn.slug] = withdrawn
            self._session.flush()

    def _write(self, question: Question, section: Section, place: int) -> None:
        article = self._articles.get(question.slug)
        if article is None:
            self._make_way(question.slug)
            article = self._articles[question.slug] = Article(slug=question.slug, number=0, created_at=self._now)
            self._session.add(article)
        article.section, article.position, article.readers, article.published = section, place, question.audience, True
        article.archived_at = None
        if article.number == 0 or (article.question, article.answer) != (question.question, question.answer):
            article.question, article.answer = question.question, question.answer
            article.number = next_number(self._session, article) if article.id else 1
            article.changed_at = self._now
            if article.number == 1:
                self._bring(question, article)
            keep_version(self._session, article, self._origin, self._now)
            if article.number == 1:
                self._bring_translations(question, article)

    def _bring(self, question: Question, article: Article) -> None:
        """What stands beside the text, for an entry that is new here; later it is changed here alone."""
        article.topics, article.spoken, article.review_on = question.topics, question.spoken, question.review_on

    def _bring_translations(self, question: Question, article: Article) -> None:
        for number, each in enumerate(question.translations, start=article.number + 1):
            said = {"question": each.question, "answer": each.answer, "spoken": each.spoken}
            key = {"article_id": article.id, "language": each.language}
            of_number = article.number if each.current else 0
            self._session.merge(Translation(**key, **said, number=number, of_number=of_number, changed_at=self._now))
            self._session.add(ArticleVersion(**key, **said, number=number, origin=self._origin, at=self._now))


def _with_kept_addresses(stored: Document, document: Document, found: Iterable[Change]) -> Document:
    """The document with the address that each of its entries has from now on."""
    pending = deque((each.after, each.slug) for each in found if each.after)
    same = {(each.question, each.answer): each.slug for each in stored.questions()}

    def addressed_question(title: str, question: Question) -> Question:
        """Changes come in the order of the document; who is not the next of them is as it was stored."""
        if pending and pending[0][0] == Placed(title, replace(question, slug=pending[0][1])):
            return pending.popleft()[0].question
        return replace(question, slug=same[question.question, question.answer])

    return addressed(
        Document(
            tuple(
                replace(part, questions=tuple(addressed_question(part.title, each) for each in part.questions))
                for part in document.sections
            )
        )
    )

"""The FAQ as stored: what is published, and taking over a new edition of its document."""

from collections import deque
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import NotFound
from helpdesk.knowledge.differences import Change, Kind, Placed, changes
from helpdesk.knowledge.document import Document, Question, addressed, slug_of
from helpdesk.knowledge.document import Section as Part
from helpdesk.models import Article, ArticleVersion, Edition, Redirect, Section
from helpdesk.vocabulary import Readers

FAQ = "faq"


@dataclass(frozen=True)
class ShownSection:
    """A heading with those of its published articles that were asked for, in the order of the document."""

    slug: str
    title: str
    articles: Sequence[Article]


@dataclass(frozen=True)
class ImportReport:
    """What an import changed for readers, entry by entry, and the number of the edition that stands afterwards."""

    changes: tuple[Change, ...]
    edition: int


def published_sections(readers: Collection[Readers] = tuple(Readers)) -> list[ShownSection]:
    """What these readers may be shown; a section without any such article is left out."""
    articles = db.session.scalars(_published().where(Article.readers.in_(readers)))
    return [ShownSection(section.slug, section.title, shown) for section, shown in _by_section(articles).items()]


def article_by_slug(slug: str) -> Article:
    """A published article by its address, present or former: its own `slug` tells which. Raises NotFound."""
    article = db.session.scalar(_published().where(Article.slug == slug)) or db.session.scalar(
        _published().join(Redirect, Redirect.article_id == Article.id).where(Redirect.slug == slug)
    )
    if article is None:
        raise NotFound("Cette réponse n’existe pas, ou n’est plus publiée.")
    return article


def apply(document: Document, origin: str, now: datetime) -> ImportReport:
    """Make the FAQ say what the document says; a second time changes nothing.

    A reworded entry keeps its address. What left the document is no longer published but stays, with all its versions.
    `origin` (a file's name) is kept with each version.
    """
    with transaction() as session:
        stored = stored_document(session)
        found = changes(stored, document)
        writer = _Writer(session, origin, now)
        for change in found:
            writer.move_address(change)
        for position, part in enumerate(_with_kept_addresses(stored, document, found).sections):
            writer.write_section(part, position)
        for change in found:
            if change.kind is Kind.GONE:
                writer.withdraw(change.slug)
        return ImportReport(found, _edition(session, raised=bool(found)))


def stored_document(session: Session) -> Document:
    """What is published, as the value that imports compare with."""
    return Document(
        tuple(
            Part(
                section.title,
                tuple(Question(each.question, each.answer, each.readers, each.slug) for each in shown),
                section.slug,
            )
            for section, shown in _by_section(session.scalars(_published())).items()
        )
    )


class _Writer:
    """Brings rows in step with a document. Touches nothing that says the same already."""

    def __init__(self, session: Session, origin: str, now: datetime) -> None:
        self._session, self._origin, self._now = session, origin, now
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

    def write_section(self, part: Part, position: int) -> None:
        section = self._sections.get(part.slug)
        if section is None:
            section = self._sections[part.slug] = Section(slug=part.slug)
            self._session.add(section)
        section.title, section.position = part.title, position
        for place, question in enumerate(part.questions):
            self._write(question, section, place)

    def _make_way(self, slug: str) -> None:
        """An address in use again leads nowhere else; a withdrawn entry that had it steps aside."""
        self._session.execute(delete(Redirect).where(Redirect.slug == slug))
        withdrawn = self._articles.pop(slug, None)
        if withdrawn is not None:
            withdrawn.slug = slug_of(slug, self._articles.keys() | {slug})
            self._articles[withdrawn.slug] = withdrawn
            self._session.flush()

    def withdraw(self, slug: str) -> None:
        article = self._articles[slug]
        article.published, article.changed_at = False, self._now

    def _write(self, question: Question, section: Section, place: int) -> None:
        article = self._articles.get(question.slug)
        if article is None:
            self._make_way(question.slug)
            article = self._articles[question.slug] = Article(slug=question.slug, number=0, created_at=self._now)
            self._session.add(article)
        article.section, article.position, article.readers, article.published = section, place, question.audience, True
        if (article.question, article.answer) != (question.question, question.answer):
            article.question, article.answer = question.question, question.answer
            article.number, article.changed_at = article.number + 1, self._now
            self._session.flush()  # the version needs the id
            self._session.add(
                ArticleVersion(
                    article_id=article.id,
                    number=article.number,
                    question=article.question,
                    answer=article.answer,
                    origin=self._origin,
                    at=self._now,
                )
            )


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


def _edition(session: Session, *, raised: bool) -> int:
    """Raising it tells every process that what it holds of the FAQ is stale."""
    edition = session.get(Edition, FAQ, with_for_update=raised)
    if edition is None:
        edition = Edition(name=FAQ, number=0)
        session.add(edition)
    edition.number += raised
    return edition.number


def _published() -> Select[Article]:
    return (
        select(Article)
        .join(Article.section)
        .where(Article.published)
        .options(joinedload(Article.section))
        .order_by(Section.position, Article.position, Article.id)
    )


def _by_section(articles: Iterable[Article]) -> dict[Section, list[Article]]:
    grouped: dict[Section, list[Article]] = {}
    for article in articles:
        grouped.setdefault(article.section, []).append(article)
    return grouped

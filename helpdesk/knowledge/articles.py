"""The FAQ as stored: what is published, its versions, and the number of its edition."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db
from helpdesk.errors import NotFound
from helpdesk.knowledge.document import Document, Question, Translated
from helpdesk.knowledge.document import Section as Part
from helpdesk.models import Article, ArticleVersion, Edition, Redirect, Section, Translation
from helpdesk.vocabulary import Readers

FAQ = "faq"


@dataclass(frozen=True)
class ShownSection:
    """A heading with those of its published articles that were asked for, in the order of the document."""

    slug: str
    title: str
    articles: Sequence[Article]


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


def translation_of(article: Article, language: str) -> Translation | None:
    """What the article says in another language, if anybody has written it."""
    return db.session.get(Translation, (article.id, language))


def translated_questions(language: str) -> dict[int, str]:
    """id of each published article that has a translation → its question there."""
    query = select(Translation.article_id, Translation.question).join(Article, Article.id == Translation.article_id)
    rows = db.session.execute(query.where(Translation.language == language, Article.published))
    return {row.article_id: row.question for row in rows}


def is_behind(article: Article, translation: Translation) -> bool:
    """Whether the French has been changed since it was translated."""
    return translation.of_number < article.number


def stored_document(session: Session) -> Document:
    """What is published, with the numbers of its versions, as the value that imports compare with and exports write."""
    translations: dict[int, list[Translation]] = {}
    for one in session.scalars(select(Translation).order_by(Translation.article_id, Translation.language)):
        translations.setdefault(one.article_id, []).append(one)
    return Document(
        tuple(
            Part(
                section.title,
                tuple(_question(each, translations.get(each.id, ())) for each in shown),
                section.slug,
            )
            for section, shown in _by_section(session.scalars(_published())).items()
        )
    )


def _question(article: Article, translations: Iterable[Translation]) -> Question:
    return Question(
        article.question,
        article.answer,
        article.readers,
        article.slug,
        article.number,
        article.topics,
        article.spoken,
        article.review_on,
        tuple(
            Translated(each.language, each.question, each.answer, each.spoken, not is_behind(article, each))
            for each in translations
        ),
    )


def next_number(session: Session, article: Article) -> int:
    """Of the version that is to be kept now, whatever its language."""
    kept = select(func.max(ArticleVersion.number)).where(ArticleVersion.article_id == article.id)
    return max(article.number, session.scalar(kept) or 0) + 1


def keep_version(session: Session, article: Article, origin: str, now: datetime, **people: int | None) -> None:
    """Note what the article says now as its version `number`. `people` are `author_id` and `reviewer_id`."""
    session.flush()  # the version needs the id
    session.add(
        ArticleVersion(
            article_id=article.id,
            number=article.number,
            question=article.question,
            answer=article.answer,
            readers=article.readers,
            section_id=article.section_id,
            topics=article.topics,
            spoken=article.spoken,
            origin=origin,
            at=now,
            **people,
        )
    )


def hold_edition(session: Session) -> Edition:
    """The edition's row, held until the end: what changes the FAQ comes one after the other, and asks for it first."""
    edition = session.get(Edition, FAQ, with_for_update=True)
    if edition is None:
        edition = Edition(name=FAQ, number=0)
        session.add(edition)
        session.flush()
    return edition


def raise_edition(session: Session) -> int:
    """Tell every process that what it holds of the FAQ is stale; returns the new number."""
    edition = hold_edition(session)
    edition.number += 1
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

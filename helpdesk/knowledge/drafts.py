"""Writing the next version of an entry: begun, saved, sent to review, given up. Publishing it: `publishing`.

    writing ──submit──► in review ──approve──► published, or scheduled until its date
       ▲                    │                        │
       └──── send back, or any change of its words ◄─┘

What readers see stays as it is until then. All verbs take the agent and raise NotFound to who may not edit, Changed
when somebody else acted in between, IllegalMove for what cannot be done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.knowledge import moves
from helpdesk.knowledge.articles import hold_edition
from helpdesk.knowledge.document import slug_of
from helpdesk.knowledge.editors import check, edits
from helpdesk.knowledge.fitness import Unfit, unfit
from helpdesk.knowledge.moves import record
from helpdesk.knowledge.reviewed import lowered
from helpdesk.languages import LANGUAGES
from helpdesk.models import Agent, Article, ArticleEvent, ArticleVersion, Draft, Redirect, Section, Translation
from helpdesk.text import clean, one_line
from helpdesk.vocabulary import DraftState, Readers

FRENCH = LANGUAGES[0]


@dataclass(frozen=True)
class Written:
    """What an editor wrote. `section` is its slug, or `new_section` the title of one to add.

    Section, readers and topics (slugs) count in French alone.
    """

    question: str
    answer: str
    spoken: str = ""
    readers: Readers = Readers.FAMILIES
    section: str = ""
    new_section: str = ""
    topics: Sequence[str] = ()


def draft_of(agent: Agent, draft_id: int) -> Draft:
    """The draft, with its entry, section and people."""
    people = (joinedload(Draft.author), joinedload(Draft.reviewer), joinedload(Draft.section))
    query = select(Draft).where(Draft.id == draft_id, edits(agent)).options(*people, joinedload(Draft.article))
    return _found(db.session.scalar(query))


def create(agent: Agent, written: Written, now: datetime) -> int:
    """A new entry that no reader sees yet; returns the id of its draft."""
    with transaction() as session:
        check(session, edits(agent))
        hold_edition(session)
        return add_entry(session, agent, written, now)


def add_entry(
    session: Session, agent: Agent, written: Written, now: datetime, *, kind: str = moves.STARTED, reason: str = ""
) -> int:
    """For verbs of this room, inside their transaction, which holds the edition: the entry and its draft; returns the
    draft's id. Sent twice, it is one.
    """
    twin = _twin(session, agent, written)
    if twin is not None:
        return twin
    section = _section(session, written)
    article = Article(
        slug=_free_address(session, written.question),
        section=section,
        readers=written.readers,
        position=0,
        question=one_line(written.question, 500),
        answer="",
        published=False,
        number=0,
        owner=session.get_one(Agent, agent.id),
        created_at=now,
        changed_at=now,
    )
    session.add(article)
    draft = _new_draft(session, agent, article, FRENCH, now)
    _take(session, draft, written)
    record(session, article, kind, agent, now, reason=reason)
    session.flush()
    return draft.id


def start(agent: Agent, article_id: int, language: str, now: datetime, *, number: int | None = None) -> int:
    """A draft that says what readers see, or what version `number` said; returns its id. One that is under way is
    returned as it is, and never overwritten by a former version.
    """
    with transaction() as session:
        article = session.scalar(select(Article).where(Article.id == article_id, edits(agent)).with_for_update())
        if article is None or language not in LANGUAGES:
            raise NotFound("Cette fiche n’existe pas, ou ne vous est pas ouverte.")
        if language != FRENCH and not article.number:
            raise IllegalMove("Publiez d’abord la fiche en français : on traduit ce que les lecteurs voient.")
        under_way = session.scalar(select(Draft).where(Draft.article_id == article_id, Draft.language == language))
        if under_way is not None:
            if number is not None:
                raise IllegalMove("Une version est déjà en préparation : publiez-la ou abandonnez-la d’abord.")
            return under_way.id
        draft = _new_draft(session, agent, article, language, now)
        source = _source(session, article, language, number)
        draft.question, draft.answer, draft.spoken = source.question, source.answer, source.spoken
        if isinstance(source, Translation):
            draft.based_on = source.of_number
        if isinstance(source, ArticleVersion) and language == FRENCH:
            draft.topics, draft.readers = source.topics, source.readers or article.readers
            draft.section_id = source.section_id or article.section_id
        kind = moves.STARTED if number is None else moves.RESTORED
        record(session, article, kind, agent, now, language=language, number=number)
        session.flush()
        return draft.id


def save(
    agent: Agent, draft_id: int, written: Written, *, revision: int, now: datetime, based_on: int | None = None
) -> None:
    """Keep what was written, right or wrong. It is being written again, whatever its state was.

    `based_on` is the French version that a translator saw.
    """
    with transaction() as session:
        draft = locked_draft(session, agent, draft_id, revision)
        before = _content(draft)
        _take(session, draft, written)
        if based_on is not None and based_on <= draft.article.number:
            draft.based_on = based_on
        if _content(draft) != before:
            draft.revision, draft.changed_at, draft.author_id = revision + 1, now, agent.id
            draft.writers = sorted({*draft.writers, agent.id})
            draft.state, draft.publish_at, draft.reviewer_id = DraftState.WRITING, None, None


def submit(agent: Agent, draft_id: int, reason: str, *, revision: int, site: str, now: datetime) -> None:
    """Ask for a review. Raises Unfit with everything that must be mended before."""
    with transaction() as session:
        draft = locked_draft(session, agent, draft_id, revision)
        if draft.state is not DraftState.WRITING:
            raise IllegalMove("Cette version a déjà été envoyée à la relecture.")
        if problems := unfit(session, draft, site):
            raise Unfit(problems)
        draft.state, draft.revision = DraftState.IN_REVIEW, revision + 1
        record(session, draft.article, moves.SUBMITTED, agent, now, language=draft.language, reason=reason)


def send_back(agent: Agent, draft_id: int, reason: str, *, revision: int, now: datetime) -> None:
    """From review, or from its date, back to writing."""
    with transaction() as session:
        draft = locked_draft(session, agent, draft_id, revision)
        if draft.state is DraftState.WRITING:
            raise IllegalMove("Cette version est déjà en cours d’écriture.")
        draft.state, draft.publish_at, draft.reviewer_id = DraftState.WRITING, None, None
        draft.revision = revision + 1
        record(session, draft.article, moves.SENT_BACK, agent, now, language=draft.language, reason=reason)


def discard(agent: Agent, draft_id: int, reason: str, *, revision: int, now: datetime) -> bool:
    """Give the draft up. Returns whether its entry stays: what was never published goes with its only draft."""
    with transaction() as session:
        draft = locked_draft(session, agent, draft_id, revision)
        article = draft.article
        session.delete(draft)
        session.flush()
        if article.number or session.scalar(select(Draft.id).where(Draft.article_id == article.id).limit(1)):
            record(session, article, moves.DISCARDED, agent, now, language=draft.language, reason=reason)
            return True
        session.execute(delete(ArticleEvent).where(ArticleEvent.article_id == article.id))
        session.delete(article)
        return False


def locked_draft(session: Session, agent: Agent, draft_id: int, revision: int) -> Draft:
    """The draft for who may edit, held until the end of the transaction."""
    query = select(Draft).where(Draft.id == draft_id, edits(agent)).with_for_update()
    draft = _found(session.scalar(query.execution_options(populate_existing=True)))
    if draft.revision != revision:
        raise Changed("Quelqu’un a changé cette version pendant que vous l’aviez sous les yeux.")
    return draft


def _new_draft(session: Session, agent: Agent, article: Article, language: str, now: datetime) -> Draft:
    session.flush()
    draft = Draft(
        article=article,
        language=language,
        readers=article.readers,
        section_id=article.section_id,
        topics=article.topics,
        question="",
        answer="",
        spoken="",
        revision=0,
        based_on=article.number,
        writers=[agent.id],
        author_id=agent.id,
        state=DraftState.WRITING,
        created_at=now,
        changed_at=now,
    )
    session.add(draft)
    return draft


def _source(
    session: Session, article: Article, language: str, number: int | None
) -> Article | ArticleVersion | Translation:
    """What a draft starts from; a first translation starts from the French."""
    if number is None:
        translation = session.get(Translation, (article.id, language)) if language != FRENCH else None
        return translation or article
    former = select(ArticleVersion).filter_by(article_id=article.id, number=number, language=language)
    version = session.scalar(former)
    if version is None:
        raise NotFound("Cette version n’existe pas.")
    return version


def _take(session: Session, draft: Draft, written: Written) -> None:
    draft.question = one_line(written.question, 500)
    draft.answer = _tidied(written.answer)
    draft.spoken = one_line(written.spoken, 300)
    article = draft.article
    if article.number == 0 and article.question != draft.question:  # nobody knows its address yet
        article.slug, article.question = _free_address(session, draft.question, article.id), draft.question
    if draft.language == FRENCH:
        draft.readers, draft.topics = written.readers, " ".join(written.topics)
        draft.section_id = _section(session, written).id


def _twin(session: Session, agent: Agent, written: Written) -> int | None:
    """The id of a draft of the same words that this agent has begun and nobody has gone on with."""
    query = select(Draft.id).join(Draft.article).where(Article.number == 0, Draft.author_id == agent.id)
    same = (Draft.question == one_line(written.question, 500)) & (Draft.answer == _tidied(written.answer))
    return session.scalar(query.where(same, Draft.revision == 0).limit(1))


def _free_address(session: Session, question: str, article_id: int | None = None) -> str:
    others = select(Article.slug).where(Article.id != article_id) if article_id else select(Article.slug)
    return slug_of(question, {*session.scalars(others), *session.scalars(select(Redirect.slug))})


def _tidied(answer: str) -> str:
    """As the reviewed form of a document gives it back, so that an export comes home unchanged."""
    return lowered(clean(answer).strip("\n").rstrip())


def _content(draft: Draft) -> tuple[object, ...]:
    return draft.question, draft.answer, draft.spoken, draft.readers, draft.topics, draft.section_id


def _section(session: Session, written: Written) -> Section:
    title = one_line(written.new_section, 300)
    slug = slug_of(title) if title else written.section
    section = session.scalar(select(Section).where(Section.slug == slug))
    if section is None and title:
        last = session.scalar(select(func.max(Section.position))) or 0
        section = Section(slug=slug, title=title, position=last + 1)
        session.add(section)
        session.flush()
    if section is None:
        raise NotFound("Cette rubrique n’existe pas.")
    return section


def _found(draft: Draft | None) -> Draft:
    if draft is None:
        raise NotFound("Cette version n’est plus en préparation, ou ne vous est pas ouverte.")
    return draft

"""Never two answers, and none by mistake: who is on a ticket, drafts, taking back, waiting for a day."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from helpdesk.db import Base, db, transaction
from helpdesk.errors import Changed, IllegalMove, NotFound
from helpdesk.intake.receive import receive_on
from helpdesk.models import (
    Agent,
    AnswerDraft,
    AnswerDraftFile,
    Article,
    ArticleUse,
    Message,
    Outgoing,
    Section,
    Ticket,
)
from helpdesk.outbox.deliver import deliver_due
from helpdesk.tickets import actions, drafts, history, holds
from helpdesk.tickets.actions import Sending
from helpdesk.tickets.ageing import close_waiting
from helpdesk.tickets.erasing import erase
from helpdesk.tickets.meanwhile import Held
from helpdesk.tickets.taking_back import leaving, take_back
from helpdesk.tickets.waking import wake_due
from helpdesk.vocabulary import Direction, Readers, Status
from tests.application import MONDAY, Desk, MemoryMailer, later

PICTURE = b"\x89PNG\r\n\x1a\n one screen"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The statements are plain; what happens at the same moment is tested on both."""
    return sqlite_url


def last_message(ticket: Ticket) -> int:
    return max(message.id for message in ticket.messages)


def answer(agent: Agent, ticket: Ticket, text: str = "Bonjour", minutes: int = 10, **sending: object) -> int:
    """Send an answer from a page that shows all there is."""
    told = max(event.id for event in ticket.events)
    return actions.reply(
        agent,
        ticket.reference,
        text,
        seen=last_message(ticket),
        solve=bool(sending.pop("solve", False)),
        now=later(minutes=minutes),
        sending=Sending(told=told, undo=timedelta(seconds=10), **sending),  # type: ignore[arg-type]
    )


def picture(desk: Desk) -> AnswerDraftFile:
    """A file that an agent has chosen."""
    digest = desk.parts.files.keep(PICTURE)
    return AnswerDraftFile(sha256=digest, name="écran.png", content_type="image/png", size=len(PICTURE))


def drafts_kept() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(AnswerDraft.text).order_by(AnswerDraft.id)))


def state_of(ticket: Ticket) -> tuple[object, ...]:
    """All that an answer changes. Of the clock whether it runs and when it rings, wherever it counts from."""
    clock = (ticket.clock_since is None, ticket.paused_at, ticket.due_at, ticket.lateness, ticket.alarm_at)
    return (ticket.status, ticket.assignee_id, ticket.answered_at, ticket.solved_at, ticket.wake_at, *clock)


class TestHolds:
    def test_who_comes_first_holds_the_ticket_until_the_lease_is_over(self, desk: Desk) -> None:
        first, second, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()

        alone = holds.keep(first, ticket.reference, later(minutes=1))
        found = holds.keep(second, ticket.reference, later(minutes=2))
        assert found is not None
        opened = (found.agent.name, found.writing)
        holds.keep(first, ticket.reference, later(minutes=3), writing=True)
        holds.keep(first, ticket.reference, later(minutes=4))
        begun = holds.keep(second, ticket.reference, later(minutes=8))
        assert begun is not None
        writing = begun.writing
        after_the_end = holds.keep(second, ticket.reference, later(minutes=4) + holds.LEASE)
        now_found = holds.keep(first, ticket.reference, later(minutes=10))

        assert (alone, opened, writing, after_the_end) == (None, ("Agathe Essai", False), True, None)
        assert now_found is not None
        assert (now_found.agent.name, now_found.writing) == ("Basile Essai", False)

    def test_leaving_taking_and_answering_move_a_hold(self, desk: Desk) -> None:
        first, second, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()
        held = holds.held_by_another(second, later(minutes=2))

        def is_held() -> bool:
            db.session.rollback()
            return bool(db.session.scalar(select(Ticket.id).where(held)))

        told = []
        for act in (
            lambda: holds.keep(first, ticket.reference, later(minutes=1)),
            lambda: holds.leave(first, ticket.reference),
            lambda: actions.take(first, ticket.reference, later(minutes=1)),
            lambda: answer(first, desk.read(ticket.reference), minutes=1),
            lambda: holds.keep(first, ticket.reference, later(minutes=1)),
            lambda: actions.take(second, ticket.reference, later(minutes=1), over=first.id),
            lambda: actions.take(first, ticket.reference, later(minutes=1), over=second.id),
            lambda: actions.transfer(first, ticket.reference, "scolarite-10", "bourse", now=later(minutes=1)),
        ):
            act()
            told.append(is_held())

        assert told == [True, False, True, False, True, False, True, False]

    def test_an_answer_beside_a_colleague_is_asked_about_and_sent_if_wanted(self, desk: Desk) -> None:
        first, second, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()
        holds.keep(first, ticket.reference, later(minutes=9), writing=True)

        with pytest.raises(Held, match="Agathe Essai écrit une réponse") as asked:
            answer(second, ticket)
        answer(second, desk.read(ticket.reference), despite=asked.value.agent_id)

        assert [message.author_name for message in desk.read(ticket.reference).messages[1:]] == ["Basile Essai"]

    def test_what_others_did_meanwhile_holds_an_answer_back_and_what_one_did_oneself_does_not(self, desk: Desk) -> None:
        first, second, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()
        told, seen = max(event.id for event in ticket.events), last_message(ticket)
        actions.take(first, ticket.reference, later(minutes=1))
        actions.note(second, ticket.reference, "Vu.", now=later(minutes=1))
        mine = {"seen": seen, "solve": False, "now": later(minutes=9), "sending": Sending(told=told)}
        actions.solve(second, ticket.reference, now=later(minutes=2))

        with pytest.raises(Changed, match="La demande a changé"):
            actions.reply(first, ticket.reference, "Bonjour", **mine)  # type: ignore[arg-type]
        actions.reopen(first, ticket.reference, now=later(minutes=3))
        told = max(event.id for event in desk.read(ticket.reference).events if event.agent_id == second.id)
        actions.reply(first, ticket.reference, "Bonjour", **{**mine, "sending": Sending(told=told)})  # type: ignore[arg-type]

        assert desk.read(ticket.reference).status is Status.WAITING


class TestDrafts:
    def test_each_agent_has_one_and_sending_ends_it_with_its_files(self, desk: Desk, mailer: MemoryMailer) -> None:
        first, second, ticket = desk.agent(name="Agathe Essai"), desk.agent(name="Basile Essai"), desk.ticket()
        seen = last_message(ticket)

        drafts.save(first, ticket.reference, "Bon", seen=seen, now=later(), files=[picture(desk)])
        drafts.save(first, ticket.reference, "Bonjour\0", seen=seen, now=later())
        drafts.save(second, ticket.reference, "Autre", seen=seen, now=later())
        drafts.save(second, ticket.reference, " ", seen=seen, now=later())
        kept = drafts_kept()
        answer(first, ticket)
        with pytest.raises(Changed):  # typed before it was sent, and come late
            drafts.save(first, ticket.reference, "Bonjour", seen=seen, now=later(minutes=11))
        deliver_due(mailer, desk.parts.letters, later(minutes=11))

        sent = desk.read(ticket.reference).messages[-1]
        assert (kept, drafts_kept()) == (["Bonjour"], [])
        assert [(file.name, file.content_type) for file in sent.attachments] == [("écran.png", "image/png")]
        attached = list(mailer.sent[-1].iter_attachments())
        assert [(part.get_filename(), part.get_content_type(), part.get_content()) for part in attached] == [
            ("écran.png", "image/png", PICTURE)
        ]

    def test_a_stranger_keeps_none_and_erasing_takes_them_all(self, desk: Desk) -> None:
        agent, ticket = desk.agent(), desk.ticket()
        stranger = desk.agent("assistance-08", name="Gaston Essai")
        drafts.save(agent, ticket.reference, "Secret", seen=2**40, now=later(), files=[picture(desk)])
        holds.keep(agent, ticket.reference, later())

        with pytest.raises(NotFound):
            drafts.save(stranger, ticket.reference, "Rien", seen=2**40, now=later())
        with transaction() as session:
            erase(session, [session.get_one(Ticket, ticket.id)], later(days=800))

        for table in ("answer_draft", "answer_draft_file", "hold"):
            assert db.session.execute(select(func.count()).select_from(Base.metadata.tables[table])).scalar() == 0


class TestTakingBack:
    @pytest.mark.parametrize("before", ["new", "open", "waiting", "solved"])
    def test_all_is_as_before_but_for_the_history(self, desk: Desk, before: str) -> None:
        agent, ticket = desk.agent(), desk.ticket()
        if before == "open":
            actions.take(agent, ticket.reference, later(minutes=1))
        if before == "waiting":
            answer(agent, ticket, minutes=2, until=later(days=3))
        if before == "solved":
            actions.solve(agent, ticket.reference, now=later(minutes=3))
        ticket = desk.read(ticket.reference)
        state, messages = state_of(ticket), len(ticket.messages)
        drafts.save(agent, ticket.reference, "", seen=2**40, now=later(), files=[picture(desk)])

        sent = answer(agent, ticket, "Bonjour, voici.", solve=before == "open")
        offered = [each.message_id for each in leaving(agent, later(minutes=10))]
        take_back(agent, ticket.reference, sent, later(minutes=10, seconds=4))

        ticket = desk.read(ticket.reference)
        assert sent in offered
        assert (state_of(ticket), len(ticket.messages)) == (state, messages)
        assert [event.kind for event in ticket.events][-2:] == [history.REPLIED, history.TAKEN_BACK]
        draft = drafts.of(db.session(), agent, ticket)
        assert draft is not None
        assert (draft.text, [file.name for file in draft.files]) == ("Bonjour, voici.", ["écran.png"])

    def test_it_is_too_late_once_a_worker_has_the_mail_and_nobody_else_may(
        self, desk: Desk, mailer: MemoryMailer
    ) -> None:
        agent, colleague, ticket = desk.agent(), desk.agent(name="Basile Essai"), desk.ticket()
        sent = answer(agent, ticket)

        with pytest.raises(IllegalMove):
            take_back(colleague, ticket.reference, sent, later(minutes=10))
        deliver_due(mailer, desk.parts.letters, later(minutes=10, seconds=9))
        early = len(mailer.sent)
        deliver_due(mailer, desk.parts.letters, later(minutes=10, seconds=10))
        with pytest.raises(IllegalMove, match="Trop tard"):
            take_back(agent, ticket.reference, sent, later(minutes=10, seconds=11))

        assert (len(mailer.sent) - early, leaving(agent, later(minutes=11))) == (1, [])

    def test_what_the_person_wrote_meanwhile_stays(self, desk: Desk) -> None:
        agent, ticket = desk.agent(), desk.ticket()
        sent = answer(agent, ticket)
        more, files = desk.message("J’ai trouvé !"), desk.parts.files
        receive_on(ticket.reference, more, files, reopen_within=timedelta(days=30), now=later(minutes=10, seconds=3))

        take_back(agent, ticket.reference, sent, later(minutes=10, seconds=5))

        ticket = desk.read(ticket.reference)
        assert (ticket.status, ticket.answered_at, ticket.paused_at) == (Status.OPEN, None, None)
        assert [message.direction for message in ticket.messages] == [Direction.IN, Direction.IN]


class TestWaiting:
    def test_a_ticket_comes_back_on_its_day_and_is_not_closed_before(self, desk: Desk) -> None:
        agent, ticket = desk.agent(), desk.ticket()
        answer(agent, ticket, until=later(days=90))

        closed = close_waiting(later(days=80), after=timedelta(days=60))
        early = wake_due(later(days=89))
        paused = desk.read(ticket.reference).paused_at
        woken = wake_due(later(days=90))

        ticket = desk.read(ticket.reference)
        assert (closed, early, paused, woken) == (0, 0, later(minutes=10), 1)
        assert (ticket.status, ticket.wake_at, ticket.clock_since) == (Status.OPEN, None, later(days=90))
        assert ticket.events[-1].kind == history.WOKEN

    def test_who_writes_before_ends_the_waiting(self, desk: Desk) -> None:
        agent, ticket = desk.agent(), desk.ticket()
        answer(agent, ticket, until=later(days=9))
        files, month = desk.parts.files, timedelta(days=30)

        receive_on(ticket.reference, desk.message("Déjà !"), files, reopen_within=month, now=later(days=1))

        assert desk.read(ticket.reference).wake_at is None


def test_each_article_that_an_answer_links_to_is_counted_once_and_not_when_taken_back(desk: Desk) -> None:
    agent, ticket = desk.agent(), desk.ticket()
    with transaction() as session:
        section = Section(slug="comptes", title="Comptes", position=1)
        for slug in ("mot-de-passe", "fratrie"):
            given = {"slug": slug, "question": slug, "answer": "a", "readers": Readers.FAMILIES, "position": 1}
            session.add(Article(section=section, **given))
    link = "https://aide.example/questions/mot-de-passe"

    sent = answer(agent, ticket, f"Voir {link}. Et {link}, pas https://aide.example/questions/inconnue ni fratrie.")
    counted = db.session.execute(
        select(Article.slug, ArticleUse.agent_id, ArticleUse.ticket_id, ArticleUse.at).join(
            Article, Article.id == ArticleUse.article_id
        )
    ).all()
    take_back(agent, ticket.reference, sent, later(minutes=10, seconds=1))

    assert [tuple(row) for row in counted] == [("mot-de-passe", agent.id, ticket.id, later(minutes=10))]
    for table in (ArticleUse, Outgoing):
        left = select(func.count()).select_from(table)
        if table is Outgoing:
            left = left.where(Outgoing.message_id.is_not(None))
        assert db.session.scalar(left) == 0
    assert db.session.scalar(select(func.count()).where(Message.direction == Direction.OUT)) == 0
    assert ticket.received_at == MONDAY

"""Many tickets at once: done one by one, told of, and undone where nobody has touched them since."""

import pytest
from sqlalchemy import delete, select

from helpdesk.db import db, transaction
from helpdesk.errors import IllegalMove, NotAllowed, NotFound
from helpdesk.figures.counting import counts_of_tickets, services_now
from helpdesk.models import Agent, BulkAct, Membership, Outgoing, Ticket
from helpdesk.tickets import actions, holds
from helpdesk.tickets.bulk import doing, orders, undoing
from helpdesk.tickets.bulk.kinds import AT_MOST, BulkKind, PartState
from helpdesk.tickets.bulk.orders import Order
from helpdesk.tickets.order import tags
from helpdesk.tickets.queries import ticket_page
from helpdesk.vocabulary import Priority, Role, Status
from tests.application import Desk, MemoryMailer, later
from tests.workspace.pages import plain

NOW = later(hours=1)
COLUMNS = [column for column in Ticket.__table__.columns if column.name not in ("version", "changed_at")]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return desk.agent()


def do(agent: Agent, order: Order, *tickets: Ticket, token: str = "a" * 32) -> BulkAct:
    db.session.rollback()
    versions = {ticket.id: ticket.version for ticket in tickets}
    return doing.act_of(agent, doing.do(agent, token, order, versions, NOW))


def states(act: BulkAct) -> list[tuple[PartState, str]]:
    db.session.rollback()
    return [(part.state, part.why) for part in act.parts]


def picture(*tickets: Ticket) -> list[object]:
    """All that is stored of the tickets, and their tags."""
    db.session.rollback()
    ids = [ticket.id for ticket in tickets]
    rows = db.session.execute(select(*COLUMNS).where(Ticket.id.in_(ids)).order_by(Ticket.id)).all()
    return [rows, {number: [tag.name for tag in found] for number, found in tags.tags_on(ids).items()}]


def figures(*tickets: Ticket) -> dict[object, int]:
    db.session.rollback()
    ids = [ticket.id for ticket in tickets]
    counts = counts_of_tickets(db.session(), services_now(db.session()), ids, 0, 10**9)
    return {(where, what): times for where, each in counts.items() for what, times in each.items() if times}


@pytest.mark.parametrize("kind", BulkKind)
def test_each_act_changes_its_tickets_and_undone_leaves_them_and_the_figures_as_they_were(
    desk: Desk, mailer: MemoryMailer, kind: BulkKind
) -> None:
    chief, colleague = desk.agent(name="Solène Essai", role=Role.SUPERVISOR), desk.agent(name="Basile Essai")
    fresh, answered = desk.ticket(), desk.ticket()
    actions.reply(colleague, answered.reference, "Bonjour.", seen=2**60, solve=False, now=later(minutes=5))
    if kind is BulkKind.BACK:
        actions.take(chief, fresh.reference, later(minutes=6))
    tags.create(chief, "assistance-10", "fraude")
    number = tags.offered_to(chief)[0].id
    if kind is BulkKind.UNTAG:
        for ticket in (fresh, answered):
            tags.add_tag(chief, ticket.reference, number, later(minutes=7))
    order = Order(kind, colleague.id, "assistance-08", Priority.URGENT, number, "doublons")
    if kind is BulkKind.GIVE:
        order = Order(kind, desk.agent(name="Gaston Essai").id)
    before, counted, mails = picture(fresh, answered), figures(fresh, answered), len(mailer.sent)

    act = do(chief, order, fresh, answered)
    between = picture(fresh, answered)
    undoing.undo(chief, act.id, later(hours=1, minutes=9))

    assert between != before
    assert states(act) == [(PartState.UNDONE, "")] * 2
    assert picture(fresh, answered) == before
    assert figures(fresh, answered) == counted
    assert len(mailer.sent) == mails
    assert db.session.scalars(select(Outgoing.id).where(Outgoing.kind == "transfer")).all() == []
    assert desk.read(fresh.reference).events[-1].kind == "bulk-undone"


def test_the_person_hears_of_a_transfer_once_it_can_be_undone_no_more(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()

    act = do(agent, Order(BulkKind.TRANSFER, service="assistance-08", reason="École de Grenoble"), ticket)

    notice = db.session.scalars(select(Outgoing).where(Outgoing.kind == "transfer")).one()
    assert notice.due == later(hours=1, minutes=10)
    with pytest.raises(IllegalMove, match="dix minutes"):
        undoing.undo(agent, act.id, notice.due)


def test_a_transfer_that_was_undone_is_no_reason_why_a_request_is_here(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    act = do(agent, Order(BulkKind.TRANSFER, service="assistance-08", reason="École de Grenoble"), ticket)

    undoing.undo(agent, act.id, NOW)

    assert ticket_page(agent, ticket.reference).moves == []


def test_a_second_click_does_nothing_more(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    order = Order(BulkKind.CLOSE, reason="publicité")

    acts = [do(agent, order, ticket).id for _click in range(2)]
    for _click in range(2):
        undoing.undo(agent, acts[0], NOW)

    assert acts[0] == acts[1]
    kinds = [event.kind for event in desk.read(ticket.reference).events]
    assert (kinds.count("closed"), kinds.count("bulk-undone")) == (1, 1)


def test_what_cannot_be_done_is_said_before_and_left_alone(desk: Desk, agent: Agent) -> None:
    colleague = desk.agent(name="Basile Essai")
    free, closed, followed, opened = (desk.ticket() for _each in range(4))
    actions.close(agent, closed.reference, "doublon", now=later(minutes=1))
    actions.take(colleague, followed.reference, later(minutes=1))
    actions.take(agent, opened.reference, later(minutes=1))
    holds.leave(agent, opened.reference)
    holds.keep(colleague, opened.reference, NOW)
    order, tickets = Order(BulkKind.GIVE, colleague.id), [free, closed, followed, opened]

    db.session.rollback()
    before = orders.obstacles(db.session(), agent, tickets, order, NOW)
    act = do(agent, order, *tickets)

    why = [
        "",
        "Impossible : la demande est « close ».",
        "Basile Essai la suit déjà.",
        "Basile Essai a cette demande ouverte.",
    ]
    assert [before.get(ticket.id, "") for ticket in tickets] == [said for _state, said in states(act)]
    assert [plain(said) for _state, said in states(act)] == [said.replace("\u00a0", " ") for said in why]
    assert desk.read(free.reference).assignee_id == colleague.id


def test_only_a_supervisor_takes_away_what_a_colleague_follows(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    actions.take(desk.agent(name="Basile Essai"), ticket.reference, later())

    act = do(agent, Order(BulkKind.BACK), ticket)

    assert states(act) == [(PartState.REFUSED, "Basile Essai la suit : seul un superviseur peut la lui retirer.")]


def test_what_changed_since_the_preview_is_left_alone(desk: Desk, agent: Agent) -> None:
    stale, fresh = desk.ticket(), desk.ticket()
    versions = {ticket.id: ticket.version for ticket in (stale, fresh)}
    actions.set_priority(agent, stale.reference, Priority.URGENT, now=later(minutes=2))

    act = doing.act_of(agent, doing.do(agent, "b" * 32, Order(BulkKind.UNWANTED), versions, NOW))

    assert states(act) == [(PartState.REFUSED, "Elle a changé depuis l’aperçu."), (PartState.DONE, "")]
    assert desk.read(stale.reference).status is Status.NEW


def test_what_somebody_touched_since_is_not_undone(desk: Desk, agent: Agent) -> None:
    touched, other = desk.ticket(), desk.ticket()
    act = do(agent, Order(BulkKind.PRIORITY, priority=Priority.URGENT), touched, other)
    actions.take(desk.agent(name="Basile Essai"), touched.reference, later(hours=1, minutes=1))

    undoing.undo(agent, act.id, later(hours=1, minutes=2))

    assert states(act) == [(PartState.KEPT, "Quelqu’un y a touché depuis."), (PartState.UNDONE, "")]
    assert [desk.read(each.reference).priority for each in (touched, other)] == [Priority.URGENT, Priority.NORMAL]


def test_tickets_of_other_services_are_neither_done_nor_named(desk: Desk, agent: Agent) -> None:
    foreign = desk.ticket()
    stranger = desk.agent("assistance-08", name="Gaston Essai")

    act = do(stranger, Order(BulkKind.CLOSE, reason="doublon"), foreign)

    assert [(part.state, part.ticket_id) for part in act.parts] == [(PartState.REFUSED, None)]
    assert desk.read(foreign.reference).status is Status.NEW
    with pytest.raises(NotFound):
        undoing.undo(agent, act.id, NOW)
    with pytest.raises(NotFound):
        orders.chosen(stranger, [foreign.id])


def test_who_has_left_the_service_puts_nothing_back_there(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    act = do(agent, Order(BulkKind.TRANSFER, service="assistance-08", reason="École de Grenoble"), ticket)
    with transaction() as session:
        session.execute(delete(Membership).where(Membership.agent_id == agent.id))

    undoing.undo(agent, act.id, NOW)

    assert states(act) == [(PartState.KEPT, "Vous n’êtes plus dans son service.")]
    assert desk.read(ticket.reference).service.slug == "assistance-08"


def test_two_hundred_at_most(agent: Agent) -> None:
    with pytest.raises(NotAllowed, match="200 demandes au plus"):
        doing.do(agent, "c" * 32, Order(BulkKind.MINE), dict.fromkeys(range(1, AT_MOST + 2), 0), NOW)

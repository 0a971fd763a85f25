"""Replay: what a change of the rules would have moved, told in full and without touching anything."""

from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from helpdesk.db import Base, db, transaction
from helpdesk.intake.message import SchoolHint
from helpdesk.models import Event
from helpdesk.routing import corrections, side_by_side
from helpdesk.routing import replay as replaying
from helpdesk.routing.again import Depth, RuleWords
from helpdesk.routing.assign import Routing
from helpdesk.routing.decision import Decision
from helpdesk.routing.directory import import_directory
from helpdesk.routing.judge import Judge, Move, Verdict
from helpdesk.routing.replay import Replay, other_rules
from helpdesk.routing.rulebook import Rulebook, with_rules
from helpdesk.routing.rules import recompute_service
from helpdesk.routing.uai import check_letter
from helpdesk.routing.understanding import understand
from helpdesk.tickets import history
from tests.application import MONDAY, Desk, MemoryMailer, later
from tests.routing.messages import a_message
from tests.routing.replaying import GRENOBLE, LYON, REUNION, told
from tests.routing.rulebooks import TODAY

COLUMNS = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Code_postal;Nom_commune;"
    "Code_departement;Code_academie;etat"
)


LYCEE = "0699999" + check_letter("0699999")


BURSARY = "Je demande une bourse pour ma fille"


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """Only the reading by pieces leans on the database; that is tried on both."""
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


def replayed(routing: Routing, added: str, **asked: Any) -> tuple[Replay, list[Move]]:
    replay = Replay(other_rules(routing, added + routing.rulebook.text, "essai"))
    return replay, list(replay.run(**asked))


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
def test_a_swap_of_two_academies_is_told_in_full(desk: Desk, routing: Routing, swap: str) -> None:
    from_lyon = [desk.ticket(school=LYON).reference for _ in range(3)]
    from_grenoble = [desk.ticket(school=GRENOBLE).reference for _ in range(2)]
    desk.ticket(school=REUNION)

    replay, moves = replayed(routing, swap)

    assert told(moves) == {
        *((reference, "assistance-10", "assistance-08") for reference in from_lyon),
        *((reference, "assistance-08", "assistance-10") for reference in from_grenoble),
    }
    assert (replay.read, replay.moved, replay.skipped) == (6, 5, 0)
    assert dict(replay.matrix) == {("assistance-10", "assistance-08"): 3, ("assistance-08", "assistance-10"): 2}


def test_the_same_rules_move_nothing(desk: Desk, routing: Routing) -> None:
    for text in ("bonjour", BURSARY, "mon compte a été piraté", ""):
        desk.ticket(text, school=LYON)

    replay, moves = replayed(routing, "# autre commentaire\n")

    assert (moves, replay.read) == ([], 4)


def test_tickets_of_former_rules_do_not_count_as_moves(desk: Desk, routing: Routing, swap: str) -> None:
    """A ticket decided before the last publication is where it would not be now; no draft is to blame for that."""
    desk.ticket(school=LYON)
    now_in_force = replace(routing, rulebook=with_rules(routing.rulebook, swap + routing.rulebook.text))

    replay = Replay(other_rules(now_in_force, now_in_force.rulebook.text, "essai"))

    assert list(replay.run()) == []


def test_both_reasons_are_told(desk: Desk, routing: Routing, swap: str) -> None:
    desk.ticket(BURSARY, school=LYON)

    (move,) = replayed(routing, swap)[1]

    assert (move.before.rule, move.after.rule) == ("scolarite", "pour-10")
    assert move.after.because == "l’autre académie répond"
    assert move.after.facts["service_title"] == "Assistance EduConnect de l’académie de Grenoble"


def test_who_loses_a_service_is_counted(desk: Desk, routing: Routing) -> None:
    desk.ticket(school=LYON)
    text = routing.rulebook.text.replace('service = "assistance"', 'academy = ["08"]\nservice = "assistance"')

    replay = Replay(other_rules(routing, text, "essai"))
    (move,) = replay.run()

    assert move.lost
    assert replay.lost == 1


def test_what_agents_corrected_is_repaired_or_undone(desk: Desk, routing: Routing, swap: str) -> None:
    agent = desk.agent("assistance-10", "assistance-08")
    should_be_grenoble, lyon_was_right = desk.ticket(school=LYON), desk.ticket(school=LYON)
    desk.ticket(school=LYON)
    corrections.correct(agent, should_be_grenoble.reference, "assistance-08", "", "école de Vienne", now=later(hours=1))
    topic = "compte-responsable" if lyon_was_right.topic != "compte-responsable" else "compte-eleve"
    corrections.correct(agent, lyon_was_right.reference, "", topic, "autre sujet", now=later(hours=1))

    replay, moves = replayed(routing, swap)

    marks = {move.reference: (move.repaired, move.undone) for move in moves}
    assert marks[should_be_grenoble.reference] == (True, False)
    assert marks[lyon_was_right.reference] == (False, True)
    assert (replay.moved, replay.repaired, replay.undone) == (3, 1, 1)


def test_a_ticket_that_was_moved_by_hand_is_judged_by_its_decision(desk: Desk, routing: Routing, swap: str) -> None:
    ticket = desk.ticket(school=LYON)
    agent = desk.agent("assistance-10", "assistance-28")
    corrections.correct(agent, ticket.reference, "assistance-28", "", "école à La Réunion", now=later(hours=1))

    (move,) = replayed(routing, swap)[1]

    assert (move.before.service, move.after.service, move.corrected) == (
        "assistance-10",
        "assistance-08",
        "assistance-28",
    )


def test_rules_with_words_read_what_was_written(desk: Desk, routing: Routing) -> None:
    words = '["girafe", "bourse + lycée"]'
    rule = f'[[rule]]\nname = "girafe"\nwords = {words}\nservice = "triage-national"\nbecause = "a"\n\n'
    found = desk.ticket("Mon compte ne s’ouvre pas, une girafe s’affiche", school=LYON)
    desk.ticket("Mon compte ne s’ouvre pas", school=LYON)

    (move,) = replayed(routing, rule)[1]

    assert (move.reference, move.after.words["rule"]) == (found.reference, ("girafe",))


@pytest.mark.parametrize(
    "text",
    [
        "La facture de la cantine",
        "Bonjour, mon compte ne s'ouvre pas.\n\nMerci d’avance\nla cantine ne marche pas",
        "Bonjour,\nmerci\n--\nJeanne Exemple\nresponsable de la cantine",
        "Je n'ai pas de cantine",
        "la cantinne",
        "> cantine\nbonjour à vous",
        "",
    ],
)
def test_words_are_found_as_when_the_request_came(looking_for_canteens: Rulebook, text: str) -> None:
    """The quick look at the rules' own words gives what the whole understanding gives."""
    incoming = a_message(text)

    said = RuleWords(looking_for_canteens).said(incoming)

    assert said == understand(incoming, looking_for_canteens, TODAY).said


@pytest.fixture(scope="module")
def looking_for_canteens(routing: Routing) -> Rulebook:
    rule = '[[rule]]\nname = "cantine"\nwords = ["cantine"]\nservice = "triage-national"\nbecause = "a"\n\n'
    return with_rules(routing.rulebook, rule + routing.rulebook.text)


def counted() -> dict[str, int]:
    """How many rows each table has."""
    db.session.rollback()
    return {
        table.name: db.session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def test_nothing_is_written_and_nothing_leaves(desk: Desk, routing: Routing, mailer: MemoryMailer, swap: str) -> None:
    tickets = [desk.ticket(school=LYON) for _ in range(2)]
    before, sent = counted(), len(mailer.sent)

    replayed(routing, swap)

    assert counted() == before
    assert [desk.read(ticket.reference).version for ticket in tickets] == [ticket.version for ticket in tickets]
    assert len(mailer.sent) == sent


def test_the_newest_come_first_and_as_many_as_asked(desk: Desk, routing: Routing, swap: str) -> None:
    references = [desk.ticket(school=LYON, now=later(hours=hour)).reference for hour in range(3)]

    _replay, two = replayed(routing, swap, newest=2)
    _replay, since = replayed(routing, swap, since=later(hours=1))

    assert [move.reference for move in two] == references[:0:-1]
    assert two == since


def test_time_that_is_up_is_said(desk: Desk, routing: Routing, swap: str) -> None:
    desk.ticket(school=LYON)

    replay, moves = replayed(routing, swap, seconds=-1)

    assert (replay.stopped, moves) == (True, [])


@pytest.fixture
def in_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket at a time, and other processes as soon as there are two."""
    monkeypatch.setattr(replaying, "_PIECE", 1)
    monkeypatch.setattr(replaying, "_FEW", 2)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("in_small_pieces")
def test_several_processes_tell_the_same_in_the_same_order(desk: Desk, routing: Routing, swap: str) -> None:
    for school in (LYON, REUNION, GRENOBLE):
        desk.ticket(school=school)

    words = '[[rule]]\nname = "girafe"\nwords = ["girafe"]\nservice = "triage-national"\nbecause = "a"\n\n'
    change = other_rules(routing, words + swap + routing.rulebook.text, "essai")

    alone, together = Replay(change), Replay(change)
    expected, moves = list(alone.run()), list(together.run(processes=2))

    assert len(expected) == 2
    assert moves == expected
    assert (together.read, together.matrix) == (alone.read, alone.matrix)


def test_a_piece_whose_process_was_ended_is_judged_here(desk: Desk, routing: Routing, swap: str) -> None:
    change = other_rules(routing, swap + routing.rulebook.text, "essai")
    ticket = desk.ticket(school=LYON)
    ended: Future[list[Verdict]] = Future()
    ended.set_exception(BrokenProcessPool("no memory"))

    for asked in (ended, None):
        (move,) = side_by_side.answer([ticket.id], asked, Judge(change, db.session()))
        assert isinstance(move, Move)
        assert move.reference == ticket.reference


def test_a_school_found_in_the_directory_is_found_again_and_not_taken_for_typed(
    desk: Desk, routing: Routing, swap: str
) -> None:
    line = f"{LYCEE};Lycée Inventé;Lycée;Public;69003;Lyon;069;10;OUVERT"
    import_directory(f"{COLUMNS}\n{line}".encode(), routing.geography, MONDAY)
    ticket = desk.ticket(school=SchoolHint("lycée inventé", "Lyon"))

    (move,) = Replay(replace(other_rules(routing, swap + routing.rulebook.text, "essai"), depth=Depth.PLACES)).run()

    assert ticket.school_uai == LYCEE
    assert ("school", LYCEE) in {(clue.kind, clue.uai) for clue in move.after.clues}
    assert "school.uai" not in {clue.field for clue in move.after.clues}


def test_only_tickets_that_the_agent_may_see_are_replayed(desk: Desk, routing: Routing, swap: str) -> None:
    mine = desk.ticket(school=GRENOBLE)
    desk.ticket(school=LYON)

    _replay, moves = replayed(routing, swap, agent=desk.agent("assistance-08"))

    assert [move.reference for move in moves] == [mine.reference]


@pytest.mark.parametrize("broken", [{}, {"facts": 1}, {"academy": []}, {"service": "a", "clues": [{}]}])
def test_a_decision_that_cannot_be_read_is_left_aside(
    desk: Desk, routing: Routing, swap: str, broken: dict[str, Any]
) -> None:
    ticket = desk.ticket(school=LYON)
    with transaction() as session:
        session.add(Event(ticket_id=ticket.id, kind=history.ROUTED, data=broken, at=later()))

    replay, moves = replayed(routing, swap)

    assert (replay.skipped, replay.read, moves) == (1, 0, [])


def test_what_the_mailbox_decided_is_worked_out_again_from_what_is_kept(desk: Desk, routing: Routing) -> None:
    """A mail that tells nothing, in the mailbox of Lyon's assistance: the same rules leave it there."""
    mail = desk.message("Bonjour", school=SchoolHint(), mailbox_academy="10", mailbox_service="assistance-10")
    ticket = desk.read(desk.receive(mail).reference)
    (event,) = (event for event in ticket.events if event.kind == history.ROUTED)

    assert recompute_service(Decision.from_json(event.data)) == ticket.service.slug == "assistance-10"
    for depth in Depth:
        change = replace(other_rules(routing, "# essai\n" + routing.rulebook.text, "essai"), depth=depth)
        assert list(Replay(change).run()) == []

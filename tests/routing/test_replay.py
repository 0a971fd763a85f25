"""Replay: what a change of the rules would have moved, told in full and without touching anything."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, make_url, select

from helpdesk.cli.main import main
from helpdesk.cli.replay import change_to
from helpdesk.db import Base, db, transaction
from helpdesk.errors import ConfigError, NotFound
from helpdesk.intake.message import SchoolHint
from helpdesk.models import Event
from helpdesk.places import config_dir
from helpdesk.routing import corrections, rulebooks
from helpdesk.routing import replay as replaying
from helpdesk.routing.again import Depth, RuleWords
from helpdesk.routing.assign import Routing
from helpdesk.routing.decision import Decision
from helpdesk.routing.directory import import_directory
from helpdesk.routing.judge import Judge, Move
from helpdesk.routing.replay import Replay, other_rules
from helpdesk.routing.rulebook import Rulebook, with_rules
from helpdesk.routing.rules import recompute_service
from helpdesk.routing.side_by_side import verdicts
from helpdesk.routing.uai import check_letter
from helpdesk.routing.understanding import understand
from helpdesk.tickets import history
from helpdesk.vocabulary import Role
from tests.application import MONDAY, Desk, MemoryMailer, later
from tests.routing.messages import a_message
from tests.routing.rulebooks import TODAY

LYON, GRENOBLE, REUNION = (SchoolHint(postal_code=code) for code in ("69003", "38000", "97400"))
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


def answers_for(asking: str, answering: str) -> str:
    """A rule by which one académie's account questions go to another's service."""
    return (
        f'[[rule]]\nname = "pour-{asking}"\nacademy = ["{asking}"]\nservice = "assistance-{answering}"\n'
        f'because = "l’autre académie répond"\n\n'
    )


def replayed(routing: Routing, added: str, **asked: Any) -> tuple[Replay, list[Move]]:
    replay = Replay(other_rules(routing, added + routing.rulebook.text, "essai"))
    return replay, list(replay.run(**asked))


def told(moves: Sequence[Move]) -> set[tuple[str, str, str]]:
    return {(move.reference, move.before.service, move.after.service) for move in moves}


@pytest.fixture
def swap() -> str:
    return answers_for("10", "08") + answers_for("08", "10")


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

    alone, expected = replayed(routing, swap)
    together, moves = replayed(routing, swap, processes=2)

    assert len(expected) == 2
    assert moves == expected
    assert (together.read, together.matrix) == (alone.read, alone.matrix)


def test_where_no_other_process_can_begin_the_replay_goes_on_here(desk: Desk, routing: Routing, swap: str) -> None:
    change = other_rules(routing, swap + routing.rulebook.text, "essai")
    tickets = [desk.ticket(school=school) for school in (LYON, GRENOBLE)]
    pieces = [[ticket.id] for ticket in tickets]

    told = verdicts(change, make_url("nosuch://"), pieces, 1, Judge(change, db.session()))

    moves = [verdict for piece in told for verdict in piece if isinstance(verdict, Move)]
    assert [move.reference for move in moves] == [ticket.reference for ticket in tickets]


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


# The command: a file, a folder, a stored draft.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "draft"
    folder.mkdir()
    return folder


def changed_file(folder: Path, name: str, change: Callable[[str], str]) -> None:
    (folder / name).write_text(change((config_dir() / name).read_text("utf-8")), "utf-8")


def swapped_departments(academies: str) -> str:
    """Lyon is given what was Grenoble's, and the other way round."""
    rows = [line.split(",") for line in academies.splitlines()]
    lyon, grenoble = (next(row for row in rows if row[0] == code) for code in ("10", "08"))
    lyon[5], grenoble[5] = grenoble[5], lyon[5]
    return "\n".join(map(",".join, rows)) + "\n"


def test_a_swap_in_the_list_of_academies_finds_the_academy_again(desk: Desk, routing: Routing, folder: Path) -> None:
    lyon, grenoble = desk.ticket(school=LYON).reference, desk.ticket(school=GRENOBLE).reference
    desk.ticket(school=REUNION)
    changed_file(folder, "academies.csv", swapped_departments)

    change = change_to(str(folder), routing)

    assert change.depth is Depth.PLACES
    assert told(list(Replay(change).run())) == {
        (lyon, "assistance-10", "assistance-08"),
        (grenoble, "assistance-08", "assistance-10"),
    }


def test_other_topics_decide_again_from_what_was_written(desk: Desk, routing: Routing, folder: Path) -> None:
    giraffe = desk.ticket("Mon compte ne s’ouvre pas, une girafe s’affiche", school=LYON)
    desk.ticket("Mon compte ne s’ouvre pas", school=LYON)
    changed_file(
        folder,
        "topics.toml",
        lambda text: text.replace(
            'slug = "teleservices"', 'slug = "teleservices"\nfirst = 6\npresents = ["girafe"]', 1
        ),
    )

    change = change_to(str(folder), routing)

    assert change.depth is Depth.WORDS
    assert told(list(Replay(change).run())) == {(giraffe.reference, "assistance-10", "scolarite-10")}


def test_a_folder_with_the_same_files_moves_nothing(desk: Desk, routing: Routing, folder: Path) -> None:
    desk.ticket(school=LYON)
    for name in ("topics.toml", "academies.csv", "routing.toml", "calendar.toml"):
        changed_file(folder, name, lambda text: text)

    change = change_to(str(folder), routing)

    assert change.depth is Depth.RULES
    assert list(Replay(change).run()) == []


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("routng.toml", "", "routng.toml : ce fichier n’est pas de la configuration"),
        ("calendar.toml", "", "draft : aucun fichier qui décide"),
        ("routing.toml", "[[rule]]\nname = 1", "routing.toml, règle «  » : « name » doit être un texte"),
    ],
)
def test_a_folder_that_cannot_be_used_says_why(
    app: Flask, routing: Routing, folder: Path, name: str, text: str, complaint: str
) -> None:
    (folder / name).write_text(text, "utf-8")

    with pytest.raises(ConfigError) as caught:
        change_to(str(folder), routing)

    assert any(problem.startswith(complaint) for problem in caught.value.problems)


@pytest.mark.parametrize("draft", ["missing.toml", "/", "99"])
def test_a_draft_that_is_not_there_is_told(app: Flask, routing: Routing, draft: str) -> None:
    with pytest.raises((ConfigError, NotFound)):
        change_to(draft, routing)


def test_a_stored_draft_is_named_by_its_number(desk: Desk, routing: Routing, swap: str) -> None:
    ticket = desk.ticket(school=LYON)
    agent = desk.agent("triage-national", role=Role.SUPERVISOR)
    draft_id = rulebooks.start_draft(agent, routing, None, later())
    rulebooks.save_draft(agent, draft_id, swap + routing.rulebook.text, revision=0, now=later())

    moves = list(Replay(change_to(str(draft_id), routing)).run())

    assert [move.reference for move in moves] == [ticket.reference]


@pytest.fixture
def command(
    app: Flask, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, routing: Routing, swap: str
) -> list[str]:
    """`helpdesk routing replay` on this test's database, where one ticket would move."""
    desk.ticket(school=LYON)
    settings = app.extensions["helpdesk"].settings
    for name, value in (("DATABASE_URL", settings.database_url), ("DATA_DIR", str(settings.data_dir))):
        monkeypatch.setenv(name, value)
    (tmp_path / "rules.toml").write_text(swap + routing.rulebook.text, "utf-8")
    return ["routing", "replay", "--rules", str(tmp_path / "rules.toml")]


def test_the_command_prints_one_object(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--json"]) == 0

    answer = json.loads(capsys.readouterr().out)
    (move,) = answer["moves"]
    assert (move["before"]["service"], move["after"]["service"]) == ("assistance-10", "assistance-08")
    assert "l’autre académie répond" in move["after"]["because"]
    assert answer["matrix"] == [{"from": "assistance-10", "to": "assistance-08", "count": 1}]
    assert (answer["read"], answer["moved"]) == (1, 1)


def test_the_command_prints_what_people_read(command: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--since", "2026-11-23"]) == 0

    out = capsys.readouterr().out
    assert "assistance-10 → assistance-08" in out
    assert "1 demandes rejouées, 1 iraient ailleurs." in out


def test_a_broken_draft_is_refused_by_file_rule_and_word(
    app: Flask, routing: Routing, swap: str, tmp_path: Path
) -> None:
    (tmp_path / "rules.toml").write_text(
        swap.replace("assistance-08", "assistance-99") + routing.rulebook.text, "utf-8"
    )

    with pytest.raises(ConfigError) as caught:
        change_to(str(tmp_path / "rules.toml"), routing)

    assert caught.value.problems == ["rules.toml, règle « pour-10 » : le service « assistance-99 » n’existe pas"]


def test_what_the_mailbox_decided_is_worked_out_again_from_what_is_kept(desk: Desk, routing: Routing) -> None:
    """A mail that tells nothing, in the mailbox of Lyon's assistance: the same rules leave it there."""
    mail = desk.message("Bonjour", school=SchoolHint(), mailbox_academy="10", mailbox_service="assistance-10")
    ticket = desk.read(desk.receive(mail).reference)
    (event,) = (event for event in ticket.events if event.kind == history.ROUTED)

    assert recompute_service(Decision.from_json(event.data)) == ticket.service.slug == "assistance-10"
    for depth in Depth:
        change = replace(other_rules(routing, "# essai\n" + routing.rulebook.text, "essai"), depth=depth)
        assert list(Replay(change).run()) == []

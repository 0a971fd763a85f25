"""The rules in force: the file’s, then those last published, in every process; the last good ones if need be."""

import subprocess
import sys
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import update

from helpdesk.db import Unavailable, transaction
from helpdesk.health import checks
from helpdesk.models import Agent, Edition, RulesVersion
from helpdesk.routing import rulebooks
from helpdesk.routing.assign import Routing
from helpdesk.routing.in_force import in_force, present
from helpdesk.routing.rulebook import with_rules
from helpdesk.vocabulary import Role, RulesState
from tests.application import MONDAY, Desk
from tests.routing.publishing import SWAP, WRONG, published

both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture
def supervisor(desk: Desk) -> Agent:
    return desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)


def test_until_something_is_published_the_file_decides(app: Flask, routing: Routing) -> None:
    assert present(routing) is routing


def test_what_is_published_decides_from_the_next_request_on(desk: Desk, routing: Routing, supervisor: Agent) -> None:
    before = desk.ticket()

    assert published(supervisor, routing, SWAP) == 2

    assert desk.ticket().service.slug == "assistance-08"
    assert desk.read(before.reference).service.slug == "assistance-10"


def test_another_process_picks_a_publication_up(
    app: Flask, database_url: str, routing: Routing, supervisor: Agent
) -> None:
    """The other process has asked before the publication, and is asked again after it."""
    program = (
        "import os, sys\n"
        "from helpdesk.app import create_app\n"
        "from helpdesk.outbox.dispatch import Here\n"
        "from helpdesk.parts import make_parts\n"
        "from helpdesk.routing.in_force import present\n"
        "from helpdesk.settings import load_settings\n"
        "settings = load_settings({'DATABASE_URL': sys.argv[1], 'DATA_DIR': sys.argv[2], 'SECRET_KEY': 'k' * 40})\n"
        "parts = make_parts(settings, Here(lambda: 0))\n"
        "app = create_app(parts)\n"
        "for _line in sys.stdin:\n"
        "    with app.app_context():\n"
        "        print(present(parts.routing).rulebook.rules[0].name, flush=True)\n"
    )
    folder = app.extensions["helpdesk"].settings.data_dir
    with subprocess.Popen(
        [sys.executable, "-c", program, database_url, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdin
        assert other.stdout

        def asked() -> str:
            print("?", file=other.stdin, flush=True)
            return other.stdout.readline().strip() if other.stdout else ""

        before = asked()
        published(supervisor, routing, SWAP)

        assert (before, asked()) == ("danger", "lyon")


def test_one_row_is_read_while_nothing_was_published(app: Flask, routing: Routing, supervisor: Agent) -> None:
    published(supervisor, routing, SWAP)
    held = present(routing)

    assert present(routing) is held


def without_a_topic(routing: Routing) -> Routing:
    """The configuration after « réclamation » has left `topics.toml`; its own file of rules never named it."""
    lists = routing.rulebook.lists
    kept = tuple(topic for topic in lists.topics if topic.slug != "reclamation")
    assert len(kept) < len(lists.topics)
    return replace(routing, rulebook=replace(routing.rulebook, lists=replace(lists, topics=kept)))


def test_when_a_topic_leaves_the_configuration_the_last_good_version_goes_on(
    app: Flask, desk: Desk, routing: Routing, supervisor: Agent
) -> None:
    published(supervisor, routing, SWAP)
    topic = '[[rule]]\nname = "plainte"\ntopic = ["reclamation"]\nservice = "triage-national"\nbecause = "a"\n\n'
    published(supervisor, routing, topic)
    poorer = without_a_topic(routing)

    held = in_force(poorer)

    assert held.problems == ("règles publiées, version 3, règle « plainte » : « reclamation » n’existe pas (topic)",)
    assert held.number == 2
    assert held.routing.rulebook.rules[0].name == "lyon"
    assert rulebooks.go_back(supervisor, 2, "retour", over=3, routing=poorer, now=MONDAY) == 4
    assert in_force(poorer).problems == ()


def test_the_check_names_version_rule_and_word(app: Flask, routing: Routing, supervisor: Agent) -> None:
    with transaction() as session:
        session.add(RulesVersion(number=1, state=RulesState.PUBLISHED, text=WRONG + routing.rulebook.text))
        session.execute(update(Edition).where(Edition.name == "rules").values(number=1))

    (told,) = [result for result in checks(app) if result.name == "Règles"]

    assert told.wrong
    assert "règles publiées, version 1, règle « lyon » : « 100 » n’existe pas (academy)" in told.text


@both
def test_without_the_database_a_request_is_told_so(app: Flask, routing: Routing) -> None:
    with transaction() as session:
        session.connection().exec_driver_sql("DROP TABLE edition")

    with pytest.raises(Unavailable):
        present(routing)


def test_rules_with_words_of_their_own_find_them(app: Flask, routing: Routing) -> None:
    rule = '[[rule]]\nname = "cantine"\nwords = ["cantine"]\nservice = "triage-national"\nbecause = "a"\n\n'

    rulebook = with_rules(routing.rulebook, rule + routing.rulebook.text)

    assert {hit.key.name for hit in rulebook.lexicon.find("la cantine") if hit.key.kind == "rule"} == {"cantine"}
    assert rulebook.version != routing.rulebook.version
    assert rulebook.config == routing.rulebook.config

"""Versions of the rules: who may change them, how they are published, and the way back."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, ConfigError, IllegalMove, NotFound
from helpdesk.models import Agent, RulesVersion
from helpdesk.routing import rulebooks
from helpdesk.routing.assign import Routing
from helpdesk.routing.in_force import present
from helpdesk.vocabulary import Role, RulesState
from tests.application import MONDAY, Desk, later
from tests.routing.publishing import SWAP, WRONG, drafted, first_rule, published

# The verbs are the same on both databases; those that lean on locks are tried on both.
both = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    return url


@pytest.fixture
def supervisor(desk: Desk) -> Agent:
    return desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)


def test_a_draft_decides_nothing(desk: Desk, routing: Routing, supervisor: Agent) -> None:
    drafted(supervisor, routing, SWAP)

    assert present(routing) is routing
    assert desk.ticket().service.slug == "assistance-10"


@pytest.mark.parametrize("text", [WRONG, "[[rule]\n"])
def test_a_draft_that_cannot_be_used_is_kept_but_not_published(
    app: Flask, routing: Routing, supervisor: Agent, text: str
) -> None:
    draft_id = drafted(supervisor, routing, text)

    with pytest.raises(ConfigError) as caught:
        rulebooks.publish(supervisor, draft_id, "essai", revision=1, over=0, routing=routing, now=MONDAY)

    assert rulebooks.draft(supervisor, draft_id).text.startswith(text)
    assert present(routing) is routing
    if text is WRONG:
        assert caught.value.problems == [
            "routing.toml, règle « lyon » : « 100 » n’existe pas (academy)",
            "routing.toml, règle « lyon » : le service « assistance-99 » n’existe pas",
        ]


@both
def test_publishing_twice_publishes_once(app: Flask, routing: Routing, supervisor: Agent) -> None:
    draft_id = drafted(supervisor, routing, SWAP)

    numbers = [
        rulebooks.publish(supervisor, draft_id, "essai", revision=1, over=0, routing=routing, now=later(minutes=step))
        for step in range(2)
    ]

    assert numbers == [2, 2]
    assert rulebooks.publication(supervisor, 2).published_at == MONDAY
    assert db.session.scalar(select(func.count()).where(RulesVersion.state == RulesState.PUBLISHED)) == 1


def test_the_history_says_who_when_why_and_begins_with_the_file(
    app: Flask, routing: Routing, supervisor: Agent
) -> None:
    published(supervisor, routing, SWAP, "Lyon est fermé")

    latest, first = rulebooks.publications(supervisor)

    assert (latest.number, latest.publisher, latest.published_at) == (2, supervisor, MONDAY)
    assert (latest.comment, latest.state) == ("Lyon est fermé", RulesState.PUBLISHED)
    assert (first.number, first.text, first.state) == (1, routing.rulebook.text, RulesState.FORMER)


@both
def test_going_back_is_a_publication_of_its_own(desk: Desk, routing: Routing, supervisor: Agent) -> None:
    published(supervisor, routing, SWAP)

    number = rulebooks.go_back(supervisor, 1, "c’était une erreur", over=2, routing=routing, now=later(hours=1))

    assert number == 3
    assert [version.number for version in rulebooks.publications(supervisor)] == [3, 2, 1]
    assert desk.ticket().service.slug == "assistance-10"


def test_going_back_twice_publishes_once(app: Flask, routing: Routing, supervisor: Agent) -> None:
    published(supervisor, routing, SWAP)
    rulebooks.go_back(supervisor, 1, "erreur", over=2, routing=routing, now=MONDAY)

    with pytest.raises(IllegalMove, match="déjà en vigueur"):
        rulebooks.go_back(supervisor, 1, "erreur", over=2, routing=routing, now=MONDAY)


def test_who_did_not_see_the_last_publication_does_not_replace_it(
    app: Flask, routing: Routing, supervisor: Agent
) -> None:
    draft_id = drafted(supervisor, routing, SWAP.replace("lyon", "rhone"))
    published(supervisor, routing, SWAP)

    with pytest.raises(Changed, match="Une autre version"):
        rulebooks.publish(supervisor, draft_id, "essai", revision=1, over=0, routing=routing, now=MONDAY)

    assert first_rule(routing) == "lyon"


@both
def test_of_two_editors_the_second_is_told_and_overwrites_nothing(
    app: Flask, routing: Routing, supervisor: Agent
) -> None:
    draft_id = drafted(supervisor, routing, SWAP)

    with pytest.raises(Changed):
        rulebooks.save_draft(supervisor, draft_id, "autre", revision=0, now=MONDAY)
    with pytest.raises(Changed):
        rulebooks.publish(supervisor, draft_id, "essai", revision=0, over=0, routing=routing, now=MONDAY)
    with pytest.raises(Changed):
        rulebooks.discard_draft(supervisor, draft_id, revision=0, now=MONDAY)

    assert rulebooks.draft(supervisor, draft_id).text.startswith(SWAP)


def test_a_draft_given_up_changes_no_more(app: Flask, routing: Routing, supervisor: Agent) -> None:
    draft_id = drafted(supervisor, routing, SWAP)
    rulebooks.discard_draft(supervisor, draft_id, revision=1, now=MONDAY)

    with pytest.raises(IllegalMove, match="abandonné"):
        rulebooks.save_draft(supervisor, draft_id, "autre", revision=1, now=MONDAY)
    with pytest.raises(IllegalMove, match="abandonné"):
        rulebooks.publish(supervisor, draft_id, "essai", revision=1, over=0, routing=routing, now=MONDAY)

    assert rulebooks.drafts(supervisor) == []


def test_a_draft_can_begin_with_an_earlier_version(app: Flask, routing: Routing, supervisor: Agent) -> None:
    published(supervisor, routing, SWAP)

    draft = rulebooks.draft(supervisor, rulebooks.start_draft(supervisor, routing, 1, MONDAY))

    assert draft.text == routing.rulebook.text
    assert draft.based_on
    assert draft.based_on.number == 1


def test_rules_that_change_nothing_are_not_published(app: Flask, routing: Routing, supervisor: Agent) -> None:
    draft_id = rulebooks.start_draft(supervisor, routing, None, MONDAY)

    with pytest.raises(IllegalMove, match="déjà en vigueur"):
        rulebooks.publish(supervisor, draft_id, "essai", revision=0, over=0, routing=routing, now=MONDAY)


def test_an_endless_text_is_refused(app: Flask, routing: Routing, supervisor: Agent) -> None:
    draft_id = rulebooks.start_draft(supervisor, routing, None, MONDAY)

    with pytest.raises(IllegalMove, match="trop longues"):
        rulebooks.save_draft(supervisor, draft_id, "#" * 1_000_000, revision=0, now=MONDAY)


@pytest.mark.parametrize(("service", "role"), [("triage-national", Role.AGENT), ("assistance-08", Role.SUPERVISOR)])
def test_to_others_there_are_no_rules(
    desk: Desk, routing: Routing, supervisor: Agent, service: str, role: Role
) -> None:
    draft_id, number = drafted(supervisor, routing, SWAP), published(supervisor, routing, SWAP)
    other = desk.agent(service, name="Camille Autre", role=role)

    for attempt in (
        lambda: rulebooks.publications(other),
        lambda: rulebooks.drafts(other),
        lambda: rulebooks.draft(other, draft_id),
        lambda: rulebooks.publication(other, number),
        lambda: rulebooks.start_draft(other, routing, None, MONDAY),
        lambda: rulebooks.save_draft(other, draft_id, "", revision=1, now=MONDAY),
        lambda: rulebooks.discard_draft(other, draft_id, revision=1, now=MONDAY),
        lambda: rulebooks.publish(other, draft_id, "a", revision=1, over=2, routing=routing, now=MONDAY),
        lambda: rulebooks.go_back(other, 1, "a", over=2, routing=routing, now=MONDAY),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_an_administrator_may_change_rules(desk: Desk, routing: Routing) -> None:
    agent = desk.agent()
    with transaction() as session:
        session.merge(agent).is_admin = True

    assert published(agent, routing, SWAP) == 2

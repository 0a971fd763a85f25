"""From a first word to what readers see: drafts, review by another person, two editors at once."""

import pytest
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import Changed, NotAllowed, NotFound
from helpdesk.knowledge import drafts, editors, entries, publishing
from helpdesk.knowledge.articles import article_by_slug
from helpdesk.knowledge.drafts import Written
from helpdesk.knowledge.entries import View
from helpdesk.knowledge.search import edition, search
from helpdesk.models import Agent, Article
from helpdesk.tickets.access import sight_of
from helpdesk.vocabulary import DraftState, EditorRole, Role
from tests.application import MONDAY, Desk, later
from tests.knowledge.editing import TODAY, WORDS, approve, article, draft, submit, written

pytestmark = pytest.mark.usefixtures("faq")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain SQL; locks and JSON are tried on both databases in `test_editing_databases`."""
    return sqlite_url


def test_a_new_entry_reaches_readers_and_search_once_another_person_has_read_it(editor: Agent, reviewer: Agent) -> None:
    draft_id = drafts.create(editor, WORDS, MONDAY)
    submit(editor, draft_id)
    before = edition()

    approve(reviewer, draft_id, reason="très clair")

    shown = article_by_slug("comment-changer-de-mot-de-passe")
    assert (shown.answer, shown.spoken, shown.owner) == ("Par **SMS**.", "Par SMS.", editor)
    assert shown.review_on == later(days=365).date()
    assert edition() == before + 1
    assert search("changer mot de passe").hits[0].entry.slug == shown.slug
    told = [(move.kind, move.agent and move.agent.name, move.reason) for move in entries.entry(editor, shown.id).moves]
    assert told == [
        ("published", "René Essai", "très clair"),
        ("submitted", "Édith Essai", "à relire"),
        ("started", "Édith Essai", ""),
    ]


def test_who_wrote_in_a_version_cannot_publish_it_alone_unless_the_setting_says_so(reviewer: Agent) -> None:
    draft_id = drafts.create(reviewer, WORDS, MONDAY)
    submit(reviewer, draft_id)

    with pytest.raises(NotAllowed, match="une autre personne"):
        approve(reviewer, draft_id)
    approve(reviewer, draft_id, four_eyes=False)

    assert article_by_slug("comment-changer-de-mot-de-passe").published


def test_an_editor_does_not_publish_and_an_agent_does_not_even_see(desk: Desk, editor: Agent) -> None:
    draft_id = drafts.create(editor, WORDS, MONDAY)
    submit(editor, draft_id)
    agent = desk.agent(name="Agathe Essai")

    with pytest.raises(NotFound):
        approve(editor, draft_id, four_eyes=False)
    for act in (
        lambda: drafts.draft_of(agent, draft_id),
        lambda: drafts.create(agent, WORDS, MONDAY),
        lambda: drafts.start(agent, article("telephone").id, "fr", MONDAY),
        lambda: drafts.save(agent, draft_id, WORDS, revision=1, now=MONDAY),
        lambda: drafts.discard(agent, draft_id, "", revision=1, now=MONDAY),
        lambda: entries.entry(agent, article("telephone").id),
        lambda: entries.version(agent, article("telephone").id, 1),
        lambda: publishing.archive(editor, article("telephone").id, "", over=1, now=MONDAY),
        lambda: editors.grant(editor, agent.email, EditorRole.REVIEWER),
        lambda: editors.team(agent),
    ):
        with pytest.raises(NotFound):
            act()
    assert entries.entry_list(agent, View.PUBLISHED, TODAY).articles == []


def may_edit(agent: Agent) -> bool:
    return editors.may_edit(agent, sight_of(db.session(), agent))


def test_supervisors_of_a_national_service_say_who_edits(desk: Desk) -> None:
    supervisor = desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)
    agent = desk.agent(name="Agathe Essai")

    editors.grant(supervisor, agent.email.upper(), EditorRole.EDITOR)
    assert may_edit(agent)
    assert not editors.may_review(agent)
    editors.grant(supervisor, agent.email, None)

    assert not may_edit(agent)
    assert editors.may_review(supervisor)
    with pytest.raises(NotFound, match="inconnu@"):
        editors.grant(supervisor, "inconnu@rectorat.example", EditorRole.EDITOR)


def test_what_readers_see_stays_while_the_next_version_is_written(editor: Agent, reviewer: Agent) -> None:
    draft_id = drafts.start(editor, article("telephone").id, "fr", MONDAY)
    drafts.save(editor, draft_id, written("Au secrétariat."), revision=0, now=MONDAY)
    submit(editor, draft_id)

    assert article_by_slug("telephone").answer == "Au collège."
    approve(reviewer, draft_id)
    assert article_by_slug("telephone").answer == "Au secrétariat."


def test_of_two_editors_the_second_is_told_and_nothing_is_written_over(editor: Agent, reviewer: Agent) -> None:
    draft_id = drafts.start(editor, article("telephone").id, "fr", MONDAY)
    assert drafts.start(reviewer, article("telephone").id, "fr", MONDAY) == draft_id

    drafts.save(editor, draft_id, written("Au secrétariat."), revision=0, now=MONDAY)
    with pytest.raises(Changed):
        drafts.save(reviewer, draft_id, written("Au principal."), revision=0, now=MONDAY)

    assert draft(draft_id).answer == "Au secrétariat."
    assert draft(draft_id).writers == [editor.id]


def test_any_change_of_its_words_takes_a_version_out_of_review(editor: Agent, reviewer: Agent) -> None:
    draft_id = drafts.start(editor, article("telephone").id, "fr", MONDAY)
    submit(editor, draft_id)
    approve(reviewer, draft_id, days=3)
    assert draft(draft_id).state is DraftState.SCHEDULED

    drafts.save(reviewer, draft_id, written("Autre."), revision=draft(draft_id).revision, now=MONDAY)

    assert (draft(draft_id).state, draft(draft_id).publish_at) == (DraftState.WRITING, None)
    submit(reviewer, draft_id)
    with pytest.raises(NotAllowed):
        approve(reviewer, draft_id)


def test_an_entry_given_up_before_any_reader_saw_it_leaves_nothing(editor: Agent) -> None:
    first, second = drafts.create(editor, WORDS, MONDAY), drafts.start(editor, article("telephone").id, "fr", MONDAY)

    assert drafts.discard(editor, first, "doublon", revision=0, now=MONDAY) is False
    assert drafts.discard(editor, second, "inutile", revision=0, now=MONDAY) is True

    assert db.session.scalars(select(Article.slug)).all() == ["telephone"]
    assert entries.entry(editor, article("telephone").id).moves[0].reason == "inutile"


def test_an_entry_comes_back_to_its_owner_on_its_date(editor: Agent) -> None:
    found = article("telephone")
    entries.follow(editor, found.id, editor.email, later(days=10).date(), "", MONDAY)

    assert entries.entry_list(editor, View.DUE, later(days=9).date()).articles == []
    assert [row.owner for row in entries.entry_list(editor, View.DUE, later(days=10).date()).articles] == [editor]


def test_lists_find_questions_without_their_accents(editor: Agent) -> None:
    drafts.create(editor, WORDS, MONDAY)

    assert [row.slug for row in entries.entry_list(editor, View.PUBLISHED, TODAY, words="NUMERO changé").articles] == [
        "telephone"
    ]
    listed = entries.entry_list(editor, View.WRITING, TODAY)
    assert listed.counts[View.WRITING] == 1
    assert entries.entry_list(editor, View.PUBLISHED, TODAY, words="passe").articles == []


def test_a_new_entry_keeps_no_address_from_a_first_try(editor: Agent) -> None:
    draft_id = drafts.create(editor, WORDS, MONDAY)

    better = Written("Mon numéro a changé : à qui le dire ?", "Non.", section="comptes")
    drafts.save(editor, draft_id, better, revision=0, now=MONDAY)

    assert draft(draft_id).article.slug == "mon-numero-a-change-a-qui-le-dire"
    assert draft(draft_id).article.published is False

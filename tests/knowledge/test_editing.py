"""From a first word to what readers see: drafts, review by another person, dates, versions, two editors at once."""

import pytest
from flask import Flask
from sqlalchemy import select

from helpdesk.db import db
from helpdesk.errors import Changed, IllegalMove, NotAllowed, NotFound
from helpdesk.knowledge import drafts, editors, entries, publishing
from helpdesk.knowledge.articles import article_by_slug, is_behind, translation_of
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.drafts import Written
from helpdesk.knowledge.entries import View
from helpdesk.knowledge.fitness import Unfit
from helpdesk.knowledge.search import edition, search
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Agent, Article, Draft
from helpdesk.vocabulary import DraftState, EditorRole, Readers, Role
from tests.application import MONDAY, Desk, later

SITE = "http://127.0.0.1:8000"
TODAY = MONDAY.date()
WORDS = Written("Comment changer de mot de passe ?", "Par **SMS**.", "Par SMS.", Readers.FAMILIES, "comptes")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain SQL; locks and JSON are tried on both databases in `test_editing_databases`."""
    return sqlite_url


@pytest.fixture(autouse=True)
def faq(app: Flask) -> None:
    """One entry, from the document."""
    phone = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
    apply(Document((Section("Comptes", (phone,), "comptes"),)), "faq.md", MONDAY)


@pytest.fixture
def editor(desk: Desk) -> Agent:
    agent = desk.agent(name="Édith Essai")
    editors.set_role(agent.email, EditorRole.EDITOR)
    return agent


@pytest.fixture
def reviewer(desk: Desk) -> Agent:
    agent = desk.agent(name="René Essai")
    editors.set_role(agent.email, EditorRole.REVIEWER)
    return agent


def draft(draft_id: int) -> Draft:
    db.session.rollback()
    return db.session.get_one(Draft, draft_id)


def article(slug: str) -> Article:
    db.session.rollback()
    return db.session.scalars(select(Article).where(Article.slug == slug)).one()


def submit(agent: Agent, draft_id: int) -> None:
    drafts.submit(agent, draft_id, "à relire", revision=draft(draft_id).revision, site=SITE, now=MONDAY)


def approve(agent: Agent, draft_id: int, *, days: int = 0, four_eyes: bool = True, reason: str = "") -> None:
    row = draft(draft_id)
    publishing.approve(
        agent,
        draft_id,
        reason,
        revision=row.revision,
        over=row.article.number,
        at=later(days=days) if days else None,
        four_eyes=four_eyes,
        site=SITE,
        now=MONDAY,
    )


def written(answer: str, **changes: str) -> Written:
    return Written("Mon numéro a changé : à qui le dire ?", answer, section="comptes", **changes)  # type: ignore[arg-type]


def change(editor: Agent, reviewer: Agent, answer: str, slug: str = "telephone") -> None:
    """A new version of an entry, all the way to readers."""
    draft_id = drafts.start(editor, article(slug).id, "fr", MONDAY)
    drafts.save(editor, draft_id, written(answer), revision=0, now=MONDAY)
    submit(editor, draft_id)
    approve(reviewer, draft_id)


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


def test_supervisors_of_a_national_service_say_who_edits(desk: Desk) -> None:
    supervisor = desk.agent("triage-national", name="Sasha Essai", role=Role.SUPERVISOR)
    agent = desk.agent(name="Agathe Essai")

    editors.grant(supervisor, agent.email.upper(), EditorRole.EDITOR)
    assert editors.may_edit(agent)
    assert not editors.may_review(agent)
    editors.grant(supervisor, agent.email, None)

    assert not editors.may_edit(agent)
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


def test_a_scheduled_version_is_published_on_its_date_and_once(editor: Agent, reviewer: Agent) -> None:
    draft_id = drafts.start(editor, article("telephone").id, "fr", MONDAY)
    drafts.save(editor, draft_id, written("Au secrétariat."), revision=0, now=MONDAY)
    submit(editor, draft_id)
    approve(reviewer, draft_id, days=3)

    assert publishing.publish_due(SITE, later(days=2)) == 0
    assert article_by_slug("telephone").answer == "Au collège."
    assert publishing.publish_due(SITE, later(days=3)) == 1
    assert publishing.publish_due(SITE, later(days=3)) == 0

    shown = article("telephone")
    assert (shown.answer, shown.changed_at) == ("Au secrétariat.", later(days=3))
    version = entries.version(editor, shown.id, shown.number)
    assert (version.author, version.reviewer) == (editor, reviewer)


def test_a_scheduled_version_that_lost_a_link_goes_back_to_review(editor: Agent, reviewer: Agent) -> None:
    other = drafts.create(editor, WORDS, MONDAY)
    submit(editor, other)
    approve(reviewer, other)
    draft_id = drafts.start(editor, article("telephone").id, "fr", MONDAY)
    linking = written("Voir [ici](fiche:comment-changer-de-mot-de-passe).")
    drafts.save(editor, draft_id, linking, revision=0, now=MONDAY)
    submit(editor, draft_id)
    approve(reviewer, draft_id, days=3)
    gone = article("comment-changer-de-mot-de-passe")
    publishing.archive(reviewer, gone.id, "doublon", over=gone.number, now=later(days=1))

    assert publishing.publish_due(SITE, later(days=3)) == 0

    assert draft(draft_id).state is DraftState.IN_REVIEW
    last = entries.entry(editor, article("telephone").id).moves[0]
    assert (last.kind, last.agent) == ("sent-back", None)
    assert "fiche:comment-changer-de-mot-de-passe" in last.reason


def test_what_is_not_fit_for_readers_is_named_and_kept(editor: Agent) -> None:
    draft_id = drafts.start(editor, article("telephone").id, "fr", MONDAY)
    wrong = "<script>alert(1)</script> [a](javascript:alert(1)) [b](fiche:inconnue) ![](image:0123456789abcdef)"
    drafts.save(editor, draft_id, written(wrong), revision=0, now=MONDAY)

    with pytest.raises(Unfit) as refusal:
        submit(editor, draft_id)

    told = " ".join(refusal.value.problems)
    for word in ("<script>", "javascript:", "fiche:inconnue", "image:0123456789abcdef", "pas de description"):
        assert word in told
    assert draft(draft_id).answer == wrong


def test_an_archived_entry_is_gone_for_readers_and_comes_back_with_a_new_version(
    editor: Agent, reviewer: Agent
) -> None:
    found = article("telephone")
    publishing.archive(reviewer, found.id, "obsolète", over=found.number, now=MONDAY)
    with pytest.raises(NotFound):
        article_by_slug("telephone")
    assert search("mon numéro a changé").hits == ()
    with pytest.raises(IllegalMove):
        publishing.archive(reviewer, found.id, "encore", over=found.number, now=MONDAY)

    change(editor, reviewer, "Au collège, en septembre.")

    assert article_by_slug("telephone").answer == "Au collège, en septembre."


def test_a_former_version_is_restored_to_the_letter(editor: Agent, reviewer: Agent) -> None:
    text = "1. Un « mot » ;\n2. deux.\n\n### Titre\n\n> cité"
    change(editor, reviewer, text)
    change(editor, reviewer, "Au secrétariat.")
    found = article("telephone")
    (restored,) = [row.number for row in entries.entry(editor, found.id).versions if row.answer == text]

    draft_id = drafts.start(editor, found.id, "fr", MONDAY, number=restored)

    assert draft(draft_id).answer == text
    with pytest.raises(IllegalMove, match="déjà en préparation"):
        drafts.start(editor, found.id, "fr", MONDAY, number=1)
    submit(editor, draft_id)
    approve(reviewer, draft_id)
    assert article_by_slug("telephone").answer == text
    assert [row.number for row in entries.entry(editor, found.id).versions] == [4, 3, 2, 1]


def test_a_translation_shows_when_the_french_has_moved_on(editor: Agent, reviewer: Agent) -> None:
    found = article("telephone")
    draft_id = drafts.start(editor, found.id, "en", MONDAY)
    assert draft(draft_id).answer == "Au collège."  # to translate from
    english = Written("My number has changed: whom do I tell?", "The school.")
    drafts.save(editor, draft_id, english, revision=0, now=MONDAY)
    submit(editor, draft_id)
    approve(reviewer, draft_id)
    shown = translation_of(article("telephone"), "en")
    assert shown is not None
    assert shown.answer == "The school."
    assert not is_behind(article("telephone"), shown)

    change(editor, reviewer, "Au secrétariat.")

    assert is_behind(article("telephone"), translation_of(article("telephone"), "en") or shown)
    assert [row.slug for row in entries.entry_list(editor, View.BEHIND, TODAY).articles] == ["telephone"]
    again = drafts.start(editor, found.id, "en", MONDAY)
    drafts.save(editor, again, english, revision=0, now=MONDAY)
    submit(editor, again)
    approve(reviewer, again)
    assert entries.entry_list(editor, View.BEHIND, TODAY).articles == []


def test_another_section_or_topic_leaves_translations_as_true_as_before(editor: Agent, reviewer: Agent) -> None:
    draft_id = drafts.start(editor, article("telephone").id, "en", MONDAY)
    submit(editor, draft_id)
    approve(reviewer, draft_id)

    change_topic = drafts.start(editor, article("telephone").id, "fr", MONDAY)
    drafts.save(editor, change_topic, written("Au collège.", topics=("autre",)), revision=0, now=MONDAY)  # type: ignore[arg-type]
    submit(editor, change_topic)
    approve(reviewer, change_topic)

    assert article("telephone").topics == "autre"
    assert entries.entry_list(editor, View.BEHIND, TODAY).articles == []


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

"""What readers see of an entry: on its date, out of the archive, restored, and beside its translation."""

import pytest

from helpdesk.errors import IllegalMove, NotFound
from helpdesk.knowledge import drafts, entries, publishing
from helpdesk.knowledge.articles import article_by_slug, is_behind, translation_of
from helpdesk.knowledge.drafts import Written
from helpdesk.knowledge.entries import View
from helpdesk.knowledge.fitness import Unfit
from helpdesk.knowledge.search import search
from helpdesk.models import Agent
from helpdesk.vocabulary import DraftState
from tests.application import MONDAY, later
from tests.knowledge.editing import SITE, TODAY, WORDS, approve, article, change, draft, submit, written

pytestmark = pytest.mark.usefixtures("faq")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain SQL; locks and JSON are tried on both databases in `test_editing_databases`."""
    return sqlite_url


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
    assert draft(again).based_on < article("telephone").number, "so that the form shows what has changed"
    seen = article("telephone").number
    drafts.save(editor, again, english, revision=0, now=MONDAY, based_on=seen)
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

"""A document comes back while people edit here: each side keeps what it alone changed, what both did is asked."""

import pytest
from flask import Flask

from helpdesk.db import db, transaction
from helpdesk.errors import Changed, NotFound
from helpdesk.knowledge import drafts, editors, entries, imports, publishing, takeover
from helpdesk.knowledge.articles import article_by_slug, stored_document
from helpdesk.knowledge.differences import Kind
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.drafts import Written
from helpdesk.knowledge.importer import Imported
from helpdesk.knowledge.plan import Verdict
from helpdesk.knowledge.reviewed import parse, render
from helpdesk.knowledge.search import edition
from helpdesk.models import Agent, Draft, PendingImport
from helpdesk.vocabulary import EditorRole, Readers
from tests.application import MONDAY, Desk, later

PHONE = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
PASSWORD = Question("Un élève peut-il changer son mot de passe ?", "Oui, par mail.", Readers.FAMILIES, "mot-de-passe")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Plain SQL; the whole road is gone on both databases in `test_editing_databases`."""
    return sqlite_url


@pytest.fixture(autouse=True)
def faq(app: Flask) -> None:
    take(document(PHONE, PASSWORD))


@pytest.fixture
def reviewer(desk: Desk) -> Agent:
    agent = desk.agent(name="René Essai")
    editors.set_role(agent.email, EditorRole.REVIEWER)
    return agent


def document(*questions: Question, title: str = "Comptes") -> Document:
    return Document((Section(title, questions, "comptes"),))


def answered(question: Question, answer: str, version: int = 0) -> Question:
    return Question(question.question, answer, question.audience, question.slug, version)


def take(given: Document, **decided: bool) -> tuple[list[tuple[Kind, str]], list[str]]:
    """Import; returns what it changed, and what it left to be decided."""
    report = takeover.apply(given, "faq.md", MONDAY, decided={slug.replace("_", "-"): v for slug, v in decided.items()})
    db.session.expire_all()
    return [(change.kind, change.slug) for change in report.changes], [change.slug for change in report.waiting]


def edit(agent: Agent, slug: str, answer: str, **changes: str) -> None:
    """A version written here, published."""
    article = article_by_slug(slug)
    draft_id = drafts.start(agent, article.id, "fr", MONDAY)
    said = {"question": article.question, "section": article.section.slug, **changes}
    drafts.save(agent, draft_id, Written(answer=answer, **said), revision=0, now=MONDAY)  # type: ignore[arg-type]
    publish(agent, draft_id)


def publish(agent: Agent, draft_id: int) -> None:
    site = "http://127.0.0.1:8000"
    drafts.submit(agent, draft_id, "", revision=db.session.get_one(Draft, draft_id).revision, site=site, now=MONDAY)
    draft = drafts.draft_of(agent, draft_id)
    over = {"revision": draft.revision, "over": draft.article.number}
    publishing.approve(agent, draft_id, "", **over, at=None, four_eyes=False, site=site, now=MONDAY)
    db.session.expire_all()


def answer(slug: str) -> str:
    db.session.rollback()
    return article_by_slug(slug).answer


def test_what_was_edited_here_stays_when_the_document_says_what_it_always_said(reviewer: Agent) -> None:
    edit(reviewer, "telephone", "Au secrétariat.")

    assert take(document(PHONE, answered(PASSWORD, "Oui, par SMS."))) == ([(Kind.CHANGED, "mot-de-passe")], [])

    assert (answer("telephone"), answer("mot-de-passe")) == ("Au secrétariat.", "Oui, par SMS.")


def test_what_both_sides_changed_is_asked_and_never_overwritten_unasked(reviewer: Agent) -> None:
    edit(reviewer, "telephone", "Au secrétariat.")
    theirs = document(answered(PHONE, "Au principal."), PASSWORD)

    assert take(theirs) == take(theirs) == ([], ["telephone"])
    assert answer("telephone") == "Au secrétariat."
    assert take(theirs, telephone=False) == ([], [])
    assert take(theirs) == ([], []), "decided once, the same document asks no more"
    assert entries.entry(reviewer, article_by_slug("telephone").id).moves[0].kind == "kept"
    assert answer("telephone") == "Au secrétariat."


def test_the_documents_side_can_be_taken(reviewer: Agent) -> None:
    edit(reviewer, "telephone", "Au secrétariat.")

    assert take(document(answered(PHONE, "Au principal."), PASSWORD), telephone=True) == (
        [(Kind.CHANGED, "telephone")],
        [],
    )
    assert answer("telephone") == "Au principal."


def test_an_entry_made_here_is_not_gone_because_no_document_has_it(reviewer: Agent) -> None:
    made = Written("Et la nuit ?", "Non.", section="comptes")
    publish(reviewer, drafts.create(reviewer, made, MONDAY))

    assert take(document(PHONE, PASSWORD)) == ([], [])

    assert answer("et-la-nuit") == "Non."


def test_an_entry_edited_here_is_not_taken_away_unasked(reviewer: Agent) -> None:
    edit(reviewer, "telephone", "Au secrétariat.")

    assert take(document(PASSWORD)) == ([], ["telephone"])
    assert answer("telephone") == "Au secrétariat."
    assert take(document(PASSWORD), telephone=True) == ([(Kind.GONE, "telephone")], [])
    with pytest.raises(NotFound):
        article_by_slug("telephone")


def test_an_entry_archived_here_does_not_come_back_by_itself(reviewer: Agent) -> None:
    found = article_by_slug("telephone")
    publishing.archive(reviewer, found.id, "obsolète", over=found.number, now=MONDAY)

    assert take(document(PHONE, PASSWORD)) == ([], ["telephone"])
    assert take(document(PHONE, PASSWORD), telephone=True) == ([(Kind.ADDED, "telephone")], [])
    assert answer("telephone") == "Au collège."


def test_an_entry_being_written_here_keeps_its_address(reviewer: Agent) -> None:
    drafts.create(reviewer, Written("Et la nuit ?", "Non.", section="comptes"), MONDAY)
    night = Question("Et la nuit ?", "Oui.", Readers.FAMILIES)

    assert take(document(PHONE, PASSWORD, night)) == ([], ["et-la-nuit"])


def test_another_section_given_here_stays(reviewer: Agent) -> None:
    edit(reviewer, "telephone", "Au collège.", new_section="Coordonnées")

    assert take(document(PHONE, PASSWORD)) == ([], [])

    assert article_by_slug("telephone").section.title == "Coordonnées"


def test_an_export_comes_back_unchanged_and_an_edited_one_without_a_question(reviewer: Agent) -> None:
    edit(reviewer, "telephone", "Au secrétariat.\n\n## Où ?\n\n- Là [ici](fiche:mot-de-passe)\n- ou **là**")
    publish(reviewer, drafts.create(reviewer, Written("Et la nuit ?", "# Non\n\nNon.", section="comptes"), MONDAY))
    before = edition()
    exported = render(stored_document(db.session()))

    assert take(parse(exported)) == ([], [])
    assert edition() == before
    changed = exported.replace("Au secrétariat.", "Au secrétariat du collège.")

    assert take(parse(changed)) == ([(Kind.CHANGED, "telephone")], [])
    assert take(parse(changed)) == ([], [])


def test_an_export_that_was_left_behind_undoes_nothing(reviewer: Agent) -> None:
    exported = render(stored_document(db.session()))
    edit(reviewer, "telephone", "Au secrétariat.")

    assert take(parse(exported)) == ([], [])
    assert take(parse(exported.replace("Au collège.", "Au principal."))) == ([], ["telephone"])
    assert answer("telephone") == "Au secrétariat."


def test_votes_and_links_survive_as_the_entry_stays_the_same_row(reviewer: Agent) -> None:
    before = article_by_slug("telephone").id

    take(document(Question("Mon numéro de portable a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES)))

    assert article_by_slug("telephone").id == before


def test_a_document_waits_until_it_was_looked_at(reviewer: Agent) -> None:
    imported = Imported(document(answered(PHONE, "Au principal."), PASSWORD), ())
    import_id = imports.hand_in(reviewer, imported, "nouvelle.md", MONDAY)
    assert answer("telephone") == "Au collège."

    found = imports.comparison(reviewer, import_id)
    assert [(step.slug, step.verdict) for step in found.steps] == [("telephone", Verdict.APPLY)]
    edit(reviewer, "mot-de-passe", "Non.")
    with pytest.raises(Changed):
        imports.confirm(reviewer, import_id, {}, seen=found.edition, now=MONDAY)
    assert answer("telephone") == "Au collège."
    report = imports.confirm(reviewer, import_id, {}, seen=edition(), now=later(days=1))

    assert [change.slug for change in report.changes] == ["telephone"]
    assert answer("telephone") == "Au principal."
    assert db.session.get(PendingImport, import_id) is None


def test_only_reviewers_import(desk: Desk) -> None:
    editor = desk.agent(name="Édith Essai")
    editors.set_role(editor.email, EditorRole.EDITOR)
    with transaction() as session:
        session.add(PendingImport(name="x", document=document(PHONE).as_rows(), agent_id=editor.id))

    with pytest.raises(NotFound):
        imports.hand_in(editor, Imported(document(PHONE), ()), "x.md", MONDAY)
    with pytest.raises(NotFound):
        imports.comparison(editor, 1)
    assert imports.waiting(editor) == []

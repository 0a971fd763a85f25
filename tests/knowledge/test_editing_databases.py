"""The road of an entry on both databases: written, scheduled, published, imported over, told to its owner."""

from flask import Flask

from helpdesk.db import db
from helpdesk.duties import DUTIES
from helpdesk.knowledge import drafts, editors, entries, publishing, takeover
from helpdesk.knowledge.articles import article_by_slug
from helpdesk.knowledge.document import Document, Question, Section
from helpdesk.knowledge.drafts import Written
from helpdesk.knowledge.reminders import remind_owners
from helpdesk.knowledge.search import search
from helpdesk.outbox.mailer import DeliveryError
from helpdesk.vocabulary import EditorRole, Readers
from tests.application import MONDAY, Desk, MemoryMailer, later

SITE = "http://127.0.0.1:8000"


def test_an_entry_goes_all_its_way(app: Flask, desk: Desk, mailer: MemoryMailer) -> None:
    editor, reviewer = desk.agent(name="Edith Essai"), desk.agent(name="Rene Essai")
    editors.set_role(editor.email, EditorRole.EDITOR)
    editors.set_role(reviewer.email, EditorRole.REVIEWER)
    written = Written("Comment changer de mot de passe ?", "Par SMS.", new_section="Mots de passe")
    draft_id = drafts.create(editor, written, MONDAY)
    drafts.submit(editor, draft_id, "", revision=0, site=SITE, now=MONDAY)
    publishing.approve(
        reviewer, draft_id, "", revision=1, over=0, at=later(days=1), four_eyes=True, site=SITE, now=MONDAY
    )

    assert publishing.publish_due(SITE, later(days=1)) == 1
    assert {"publish-faq", "faq-reviews"} <= {duty.name for duty in DUTIES}
    found = article_by_slug("comment-changer-de-mot-de-passe")
    assert search("changer mot de passe").hits[0].slug == found.slug
    phone = Question("Mon numéro a changé : à qui le dire ?", "Au collège.", Readers.FAMILIES, "telephone")
    document = Document((Section("Comptes", (phone,), "comptes"),))
    for _time in range(2):
        takeover.apply(document, "faq.md", later(days=2))
    told = entries.entry(editor, article_by_slug("telephone").id).moves
    assert [(move.kind, move.reason) for move in told] == [("imported", "faq.md")]

    db.session.rollback()
    due = later(days=1 + 365)
    mailer.fail_with = DeliveryError("absent")
    assert remind_owners(mailer, desk.parts.settings, due) == 0
    mailer.fail_with = None
    assert remind_owners(mailer, desk.parts.settings, later(days=365)) == 0
    assert [remind_owners(mailer, desk.parts.settings, due) for _turn in range(2)] == [1, 0]
    (mail,) = mailer.sent
    assert (mail["To"], mail["Subject"]) == (editor.email, "EduConnect : 1 fiche de la FAQ à relire")
    assert f"{SITE}/agent/fiches/{found.id}" in mail.get_content()
    assert [row.slug for row in entries.entry_list(editor, entries.View.DUE, due.date()).articles] == [found.slug]

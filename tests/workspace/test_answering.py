"""Answering with help: drafts, model answers, entries of the FAQ, files, and the moment to think again."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.message import IncomingFile, Sender
from helpdesk.models import Agent, Article, CannedAnswer, Membership, Section, Ticket
from helpdesk.tickets import actions, drafts, holds
from helpdesk.vocabulary import Readers
from tests.application import Desk, field_in
from tests.workspace.pages import add_word, do, main_of, page_of, plain

PICTURE = b"\x89PNG\r\n\x1a\n one screen"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database."""
    return sqlite_url


def typed(client: FlaskClient, ticket: Ticket, text: str) -> dict[str, Any]:
    """The reply form of a page as it is now, with a text in it."""
    html = client.get(page_of(ticket)).text
    return {name: field_in(html, name) for name in ("csrf_token", "seen", "told")} | {"text": text}


def canned(agent: Agent, text: str, key: str = "code-sms") -> int:
    with transaction() as session:
        model = CannedAnswer(key=key, title="Le code", text=text, changed_by_id=agent.id)
        session.add(model)
        session.flush()
        return model.id


def faq(answer: str) -> None:
    """One entry that answers those who do not receive their code."""
    with transaction() as session:
        section = Section(slug="activation", title="Activation", position=1)
        question = "Je ne reçois pas le code par SMS pour activer mon compte, que faire ?"
        given = {"slug": "code-sms", "question": question, "answer": answer, "readers": Readers.FAMILIES, "position": 1}
        session.add(Article(section=section, **given))


def kept_text(agent: Agent, ticket: Ticket) -> str:
    db.session.rollback()
    draft = drafts.of(db.session(), agent, ticket)
    return draft.text if draft else ""


class TestDrafts:
    def test_a_draft_is_there_again_on_another_machine_with_its_files(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        fields = typed(signed_in, ticket, "Bonjour, demain")

        kept = signed_in.post(
            f"{page_of(ticket)}/brouillon", data={**fields, "files": (BytesIO(PICTURE), "../écran.png")}
        )
        machine = desk.sign_in(agent)  # which ends the session on the first one
        elsewhere = machine.get(page_of(ticket)).text
        remove = re.search(r'name="remove" value="(\d+)"', elsewhere)
        assert remove is not None
        fields = typed(machine, ticket, "Bonjour, demain")
        machine.post(f"{page_of(ticket)}/brouillon", data={**fields, "remove": remove[1]})
        removed = machine.get(page_of(ticket)).text

        assert kept.status_code == 303
        assert "Bonjour, demain</textarea>" in elsewhere
        assert "../écran.png" in elsewhere
        assert "image PNG" in elsewhere
        assert "écran.png" not in removed
        assert "Bonjour, demain</textarea>" in removed

    def test_the_page_keeps_it_by_itself_and_learns_who_is_there_and_what_came(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        colleague, ticket = desk.agent(name="Basile Essai"), desk.ticket()
        fields = typed(signed_in, ticket, "Bonj") | {"script": "1"}

        alone = signed_in.post(f"{page_of(ticket)}/brouillon", data=fields).json
        begun = desk.sign_in(colleague).get(page_of(ticket))
        add_word(desk, ticket, "Encore moi.")
        later = signed_in.post(f"{page_of(ticket)}/presence", data=fields).json
        gone = signed_in.post(f"{page_of(ticket)}/presence", data={**fields, "leave": "1"}).status_code
        forged = signed_in.post(f"{page_of(ticket)}/brouillon", data={**fields, "csrf_token": "x", "text": "Autre"})

        assert (alone, gone, forged.status_code) == ({"other": "", "news": ""}, 204, 422)
        assert "Agathe Essai écrit une réponse à cette demande." in main_of(begun)
        assert later is not None
        assert "Un message est arrivé" in later["news"]
        assert holds.keep(colleague, ticket.reference, utc_now()) is None
        assert kept_text(agent, ticket) == "Bonj"

    def test_a_refused_answer_is_kept_whatever_its_length(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        ticket, long = desk.ticket(), "é" * 100_000

        answer = signed_in.post(f"{page_of(ticket)}/reponse", data=typed(signed_in, ticket, long))

        assert answer.status_code == 422
        assert "retirez 80000 caractères" in main_of(answer)
        assert kept_text(agent, ticket) == long

    def test_who_left_the_service_meanwhile_keeps_the_text(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        fields = typed(signed_in, ticket, "Texte déjà long.")
        with transaction() as session:
            session.delete(session.scalars(select(Membership).where(Membership.agent_id == agent.id)).one())

        answer = signed_in.post(f"{page_of(ticket)}/reponse", data=fields)

        assert answer.status_code == 404
        assert "n’est pas dans vos services" in main_of(answer)
        assert "Texte déjà long.</textarea>" in answer.text

    def test_too_many_files_are_refused_in_words_and_the_text_stays(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()
        files = [(BytesIO(PICTURE), f"{number}.png") for number in range(6)]

        answer = signed_in.post(
            f"{page_of(ticket)}/reponse", data={**typed(signed_in, ticket, "Voici."), "files": files}
        )

        assert answer.status_code == 422
        assert '<a href="#pieces">Joignez 5 fichiers au plus.</a>' in answer.text
        assert "Voici.</textarea>" in answer.text


class TestInserting:
    def test_a_model_answer_is_filled_in_and_its_gaps_hold_the_answer_back(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        number = canned(agent, "Bonjour {nom},\nappelez {établissement} pour {référence}.\n{agent}")
        ticket = desk.ticket(sender=Sender("Lou Inventé", "lou@famille.example"))
        fields = typed(signed_in, ticket, "Merci.")

        signed_in.post(f"{page_of(ticket)}/inserer", data={**fields, "insert": f"modele:{number}"})
        text = kept_text(agent, ticket)
        refused = signed_in.post(f"{page_of(ticket)}/reponse", data={**fields, "text": text})
        given = signed_in.post(
            f"{page_of(ticket)}/inserer", data={**fields, "insert": f"modele:{number}", "script": "1"}
        ).json
        unknown = signed_in.post(f"{page_of(ticket)}/inserer", data={**fields, "insert": "modele:999999999"})

        filled = f"Bonjour Lou Inventé,\nappelez [à compléter : établissement] pour {ticket.reference}.\nAgathe Essai"
        assert text == f"Merci.\n\n{filled}"
        assert given == {"text": filled}
        assert refused.status_code == 422
        assert "Il reste à compléter : établissement." in main_of(refused)
        assert unknown.status_code == 409
        assert "Merci.</textarea>" in unknown.text

    def test_the_page_proposes_entries_that_fit_and_inserts_them_with_their_link(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        faq("**Vérifiez** le numéro auprès de l’établissement.")
        ticket = desk.ticket("Je ne reçois pas le code par SMS pour activer mon compte.")

        page = signed_in.get(page_of(ticket))
        fields = typed(signed_in, ticket, "")
        signed_in.post(f"{page_of(ticket)}/inserer", data={**fields, "insert": "fiche:code-sms"})

        assert 'value="fiche:code-sms"' in page.text
        assert plain(kept_text(agent, ticket)) == (
            "« Je ne reçois pas le code par SMS pour activer mon compte, que faire ? »\n\n"
            "Vérifiez le numéro auprès de l’établissement.\n\nhttp://127.0.0.1:8000/questions/code-sms"
        )


class TestSending:
    def test_a_colleague_on_the_ticket_is_asked_about_once(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket, colleague = desk.ticket(), desk.agent(name="Basile Essai")
        fields = typed(signed_in, ticket, "Bonjour")
        actions.take(colleague, ticket.reference, utc_now())
        seen_again = typed(signed_in, ticket, "Bonjour")

        changed = signed_in.post(f"{page_of(ticket)}/reponse", data=fields)
        asked = signed_in.post(f"{page_of(ticket)}/reponse", data=seen_again)
        despite = field_in(asked.text, "despite")
        sent = signed_in.post(f"{page_of(ticket)}/reponse", data={**seen_again, "despite": despite})

        assert "Basile Essai a pris la demande." in main_of(changed).split("Depuis que vous avez ouvert la page", 1)[1]
        assert (changed.status_code, asked.status_code, sent.status_code) == (409, 409, 303)
        assert "Basile Essai a cette demande ouverte. Rien n’est parti : envoyer quand même ?" in main_of(asked)
        assert "Envoyer quand même" in main_of(asked)

    def test_waiting_takes_a_day_to_come_in_the_zone_of_the_service(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()
        day = utc_now().date().replace(day=1)
        past = do(signed_in, ticket, "reponse", {"text": "Bonjour", "wait": "1", "until": day.isoformat()})
        none = do(signed_in, ticket, "reponse", {"text": "Bonjour", "wait": "1"})
        day = (utc_now().date().replace(day=1)).fromordinal(utc_now().date().toordinal() + 9)

        page = signed_in.get(
            do(signed_in, ticket, "reponse", {"text": "Bonjour", "wait": "1", "until": day.isoformat()}).location
        )

        wake_at = desk.read(ticket.reference).wake_at
        assert [answer.status_code for answer in (past, none)] == [422, 422]
        assert wake_at is not None
        assert (wake_at.date().toordinal(), wake_at.hour in (22, 23)) == (
            day.toordinal() - 1,
            True,
        )  # midnight in Paris
        assert f"La demande attend jusqu’au {day:%d/%m/%Y}." in main_of(page)


def test_an_image_is_shown_in_place_in_a_sandbox_and_nothing_else_is(desk: Desk, signed_in: FlaskClient) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    files = (IncomingFile("écran.png", "text/html", PICTURE), IncomingFile("piège.png", "image/png", svg))
    ticket = desk.ticket(files=files)

    html = signed_in.get(page_of(ticket)).text
    first, second = (attachment.id for attachment in desk.read(ticket.reference).messages[0].attachments)
    shown = signed_in.get(f"{page_of(ticket)}/fichiers/{first}/image")
    refused = signed_in.get(f"{page_of(ticket)}/fichiers/{second}/image")

    assert html.count("<img ") == 1
    assert (shown.data, shown.content_type, refused.status_code) == (PICTURE, "image/png", 404)
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox; frame-ancestors 'self'"
    assert not shown.headers["Content-Disposition"].startswith("attachment")


def test_a_pdf_is_read_in_a_frame_of_the_page_where_it_can_do_nothing(desk: Desk, signed_in: FlaskClient) -> None:
    pdf, page = (
        b"%PDF-1.4\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
        b"<script>alert(1)</script>",
    )
    files = (IncomingFile("lettre.bin", "text/html", pdf), IncomingFile("piège.pdf", "application/pdf", page))
    ticket = desk.ticket(files=files)

    html = signed_in.get(page_of(ticket)).text
    first, second = (attachment.id for attachment in desk.read(ticket.reference).messages[0].attachments)
    shown = signed_in.get(f"{page_of(ticket)}/fichiers/{first}/lecture")
    refused = signed_in.get(f"{page_of(ticket)}/fichiers/{second}/lecture")

    assert html.count("<iframe ") == 1
    assert (shown.data, shown.content_type, refused.status_code) == (pdf, "application/pdf", 404)
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Content-Type-Options"] == "nosniff"

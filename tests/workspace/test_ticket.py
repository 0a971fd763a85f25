"""The page of a ticket: what it tells, and what its buttons do."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from flask.testing import FlaskClient

from helpdesk.db import transaction, utc_now
from helpdesk.intake.message import IncomingFile, SchoolHint, Sender
from helpdesk.intake.receive import receive_on
from helpdesk.models import Agent, Message, Ticket
from helpdesk.outbox.mailer import DeliveryError, Refused
from helpdesk.tickets import actions, history
from helpdesk.vocabulary import Level, Priority, Status
from tests.application import Desk, MemoryMailer, field_in, token_in
from tests.workspace.pages import main_of, title_of, words_of


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is shown does not depend on the database; access and the queue are tested on both."""
    return sqlite_url


@pytest.fixture
def agent(desk: Desk) -> Agent:
    return desk.agent()


@pytest.fixture
def signed_in(desk: Desk, agent: Agent) -> FlaskClient:
    return desk.sign_in(agent)


def page_of(ticket: Ticket) -> str:
    return f"/agent/demandes/{ticket.reference}"


def do(client: FlaskClient, ticket: Ticket, verb: str, fields: dict[str, Any] | None = None) -> Any:
    """Press a button of the ticket's page, with the hidden fields that the page holds now."""
    html = client.get(page_of(ticket)).text
    hidden = {"csrf_token": token_in(html), "seen": field_in(html, "seen")}
    if 'name="holder"' in html:
        hidden["holder"] = field_in(html, "holder")
    return client.post(f"{page_of(ticket)}/{verb}", data={**hidden, **(fields or {})})


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def add_word(desk: Desk, ticket: Ticket, text: str) -> None:
    """The person writes again, on the follow-up page."""
    receive_on(ticket.reference, desk.message(text), desk.parts.files, reopen_within=timedelta(days=30), now=utc_now())


def test_the_title_tells_the_ticket(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket(subject="Code jamais reçu")

    assert title_of(signed_in.get(page_of(ticket))).startswith(f"Code jamais reçu – {ticket.reference} – Nouvelle")


def test_the_person_is_told_with_every_way_to_reach_them(desk: Desk, signed_in: FlaskClient) -> None:
    school = SchoolHint("collège Jean Moulin", "Lyon", "69005", "0690001A", Level.SECOND)
    ticket = desk.ticket(sender=Sender("Lou Inventé", "lou@famille.example", "+33639981234"), school=school)

    page = signed_in.get(page_of(ticket))

    assert 'href="tel:+33639981234"' in page.text
    assert 'href="mailto:lou@famille.example"' in page.text
    for words in ("Lou Inventé", "06 39 98 12 34", "collège Jean Moulin, 69005 Lyon", "Collège ou lycée", "0690001A"):
        assert words in main_of(page)


def test_the_other_parent_behind_a_shared_address_is_named(desk: Desk, signed_in: FlaskClient) -> None:
    desk.ticket(sender=Sender("Lou Inventé", "maison@famille.example"))
    ticket = desk.ticket(sender=Sender("Nour Fictif", "maison@famille.example"))

    assert "Adresse déjà utilisée par : Lou Inventé" in main_of(signed_in.get(page_of(ticket)))


def test_the_persons_other_tickets_are_one_press_away(desk: Desk, signed_in: FlaskClient) -> None:
    first, second = desk.ticket(subject="La première"), desk.ticket(subject="La seconde")
    elsewhere = desk.ticket(subject="Ailleurs", school=SchoolHint(commune="Grenoble", postal_code="38000"))

    page = signed_in.get(page_of(second))

    assert f'href="{page_of(first)}">La première</a>' in page.text
    assert elsewhere.subject not in page.text


def test_why_here_gives_the_reason_and_the_words_that_were_read(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket("Le code SMS n’arrive pas.", school=SchoolHint(commune="Lyon", postal_code="69003"))
    decision = next(event.data for event in ticket.events if event.kind == history.ROUTED)

    page = main_of(signed_in.get(page_of(ticket)))

    assert words_of(decision["because"]) in page
    assert "Code postal" in page
    assert "« 69003 », dans le formulaire" in page


def test_after_a_transfer_why_here_tells_that_first(desk: Desk, agent: Agent) -> None:
    ticket = desk.ticket()
    other = desk.sign_in(desk.agent("assistance-08", name="Basile Essai"))
    actions.transfer(agent, ticket.reference, "assistance-08", "école à Grenoble", now=utc_now())

    page = main_of(other.get(page_of(ticket)))

    assert re.search(r"Pourquoi ici \? Agathe Essai a transféré .* : école à Grenoble\. À l’arrivée :", page)


def test_quoted_text_is_folded_away(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    with transaction() as session:
        session.get_one(Message, ticket.messages[0].id).quoted = "Le 3 mars vous écriviez"

    html = signed_in.get(page_of(ticket)).text

    assert re.search(r"<details[^>]*>\s*<summary>Texte cité</summary>\s*<p>Le 3 mars vous écriviez", html)


def test_a_file_is_told_with_type_and_size(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket(files=(IncomingFile("écran.pdf", "application/pdf", b"%PDF-" + b"x" * 120_000),))

    assert "Télécharger écran.pdf PDF, 120 Ko" in main_of(signed_in.get(page_of(ticket)))


def test_tags_that_people_write_stay_text(desk: Desk, signed_in: FlaskClient) -> None:
    ticket = desk.ticket("<script>alert(1)</script>", subject="<b>gras</b>", sender=Sender("<i>Lou</i>", "l@a.example"))

    html = signed_in.get(page_of(ticket)).text

    assert "<script>alert" not in html
    assert "<b>gras" not in html
    assert "<i>Lou" not in html


class TestAnswering:
    def test_the_person_gets_the_answer_and_the_page_says_so_in_focus(
        self, desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()

        answer = do(signed_in, ticket, "reponse", {"text": "Demandez au secrétariat."})
        page = signed_in.get(answer.location)

        assert answer.status_code == 303
        assert "Demandez au secrétariat." in text_of(mailer.sent[-1])
        assert re.search(r'<div class="fr-alert[^>]+tabindex="-1" autofocus><p>Votre réponse', page.text)
        assert desk.read(ticket.reference).status is Status.WAITING

    def test_the_second_button_solves_as_well(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()

        do(signed_in, ticket, "reponse", {"text": "C’est réglé.", "solve": "1"})

        assert desk.read(ticket.reference).status is Status.SOLVED

    def test_the_signature_is_shown_before_sending(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()

        page = main_of(signed_in.get(page_of(ticket)))

        assert f"Signée : Agathe Essai, Assistante numérique, {ticket.service.name}." in page

    def test_an_empty_answer_is_refused_at_its_field(self, desk: Desk, signed_in: FlaskClient) -> None:
        answer = do(signed_in, desk.ticket(), "reponse", {"text": "  "})

        assert answer.status_code == 422
        assert title_of(answer).startswith("Erreur – ")
        assert '<a href="#reponse">La réponse est vide.</a>' in answer.text
        assert 'aria-describedby="reponse-messages"' in answer.text

    def test_what_came_meanwhile_is_shown_as_new_and_the_text_is_kept(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()
        html = signed_in.get(page_of(ticket)).text
        typed = {"csrf_token": token_in(html), "seen": field_in(html, "seen"), "text": "Réponse déjà longue."}
        add_word(desk, ticket, "J’ai trouvé entre-temps.")

        answer = signed_in.post(f"{page_of(ticket)}/reponse", data=typed)
        again = signed_in.post(f"{page_of(ticket)}/reponse", data={**typed, "seen": field_in(answer.text, "seen")})

        assert answer.status_code == 409
        assert "Un message est arrivé pendant que vous écriviez" in main_of(answer)
        assert "Réponse déjà longue.</textarea>" in answer.text
        assert answer.text.count("Nouveau</span>") == 1
        assert answer.text.index("Nouveau</span>") < answer.text.index("J’ai trouvé entre-temps.")
        assert again.status_code == 303

    def test_a_text_for_a_ticket_closed_meanwhile_is_not_lost(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        html = signed_in.get(page_of(ticket)).text
        actions.close(agent, ticket.reference, "doublon", now=utc_now())

        answer = signed_in.post(
            f"{page_of(ticket)}/reponse",
            data={"csrf_token": token_in(html), "seen": field_in(html, "seen"), "text": "Texte à garder."},
        )

        assert answer.status_code == 409
        assert "Texte à garder.</textarea>" in answer.text
        assert "rouvrez la demande" in main_of(answer)

    def test_without_mail_address_the_page_says_whom_to_call(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket(sender=Sender("Anoki Conte", phone="+33639980102"))

        page = main_of(signed_in.get(page_of(ticket)))
        answer = do(signed_in, ticket, "reponse", {"text": "Rappelé ce matin."})

        assert "Pas de courriel : rappelez au 06 39 98 01 02" in page
        assert "Envoyer" not in page
        assert "rappelez-la" in main_of(signed_in.get(answer.location))

    def test_a_refused_mail_is_told_with_its_reason(
        self, desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        mailer.fail_with = Refused("adresse inconnue")

        page = signed_in.get(do(signed_in, ticket, "reponse", {"text": "Bonjour"}).location)

        assert "La réponse n’est pas partie : adresse inconnue." in main_of(page)
        assert field_in(page.text, "address") == "lou@famille.example"
        assert "En cours" in main_of(page)

    def test_a_mail_that_is_being_tried_again_says_so(
        self, desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        mailer.fail_with = DeliveryError("le serveur ne répond pas")

        page = main_of(signed_in.get(do(signed_in, ticket, "reponse", {"text": "Bonjour"}).location))

        assert "La réponse n’est pas partie : le serveur ne répond pas. Nouvel essai automatique." in page

    def test_an_alarm_ends_with_an_answer_that_leaves(
        self, desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        mailer.fail_with = Refused("boîte pleine")
        do(signed_in, ticket, "reponse", {"text": "Premier essai"})
        mailer.fail_with = None

        page = signed_in.get(do(signed_in, ticket, "reponse", {"text": "Second essai"}).location)

        assert "fr-alert--error" not in page.text
        assert "La réponse n’est pas partie : boîte pleine." in main_of(page)


class TestWhoFollows:
    def test_taking_and_giving_back(self, desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()

        taken = main_of(signed_in.get(do(signed_in, ticket, "prendre").location))
        given_back = main_of(signed_in.get(do(signed_in, ticket, "rendre").location))

        assert taken.count("Vous suivez cette demande.") == 2  # what was done, and who follows
        assert "La demande est rendue au service." in given_back
        assert "Personne ne la suit." in given_back

    def test_a_colleague_sees_who_follows_and_what_taking_over_means(self, desk: Desk, agent: Agent) -> None:
        ticket = desk.ticket()
        actions.take(agent, ticket.reference, utc_now())
        colleague = desk.sign_in(desk.agent(name="Basile Essai"))

        page = main_of(colleague.get(page_of(ticket)))

        assert "Agathe Essai suit cette demande." in page
        assert "Prendre la demande que suit Agathe Essai" in page
        assert "mettez-vous d’accord avant de répondre" in page
        assert "Rendre au service" not in page

    def test_two_who_press_at_once_do_not_take_it_from_each_other(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        html = signed_in.get(page_of(ticket)).text
        actions.take(desk.agent(name="Basile Essai"), ticket.reference, utc_now())

        answer = signed_in.post(
            f"{page_of(ticket)}/prendre", data={"csrf_token": token_in(html), "holder": field_in(html, "holder")}
        )
        knowingly = do(signed_in, ticket, "prendre")

        assert answer.status_code == 409
        assert "Basile Essai vient de prendre cette demande." in main_of(answer)
        assert knowingly.status_code == 303
        holder = desk.read(ticket.reference).assignee
        assert holder is not None
        assert holder.name == "Agathe Essai"

    def test_giving_back_what_somebody_else_took_meanwhile_is_refused_in_words(
        self, desk: Desk, agent: Agent, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()
        do(signed_in, ticket, "prendre")
        html = signed_in.get(page_of(ticket)).text
        actions.take(desk.agent(name="Basile Essai"), ticket.reference, utc_now(), over=agent.id)

        answer = signed_in.post(f"{page_of(ticket)}/rendre", data={"csrf_token": token_in(html)})

        assert answer.status_code == 409
        assert "Vous ne suivez pas cette demande." in main_of(answer)


class TestOtherActs:
    def test_a_note_is_seen_by_colleagues_only(self, desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()
        mails = len(mailer.sent)

        page = signed_in.get(do(signed_in, ticket, "note", {"text": "Vu avec le collège."}).location)

        assert "Note interne Agathe Essai" in main_of(page)
        assert 'class="said said--note"' in page.text
        assert len(mailer.sent) == mails

    def test_an_empty_note_opens_its_form_again(self, desk: Desk, signed_in: FlaskClient) -> None:
        answer = do(signed_in, desk.ticket(), "note", {"text": ""})

        assert answer.status_code == 422
        assert re.search(r"<details[^>]* open>\s*<summary>Écrire une note interne", answer.text)

    def test_a_transfer_leads_back_to_the_queue_and_tells_the_person(
        self, desk: Desk, mailer: MemoryMailer, signed_in: FlaskClient
    ) -> None:
        ticket = desk.ticket()

        answer = do(signed_in, ticket, "transfert", {"service": "assistance-08", "reason": "école à Grenoble"})

        assert answer.location == "/agent/"
        assert f"Demande {ticket.reference} transférée." in main_of(signed_in.get("/agent/"))
        assert "Grenoble" in text_of(mailer.sent[-1])
        assert desk.read(ticket.reference).service.slug == "assistance-08"

    def test_a_transfer_needs_a_service_and_a_reason(self, desk: Desk, signed_in: FlaskClient) -> None:
        answer = do(signed_in, desk.ticket(), "transfert", {"service": "", "reason": ""})

        assert answer.status_code == 422
        assert '<a href="#service">Choisissez un service.</a>' in answer.text
        assert "Dites pourquoi, en quelques mots." in answer.text

    def test_a_refused_transfer_keeps_the_service_that_was_chosen(self, desk: Desk, signed_in: FlaskClient) -> None:
        answer = do(signed_in, desk.ticket(), "transfert", {"service": "scolarite-08", "reason": ""})

        assert '<option value="scolarite-08" selected>' in answer.text

    def test_services_stand_under_their_academies_own_first_then_national(
        self, desk: Desk, signed_in: FlaskClient
    ) -> None:
        html = signed_in.get(page_of(desk.ticket())).text.split("/transfert", 1)[1]

        groups = re.findall(r'<optgroup label="([^"]+)"', html)
        assert groups[:3] == ["Lyon", "Services nationaux", "Aix-Marseille"]
        assert groups[3:] == sorted(groups[3:])
        assert len(groups) == 35  # 34 académies and the national services
        assert 'value="assistance-10"' not in html, "the ticket is there already"

    def test_the_priority_is_changed(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()

        do(signed_in, ticket, "priorite", {"priority": "urgent"})

        assert desk.read(ticket.reference).priority is Priority.URGENT

    def test_a_priority_that_is_none_is_refused(self, desk: Desk, signed_in: FlaskClient) -> None:
        assert do(signed_in, desk.ticket(), "priorite", {"priority": "at-once"}).status_code == 422

    def test_closing_takes_a_reason_and_reopening_takes_it_up_again(self, desk: Desk, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()

        without_reason = do(signed_in, ticket, "cloture", {"reason": ""})
        closed = main_of(signed_in.get(do(signed_in, ticket, "cloture", {"reason": "publicité"}).location))
        html = signed_in.get(page_of(ticket)).text
        reopened = signed_in.post(f"{page_of(ticket)}/rouvrir", data={"csrf_token": token_in(html)})

        assert without_reason.status_code == 422
        assert "Agathe Essai a clos la demande : publicité." in closed
        assert "Cette demande est close. Pour répondre, rouvrez-la." in closed
        assert "Demande rouverte." in main_of(signed_in.get(reopened.location))

    def test_only_what_can_be_done_is_offered(self, desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
        solved, closed = desk.ticket(), desk.ticket()
        actions.solve(agent, solved.reference, now=utc_now())
        actions.close(agent, closed.reference, "doublon", now=utc_now())

        def offered(ticket: Ticket) -> set[str]:
            html = signed_in.get(page_of(ticket)).text
            return set(re.findall(rf'action="{page_of(ticket)}/(\w+)"', html))

        live = {"prendre", "resoudre", "reponse", "note", "correction", "transfert", "priorite", "cloture"}
        assert offered(desk.ticket()) == live
        assert offered(solved) == {"reponse", "note", "rouvrir", "cloture"}
        assert offered(closed) == {"note", "rouvrir"}

    def test_an_act_of_an_old_page_is_refused_in_words(self, desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
        ticket = desk.ticket()
        html = signed_in.get(page_of(ticket)).text
        actions.close(agent, ticket.reference, "doublon", now=utc_now())

        answer = signed_in.post(f"{page_of(ticket)}/resoudre", data={"csrf_token": token_in(html)})

        assert answer.status_code == 409
        assert "Impossible : la demande est « close »." in main_of(answer)


def test_times_are_those_of_the_service_and_say_so(desk: Desk) -> None:
    signed_in = desk.sign_in(desk.agent("assistance-43"))
    ticket = desk.ticket(school=SchoolHint(commune="Mamoudzou", postal_code="97600"))

    page = main_of(signed_in.get(page_of(ticket)))

    assert "23 novembre 2026 à 12:00 (heure de Mayotte)" in page  # 10:00 in Paris


def test_the_history_tells_all_in_order(desk: Desk, agent: Agent, signed_in: FlaskClient) -> None:
    ticket = desk.ticket()
    actions.take(agent, ticket.reference, utc_now())
    actions.note(agent, ticket.reference, "Vu.", now=utc_now())

    told = main_of(signed_in.get(page_of(ticket))).split("Historique", 1)[1]

    places = [
        told.index(words) for words in ("Demande reçue", "Orientée vers", "a pris la demande", "a ajouté une note")
    ]
    assert places == sorted(places)

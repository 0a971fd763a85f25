"""The mails themselves: readable, safe, grouped by mail clients, and never answered by machines."""

import re
from email.message import EmailMessage

from helpdesk.intake.message import SchoolHint, Sender
from helpdesk.models import Outgoing
from helpdesk.outbox.deliver import deliver_due
from helpdesk.settings import Settings
from helpdesk.tickets import actions
from tests.application import Desk, MemoryMailer, later


def parts_of_mail(mail: EmailMessage) -> tuple[str, str]:
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert html is not None
    return text.get_content(), html.get_content()


def conversation(
    desk: Desk, mailer: MemoryMailer, text: str = "Demandez au collège.\n\nBonne journée,"
) -> list[EmailMessage]:
    """The acknowledgement, then an answer."""
    ticket = desk.ticket(subject="Code <SMS> non reçu")
    deliver_due(mailer, desk.parts.letters, later(minutes=1))
    actions.reply(desk.agent(), ticket.reference, text, seen=2**40, solve=False, now=later(hours=1))
    deliver_due(mailer, desk.parts.letters, later(hours=1))
    return mailer.sent


def test_the_acknowledgement_says_when_who_and_where_to_follow(desk: Desk, mailer: MemoryMailer) -> None:
    mail = conversation(desk, mailer)[0]

    for body in parts_of_mail(mail):
        assert "23 novembre 2026 10:00" in body
        assert "Lyon" in body
        assert "http://127.0.0.1:8000/suivi/" in body
        assert "mot de passe" in body


def test_an_answer_is_signed_by_agent_capacity_and_service(desk: Desk, mailer: MemoryMailer) -> None:
    text, html = parts_of_mail(conversation(desk, mailer)[1])

    for body in (text, html):
        assert re.search(r"Agathe Essai.*Assistante numérique.*Lyon", body, re.DOTALL)


def test_mail_clients_group_the_conversation(desk: Desk, mailer: MemoryMailer) -> None:
    acknowledgement, answer = conversation(desk, mailer)

    assert answer["In-Reply-To"] == answer["References"] == acknowledgement["Message-ID"]
    assert answer["Message-ID"] != acknowledgement["Message-ID"]
    assert answer["Subject"] == f"Re: {acknowledgement['Subject']}"


def test_machines_are_told_not_to_answer(desk: Desk, mailer: MemoryMailer) -> None:
    acknowledgement, answer = conversation(desk, mailer)

    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    assert answer["Auto-Submitted"] == "no"


def test_words_of_people_stay_words_in_html(desk: Desk, mailer: MemoryMailer) -> None:
    _text, html = parts_of_mail(conversation(desk, mailer, "Cliquez <script>alert(1)</script> & <b>lisez</b>")[1])

    assert "<script>" not in html
    assert "&lt;script&gt;" in html


def test_the_plain_text_is_not_escaped(desk: Desk, mailer: MemoryMailer) -> None:
    text, _html = parts_of_mail(conversation(desk, mailer, "L’ENT & « EduConnect » : 1 < 2")[1])

    assert "L’ENT & « EduConnect » : 1 < 2" in text


def test_a_subject_cannot_add_headers(desk: Desk, mailer: MemoryMailer) -> None:
    desk.ticket(subject="Bonjour\r\nBcc: victime@famille.example")

    deliver_due(mailer, desk.parts.letters, later(minutes=1))

    assert mailer.sent[0]["Bcc"] is None
    assert "Bcc: victime" in mailer.sent[0]["Subject"]


def test_the_same_row_gives_the_same_message_id(desk: Desk) -> None:
    ticket = desk.ticket()
    row = Outgoing(
        id=1, kind="acknowledgement", key="k", ticket_id=ticket.id, to_address="lou@famille.example", created_at=later()
    )

    first, second = (desk.parts.letters.compose(row, ticket) for _ in range(2))

    assert first["Message-ID"] == second["Message-ID"]


def test_who_writes_in_english_is_answered_in_english(desk: Desk, mailer: MemoryMailer) -> None:
    desk.ticket("Hello, my code never comes.", language="en")

    deliver_due(mailer, desk.parts.letters, later(minutes=1))

    text, _html = parts_of_mail(mailer.sent[0])
    assert "We received your request" in text
    assert "/en/suivi/" in text


def test_times_are_those_of_the_service(desk: Desk, mailer: MemoryMailer) -> None:
    desk.ticket(school=SchoolHint(postal_code="97400"), sender=Sender("Lou", "lou@famille.example"))

    deliver_due(mailer, desk.parts.letters, later(minutes=1))

    assert "23 novembre 2026 13:00" in parts_of_mail(mailer.sent[0])[0]


def test_an_urgent_danger_is_answered_with_the_numbers_to_call(desk: Desk, mailer: MemoryMailer) -> None:
    desk.ticket("Mon fils dit qu’il veut mourir, il a écrit une lettre d’adieu.")

    deliver_due(mailer, desk.parts.letters, later(minutes=1))

    text, _html = parts_of_mail(mailer.sent[0])
    assert "112" in text
    assert "119" in text


def test_settings_hold_the_senders_domain(desk: Desk, mailer: MemoryMailer, settings: Settings) -> None:
    domain = settings.mail_from.partition("@")[2]

    for mail in conversation(desk, mailer):
        assert mail["Message-ID"].endswith(f"@{domain}>")

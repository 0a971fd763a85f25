"""Nobody sees or does what is not theirs. The list of addresses is the application's own, so none can be forgotten."""

from typing import Any

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule

from helpdesk.db import Base, db, transaction, utc_now
from helpdesk.intake.message import IncomingFile
from helpdesk.models import (
    Absence,
    Agent,
    AnswerDraft,
    Article,
    ArticleEvent,
    Attachment,
    Banner,
    BannerEvent,
    BulkAct,
    Burst,
    CallBack,
    CannedAnswer,
    Closing,
    Correction,
    Draft,
    Event,
    Incident,
    IncidentAnswer,
    IncidentTicket,
    IncomingMail,
    MailboxHealth,
    Message,
    Opinion,
    Outgoing,
    PendingImport,
    PersonLook,
    Proposal,
    RulesVersion,
    Section,
    Tag,
    Ticket,
    TicketLink,
    TicketTag,
    Vote,
    Withdrawal,
    WordsVersion,
)
from helpdesk.tickets import actions
from helpdesk.vocabulary import MailOutcome, Readers, Role
from tests.application import Desk, token_in
from tests.workspace.pages import main_of

# Everything else asks to be signed in. A new room is private until it is named here.
PUBLIC_ROOMS = {
    "knowledge", "asking", "feeds", "embeds", "api", "about", "voting", "telling", "intake", "opinions", "schools",
    "site", "demo", "telephone", "voice", "texts", "sent_texts",
}  # fmt: skip
# Acts on what is the agent's own, whichever ticket: they are not refused, and change nothing of anybody else's.
OWN = {"/agent/suivante", "/agent/appel", "/agent/appel/cote", "/agent/vues", "/agent/vues/1/suppression"}
PUBLIC = {"auth.sign_in", "auth.send_sign_in", "auth.sign_out"}
VERBS = {
    "ticket.act": ("rendre", "resoudre", "rouvrir"),
    "canned.archive": ("archive", "reprise"),
    "mails.again": ("essai", "demande"),
    "tags.archive": ("archive", "reprise"),
    "tags.change": ("mettre", "enlever"),
    "call_backs.note": ("joint", "sans-reponse", "mauvais-numero", "inutile"),
}
PICTURE = IncomingFile("capture.png", "image/png", b"\x89PNG\r\n\x1a\n one screen")
COUNTED: tuple[type[Base], ...] = (
    Opinion, Event, Message, Outgoing, Correction, Absence, Closing, RulesVersion, AnswerDraft, CannedAnswer,
    Article, ArticleEvent, Draft, PendingImport, Banner, BannerEvent, Vote, TicketLink, Withdrawal, PersonLook,
    Incident, IncidentTicket, IncidentAnswer, Proposal, WordsVersion, CallBack, Tag, TicketTag, BulkAct,
)  # fmt: skip
# Fields with which each form would be accepted.
FIELDS = {
    "text": "Bonjour, voici la réponse.",
    "reason": "doublon",
    "service": "assistance-08",
    "priority": "urgent",
    "seen": "999999",
    "email": "agathe.essai@rectorat.example",
    "password": "a long test password",
    "comment": "essai",
    "name": "essai",
    "because": "essai",
    "revision": "0",
    "over": "1",
    "address": "lou@famille.example",
    "mail": "1",
    "message": "1",
    "insert": "modele:1",
    "key": "essai",
    "tag": "1",
    "chosen": "1",
    "title": "essai",
    "owner": "assistance-10",
}


@pytest.fixture(autouse=True)
def what_pages_are_about(desk: Desk) -> None:
    """Version and draft 1 of the rules, mail 1 and its mailbox, model answer 1, entry 1 of the FAQ with its draft, a
    document that waits, version 1 of the words of search, banner 1, incident 1 and burst 1 of Lyon:
    none is refused for not being there.
    """
    moment = utc_now()
    with transaction() as session:
        session.add(MailboxHealth(name="depot", next_try=moment))
        mail = {"fingerprint": "f", "sha256": "0" * 64, "size": 0, "outcome": MailOutcome.UNREADABLE}
        agent = Agent(email="modeles@rectorat.example", name="Modeste Essai")
        session.add(agent)
        session.flush()
        session.add(CannedAnswer(key="salut", title="Salut", text="Bonjour", changed_by_id=agent.id))
        session.add(IncomingMail(**mail, mailbox="depot", kept_at=moment, due=moment))
        text = desk.parts.routing.rulebook.text
        for number in (None, 1):
            session.add(RulesVersion(number=number, text=text, created_at=moment, changed_at=moment))
            session.flush()
        section = Section(slug="comptes", title="Comptes", position=0)
        entry = Article(slug="x", section=section, readers=Readers.FAMILIES, position=0, question="?", answer="!")
        session.add(entry)
        session.flush()
        whose = {"author_id": agent.id, "writers": [agent.id], "readers": entry.readers, "section": section}
        session.add(Draft(article=entry, question="?", answer="!", **whose))
        session.add(WordsVersion(number=1, text="synonymes = []", comment="", at=moment))
        session.add_all((Tag(name="fraude", folded="fraude"), Banner(text="Panne", starts_at=moment)))
        session.add(Incident(token="t", academy="10", academies="10", title="?", starts_at=moment, owner_id=agent.id))
        session.add(BulkAct(token="b", agent_id=agent.id, kind="close", asked=0, at=moment))
        session.add(Burst(academy="10", hours=1, count=9, usual=1.0, began_at=moment, seen_at=moment))
        session.add(PendingImport(name="faq.md", document={"sections": []}, agent_id=agent.id))


def is_public(rule: Rule) -> bool:
    return rule.endpoint in PUBLIC or rule.endpoint.partition(".")[0] in PUBLIC_ROOMS


def addresses(app: Flask, method: str, reference: str, *, public: bool = False) -> list[str]:
    """The address of every rule for agents (or for everybody), about that ticket."""
    values: dict[str, Any] = {
        "reference": reference,
        "attachment_id": 1,
        "service_slug": "assistance-10",
        "agent_id": 1,
        "absence_id": 1,
        "closing_id": 1,
        "draft_id": 1,
        "place": 1,
        "step": "monter",
        "number": 1,
        "secret": "unknown",
        "slug": "unknown",
        "name": "depot",
        "mail_id": 1,
        "canned_id": 1,
        "article_id": 1,
        "language": "fr",
        "import_id": 1,
        "message_id": 2,
        "banner_id": 1,
        "receipt": "unknown",
        "token": "unknown",
        "view_id": 1,
        "outgoing_id": 1,
        "turn": 1,
        "incident_id": 1,
        "burst_id": 1,
        "bulk_id": 1,
        "call_back_id": 1,
        "tag_id": 1,
        "person_id": 1,
    }
    found = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if method not in (rule.methods or ()) or is_public(rule) != public:
                continue
            given = {name: values[name] for name in rule.arguments - {"verb"}}
            verbs = VERBS[rule.endpoint] if "verb" in rule.arguments else (None,)
            found += [url_for(rule.endpoint, **given, verb=verb) for verb in verbs]
    return found


def everything() -> list[object]:
    """All that an act could change, to be compared."""
    db.session.rollback()
    tickets = db.session.execute(
        select(Ticket.id, Ticket.status, Ticket.priority, Ticket.assignee_id, Ticket.service_id, Ticket.version)
    ).all()
    return [tickets, *(db.session.scalar(select(func.count()).select_from(t)) for t in COUNTED)]


def test_a_visitor_is_led_to_sign_in_from_every_page_of_agents(app: Flask, client: FlaskClient, desk: Desk) -> None:
    reference = desk.ticket().reference

    answers = {page: client.get(page) for page in addresses(app, "GET", reference)}

    assert f"/agent/demandes/{reference}" in answers
    led_to = {page: (answer.status_code, answer.location.split("?")[0]) for page, answer in answers.items()}
    assert led_to == dict.fromkeys(answers, (302, "/agent/connexion"))


def test_a_visitor_can_do_nothing_to_a_ticket(app: Flask, client: FlaskClient, desk: Desk) -> None:
    reference = desk.ticket().reference
    before, acts = everything(), list(addresses(app, "POST", reference))

    answers = {act: client.post(act, data=FIELDS).status_code for act in acts}

    assert len(acts) >= 8
    assert answers == dict.fromkeys(acts, 401)
    assert everything() == before


def test_nothing_is_done_without_the_pages_token(app: Flask, desk: Desk) -> None:
    ticket = desk.ticket()
    agent = desk.agent("assistance-10", "triage-national", role=Role.SUPERVISOR)
    with transaction() as session:
        session.get_one(Agent, agent.id).is_admin = True
    actions.reply(agent, ticket.reference, "Bonjour.", seen=2**60, solve=False, now=utc_now())
    client = desk.sign_in(agent)
    before, acts = everything(), list(addresses(app, "POST", ticket.reference))

    answers = {act: client.post(act, data=FIELDS).status_code for act in acts}

    assert answers == dict.fromkeys(acts, 422)
    assert everything() == before


def test_nothing_public_is_done_without_the_pages_token_either(app: Flask, client: FlaskClient, desk: Desk) -> None:
    ticket, agent = desk.ticket(), desk.agent()
    signed_in = desk.sign_in(agent)
    before = everything()

    for act in addresses(app, "POST", ticket.reference, public=True):
        signed_in.post(act, data=FIELDS)
        client.post(act, data=FIELDS)

    assert everything() == before
    assert signed_in.get("/agent/").status_code == 200, "signing out takes the token as well"
    assert client.get("/agent/").status_code == 302, "signing in takes the token as well"


def test_a_ticket_of_another_service_is_not_there_whatever_is_asked(app: Flask, desk: Desk) -> None:
    other = desk.ticket(files=(PICTURE,))
    client = desk.sign_in(desk.agent("assistance-08"))
    token, before = token_in(client.get("/agent/").text), everything()

    pages = [f"/agent/demandes/{other.reference}/fichiers/{db.session.scalars(select(Attachment.id)).one()}"]
    theirs = (other.reference, "assistance-10", "/lot/1", "/personnes/")
    pages += [page for page in addresses(app, "GET", other.reference) if any(name in page for name in theirs)]
    read = {page: client.get(page).status_code for page in pages}
    fields, acts = {**FIELDS, "csrf_token": token}, addresses(app, "POST", other.reference)
    done = {act: client.post(act, data=fields).status_code for act in acts}

    assert read == dict.fromkeys(pages, 404)
    assert done.keys() > OWN
    assert {act: status for act, status in done.items() if act not in OWN} == dict.fromkeys(set(acts) - OWN, 404)
    assert everything() == before


def test_the_refusal_says_why_in_words(desk: Desk) -> None:
    other = desk.ticket()

    answer = desk.sign_in(desk.agent("assistance-08")).get(f"/agent/demandes/{other.reference}")

    assert "n’existe pas ou n’est pas dans vos services" in main_of(answer)
    assert other.subject not in answer.text


def test_a_national_supervisor_opens_every_ticket(desk: Desk) -> None:
    ticket = desk.ticket()
    supervisor = desk.agent("triage-national", role=Role.SUPERVISOR)

    assert desk.sign_in(supervisor).get(f"/agent/demandes/{ticket.reference}").status_code == 200


def test_a_national_agent_without_that_role_does_not(desk: Desk) -> None:
    ticket = desk.ticket()

    assert desk.sign_in(desk.agent("triage-national")).get(f"/agent/demandes/{ticket.reference}").status_code == 404


def test_a_file_of_an_own_ticket_is_a_download_in_a_sandbox(desk: Desk) -> None:
    ticket = desk.ticket(files=(PICTURE,))
    attachment_id = db.session.scalars(select(Attachment.id)).one()

    answer = desk.sign_in(desk.agent()).get(f"/agent/demandes/{ticket.reference}/fichiers/{attachment_id}")

    assert answer.data == PICTURE.content
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_a_file_is_not_to_be_had_through_another_ticket(desk: Desk) -> None:
    desk.ticket(files=(PICTURE,))
    elsewhere = desk.ticket()
    attachment_id = db.session.scalars(select(Attachment.id)).one()

    answer = desk.sign_in(desk.agent()).get(f"/agent/demandes/{elsewhere.reference}/fichiers/{attachment_id}")

    assert answer.status_code == 404


def test_an_agent_who_takes_a_wrong_turn_keeps_the_agents_menu(desk: Desk, signed_in: FlaskClient) -> None:
    page = signed_in.get("/agent/justesse")  # for supervisors

    assert page.status_code == 404
    assert "Revenir aux demandes" in main_of(page)
    assert "Faire une demande" not in page.text


def test_a_visitor_who_takes_a_wrong_turn_is_shown_the_public_ways_on(client: FlaskClient) -> None:
    page = client.get("/nulle-part")

    assert page.status_code == 404
    assert "Faire une demande" in main_of(page)

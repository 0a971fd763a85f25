"""Made-up agents and requests, so that a first look finds a living helpdesk. Safe to run again: nothing comes twice."""

import tomllib
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Any

from sqlalchemy import func, select

from helpdesk.db import db, transaction
from helpdesk.demo.past import tell_past
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.receive import receive
from helpdesk.knowledge import reviewed
from helpdesk.knowledge.takeover import apply
from helpdesk.models import Agent, Ticket
from helpdesk.parts import Parts
from helpdesk.people.agents import add_agent, set_password
from helpdesk.places import config_dir
from helpdesk.routing.assign import sync_services
from helpdesk.routing.directory import import_directory
from helpdesk.routing.school_search import open_directory
from helpdesk.tickets import actions, canned
from helpdesk.vocabulary import ROLE_LABELS, Audience, Channel, Level, Role
from helpdesk.workspace.auth import hash_password

DEMO_PASSWORD = "demonstration"  # noqa: S105 (printed at the start; demo pages open on loopback only)

_AGENTS = (
    # address, name, title, services, role
    ("lyon@demo.example", "Camille Exemple", "Assistante numérique", ("assistance-10", "scolarite-10"), Role.AGENT),
    ("chef-lyon@demo.example", "Maxence Exemple", "Responsable de l’assistance", ("assistance-10",), Role.SUPERVISOR),
    ("grenoble@demo.example", "Dominique Exemple", "Assistant numérique", ("assistance-08",), Role.AGENT),
    ("mayotte@demo.example", "Sacha Exemple", "Assistante numérique", ("assistance-43",), Role.AGENT),
    ("national@demo.example", "Claude Exemple", "Superviseure nationale", ("triage-national",), Role.SUPERVISOR),
)


def demo_agents() -> list[tuple[str, str]]:
    """(address, what there is to see) of each demo log-in."""
    return [
        (address, f"{name}, {ROLE_LABELS[role].lower()}, {' et '.join(services)}")
        for address, name, _title, services, role in _AGENTS
    ]


def seed(parts: Parts, now: datetime) -> str:
    """Fill an up-to-date database; returns a sentence on what was added."""
    with transaction() as session:
        sync_services(session, parts.routing.rulebook)
    apply(reviewed.parse((config_dir() / "faq" / "educonnect.md").read_text("utf-8")), "educonnect.md", now)
    for address, name, title, services, role in _AGENTS:
        if db.session.scalar(select(Agent.id).where(Agent.email == address)) is None:
            add_agent(address, name, title, services, role)
            set_password(address, hash_password(DEMO_PASSWORD))
    if open_directory(db.session()) is None:  # never over a real one
        sample = (config_dir() / "directory-sample.csv").read_bytes()
        import_directory(sample, parts.routing.geography, now)
    _keep_canned(now)
    before = _tickets()
    tell_past(parts, now)
    for place, told in enumerate(
        tomllib.loads(files("helpdesk.demo").joinpath("requests.toml").read_text("utf-8"))["request"]
    ):
        _tell(parts, told, place, now)
    return f"Démonstration : {len(_AGENTS)} agents, {_tickets() - before} nouvelles demandes."


def _keep_canned(now: datetime) -> None:
    """Model answers for all services, where there are none."""
    supervisor = db.session.scalars(select(Agent).where(Agent.email == "national@demo.example")).one()
    if not canned.editable(supervisor):
        told = tomllib.loads(files("helpdesk.demo").joinpath("canned.toml").read_text("utf-8"))
        for words in told["canned"]:
            canned.save(supervisor, None, "", {**words, "text": words["text"].strip()}, revision=0, now=now)


def _tell(parts: Parts, told: dict[str, Any], place: int, now: datetime) -> None:
    """Send one made-up request by the road of all requests, and answer it if the story says so."""
    received = now - timedelta(hours=told.get("hours_ago", place))
    receipt = receive(_incoming(told, place), parts.routing, parts.files, received)
    if not receipt.new or "answer" not in told:
        return
    agent = db.session.scalars(select(Agent).where(Agent.email == told["by"])).one()
    actions.reply(
        agent,
        receipt.reference,
        told["answer"],
        seen=2**62,
        solve=told.get("solved", False),
        now=received + timedelta(minutes=50),
    )


def _incoming(told: dict[str, Any], place: int) -> IncomingMessage:
    school = told.get("school", {})
    return IncomingMessage(
        channel=Channel(told.get("channel", "web")),
        external_id=f"demo-{place}",
        subject=told.get("subject", ""),
        text=told["text"],
        sender=Sender(told["name"], told.get("email", ""), told.get("phone", "")),
        profile=Audience(told["profile"]) if "profile" in told else None,
        school=SchoolHint(
            name=school.get("name", ""),
            commune=school.get("commune", ""),
            postal_code=school.get("postal_code", ""),
            uai=school.get("uai", ""),
            level=Level(school["level"]) if "level" in school else None,
        ),
    )


def _tickets() -> int:
    return db.session.scalar(select(func.count()).select_from(Ticket)) or 0

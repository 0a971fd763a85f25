"""The application as tests use it: real database, real routing, mails kept in a list, a clock that tests set."""

import contextvars
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from playwright.sync_api import Page
from sqlalchemy import select

from helpdesk.app import create_app
from helpdesk.calendars import CalendarBook, load_calendar
from helpdesk.db import db, transaction, utc_now
from helpdesk.files import FileStore
from helpdesk.intake.message import IncomingMessage, SchoolHint, Sender
from helpdesk.intake.phone.voice.loading import Script, load_script
from helpdesk.intake.receive import Receipt, receive
from helpdesk.limits import RateLimits
from helpdesk.models import Agent, Ticket
from helpdesk.outbox.deliver import deliver_due
from helpdesk.outbox.dispatch import Here
from helpdesk.outbox.letters import Letters
from helpdesk.outbox.texting import Texter
from helpdesk.pages import parts_of
from helpdesk.parts import Parts, load_routing
from helpdesk.people.agents import add_agent, set_password
from helpdesk.places import config_dir, templates_dir, translations_dir
from helpdesk.routing.assign import Routing, sync_services
from helpdesk.settings import Settings, load_settings
from helpdesk.vocabulary import Channel, Role
from tests.services.web import serving

PASSWORD = "a long test password"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # 10:00 in Paris, a working day


class Visitor(FlaskClient):
    """A browser whose requests know nothing of the test's own application context: neither who signed in before nor
    an open database session is shared with them.
    """

    def open(self, *args: Any, **options: Any) -> Any:
        return contextvars.Context().run(super().open, *args, **options)


class MemoryMailer:
    """Mails in a list instead of on a server; `fail_with` makes the next ones fail."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []
        self.fail_with: Exception | None = None

    def send(self, mail: EmailMessage) -> None:
        if self.fail_with is not None:
            raise self.fail_with
        self.sent.append(mail)

    @contextmanager
    def connected(self) -> Iterator[None]:
        yield

    def ping(self) -> str:
        return "en mémoire"


class Compiled(BytecodeCache):
    """The templates, compiled once for all the applications of a run."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


@pytest.fixture(scope="session")
def compiled() -> Compiled:
    return Compiled()


@pytest.fixture(scope="session")
def routing() -> Routing:
    """The rules that the product ships."""
    return load_routing(config_dir())


@pytest.fixture(scope="session")
def calendar() -> CalendarBook:
    """The opening hours and holidays that the product ships."""
    return load_calendar(config_dir() / "calendar.toml")


@pytest.fixture(scope="session")
def script(routing: Routing) -> Script:
    """What the telephone asks and says, as the product ships it."""
    return load_script(config_dir(), templates_dir(), [topic.slug for topic in routing.rulebook.lists.topics])


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """Those of a laptop, on this test's database and folder."""
    return load_settings(
        {
            "DATABASE_URL": database_url,
            "DATA_DIR": str(tmp_path / "var"),
            "SECRET_KEY": "k" * 40,
            "LOGIN_LIMIT": "1000 per minute",
            "FORM_SECONDS": "0",  # tests type fast
            "CONTROL_PERCENT": "0",  # who is drawn as a control changes with the day
            "UNDO_SECONDS": "0",  # and read at once what was sent
        }
    )


@pytest.fixture
def mailer() -> MemoryMailer:
    return MemoryMailer()


@pytest.fixture
def texter() -> Texter | None:
    """No text message leaves; tests of phones bring a folder."""
    return None


@pytest.fixture
def app(
    settings: Settings,
    routing: Routing,
    calendar: CalendarBook,
    mailer: MemoryMailer,
    texter: Texter | None,
    compiled: Compiled,
    script: Script,
) -> Iterator[Flask]:
    """The whole site; what is posted is delivered at once, by the same process."""
    parts = Parts(
        settings=settings,
        routing=routing,
        calendar=calendar,
        files=FileStore(settings.data_dir / "files"),
        mailer=mailer,
        letters=Letters(settings, templates_dir(), translations_dir(), routing.rulebook.label_of),
        limits=RateLimits("", settings.secret_key),
        dispatcher=Here(lambda: deliver_due(mailer, parts.letters, utc_now(), texter=texter)),
        texter=texter,
        script=script,
    )
    app = create_app(parts)
    app.jinja_env.bytecode_cache = compiled
    app.test_client_class = Visitor
    with app.app_context():
        with transaction() as session:
            sync_services(session, routing.rulebook)
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor."""
    return app.test_client()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The address at which browsers find the site."""
    with serving(app) as address:
        yield address


class Desk:
    """Builders: give only what matters to the test."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._messages = 0

    @property
    def parts(self) -> Parts:
        return parts_of(self.app)

    def message(self, text: str = "Je n’arrive pas à me connecter à EduConnect.", **changes: Any) -> IncomingMessage:
        """A message from a parent whose child is at school in Lyon."""
        self._messages += 1
        incoming = IncomingMessage(
            channel=Channel.WEB,
            external_id=f"{self._messages:032x}",
            text=text,
            sender=Sender("Lou Inventé", "lou@famille.example"),
            school=SchoolHint(commune="Lyon", postal_code="69003"),
        )
        return replace(incoming, **changes)

    def receive(self, incoming: IncomingMessage | None = None, now: datetime = MONDAY) -> Receipt:
        return receive(incoming or self.message(), self.parts.routing, self.parts.files, now)

    def ticket(
        self, text: str = "Je n’arrive pas à me connecter à EduConnect.", now: datetime = MONDAY, **changes: Any
    ) -> Ticket:
        """A ticket made by the road of all tickets, by default of assistance-10 (Lyon)."""
        return self.read(self.receive(self.message(text, **changes), now).reference)

    def read(self, reference: str) -> Ticket:
        """The ticket as it stands in the database now."""
        db.session.rollback()  # a new look, not the snapshot of an earlier one
        return db.session.scalars(select(Ticket).where(Ticket.reference == reference)).one()

    def agent(self, *services: str, name: str = "Agathe Essai", role: Role = Role.AGENT) -> Agent:
        """An agent who works in the services, by default in assistance-10."""
        address = re.sub(r"\W", ".", name.lower()) + "@rectorat.example"
        add_agent(address, name, "Assistante numérique", services or ("assistance-10",), role)
        return db.session.scalars(select(Agent).where(Agent.email == address)).one()

    def sign_in(self, agent: Agent, client: FlaskClient | None = None) -> FlaskClient:
        """A browser in which the agent has signed in by the sign-in page."""
        client = client or self.app.test_client()
        email = agent.email
        set_password(email, quick_hash())
        answer = post(client, "/agent/connexion", {"email": email, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client


@pytest.fixture
def desk(app: Flask) -> Desk:
    return Desk(app)


@cache
def quick_hash() -> str:
    """A hash of the test password, checked in no time; a real one is slow on purpose."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def sign_in_by_browser(page: Page, site: str, email: str) -> None:
    """The agent of that address, who is given the test password, signs in where others do."""
    set_password(email, quick_hash())
    page.goto(f"{site}/agent/connexion")
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.press("#password", "Enter")
    page.wait_for_url("**/agent/")


def token_in(html: str) -> str:
    """The token against forged posts that a page holds."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', html)
    assert found, "the page has no form"
    return found.group(1)


def field_in(html: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found, f"the page has no field {name}"
    return found.group(1)


def post(client: FlaskClient, address: str, fields: dict[str, Any], page: str | None = None) -> Any:
    """Post a form as a browser does: with the token of the page that shows it (by default at the same address)."""
    html = client.get(page or address).text
    return client.post(address, data={"csrf_token": token_in(html), **fields})


def later(**span: float) -> datetime:
    """Some time after MONDAY."""
    return MONDAY + timedelta(**span)

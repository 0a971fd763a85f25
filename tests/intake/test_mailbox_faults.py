"""Servers that cannot be trusted, fall silent, refuse, or come back as others: nothing is lost, and it is told why."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from imapclient import SocketTimeout
from sqlalchemy import func, select

from helpdesk.db import db, utc_now
from helpdesk.intake import mailbox
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.mailbox import ImapMailbox, source_for
from helpdesk.intake.mailroom import settle_due
from helpdesk.intake.poll import poll_once, take_in
from helpdesk.intake.source import MailboxAway, MailboxRefused, MailNotGiven
from helpdesk.models import MailPlace, Ticket
from tests.application import MONDAY, Desk
from tests.intake.mails import a_mail
from tests.services import imap, tls
from tests.services.imap import FILED, PASSWORD, USER, Imap, Wire
from tests.services.tls import Certificate


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Mailboxes do not know which database there is."""
    return sqlite_url


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return tls.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def starttls_server(certificate: Certificate) -> Iterator[Imap]:
    with imap.running(certificate) as server:
        yield server


@pytest.fixture
def trusted(certificate: Certificate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The authority is known here, as an administrator makes one known."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))


def box(port: int, security: str = "none", **changes: object) -> MailboxSpec:
    spec = MailboxSpec(
        "assistance", "imap", host="127.0.0.1", port=port, security=security, user=USER, password=PASSWORD, filed=FILED
    )
    return replace(spec, **changes)  # type: ignore[arg-type]


def poll(desk: Desk, spec: MailboxSpec) -> int:
    try:
        with source_for(spec).connected() as opened:
            return take_in(opened, spec, desk.parts, MONDAY)
    finally:
        settle_due(desk.parts, MONDAY)


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def mails(*numbers: int) -> list[bytes]:
    return [a_mail(f"Message {each}", message_id=f"<{each}@x.example>") for each in numbers]


@pytest.mark.usefixtures("trusted")
def test_a_server_of_a_known_authority_is_read_over_starttls(starttls_server: Imap) -> None:
    with ImapMailbox(box(starttls_server.port, "starttls")).connected() as opened:
        assert opened.waiting() == []


@pytest.mark.usefixtures("trusted")
def test_and_over_tls(server: Imap, certificate: Certificate) -> None:
    with (
        imap.wired(server.port, certificate.context()) as wire,
        ImapMailbox(box(wire.port, "tls")).connected() as opened,
    ):
        assert opened.waiting() == []


def test_a_certificate_of_an_unknown_authority_is_refused_in_words(desk: Desk, starttls_server: Imap) -> None:
    problem = poll_once(desk.parts, box(starttls_server.port, "starttls"))

    assert problem.startswith("127.0.0.1 : certificat refusé (")


def test_the_certificate_of_another_server_too(
    desk: Desk, server: Imap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tls.make(tmp_path, "DNS:ailleurs.example")
    monkeypatch.setenv("SSL_CERT_FILE", str(other.chain))

    with imap.wired(server.port, other.context()) as wire:
        problem = poll_once(desk.parts, box(wire.port, "tls"))

    assert problem.startswith("127.0.0.1 : certificat refusé (")


def test_a_server_without_tls_is_told_no_password(server: Imap) -> None:
    with pytest.raises(MailboxAway), ImapMailbox(box(server.port, "starttls")).connected():
        pass


def test_a_token_from_a_command_opens_the_mailbox(wire: Wire) -> None:
    wire.opens_for_token = "fresh"

    with ImapMailbox(box(wire.port, password="", token_command=("echo", "fresh"))).connected() as opened:
        assert opened.waiting() == []


def test_a_token_from_a_file_too_and_another_one_does_not(wire: Wire, tmp_path: Path) -> None:
    wire.opens_for_token = "fresh"
    file = tmp_path / "token"
    spec = box(wire.port, password="", token_file=file)

    file.write_text("fresh\n", "utf-8")
    with ImapMailbox(spec).connected() as opened:
        assert opened.waiting() == []

    file.write_text("lapsed\n", "utf-8")
    with pytest.raises(MailboxRefused), ImapMailbox(spec).connected():
        pass


@pytest.mark.parametrize(
    ("command", "error", "told"),
    [
        (("false",), MailboxAway, "false ne donne pas de jeton (code 1)"),
        (("/no/such/command",), MailboxRefused, "/no/such/command : No such file or directory"),
    ],
)
def test_a_command_that_gives_no_token_is_told(
    wire: Wire, command: tuple[str, ...], error: type[MailboxAway], told: str
) -> None:
    with (
        pytest.raises(MailboxAway) as caught,
        ImapMailbox(box(wire.port, password="", token_command=command)).connected(),
    ):
        pass

    assert (type(caught.value), str(caught.value)) == (error, told)


def test_a_server_that_falls_silent_is_left(
    desk: Desk, server: Imap, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "TIMEOUT", SocketTimeout(connect=5, read=0.3))
    server.put(mails(1))
    wire.silent_at_command = b"BODY.PEEK[]"

    with pytest.raises(MailboxAway, match="ne répond plus"):
        poll(desk, box(wire.port))

    wire.silent_at_command = None
    monkeypatch.setattr(mailbox, "TIMEOUT", SocketTimeout(connect=15, read=60))
    assert poll(desk, box(wire.port)) == 1


def test_a_full_quota_hinders_filing_and_nothing_else(desk: Desk, server: Imap, wire: Wire) -> None:
    wire.refuses = {b" MOVE ": b"[OVERQUOTA] Quota exceeded"}
    server.put(mails(1))
    with pytest.raises(MailNotGiven, match="OVERQUOTA"):
        poll(desk, box(wire.port))
    server.put(mails(2))

    problem = poll_once(desk.parts, box(wire.port), whenever=True)
    settle_due(desk.parts, utc_now())

    assert "Quota exceeded" in problem
    assert "pas rangés" in problem
    assert (count(Ticket), len(server.numbers("INBOX"))) == (2, 2)

    wire.refuses = {}
    assert poll(desk, box(wire.port)) == 0
    assert (count(Ticket), server.numbers("INBOX")) == (2, [])


def test_a_server_that_comes_back_numbered_anew_brings_nothing_twice(desk: Desk, server: Imap, wire: Wire) -> None:
    """It stops while its mails are being filed; from its backup come the same mails under other numbers."""
    spec = box(wire.port)
    server.put(mails(1, 2, 3))
    wire.cut_at_command = b" MOVE "
    with pytest.raises(MailboxAway):
        poll(desk, spec)

    with imap.running() as restarted:
        wire.leads_to = restarted.port
        restarted.put(mails(1, 2, 3, 4))
        new = poll(desk, spec)

        assert restarted.numbers("INBOX") == []
    assert (new, count(Ticket), count(MailPlace)) == (1, 4, 7)

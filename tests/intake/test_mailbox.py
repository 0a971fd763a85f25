"""Emptying real mailboxes: a server that is slow, cut, renumbered or full, and a folder of files."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from helpdesk.db import db
from helpdesk.errors import ConfigError
from helpdesk.intake.boxes import MailboxSpec, load_mailboxes
from helpdesk.intake.mailbox import ImapMailbox, source_for
from helpdesk.intake.maildir import Maildir
from helpdesk.intake.mailroom import settle_due
from helpdesk.intake.poll import note_failure, poll_once, take_in
from helpdesk.intake.reconcile import compare, holes
from helpdesk.intake.source import MailboxAway, MailboxRefused
from helpdesk.models import IncomingMail, MailboxHealth, Ticket
from tests.application import MONDAY, Desk, later
from tests.intake.mails import a_mail
from tests.services.imap import FILED, PASSWORD, USER, Imap, Wire


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Mailboxes do not know which database there is."""
    return sqlite_url


def box(port: int, *, password: str = PASSWORD, filed: str = FILED) -> MailboxSpec:
    return MailboxSpec(
        "assistance",
        "imap",
        host="127.0.0.1",
        port=port,
        security="none",
        user=USER,
        password=password,
        filed=filed,
    )


def mails(number: int) -> list[bytes]:
    return [a_mail(f"Message {each}", message_id=f"<{each}@x.example>") for each in range(number)]


def poll(desk: Desk, spec: MailboxSpec) -> int:
    with source_for(spec).connected() as opened:
        new = take_in(opened, spec, desk.parts, MONDAY)
    settle_due(desk.parts, MONDAY)
    return new


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_what_waits_becomes_tickets_and_lies_filed(desk: Desk, server: Imap) -> None:
    server.put(mails(3))

    new = poll(desk, box(server.port))

    assert (new, count(Ticket)) == (3, 3)
    assert server.numbers("INBOX") == []
    assert len(server.numbers(FILED)) == 3


def test_without_a_folder_to_file_in_mails_stay_and_are_taken_once(desk: Desk, server: Imap) -> None:
    spec = box(server.port, filed="")
    server.put(mails(2))

    assert (poll(desk, spec), poll(desk, spec)) == (2, 0)
    assert len(server.numbers("INBOX")) == 2


@pytest.mark.parametrize("command", [b"BODY.PEEK[]", b"MOVE", b"SEARCH"], ids=["fetching", "filing", "looking"])
def test_a_connection_cut_at_any_step_loses_and_doubles_nothing(
    desk: Desk, server: Imap, wire: Wire, command: bytes
) -> None:
    server.put(mails(4))
    wire.cut_at_command = command

    with pytest.raises(MailboxAway):
        poll(desk, box(wire.port))
    poll(desk, box(wire.port))

    assert wire.cuts == 1
    assert (count(IncomingMail), count(Ticket), server.numbers("INBOX")) == (4, 4, [])


def test_a_connection_cut_in_the_middle_of_the_mails_too(desk: Desk, server: Imap, wire: Wire) -> None:
    server.put(mails(2))
    wire.cut_after_answer = 1

    with pytest.raises(MailboxAway):
        poll(desk, box(wire.port))
    assert len(server.numbers("INBOX")) == 2

    assert poll(desk, box(wire.port)) == 2


def test_a_refused_password_is_told_and_not_tried_again_at_once(desk: Desk, server: Imap) -> None:
    spec = box(server.port, password="wrong")

    problem = poll_once(desk.parts, spec)

    assert problem == f"127.0.0.1 refuse nos identifiants ({USER})"
    health = db.session.get_one(MailboxHealth, "assistance")
    assert (health.next_try - health.failing_since).total_seconds() == 15 * 60 if health.failing_since else False
    assert poll_once(desk.parts, spec) == ""
    db.session.expire_all()
    assert db.session.get_one(MailboxHealth, "assistance").failures == 1


@pytest.mark.parametrize("token", [None, "lapsed"], ids=["no file", "a token the server does not take"])
def test_a_token_that_does_not_open_is_a_refusal(server: Imap, tmp_path: Path, token: str | None) -> None:
    if token:
        (tmp_path / "token").write_text(token, "utf-8")

    with (
        pytest.raises(MailboxRefused),
        ImapMailbox(replace(box(server.port), token_file=tmp_path / "token")).connected(),
    ):
        pass


def test_a_connection_cut_while_signing_in_is_no_refusal(server: Imap, wire: Wire) -> None:
    wire.cut_at_command = b"LOGIN"

    with pytest.raises(MailboxAway) as caught, ImapMailbox(box(wire.port)).connected():
        pass

    assert type(caught.value) is MailboxAway


def test_each_refusal_doubles_the_wait_and_success_ends_it(desk: Desk, server: Imap) -> None:
    for _ in range(3):
        note_failure("assistance", MailboxRefused("non"), MONDAY)
    db.session.expire_all()
    assert db.session.get_one(MailboxHealth, "assistance").next_try == later(minutes=60)

    assert poll_once(desk.parts, box(server.port), whenever=True) == ""

    db.session.expire_all()
    health = db.session.get_one(MailboxHealth, "assistance")
    assert (health.failures, health.problem, health.failing_since) == (0, "", None)


def test_a_server_that_is_away_is_told_without_a_trace_of_the_password(desk: Desk) -> None:
    spec = box(1, password="s3cret-word")

    problem = poll_once(desk.parts, spec)

    assert problem.startswith("127.0.0.1 est injoignable")
    assert "s3cret-word" not in repr(spec)


def test_a_full_disk_leaves_everything_on_the_server(desk: Desk, server: Imap, tmp_path: Path) -> None:
    server.put(mails(2))
    files = desk.parts.settings.data_dir / "files"
    files.parent.mkdir(parents=True, exist_ok=True)
    files.write_bytes(b"")  # a file where the folder should be: the disk takes nothing

    problem = poll_once(desk.parts, box(server.port), whenever=True)

    assert problem
    assert len(server.numbers("INBOX")) == 2

    files.unlink()
    assert poll(desk, box(server.port)) == 2


def test_what_was_filed_behind_our_back_is_found_and_taken_in(desk: Desk, server: Imap) -> None:
    spec, known = box(server.port), mails(2)
    server.put(known)
    poll(desk, spec)
    with server.signed_in() as client:
        client.append(FILED, a_mail("Perdu ?", message_id="<perdu@x.example>"))

    found = compare(desk.parts, spec, MONDAY, repair=False)
    assert (found.waiting, found.filed, found.missing, found.repaired) == (0, 3, 1, 0)

    assert compare(desk.parts, spec, MONDAY, repair=True).repaired == 1
    settle_due(desk.parts, MONDAY)
    assert compare(desk.parts, spec, MONDAY, repair=False).missing == 0
    assert count(Ticket) == 3


def test_the_ledger_names_mails_without_outcome_or_bytes(desk: Desk, server: Imap) -> None:
    server.put(mails(2))
    spec = box(server.port)
    with source_for(spec).connected() as opened:
        take_in(opened, spec, desk.parts, MONDAY)
    first, second = db.session.scalars(select(IncomingMail).order_by(IncomingMail.id))
    next((desk.parts.settings.data_dir / "files").glob(f"??/{second.sha256}")).unlink()

    found = holes(desk.parts, later(hours=2))

    assert (found.stuck, found.without_bytes) == ([first.id, second.id], [second.id])


def test_idle_ends_when_a_mail_comes(server: Imap) -> None:
    with ImapMailbox(box(server.port)).connected() as opened, ThreadPoolExecutor(1) as pool:
        assert opened.waiting() == []
        ended = pool.submit(opened.wait, 600)

        server.put(mails(1))

        assert ended.result(timeout=60)
        assert len(opened.waiting()) == 1


def test_a_file_dropped_into_the_folder_is_a_ticket(desk: Desk, tmp_path: Path) -> None:
    spec = MailboxSpec("depot", path=tmp_path / "maildir")
    with Maildir(spec, quiet=0).connected():
        pass
    for text in ("Premier", "Second"):  # the same name twice, as people drop files
        (tmp_path / "maildir" / "new" / "courriel.eml").write_bytes(a_mail(text, message_id=f"<{text}@x.example>"))
        with Maildir(spec, quiet=0).connected() as opened:
            take_in(opened, spec, desk.parts, MONDAY)
    settle_due(desk.parts, MONDAY)

    assert count(Ticket) == 2
    assert len(list((tmp_path / "maildir" / "cur").iterdir())) == 2


SERVICES = {"triage-national": "", "assistance-10": "10"}
GOOD = '[[mailbox]]\nname = "a"\nkind = "imap"\nhost = "imap.example"\nuser = "u"\npassword = "SECRET"\n'


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD.replace("imap.example", "imap.example\nsecurity"), "ne peut pas être lu"),
        (GOOD + 'security = "none"\n', "ne part pas en clair"),
        (GOOD.replace("SECRET", "OTHER"), "OTHER est vide"),
        (GOOD + 'token_file = "t"\n', "et un seul"),
        (GOOD.replace("password", "token_command").replace("SECRET", "oauth 'x"), "un guillemet n’est pas fermé"),
        (GOOD + 'default = "lune"\n', "« lune » n’est ni"),
        (GOOD + 'pasword = "x"\n', "« pasword » n’a pas de sens"),
        (GOOD + GOOD, "deux boîtes s’appellent « a »"),
        ("[[mailbox]]\nname = 3\nkind = 'maildir'\n", "attend un texte"),
    ],
)
def test_a_wrong_configuration_is_told_in_words(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "mailboxes.toml").write_text(text, "utf-8")

    with pytest.raises(ConfigError, match=told) as caught:
        load_mailboxes(tmp_path / "mailboxes.toml", {"SECRET": "s3cret-word"}, tmp_path, SERVICES)

    assert "s3cret-word" not in str(caught.value)


@pytest.mark.parametrize(
    ("default", "belongs"),
    [("national", ("", "")), ("10", ("10", "")), ("assistance-10", ("10", "assistance-10"))],
)
def test_a_mailbox_says_where_its_mails_belong(tmp_path: Path, default: str, belongs: tuple[str, str]) -> None:
    (tmp_path / "mailboxes.toml").write_text(f'{GOOD}default = "{default}"\n', "utf-8")

    (spec,) = load_mailboxes(tmp_path / "mailboxes.toml", {"SECRET": "x"}, tmp_path, SERVICES)

    assert (spec.academy, spec.service) == belongs
    assert (spec.password, spec.security, spec.port) == ("x", "tls", 993)

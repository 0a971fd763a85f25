"""Mails a second from a local IMAP server into routed tickets: `make bench NAME=mail ARGS=400`.

Beside it, in the same run, the bare minimum that no helpdesk can avoid: fetch, parse with the standard library, one
insert, one commit for each mail. ARGS: the number of mails (10,000).
"""

import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from flask import Flask

from helpdesk import schema
from helpdesk.app import create_app
from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.mailbox import source_for
from helpdesk.intake.mailroom import settle_due
from helpdesk.intake.poll import take_in
from helpdesk.outbox.dispatch import Thread
from helpdesk.pages import parts
from helpdesk.parts import make_parts
from helpdesk.routing.assign import sync_services
from helpdesk.settings import load_settings
from tests.intake.mails import a_mail
from tests.services import imap, postgresql
from tests.services.imap import FILED, PASSWORD, USER, Imap

LARGE = 25_000_000  # bytes


def box(server: Imap, filed: str) -> MailboxSpec:
    return MailboxSpec(
        "b", "imap", host="127.0.0.1", port=server.port, security="none", user=USER, password=PASSWORD, filed=filed
    )


def mails(count: int) -> list[bytes]:
    return [
        a_mail(
            f"Bonjour, message {number}. Je n’arrive pas à me connecter à EduConnect, mon enfant est au collège à "
            "Lyon (69003) et je n’ai jamais reçu le code par SMS. Merci de votre aide.\n\n-- \nParent",
            sender=f"Parent <parent{number}@famille.example>",
            message_id=f"<{number}@famille.example>",
        )
        for number in range(count)
    ]


def site(database_url: str, folder: Path) -> Flask:
    settings = load_settings({"DATABASE_URL": database_url, "DATA_DIR": str(folder), "SECRET_KEY": "k" * 40})
    app = create_app(make_parts(settings, Thread()))
    with app.app_context():
        schema.upgrade(db.engine)
        with transaction() as session:
            sync_services(session, parts().routing.rulebook)
    return app


def bare(server: Imap, insert: Callable[[str, str, str], object]) -> float:
    """Seconds for all that waits, fetched fifty at a time as the helpdesk does."""
    begin = time.perf_counter()
    with server.signed_in() as client:
        client.select_folder("INBOX")
        numbers = client.search(["ALL"])
        for start in range(0, len(numbers), 50):
            for data in client.fetch(numbers[start : start + 50], ["BODY.PEEK[]"]).values():
                mail = message_from_bytes(data[b"BODY[]"], policy=default)
                body = mail.get_body(("plain",))
                insert(str(mail["Message-ID"]), str(mail["Subject"]), body.get_content() if body else "")
    return time.perf_counter() - begin


def whole(server: Imap, app: Flask) -> tuple[float, float]:
    """Seconds to keep and file all that waits, and to make routed tickets of it."""
    begin = time.perf_counter()
    with app.app_context():
        with source_for(box(server, FILED)).connected() as opened:
            take_in(opened, box(server, FILED), parts(), utc_now())
        kept = time.perf_counter()
        settle_due(parts(), utc_now())
        return kept - begin, time.perf_counter() - kept


def peak() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"


def measure(name: str, server: Imap, count: int, database_url: str, insert: Callable[[str, str, str], object]) -> None:
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        app = site(database_url, Path(folder))
        server.forget()
        server.put(mails(20))
        whole(server, app)  # lists and words are read once
        server.forget()
        server.put(mails(count + 20)[20:])
        floor = bare(server, insert)
        keeping, settling = whole(server, app)
        total = keeping + settling
        print(
            f"{name}: {count / total:,.0f} mails/s into routed tickets (kept and filed in {keeping:.2f} s, settled in "
            f"{settling:.2f} s); bare minimum {count / floor:,.0f} mails/s; share {floor / total:.2f}; peak {peak()}"
        )
        if name == "SQLite":
            server.forget()
            server.put([a_mail("x" * 70 + "\n", message_id="<large@x.example>") + b"y" * 70 * (LARGE // 70)])
            before = peak()
            seconds = sum(whole(server, app))
            print(f"one mail of {LARGE // 1_000_000} MB: {seconds:.2f} s, peak {peak()} (before: {before})")
        with app.app_context():
            db.engine.dispose()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    table = "CREATE TABLE bare (id text, subject text, body text)"
    with imap.running() as server, tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        connection = sqlite3.connect(f"{folder}/bare.sqlite", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute(table)
        measure(
            "SQLite",
            server,
            count,
            f"sqlite:///{folder}/site.sqlite",
            lambda *row: connection.execute("INSERT INTO bare VALUES (?, ?, ?)", row),
        )
        connection.close()
        with postgresql.running() as databases:
            import psycopg

            with psycopg.connect(databases.url(databases.create()), autocommit=True) as other:
                other.execute(table.encode())
                url = databases.url(databases.create())
                insert = b"INSERT INTO bare VALUES (%s, %s, %s)"
                measure("PostgreSQL", server, count, url, lambda *row: other.execute(insert, row))


if __name__ == "__main__":
    main()

"""Mails a second from a local IMAP server into routed tickets: `make bench NAME=mail ARGS=400`.

Beside it, in the same run, the bare minimum that no helpdesk can avoid: fetch, parse with the standard library, one
insert, one commit for each mail. ARGS: the number of mails (10,000).
"""

import gc
import multiprocessing
import resource
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from multiprocessing.synchronize import Event
from pathlib import Path

from flask import Flask
from sqlalchemy import func, select

from helpdesk import schema
from helpdesk.app import create_app
from helpdesk.db import db, transaction, utc_now
from helpdesk.intake.boxes import MailboxSpec
from helpdesk.intake.ledger import Place, keep
from helpdesk.intake.mailbox import source_for
from helpdesk.intake.mailroom import settle_all, settle_due
from helpdesk.intake.poll import take_in
from helpdesk.models import IncomingMail
from helpdesk.outbox.dispatch import Thread
from helpdesk.pages import parts
from helpdesk.parts import make_parts
from helpdesk.routing.assign import sync_services
from helpdesk.settings import load_settings
from helpdesk.worker import LOOK_FOR_MAILS, settle_round
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


def whole(server: Imap, app: Flask, count: int) -> tuple[float, list[int]]:
    """Seconds until all that waits is kept, filed and settled, and the megabytes held at ten moments of the way."""
    held: list[int] = []
    with app.app_context():
        settled = select(func.count()).where(IncomingMail.outcome.is_not(None))
        until = (db.session.scalar(settled) or 0) + count
        db.session.rollback()
        begin = time.perf_counter()
        with source_for(box(server, FILED)).connected() as opened:
            take_in(opened, box(server, FILED), parts(), utc_now())
        while settle_due(parts(), utc_now(), at_most=max(count // 10, 1)):
            held.append(memory())
        while (db.session.scalar(settled) or 0) < until:  # the other process has the last ones
            db.session.rollback()
            time.sleep(0.02)
        db.session.rollback()
        return time.perf_counter() - begin, held


@contextmanager
def worker_beside(database_url: str, folder: Path) -> Iterator[None]:
    """What `helpdesk worker` does in production beside the poller: it settles too."""
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    process = context.Process(target=settle_too, args=(database_url, folder, ready), daemon=True)
    process.start()
    ready.wait(60)
    try:
        yield
    finally:
        process.terminate()
        process.join()


def settle_too(database_url: str, folder: Path, ready: Event) -> None:
    app = site(database_url, folder)
    with app.app_context():
        keep([(a_mail(message_id="<first@x.example>"), Place("b", 0, "1"))], parts().files, utc_now())
        settle_all(parts())
    as_a_server_starts()
    Thread(LOOK_FOR_MAILS).start(lambda: settle_round(app, lambda: False))
    ready.set()
    threading.Event().wait()


def as_a_server_starts() -> None:
    """See helpdesk.cli.application.serving."""
    gc.collect()
    gc.freeze()


def memory() -> int:
    """Megabytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() // 1_000_000


def measure(name: str, server: Imap, count: int, database_url: str, insert: Callable[[str, str, str], object]) -> None:
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        app = site(database_url, Path(folder))
        waiting = mails(2 * count + 60)
        server.forget()
        server.put(waiting[:60])
        whole(server, app, 60)  # lists and words are read once
        as_a_server_starts()
        server.forget()
        server.put(waiting[60 : count + 60])
        floor = bare(server, insert)
        alone, held = whole(server, app, count)
        server.forget()
        server.put(waiting[count + 60 :])
        with worker_beside(database_url, Path(folder)):
            shared, _ = whole(server, app, count)
        print(
            f"{name}: {count / alone:,.0f} mails/s into routed tickets by the poller alone, {count / shared:,.0f} with "
            f"a worker beside it; bare minimum {count / floor:,.0f}; share {floor / alone:.2f} "
            f"and {floor / shared:.2f}; memory after each tenth: {' '.join(map(str, held))} MB"
        )
        if name == "SQLite":
            server.forget()
            server.put([a_mail("x" * 70 + "\n", message_id="<large@x.example>") + b"y" * 70 * (LARGE // 70)])
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            seconds, _ = whole(server, app, 1)
            more = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1000
            print(
                f"one mail of {LARGE // 1_000_000} MB: {seconds:.2f} s and {more} MB more than the process held before"
            )
        with app.app_context():
            db.engine.dispose()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    table = "CREATE TABLE bare (id text, subject text, body text)"
    with imap.running() as server, tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder:
        connection = sqlite3.connect(f"{folder}/bare.sqlite", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")  # as durable as what it is compared with
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

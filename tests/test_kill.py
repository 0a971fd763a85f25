"""kill -9 at any moment of a submission: the ticket and its acknowledgement both exist, or neither does; what was
accepted is there.

A real server process on both databases, killed at random moments while forms are sent to it. KILLS sets how often
(`make kill-test` does it many times).
"""

import os
import random
import signal
import sqlite3
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import psycopg

from scripts.environment import BIN
from scripts.steps import ROOT
from tests.application import field_in, token_in
from tests.intake.forms import FIELDS
from tests.services.ports import free_port, wait_until

KILLS = int(os.environ.get("KILLS", "2"))
ORPHANS = {
    "a ticket without its acknowledgement": (
        "SELECT count(*) FROM ticket WHERE id NOT IN (SELECT ticket_id FROM outgoing)"
    ),
    "an acknowledgement without its ticket": (
        "SELECT count(*) FROM outgoing WHERE ticket_id NOT IN (SELECT id FROM ticket)"
    ),
    "a ticket without its message": "SELECT count(*) FROM ticket WHERE id NOT IN (SELECT ticket_id FROM message)",
    "a ticket without its reason": (
        "SELECT count(*) FROM ticket WHERE id NOT IN (SELECT ticket_id FROM event WHERE kind = 'routed')"
    ),
    "a message that came twice": ("SELECT count(*) - count(DISTINCT external_id) FROM message WHERE channel = 'web'"),
}


class Visitor:
    """A browser without pictures: keeps its cookie, sends one form."""

    def __init__(self, site: str) -> None:
        self._site = site
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        html = self._opener.open(f"{site}/demande", timeout=20).read().decode()
        self._fields = {**FIELDS, "csrf_token": token_in(html), "token": field_in(html, "token")}

    def send(self, address: str) -> str | None:
        """Send the form under that mail address, which is returned if it was accepted; the server may die meanwhile."""
        form = urllib.parse.urlencode({**self._fields, "email": address}).encode()
        with suppress(OSError, HTTPException), self._opener.open(f"{self._site}/demande", form, timeout=20) as answer:
            return address if "/suivi/" in answer.url else None
        return None


@contextmanager
def server(database_url: str, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The site as `helpdesk run` starts it, answering."""
    port = free_port()
    site = f"http://127.0.0.1:{port}"
    settings = {
        "DATABASE_URL": database_url,
        "DATA_DIR": str(folder),
        "PORT": str(port),
        "PUBLIC_BASE_URL": site,
        "FORM_LIMIT": "100000 per hour",
        "FORM_SECONDS": "0",
        "UNDO_SECONDS": "0",
    }
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            [BIN / "helpdesk", "run"], cwd=ROOT, env={**os.environ, **settings}, stdout=log, stderr=log
        )
        try:
            wait_until(lambda: answers(site), process, "helpdesk run")
            yield process, site
        finally:
            process.kill()
            process.wait(20)


def answers(site: str) -> bool:
    try:
        with urllib.request.urlopen(f"{site}/demande", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def column_of(database_url: str, query: str) -> list[Any]:
    """The first column of what a query finds, past whatever the server's own code would say."""
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            return [row[0] for row in connection.execute(query)]
    with psycopg.connect(database_url) as connection:
        return [row[0] for row in connection.execute(query.encode())]


def number_of(database_url: str, query: str) -> int:
    return int(column_of(database_url, query)[0])


def test_a_killed_server_leaves_whole_tickets_or_none(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    chance, accepted = random.Random(20261124), set[str | None]()

    for kill in range(KILLS):
        with server(database_url, folder) as (process, site), ThreadPoolExecutor(4) as senders:
            begun = time.monotonic()
            accepted.add(Visitor(site).send(f"first{kill}@famille.example"))
            usual = time.monotonic() - begun
            visitors = [Visitor(site) for _ in range(4)]
            sent = [
                senders.submit(visitor.send, f"parent{kill}.{place}@famille.example")
                for place, visitor in enumerate(visitors)
            ]
            wait(sent, chance.uniform(0, 2 * usual), FIRST_EXCEPTION)
            process.send_signal(signal.SIGKILL)
            accepted.update(each.result() for each in sent)

    accepted.discard(None)
    found = {name: number_of(database_url, query) for name, query in ORPHANS.items()}
    kept = set(column_of(database_url, "SELECT sender_email FROM ticket"))
    assert found == dict.fromkeys(ORPHANS, 0)
    assert len(accepted) >= KILLS
    assert accepted <= kept
    print(f"{KILLS} kills, {KILLS * 5} forms: {len(accepted)} accepted, {len(kept)} kept, none in half")  # noqa: T201 (shown by `make kill-test`)


def test_what_a_killed_server_did_not_send_leaves_after_its_lease(sqlite_url: str, tmp_path: Path) -> None:
    """A mail claimed by the dead process stays pending; the next process finds it when its lease has run out."""
    folder = tmp_path / "var"
    folder.mkdir()
    with server(sqlite_url, folder) as (process, site):
        assert Visitor(site).send("lou@famille.example")
        process.send_signal(signal.SIGKILL)
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        # The lease is a date in the row: time passes by moving it.
        connection.execute("UPDATE outgoing SET due = '2026-01-01 00:00:00.000000' WHERE state = 'pending'")
        connection.commit()

    with server(sqlite_url, folder) as (process, _site):
        wait_until(
            lambda: number_of(sqlite_url, "SELECT count(*) FROM outgoing WHERE state = 'pending'") == 0,
            process,
            "delivery",
        )
        process.terminate()
        assert process.wait(20) == 0, "told to end, it ends by itself"

    assert number_of(sqlite_url, "SELECT count(*) FROM outgoing") == len(list((folder / "mails").glob("*.eml"))) == 1

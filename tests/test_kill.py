"""kill -9 at any moment of a submission: the ticket and its acknowledgement both exist, or neither does.

A real server process on both databases, killed at random moments while forms are sent to it. KILLS sets how often
(`make kill-test` does it many times).
"""

import os
import random
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from threading import Thread

import psycopg

from scripts.environment import BIN
from scripts.steps import ROOT
from tests.application import field_in, token_in
from tests.intake.test_web import FIELDS
from tests.services.ports import free_port, wait_until

KILLS = int(os.environ.get("KILLS", "5"))
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

    def send(self, number: int) -> None:
        """Send the form; the server may die meanwhile."""
        fields = {**self._fields, "email": f"parent{number}@famille.example"}
        with suppress(OSError, HTTPException):
            self._opener.open(f"{self._site}/demande", urllib.parse.urlencode(fields).encode(), timeout=20).close()


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


def number_of(database_url: str, query: str) -> int:
    if database_url.startswith("sqlite"):
        with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as connection:
            return int(connection.execute(query).fetchone()[0])
    with psycopg.connect(database_url) as connection:
        row = connection.execute(query.encode()).fetchone()
        assert row
        return int(row[0])


def test_a_killed_server_leaves_whole_tickets_or_none(database_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "var"
    folder.mkdir()
    chance = random.Random(20261124)

    for kill in range(KILLS):
        with server(database_url, folder) as (process, site):
            visitors = [Visitor(site) for _ in range(4)]
            senders = [Thread(target=visitor.send, args=(kill * 10 + place,)) for place, visitor in enumerate(visitors)]
            for sender in senders:
                sender.start()
            senders[0].join(chance.uniform(0.0, 0.12))
            process.send_signal(signal.SIGKILL)
            for sender in senders:
                sender.join(20)

    found = {name: number_of(database_url, query) for name, query in ORPHANS.items()}
    assert found == dict.fromkeys(ORPHANS, 0)
    sent = number_of(database_url, "SELECT count(*) FROM ticket")
    print(f"{KILLS} kills, {KILLS * 4} forms sent, {sent} tickets: no half ticket")  # noqa: T201 (shown by `make kill-test`)


def test_what_a_killed_server_did_not_send_leaves_after_its_lease(sqlite_url: str, tmp_path: Path) -> None:
    """A mail claimed by the dead process stays pending; the next process finds it when its lease has run out."""
    folder = tmp_path / "var"
    folder.mkdir()
    with server(sqlite_url, folder) as (process, site):
        Visitor(site).send(1)
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

    assert number_of(sqlite_url, "SELECT count(*) FROM outgoing") == len(list((folder / "mails").glob("*.eml"))) == 1

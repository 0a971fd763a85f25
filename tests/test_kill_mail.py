"""kill -9 at any moment of taking mails in: each mail of the server has exactly one outcome, and no ticket is doubled.

Real processes on a real IMAP server, on SQLite. KILLS and MAILS say how many: `make kill-test-mail` takes 50 and
10,000.
"""

import os
import random
import signal
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path
from typing import Any

from scripts.environment import BIN
from scripts.steps import ROOT
from tests.intake.mails import a_mail
from tests.services import imap
from tests.services.imap import FILED, PASSWORD, USER

KILLS, MAILS = int(os.environ.get("KILLS", "2")), int(os.environ.get("MAILS", "60"))
ABANDONED = "2026-01-01 00:00:00.000000"  # a lease is a date in the row: time passes by moving it


class House:
    """The data of one installation, and the processes that work on it."""

    def __init__(self, database_url: str, folder: Path, port: int) -> None:
        mailboxes = folder / "mailboxes.toml"
        mailboxes.write_text(
            f'[[mailbox]]\nname = "assistance"\nkind = "imap"\nhost = "127.0.0.1"\nport = {port}\nsecurity = "none"\n'
            f'user = "{USER}"\npassword = "BOX"\nfiled = "{FILED}"\n',
            "utf-8",
        )
        self._log = (folder / "log").open("ab")
        self.file = database_url.removeprefix("sqlite:///")
        self._environment = {
            **os.environ,
            "DATABASE_URL": database_url,
            "DATA_DIR": str(folder),
            "MAILBOXES_FILE": str(mailboxes),
            "BOX": PASSWORD,
        }

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [BIN / "helpdesk", *command], cwd=ROOT, env=self._environment, stdout=self._log, stderr=self._log
        )

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.file, timeout=30)) as connection:
            rows = connection.execute(query).fetchall()
            connection.commit()
            return rows

    def number(self, query: str) -> int:
        return int(self.ask(query)[0][0])

    def time_passes(self) -> None:
        self.ask(f"UPDATE incoming_mail SET due = '{ABANDONED}' WHERE outcome IS NULL")
        self.ask(f"UPDATE mailbox_health SET next_try = '{ABANDONED}'")

    def close(self) -> None:
        self._log.close()


def test_killed_pollers_lose_and_double_no_mail(sqlite_url: str, tmp_path: Path) -> None:
    chance, machines = random.Random(20261124), MAILS // 10
    with imap.running() as server:
        server.put([mail(number, machine=number < machines) for number in range(MAILS)])
        house = House(sqlite_url, tmp_path, server.port)
        for kill in range(KILLS):
            kill_somewhere(house, chance, until=MAILS * (kill + 1) // (KILLS + 1))
        while house.number("SELECT count(*) FROM incoming_mail WHERE outcome IS NOT NULL") < MAILS:
            house.time_passes()
            assert house.start("mailbox", "poll", "--once").wait(3600) == 0
        left, filed = server.numbers("INBOX"), server.numbers(FILED)
        house.close()

    outcomes = dict(house.ask("SELECT outcome, count(*) FROM incoming_mail GROUP BY outcome"))
    tickets = house.number("SELECT count(*) FROM ticket")
    senders = house.number("SELECT count(DISTINCT sender_email) FROM ticket")
    acknowledged = house.number("SELECT count(DISTINCT ticket_id) FROM outgoing WHERE kind = 'acknowledgement'")
    print(  # noqa: T201 (shown by `make kill-test-mail`)
        f"{KILLS} kills; in: {MAILS}, outcomes: {outcomes}, lost: {MAILS - senders - machines}, "
        f"double: {tickets - senders}, left on the server: {len(left)}, filed: {len(filed)}"
    )
    assert outcomes == {"ticket": MAILS - machines, "automatic": machines}
    assert tickets == senders == acknowledged == MAILS - machines
    assert (len(left), len(filed)) == (0, MAILS)


def mail(number: int, *, machine: bool) -> bytes:
    headers = {"Auto_Submitted": "auto-replied"} if machine else {}
    address = f"parent{number}@famille.example"
    return a_mail(sender=f"Parent <{address}>", message_id=f"<{number}@famille.example>", **headers)


def kill_somewhere(house: House, chance: random.Random, until: int) -> None:
    """Let poller and worker run until so many mails are kept or settled, and a moment more; then kill both."""
    house.time_passes()
    processes = [house.start("mailbox", "poll"), house.start("worker")]
    what = chance.choice(("SELECT count(*) FROM incoming_mail", "SELECT count(settled_at) FROM incoming_mail"))
    deadline = time.monotonic() + 600
    while house.number(what) < until and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(chance.uniform(0.0, 0.2))
    for process in processes:
        process.send_signal(signal.SIGKILL)
        process.wait(20)

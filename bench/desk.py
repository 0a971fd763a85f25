"""Agents' pages at ten thousand, a hundred thousand and a million tickets: `make bench-desk`.

A PostgreSQL of its own is filled by `helpdesk bench seed`, the site runs as in service (gunicorn, two processes), and
clients on this machine ask it over HTTP, one at a time and eight at once. Beside every page, in the same run, the bare
minimum: a signed-in page with nothing on it. ARGS: `--sizes 10000 100000`; `--databases URL …` takes databases that are
filled already instead of its own.
"""

import argparse
import http.client
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from html import unescape
from itertools import cycle
from pathlib import Path
from urllib.parse import quote, urlencode

from helpdesk.bench.filling import ADDRESSES
from helpdesk.demo.seed import DEMO_PASSWORD
from scripts.environment import BIN
from tests.services import postgresql
from tests.services.ports import free_port, wait_until

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000, 1_000_000)
ALONE, TOGETHER = 40, 160  # requests of one measurement, by one client and by eight
CLIENTS = 8
SECONDS = 40  # after which a measurement ends with what it has
ONE, THIRTY, NATIONAL = ADDRESSES
_SEARCHES = (
    "code", "mot de passe", '"code de validation"', "numéro téléphone changé", "de:nour", "statut:close compte activé",
    "justificatif", "école:lyonnet après:90j code",
)  # fmt: skip
# As docs/deployment.md advises for a small server with solid disks.
_POSTGRESQL = {
    "shared_buffers": "1GB", "effective_cache_size": "4GB", "max_wal_size": "4GB", "work_mem": "8MB",
    "random_page_cost": "1.1",
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """Times of one page in milliseconds, and pages a second, by one client and by eight."""

    alone: Sequence[float]
    together: Sequence[float]
    rate: float


class Client:
    """One browser, signed in, seen as behind a reverse proxy: each request comes by a connection of its own, so that
    the process that has time takes it.
    """

    def __init__(self, port: int, email: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookie = ""
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get("/agent/connexion"))
        assert token, "no sign-in page"
        fields = {"csrf_token": token.group(1), "email": email, "password": DEMO_PASSWORD}
        self._ask("POST", "/agent/connexion", urlencode(fields))

    def get(self, path: str) -> str:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: str | None = None) -> str:
        headers = {"Cookie": self._cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self._connection.close()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name == "Set-Cookie":
                self._cookie = value.partition(";")[0]
        assert answer.status in (200, 303), f"{path}: {answer.status}"
        assert method == "POST" or 'id="password"' not in text or "connexion" in path, "signed out"
        return text


@contextmanager
def site(database_url: str, folder: Path) -> Iterator[int]:
    """The site in service on a loopback port."""
    port = free_port()
    environment = {
        **os.environ, "DATABASE_URL": database_url, "DATA_DIR": str(folder), "SECRET_KEY": "k" * 40,
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}", "LOGIN_LIMIT": "1000 per minute",
    }  # fmt: skip
    options = ["-w", "2", "--threads", "4", "-b", f"127.0.0.1:{port}", "--no-control-socket"]
    with (folder / "server.log").open("wb") as log:
        command = [sys.executable, "-m", "gunicorn", *options, "helpdesk.wsgi:application"]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: _answers(port), process, "gunicorn")
            yield port
        finally:
            process.terminate()
            process.wait(30)


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/agent/connexion")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def measure(clients: Sequence[Client], paths: list[str]) -> Measure:
    """Ask for the pages in turn, by the first client alone, then by all at once."""
    for path in paths[:10] * 2:
        clients[0].get(path)  # both processes have read what they keep
    alone, _ = _timed(clients[:1], paths, ALONE)
    together, seconds = _timed(clients, paths, TOGETHER)
    return Measure(alone, together, len(together) / seconds)


def _timed(clients: Sequence[Client], paths: list[str], requests: int) -> tuple[list[float], float]:
    begin = time.perf_counter()

    def work(place: int) -> list[float]:
        times = []
        turn = cycle(paths[place % len(paths) :] + paths[: place % len(paths)])
        for _ in range(requests // len(clients)):
            if time.perf_counter() - begin > SECONDS:
                break
            start = time.perf_counter()
            clients[place].get(next(turn))
            times.append((time.perf_counter() - start) * 1000)
        return times

    with ThreadPoolExecutor(len(clients)) as pool:
        found = [one for times in pool.map(work, range(len(clients))) for one in times]
    return found, time.perf_counter() - begin


def pages(port: int, count: int) -> Iterator[tuple[str, str, list[str]]]:
    """What is measured: its name, who asks, and the addresses."""
    yield "bare minimum: signed in, nothing on the page", ONE, ["/agent/touches"]
    yield "default queue, one service", ONE, ["/agent/"]
    yield "default queue, 32 services", THIRTY, ["/agent/"]
    yield "default queue, national supervisor", NATIONAL, ["/agent/", "/agent/?vue=toutes"]
    filtered = ["sujet=activation-compte&canal=courriel", "vue=en-attente&priorite=urgente", "vue=terminees&langue=en"]
    filtered.append("vue=terminees&texte=justificatif&canal=telephone")
    yield "filtered queue, 32 services", THIRTY, [f"/agent/?{each}" for each in filtered]
    yield "page far down, 32 services", THIRTY, [f"/agent/?vue=terminees&apres={_far(port)}"]
    yield "page far down, all of France", NATIONAL, [f"/agent/?vue=toutes&apres=normal.0.{count // 2}"]
    searches = [f"/agent/recherche?q={quote(each)}" for each in _SEARCHES]
    yield "text search, one service", ONE, searches
    yield "text search, all of France", NATIONAL, searches
    shown = Client(port, THIRTY).get("/agent/")
    yield "ticket page", THIRTY, re.findall(r'href="(/agent/demandes/[^"/]+)"', shown)


def _far(port: int) -> str:
    """The place after twenty pages of what is finished."""
    client, place = Client(port, THIRTY), ""
    for _ in range(20):
        html = client.get(f"/agent/?vue=terminees&apres={place}")
        following = re.search(r'rel="next" href="[^"]*apres=([^"&]+)', html)
        place = unescape(following.group(1)) if following else place
    return place


def report(count: int, database_url: str, say: Callable[[str], None]) -> None:
    """One table for one database."""
    heads = ("page", "1 client: median / 95th, ms", "8 clients: median / 95th, ms", "pages a second", "bare minimum")
    say(f"\n{count:,} tickets\n\n| {' | '.join(heads)} |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as folder, site(database_url, Path(folder)) as port:
        bare = 0.0
        for name, email, paths in pages(port, count):
            found = measure([Client(port, email) for _ in range(CLIENTS)], paths)
            median = statistics.median(found.alone)
            bare = bare or median
            cells = [f"{statistics.median(each):.0f} / {_95th(each):.0f}" for each in (found.alone, found.together)]
            say(f"| {name} | {cells[0]} | {cells[1]} | {found.rate:.0f} | {median / bare:.1f} |")


def _95th(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def fill(database_url: str, count: int, folder: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": database_url, "DATA_DIR": str(folder), "SECRET_KEY": "k" * 40}
    for command in (["db", "upgrade"], ["bench", "seed", str(count)]):
        subprocess.run([str(BIN / "helpdesk"), *command], cwd=ROOT, env=environment, check=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--databases", nargs="+", metavar="URL", help="filled already, in the order of the sizes")
    options = parser.parse_args()
    with ExitStack() as stack:
        urls = options.databases
        if not urls:
            server = stack.enter_context(postgresql.running(_POSTGRESQL))
            urls = [server.url(server.create()) for _ in options.sizes]
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-bench-")))
            for url, count in zip(urls, options.sizes, strict=True):
                fill(url, count, folder)
        for url, count in zip(urls, options.sizes, strict=True):
            report(count, url, lambda words: print(words, flush=True))


if __name__ == "__main__":
    main()

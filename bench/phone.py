"""Calls twenty at a time: `make bench NAME=phone ARGS=200`, or ARGS="200 --service".

Beside it, in the same run, the bare minimum that no site can avoid: a signed request, checked, answered with nothing.
ARGS: the number of calls (200). The site is `helpdesk run` on SQLite with its threads or, with `--service`, gunicorn
with two processes on PostgreSQL; each call is rung, walked through its menu, recorded and ended, as the provider does;
once without a pause between answers, which no caller can, and once with half a second. Processor time is the site's.
"""

import argparse
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from helpdesk.intake.phone.signatures import SIGNATURE, sign
from scripts.steps import ROOT
from tests.services import postgresql, site
from tests.services.ports import free_port, wait_until

ACCOUNT, TOKEN = "AC" + "0" * 32, "token-of-the-bench"
AT_ONCE = 20
PAUSE = 0.5  # seconds between an answer and the next; a tenth of what the shortest sentence takes
STEPS: tuple[dict[str, str], ...] = (
    {"Digits": "69"},
    {"Digits": "1"},
    {"Digits": "1"},
    {"Digits": "1"},
    {"Digits": ""},
)


class Provider:
    """One caller's side: a kept connection, and how long each answer took."""

    took: list[float]

    def __init__(self, address: str, call: int, pause: float = 0.0) -> None:
        self._address, self._sid = address, f"CA{call:032x}"
        self._number = f"+3363998{call % 10_000:04}"
        self._connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)
        # Callers do not answer in step: each has a pace of its own, half to one and a half of the pause.
        self._pause, self.took = pause * (0.5 + call * 7919 % 100 / 100), []

    def ask(self, path: str, **told: str) -> None:
        form = {"CallSid": self._sid, "AccountSid": ACCOUNT, "From": self._number, "CallStatus": "in-progress", **told}
        signature = sign(f"{self._address}{path}", form, TOKEN)
        headers = {SIGNATURE: signature, "Content-Type": "application/x-www-form-urlencoded"}
        time.sleep(self._pause)
        start = time.perf_counter()
        self._connection.request("POST", path, urlencode(form), headers)
        answer = self._connection.getresponse()
        body = answer.read()
        self.took.append(time.perf_counter() - start)
        if answer.status not in (200, 204) or b"technique" in body:
            raise RuntimeError(f"{path}: {answer.status} {body[:200]!r}")

    def whole_call(self) -> list[float]:
        self.ask("/telephone/appel")
        for turn, told in enumerate(STEPS):
            self.ask(f"/telephone/appel/{turn}", **told)
        url = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Recordings/RE{self._sid}"
        recording = {"RecordingSid": f"RE{self._sid}", "RecordingUrl": url, "RecordingDuration": "20"}
        self.ask(f"/telephone/appel/{len(STEPS)}", **recording)
        self.ask("/telephone/appel/etat", CallStatus="completed")
        return self.took

    def nothing(self) -> list[float]:
        for _ in range(len(STEPS) + 3):
            self.ask("/telephone/appel/etat", CallStatus="ringing")
        return self.took


def spent(process: "subprocess.Popen[bytes]") -> float:
    """Processor time of a process and its children so far, in seconds."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text("utf-8").split()
    texts = [Path(f"/proc/{pid}/stat").read_text("utf-8") for pid in (process.pid, *children)]
    stats = [text.rpartition(")")[2].split() for text in texts]
    return sum(int(fields[11]) + int(fields[12]) for fields in stats) / os.sysconf("SC_CLK_TCK")


def measure(name: str, work: Callable[[int], list[float]], calls: int, process: "subprocess.Popen[bytes]") -> None:
    start, before = time.perf_counter(), spent(process)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        took = sorted(second for each in pool.map(work, range(calls)) for second in each)
    rate, cost = len(took) / (time.perf_counter() - start), (spent(process) - before) / len(took)
    median, high = statistics.median(took), took[int(len(took) * 0.95)]
    shown = f"{name:<22} median {median * 1000:6.1f} ms   p95 {high * 1000:6.1f} ms   {rate:6.0f} answers/s"
    sys.stdout.write(f"{shown}   {cost * 1000:5.1f} ms of processor each\n")


@contextmanager
def in_service(folder: Path, **settings: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """The site as a rectorate runs it: two processes, PostgreSQL."""
    port = free_port()
    with postgresql.running() as server, (folder / "server.log").open("ab") as log:
        address = f"http://127.0.0.1:{port}"
        settings |= {"DATABASE_URL": server.url(server.create()), "SECRET_KEY": "k" * 40, "PUBLIC_BASE_URL": address}
        site.helpdesk(folder, "db", "upgrade", **settings)
        options = ["-w", "2", "--threads", "8", "-b", f"127.0.0.1:{port}", "--no-control-socket"]
        command = [sys.executable, "-m", "gunicorn", *options, "helpdesk.wsgi:application"]
        environment = {**os.environ, "DATA_DIR": str(folder), **settings}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until(lambda: site.answers(address), process, "gunicorn")
            yield process, address
        finally:
            process.terminate()
            process.wait(30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("calls", type=int, nargs="?", default=200)
    parser.add_argument("--service", action="store_true", help="gunicorn with two processes on PostgreSQL")
    options = parser.parse_args()
    calls, started = options.calls, in_service if options.service else site.running
    settings = {"TWILIO_ACCOUNT_SID": ACCOUNT, "TWILIO_AUTH_TOKENS": TOKEN}
    with tempfile.TemporaryDirectory(prefix="helpdesk-bench-") as name:
        folder = Path(name)
        if not options.service:
            site.helpdesk(folder, "db", "upgrade")
        with started(folder, **settings) as (process, address):
            Provider(address, 10**6).whole_call()  # libraries and tables that are read once
            sys.stdout.write(f"{calls} calls of {len(STEPS) + 3} requests, {AT_ONCE} at a time\n")
            measure("signed, says nothing", lambda call: Provider(address, call).nothing(), calls, process)
            measure("whole calls, no pause", lambda call: Provider(address, call).whole_call(), calls, process)
            measure("whole calls", lambda call: Provider(address, calls + call, PAUSE).whole_call(), calls, process)


if __name__ == "__main__":
    main()

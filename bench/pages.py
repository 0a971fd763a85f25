"""How many times a second the embedded server answers for an entry of the FAQ, beside a bare WSGI « hello » under the
same server, in the same run.

    python -m bench.pages [--seconds 4] [--rounds 5] [--clients 8]

The site is `helpdesk run` as a process of its own on data of its own; the load comes from this process, over kept
connections. Rounds of the two alternate, so that a busy machine meets both.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from threading import Thread

from scripts.steps import ROOT
from tests.services import site
from tests.services.ports import free_port

ENTRY = "/questions/changement-de-telephone"
_HELLO = """
import sys, waitress
def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "5")])
    return [b"hello"]
waitress.serve(hello, host="127.0.0.1", port=int(sys.argv[1]), threads=8, _quiet=True)
"""


def ask(port: int, path: str, until: float, counts: list[int]) -> None:
    """Ask again and again over one connection; the first answer tells how long all of them are."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n".encode()
    done = 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        while time.monotonic() < until:
            connection.sendall(request)
            head, body = b"", b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(65536)
            head, _, body = head.partition(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise SystemExit(head.decode())
            length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            while len(body) < length:
                body += connection.recv(65536)
            done += 1
    counts.append(done)


def rate(port: int, path: str, seconds: float, clients: int) -> float:
    """Answers a second."""
    counts: list[int] = []
    started = time.monotonic()
    threads = [Thread(target=ask, args=(port, path, started + seconds, counts)) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.monotonic() - started)


def report(name: str, rates: list[float]) -> None:
    print(f"{name:<24} median {statistics.median(rates):7.0f} /s   from {min(rates):.0f} to {max(rates):.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=8)
    options = parser.parse_args()

    with tempfile.TemporaryDirectory(prefix="helpdesk-pages-") as name:
        folder = Path(name)
        site.helpdesk(folder, "db", "upgrade")
        site.helpdesk(folder, "faq", "import", str(ROOT / "config" / "faq" / "educonnect.md"))
        port = free_port()
        bare = subprocess.Popen([sys.executable, "-c", _HELLO, str(port)], stderr=subprocess.DEVNULL)
        try:
            with site.running(folder) as (_process, address), ProcessPoolExecutor(1) as load:
                entry = int(address.rpartition(":")[2])
                entries, hellos, ratios = [], [], []
                for number in range(options.rounds + 1):
                    pair = [
                        load.submit(rate, *each, options.seconds if number else 1, options.clients).result()
                        for each in ((entry, ENTRY), (port, "/"))
                    ]
                    if number:  # the first round warms up
                        entries.append(pair[0])
                        hellos.append(pair[1])
                        ratios.append(pair[0] / pair[1])
        finally:
            bare.kill()
            bare.wait(10)
    report("an entry of the FAQ", entries)
    report("bare « hello »", hellos)
    low, high = min(ratios), max(ratios)
    print(f"{'ratio':<24} median {statistics.median(ratios):7.2f}      from {low:.2f} to {high:.2f}")
    load_now, cores = os.getloadavg()[0], os.cpu_count()
    print(f"{options.clients} connections, {options.seconds:g} s a round, {cores} cores, load {load_now:.1f}")


if __name__ == "__main__":
    main()

"""A real IMAP server with one account, and a wire that can be cut between it and its client."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.services.ports import free_port, stop, wait_until

USER, PASSWORD = "demouser", "demopass"
FILED = "Traités"


@dataclass(frozen=True)
class Imap:
    """The server's face to tests."""

    port: int

    @contextmanager
    def signed_in(self) -> Iterator[IMAPClient]:
        """A client of the test's own."""
        client = IMAPClient("127.0.0.1", self.port, ssl=False, timeout=20)
        client.login(USER, PASSWORD)
        try:
            yield client
        finally:
            client.logout()

    def put(self, mails: Sequence[bytes]) -> None:
        """Deliver mails into the inbox, in this order."""
        with self.signed_in() as client:
            for start in range(0, len(mails), 500):
                client.multiappend("INBOX", mails[start : start + 500])

    def numbers(self, folder: str) -> list[int]:
        """The numbers of the mails in a folder; none if there is no such folder."""
        with self.signed_in() as client, suppress(IMAPClientError):
            client.select_folder(folder, readonly=True)
            return sorted(client.search(["ALL"]))
        return []

    def forget(self) -> None:
        """Empty both folders; that of filed mails goes, and with it its numbering."""
        with self.signed_in() as client:
            client.select_folder("INBOX")
            client.delete_messages(client.search(["ALL"]))
            client.expunge()
            with suppress(IMAPClientError):
                client.delete_folder(FILED)


@contextmanager
def running() -> Iterator[Imap]:
    """Start a server, stop it at the end."""
    server = Imap(free_port())
    command = [
        str(Path(sys.executable).parent / "pymap"),
        "--host",
        "127.0.0.1",
        "--port",
        str(server.port),
        "--no-tls",
    ]
    process = subprocess.Popen([*command, "dict"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_until(lambda: _answers(server.port), process, "IMAP")
        yield server
    finally:
        stop(process, signal.SIGTERM)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Wire:
    """Passes bytes on, until the client says or the server has sent what cuts it, once."""

    def __init__(self, port: int) -> None:
        self._to, self._listening = port, socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.cut_at_command: bytes | None = None
        self.cut_after_answer: int | None = None
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                for source, target, passes in ((client, server, self._asked), (server, client, self._answered)):
                    threading.Thread(target=self._pass, args=(source, target, passes), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, passes: object) -> None:
        assert callable(passes)
        with suppress(OSError):
            while data := source.recv(65536):
                if not passes(data):
                    self.cuts += 1
                    break
                target.sendall(data)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _asked(self, data: bytes) -> bool:
        if self.cut_at_command and self.cut_at_command in data:
            self.cut_at_command = None
            return False
        return True

    def _answered(self, data: bytes) -> bool:
        if self.cut_after_answer is None or b"BODY[]" not in data:
            return True
        self.cut_after_answer = None
        return False


@contextmanager
def wired(server: Imap) -> Iterator[Wire]:
    """A wire to the server, for one test."""
    wire = Wire(server.port)
    try:
        yield wire
    finally:
        wire.close()

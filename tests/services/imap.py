"""A real IMAP server with one account, and a wire between it and its client that can be cut, silent, or in TLS."""

import base64
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from tests.services.ports import free_port, stop, wait_until
from tests.services.tls import Certificate

Passes = Callable[[bytes, socket.socket], bytes | None]

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
def running(certificate: Certificate | None = None) -> Iterator[Imap]:
    """Start a server, stop it at the end. With a certificate it signs nobody in before STARTTLS."""
    server = Imap(free_port())
    tls = ["--cert", str(certificate.chain), "--key", str(certificate.key)] if certificate else ["--no-tls"]
    command = [
        str(Path(sys.executable).parent / "pymap"),
        "--host",
        "127.0.0.1",
        "--port",
        str(server.port),
        *tls,
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
    """Passes bytes on, until the client says or the server has sent what cuts it, once; what it refuses it answers
    itself. With `tls` the client must speak TLS to it.
    """

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.leads_to, self._tls = port, tls
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.cut_at_command: bytes | None = None
        self.cut_after_answer: int | None = None
        self.silent_at_command: bytes | None = None
        self.refuses: dict[bytes, bytes] = {}
        self.opens_for_token: str | None = None
        self.cuts = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                if self._tls:
                    try:
                        client = self._tls.wrap_socket(client, server_side=True)
                    except OSError:  # the client does not trust us
                        client.close()
                        continue
                server = socket.create_connection(("127.0.0.1", self.leads_to))
                for source, target, passes in ((client, server, self._asked), (server, client, self._answered)):
                    threading.Thread(target=self._pass, args=(source, target, passes), daemon=True).start()

    def _pass(self, source: socket.socket, target: socket.socket, passes: Passes) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                passed = passes(data, source)
                if passed is None:
                    self.cuts += 1
                    break
                target.sendall(passed)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def _asked(self, data: bytes, client: socket.socket) -> bytes | None:
        if self.cut_at_command and self.cut_at_command in data:
            self.cut_at_command = None
            return None
        if self.silent_at_command and self.silent_at_command in data:
            return b""
        for command, answer in self.refuses.items():
            if command in data:
                client.sendall(data.split(b" ", 1)[0] + b" NO " + answer + b"\r\n")
                return b""
        return self._opened(data, client)

    def _opened(self, data: bytes, client: socket.socket) -> bytes:
        """Stands for the server's own way of XOAUTH2, which this one lacks: the right token opens the account."""
        if self.opens_for_token is None or not (asked := re.match(rb"(\S+) AUTHENTICATE XOAUTH2", data)):
            return data
        client.sendall(b"+ \r\n")
        told = base64.b64decode(client.recv(65536))
        if told != f"user={USER}\1auth=Bearer {self.opens_for_token}\1\1".encode():
            client.sendall(asked[1] + b" NO [AUTHENTICATIONFAILED] no\r\n")
            return b""
        return asked[1] + f" LOGIN {USER} {PASSWORD}\r\n".encode()

    def _answered(self, data: bytes, _server: socket.socket) -> bytes | None:
        if self.cut_after_answer is None or b"BODY[]" not in data:
            return data
        self.cut_after_answer = None
        return None


@contextmanager
def wired(port: int, tls: ssl.SSLContext | None = None) -> Iterator[Wire]:
    """A wire to the server at that port, for one test."""
    wire = Wire(port, tls)
    try:
        yield wire
    finally:
        wire.close()

"""A real mail server that keeps what it is given instead of delivering it."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from threading import Condition, Event
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.services.ports import free_port

USER, PASSWORD = "assistance", "a long test password"


@dataclass(frozen=True)
class Received:
    """One mail as the server took it: the addresses of the envelope, the bytes, and the connection's other end."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    peer: object = None

    @property
    def message(self) -> EmailMessage:
        """The mail, read."""
        return message_from_bytes(self.raw, policy=default)


class SmtpSink:
    """The server's face to tests. `refusal` is the answer to every mail while it is set: `451 come back later`."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.refusal: str | None = None
        self._received: list[Received] = []
        self._arrival = Condition()
        self._hold, self._waiting = False, Event()

    @property
    def received(self) -> list[Received]:
        """What has arrived so far, oldest first."""
        with self._arrival:
            return list(self._received)

    def wait_for(self, number: int, seconds: float = 10) -> list[Received]:
        """Wait until so many mails have arrived, and give them. Raises TimeoutError when they do not come."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self._received) >= number, seconds):
                raise TimeoutError(f"{len(self._received)} of {number} mails arrived within {seconds:.0f} s")
            return list(self._received)

    def clear(self) -> None:
        """Forget what arrived, and take mails again."""
        with self._arrival:
            self._received.clear()
            self.refusal = None

    @contextmanager
    def holding(self) -> Iterator[Event]:
        """Make the next senders wait for their answer; the event is set once one waits. They hang until the end."""
        self._hold, self._waiting = True, Event()
        try:
            yield self._waiting
        finally:
            self._hold = False

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        """Called by aiosmtpd for each mail; its result is the answer to the sender."""
        while self._hold:
            self._waiting.set()
            await asyncio.sleep(0.02)
        with self._arrival:
            if self.refusal:
                return self.refusal
            content = envelope.content
            assert isinstance(content, bytes)
            self._received.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), content, session.peer))
            self._arrival.notify_all()
            return "250 kept"


def _signs_in(*asked: object) -> AuthResult:
    told = asked[-1]
    assert isinstance(told, LoginPassword)
    right = (told.login, told.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)  # the server says so itself


@contextmanager
def running(*, tls: ssl.SSLContext | None = None, starttls: ssl.SSLContext | None = None) -> Iterator[SmtpSink]:
    """Start the server in a thread of this process, stop it at the end. With TLS of either way it is spoken to over TLS
    only, and lets in who signs in as USER.
    """
    sink = SmtpSink("127.0.0.1", free_port())
    secure: dict[str, Any] = {"authenticator": _signs_in} if tls or starttls else {}
    if starttls:
        secure |= {"tls_context": starttls, "require_starttls": True, "auth_required": True}
    controller = Controller(
        sink, hostname=sink.host, port=sink.port, ssl_context=tls, auth_require_tls=starttls is not None, **secure
    )
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()

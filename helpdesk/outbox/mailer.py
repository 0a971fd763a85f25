"""Handing a mail to the outside: a mail server, or a folder when there is none."""

import secrets
import smtplib
import ssl
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

from helpdesk.settings import Settings

MAILS = 100  # that one connection serves; servers end it after some number
TIMEOUT = 20  # seconds; a server that says nothing for longer counts as away


class DeliveryError(Exception):
    """The mail did not leave; worth trying again later. The text is technical and holds no personal data."""


class Refused(DeliveryError):
    """The mail server will never take this mail (unknown address, content refused)."""


class Mailer(Protocol):
    """What `outbox.deliver` hands its mails to."""

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail. Raises Refused or DeliveryError."""

    def connected(self) -> AbstractContextManager[None]:
        """Mails that this thread sends inside it may share a connection."""

    def ping(self) -> str:
        """One French phrase on its state, for `helpdesk check` and the health page. Raises DeliveryError."""


class _Connection(threading.local):
    """What each thread has of its own."""

    server: smtplib.SMTP | None = None
    sent: int = 0
    shared: bool = False


class SmtpMailer:
    """A real mail server. Safe for several threads, each with a connection of its own. Any error ends the connection,
    so that a broken one never takes the next mail down with it.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._mine = _Connection()

    @contextmanager
    def connected(self) -> Iterator[None]:
        self._mine.shared = True
        try:
            yield
        finally:
            self._mine.shared = False
            self._hang_up()

    def send(self, mail: EmailMessage) -> None:
        try:
            server = self._server()
            try:
                server.send_message(mail)
            except BaseException:
                self._hang_up()
                raise
            if not self._mine.shared or self._mine.sent >= MAILS:
                self._hang_up()
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _kind_of(codes)(f"destinataire refusé ({', '.join(map(str, codes))})") from error
        except smtplib.SMTPAuthenticationError as error:
            # A wrong password is our mistake, not the mail's: it must leave once that is mended.
            raise DeliveryError(f"le serveur de courriel refuse nos identifiants ({error.smtp_code})") from error
        except smtplib.SMTPResponseException as error:
            raise _kind_of([error.smtp_code])(f"le serveur de courriel répond {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _away(error) from error

    def _server(self) -> smtplib.SMTP:
        """This thread's connection if it still answers, else a new one."""
        mine = self._mine
        if mine.server is not None:
            with suppress(smtplib.SMTPException, OSError):
                if mine.server.rset()[0] == 250:
                    mine.sent += 1
                    return mine.server
            self._hang_up()
        mine.server, mine.sent = self._connect(), 1
        return mine.server

    def _hang_up(self) -> None:
        server, self._mine.server = self._mine.server, None
        if server is not None:
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def ping(self) -> str:
        try:
            with self._connect() as server:
                server.noop()
        except smtplib.SMTPAuthenticationError as error:
            raise DeliveryError(f"le serveur de courriel refuse nos identifiants ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError) as error:
            raise _away(error) from error
        return f"serveur {self._settings.smtp_host}:{self._settings.smtp_port}"

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.smtp_host, settings.smtp_port, timeout=TIMEOUT, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=TIMEOUT)
        try:
            if settings.smtp_security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.smtp_user:
                server.login(settings.smtp_user, settings.smtp_password)
        except BaseException:
            server.close()
            raise
        return server


def _away(error: Exception) -> DeliveryError:
    if isinstance(error, ssl.SSLCertVerificationError):
        return DeliveryError(f"certificat du serveur de courriel refusé ({error.verify_message})")
    return DeliveryError(f"serveur de courriel injoignable ({type(error).__name__})")


class FolderMailer:
    """The twin for a laptop: mails become files that the demo shows. Same mail twice, same file: one mail."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: EmailMessage) -> None:
        name = "".join(char if char.isalnum() or char in "-." else "_" for char in str(mail["Message-ID"]).strip("<>"))
        draft = self.folder / f".{name}.{secrets.token_hex(4)}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(mail.as_bytes(policy=SMTP))
            draft.replace(self.folder / f"{name}.eml")
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise DeliveryError(f"dossier des courriels : {error.strerror}") from error

    @contextmanager
    def connected(self) -> Iterator[None]:
        yield

    def ping(self) -> str:
        return f"aucun serveur : les courriels sont gardés dans {self.folder}"


def mailer_for(settings: Settings) -> Mailer:
    """The mail server of the settings, or the folder twin."""
    return SmtpMailer(settings) if settings.smtp_host else FolderMailer(settings.data_dir / "mails")


def _kind_of(codes: list[int]) -> type[DeliveryError]:
    """5xx is for ever, 4xx for now (RFC 5321, 4.2.1)."""
    return Refused if codes and all(500 <= code < 600 for code in codes) else DeliveryError

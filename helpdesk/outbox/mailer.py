"""Handing a mail to the outside: a mail server, or a folder when there is none."""

import secrets
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

from helpdesk.settings import Settings

TIMEOUT = 20  # seconds; a server that says nothing for longer counts as away


class DeliveryError(Exception):
    """The mail did not leave; worth trying again later. The text is technical and holds no personal data."""


class Refused(DeliveryError):
    """The mail server will never take this mail (unknown address, content refused)."""


class Mailer(Protocol):
    """What `outbox.deliver` hands its mails to."""

    def send(self, mail: EmailMessage) -> None:
        """Hand over one mail. Raises Refused or DeliveryError."""

    def ping(self) -> str:
        """One French phrase on its state, for `helpdesk check` and the health page. Raises DeliveryError."""


class SmtpMailer:
    """A real mail server. One connection a mail: simple, and a broken one never takes the next mail down with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def send(self, mail: EmailMessage) -> None:
        try:
            with self._connect() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _kind_of(codes)(f"destinataire refusé ({', '.join(map(str, codes))})") from error
        except smtplib.SMTPAuthenticationError as error:
            # A wrong password is our mistake, not the mail's: it must leave once that is mended.
            raise DeliveryError(f"le serveur de courriel refuse nos identifiants ({error.smtp_code})") from error
        except smtplib.SMTPResponseException as error:
            raise _kind_of([error.smtp_code])(f"le serveur de courriel répond {error.smtp_code}") from error
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"serveur de courriel injoignable ({type(error).__name__})") from error

    def ping(self) -> str:
        try:
            with self._connect() as server:
                server.noop()
        except (smtplib.SMTPException, OSError) as error:
            raise DeliveryError(f"serveur de courriel injoignable ({type(error).__name__})") from error
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

    def ping(self) -> str:
        return f"aucun serveur : les courriels sont gardés dans {self.folder}"


def mailer_for(settings: Settings) -> Mailer:
    """The mail server of the settings, or the folder twin."""
    return SmtpMailer(settings) if settings.smtp_host else FolderMailer(settings.data_dir / "mails")


def _kind_of(codes: list[int]) -> type[DeliveryError]:
    """5xx is for ever, 4xx for now (RFC 5321, 4.2.1)."""
    return Refused if codes and all(500 <= code < 600 for code in codes) else DeliveryError

"""Handing mails over: to a real mail server, and to the folder that stands in for one."""

import socket
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest

from helpdesk.outbox import mailer as mailer_module
from helpdesk.outbox.mailer import DeliveryError, FolderMailer, Refused, SmtpMailer, mailer_for
from helpdesk.settings import Settings, load_settings
from tests.services import imap, tls
from tests.services import smtp as smtp_server
from tests.services.smtp import PASSWORD, USER, SmtpSink
from tests.services.tls import Certificate


def a_mail(to: str = "lou@famille.example") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "assistance@educonnect.example", to, "Votre demande"
    mail["Message-ID"] = "<mail-1.abc@educonnect.example>"
    mail.set_content("Élève, où êtes-vous ?")
    return mail


def settings(port: int, folder: Path, security: str = "none", **others: str) -> Settings:
    return load_settings(
        {
            **others,
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(port),
            "SMTP_SECURITY": security,
            "SECRET_KEY": "k" * 40,
            "DATA_DIR": str(folder),
        }
    )


def smtp(sink: SmtpSink, folder: Path) -> SmtpMailer:
    mailer = mailer_for(settings(sink.port, folder))
    assert isinstance(mailer, SmtpMailer)
    return mailer


def test_a_mail_server_gets_the_mail_as_written(smtp_sink: SmtpSink, tmp_path: Path) -> None:
    smtp(smtp_sink, tmp_path).send(a_mail())

    (received,) = smtp_sink.wait_for(1)
    assert received.recipients == ("lou@famille.example",)
    assert received.message.get_content().strip() == "Élève, où êtes-vous ?"


@pytest.mark.parametrize(("answer", "error"), [("550 no such user", Refused), ("451 try again later", DeliveryError)])
def test_for_ever_and_for_now_are_told_apart(
    smtp_sink: SmtpSink, tmp_path: Path, answer: str, error: type[DeliveryError]
) -> None:
    smtp_sink.refusal = answer

    with pytest.raises(error) as caught:
        smtp(smtp_sink, tmp_path).send(a_mail())

    assert type(caught.value) is error
    assert "famille.example" not in str(caught.value)


def test_a_server_that_is_away_is_a_reason_to_try_again(tmp_path: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]

    with pytest.raises(DeliveryError) as caught:
        SmtpMailer(settings(port, tmp_path)).send(a_mail())

    assert type(caught.value) is DeliveryError


def test_a_server_without_tls_is_not_spoken_to_in_clear(smtp_sink: SmtpSink, tmp_path: Path) -> None:
    with pytest.raises(DeliveryError):
        SmtpMailer(settings(smtp_sink.port, tmp_path, security="starttls")).send(a_mail())

    assert smtp_sink.received == []


def test_without_a_server_mails_become_files_and_the_same_mail_one_file(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mails")

    mailer.send(a_mail())
    mailer.send(a_mail())

    (path,) = (tmp_path / "mails").iterdir()
    mail = BytesParser(policy=default).parsebytes(path.read_bytes())
    assert mail.get_content().strip() == "Élève, où êtes-vous ?"


def test_a_folder_that_cannot_be_written_is_a_reason_to_try_again(tmp_path: Path) -> None:
    (tmp_path / "mails").write_text("a file where the folder should be")

    with pytest.raises(DeliveryError):
        FolderMailer(tmp_path / "mails").send(a_mail())


def test_mails_that_follow_at_once_share_a_connection(smtp_sink: SmtpSink, tmp_path: Path) -> None:
    mailer = smtp(smtp_sink, tmp_path)

    with mailer.connected():
        for _ in range(3):
            mailer.send(a_mail())

    assert len({received.peer for received in smtp_sink.wait_for(3)}) == 1


def test_a_refused_mail_takes_the_next_one_not_down(smtp_sink: SmtpSink, tmp_path: Path) -> None:
    mailer = smtp(smtp_sink, tmp_path)
    with mailer.connected():
        mailer.send(a_mail())
        smtp_sink.refusal = "550 no such user"
        with pytest.raises(Refused):
            mailer.send(a_mail())
        smtp_sink.refusal = None
        mailer.send(a_mail())

    assert len(smtp_sink.wait_for(2)) == 2


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return tls.make(tmp_path_factory.mktemp("authority"))


def signed_in(port: int, folder: Path, security: str, password: str = PASSWORD) -> SmtpMailer:
    return SmtpMailer(settings(port, folder, security, SMTP_USER=USER, SMTP_PASSWORD=password))


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_over_tls_a_mail_leaves_for_a_server_of_a_known_authority(
    certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with smtp_server.running(**{security: certificate.context()}) as sink:
        mailer = signed_in(sink.port, tmp_path, security)
        with pytest.raises(DeliveryError, match=r"^certificat du serveur de courriel refusé \(") as caught:
            mailer.send(a_mail())
        assert type(caught.value) is DeliveryError

        monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))
        mailer.send(a_mail())

        assert len(sink.wait_for(1)) == 1


def test_a_wrong_password_is_our_mistake_and_not_the_mails(
    certificate: Certificate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.chain))
    with smtp_server.running(tls=certificate.context()) as sink:
        mailer = signed_in(sink.port, tmp_path, "tls", "wrong")
        with pytest.raises(DeliveryError, match="refuse nos identifiants") as caught:
            mailer.send(a_mail())
        with pytest.raises(DeliveryError, match="refuse nos identifiants"):
            mailer.ping()

    assert type(caught.value) is DeliveryError
    assert sink.received == []


def test_a_server_that_goes_in_the_middle_of_a_mail_gets_it_once_later(smtp_sink: SmtpSink, tmp_path: Path) -> None:
    with imap.wired(smtp_sink.port) as wire:
        mailer = SmtpMailer(settings(wire.port, tmp_path))
        wire.cut_at_command = b"Subject: Votre demande"
        with pytest.raises(DeliveryError) as caught:
            mailer.send(a_mail())
        assert (type(caught.value), wire.cuts) == (DeliveryError, 1)

        mailer.send(a_mail())

    assert len(smtp_sink.wait_for(1)) == 1


def test_a_server_that_falls_silent_is_left(
    smtp_sink: SmtpSink, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailer_module, "TIMEOUT", 0.3)

    with imap.wired(smtp_sink.port) as wire:
        wire.silent_at_command = b"Subject: Votre demande"
        with pytest.raises(DeliveryError, match="injoignable") as caught:
            SmtpMailer(settings(wire.port, tmp_path)).send(a_mail())

    assert type(caught.value) is DeliveryError

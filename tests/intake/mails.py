"""Mails as people and machines send them, in bytes; give only what matters to the test."""

from email.message import EmailMessage
from email.policy import SMTP


def a_mail(
    text: str = "Bonjour, je n’arrive pas à me connecter à EduConnect. Mon fils est au collège à Lyon (69003).",
    *,
    subject: str = "Compte bloqué",
    sender: str = "Lou Inventé <lou@famille.example>",
    message_id: str | None = "<un@famille.example>",
    **headers: str,
) -> bytes:
    """One mail to the service; a header's name has underscores for its dashes."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "assistance@educonnect.example", subject
    mail["Date"] = "Mon, 23 Nov 2026 08:00:00 +0100"
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes(policy=SMTP)


def a_bounce(
    of: str, *, status: str = "5.1.1", action: str = "failed", recipient: str = "lou@famille.example"
) -> bytes:
    """A delivery report (RFC 3464) on the mail with that Message-ID."""
    return (
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: assistance@educonnect.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nDate: Mon, 23 Nov 2026 08:10:00 +0100\r\n"
        f"Message-ID: <bounce-{status}@mx.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nI could not deliver your mail.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {of}\r\nSubject: x\r\n--b--\r\n"
    ).encode()

"""What our own mail server found about the sender, and nobody else's claim."""

import pytest

from helpdesk.intake.mail.read import read_mail
from helpdesk.intake.mail.value import Authentication

RESULT = (
    "Authentication-Results: {host};\r\n spf=pass smtp.mailfrom=camille@example.fr;\r\n"
    " dkim=fail (bad; signature) header.d=example.fr; dkim=pass header.d=example.fr;\r\n"
    " dmarc=pass (p=none) header.from=Example.fr\r\nFrom: camille@example.fr\r\nSubject: x\r\n\r\nBonjour"
)


def test_the_trusted_host_is_believed() -> None:
    mail = read_mail(RESULT.format(host="mx.example.org").encode(), trusted_host="MX.example.org")

    assert mail.authentication == Authentication(spf="pass", dkim="pass", dmarc="pass", from_domain="example.fr")


@pytest.mark.parametrize("host", ["mx.attacker.example", "mx.example.org.attacker.example", "x mx.example.org"])
def test_another_host_is_not(host: str) -> None:
    assert read_mail(RESULT.format(host=host).encode(), trusted_host="mx.example.org").authentication is None


def test_without_a_trusted_host_nobody_is() -> None:
    assert read_mail(RESULT.format(host="mx.example.org").encode()).authentication is None

"""The demo's own pages: log-ins, and the mails that would have left."""

from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from helpdesk.demo.seed import DEMO_PASSWORD, demo_agents
from helpdesk.outbox.mailer import FolderMailer
from tests.application import Desk
from tests.pages.reading import links_of, main_of


def keep_mail(desk: Desk, number: int = 1, text: str = "Bonjour") -> None:
    """Hand a mail to the mailer of the demo."""
    mail = EmailMessage()
    mail["From"], mail["To"] = "assistance@educonnect.example", "lou@famille.example"
    mail["Subject"] = f"Réponse n° {number}"
    mail["Message-ID"] = f"<mail-{number}.abc@educonnect.example>"
    mail.set_content(text)
    mail.add_alternative("<p>En HTML</p>", subtype="html")
    FolderMailer(desk.parts.settings.data_dir / "mails").send(mail)


def test_every_log_in_is_shown(client: FlaskClient) -> None:
    words = main_of(client.get("/demo/"))

    assert DEMO_PASSWORD in words
    for email, _sight in demo_agents():
        assert email in words


def test_without_mails_the_page_says_how_to_get_one(client: FlaskClient) -> None:
    assert "Aucun courriel pour l’instant." in main_of(client.get("/demo/mails"))


def test_a_mail_shows_its_headers_and_its_text_with_links_to_click(client: FlaskClient, desk: Desk) -> None:
    keep_mail(desk, text="Suivez ce lien :\nhttp://127.0.0.1:8000/suivi/X/y\n<b>fin</b>")

    page = client.get(links_of(client.get("/demo/mails"))["Réponse n° 1"])

    assert "lou@famille.example" in main_of(page)
    assert "<mail-1.abc@educonnect.example>" in main_of(page)
    assert links_of(page)["http://127.0.0.1:8000/suivi/X/y"] == "http://127.0.0.1:8000/suivi/X/y"
    assert "&lt;b&gt;fin" in page.text


def test_many_mails_are_shown_by_pages(client: FlaskClient, desk: Desk) -> None:
    for number in range(31):
        keep_mail(desk, number)

    first, second = client.get("/demo/mails"), client.get("/demo/mails?page=2")

    seen = [label for page in (first, second) for label in links_of(page) if label.startswith("Réponse n°")]
    assert len(seen) == len(set(seen)) == 31
    assert links_of(first)["Page suivante"] == "/demo/mails?page=2"
    assert links_of(second)["Page précédente"] == "/demo/mails?page=1"


@pytest.mark.parametrize("name", ["jamais", "..%2F..%2Fsecret-key", "%2e%2e", ".mail-1"])
def test_only_mails_of_the_folder_are_shown(client: FlaskClient, desk: Desk, name: str) -> None:
    keep_mail(desk)

    assert client.get(f"/demo/mails/{name}").status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999"])
def test_a_page_number_changed_by_hand_shows_the_first_page(client: FlaskClient, desk: Desk, number: str) -> None:
    keep_mail(desk)

    assert "Réponse n° 1" in links_of(client.get(f"/demo/mails?page={number}"))

"""The services that other tests lean on are themselves what they claim to be."""

import smtplib
import threading
from collections.abc import Iterable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, Page
from redis import Redis

from tests.services import browser as browsers
from tests.services import html
from tests.services.postgresql import Postgresql
from tests.services.smtp import SmtpSink
from tests.services.web import serving

GOOD_PAGE = """<!doctype html><html lang="fr"><head><title>Une page</title>
<link rel="icon" href="data:,"></head><body><main><h1>Bonjour</h1></main></body></html>"""


def answering(page: str, *headers: tuple[str, str]) -> Any:
    """A WSGI application that shows one page."""

    def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8"), *headers])
        return [page.encode()]

    return app


def test_a_postgresql_clone_holds_the_template_and_nothing_of_its_siblings(postgresql_server: Postgresql) -> None:
    template = postgresql_server.create()
    with psycopg.connect(postgresql_server.url(template)) as connection:
        connection.execute("CREATE TABLE note (words text)")

    first, second = postgresql_server.create(template), postgresql_server.create(template)
    with psycopg.connect(postgresql_server.url(first)) as connection:
        connection.execute("INSERT INTO note VALUES ('élève')")

    with psycopg.connect(postgresql_server.url(second)) as connection:
        assert connection.execute("SELECT count(*) FROM note").fetchone() == (0,)


def test_postgresql_keeps_french_text_and_sorts_by_code_point(postgresql_server: Postgresql) -> None:
    with psycopg.connect(postgresql_server.url(postgresql_server.create())) as connection:
        words = connection.execute("SELECT w FROM unnest(ARRAY['élève', 'zoé', 'cœur']) AS w ORDER BY w").fetchall()

    assert [word for (word,) in words] == ["cœur", "zoé", "élève"]


@pytest.mark.parametrize("visit", ["first", "second"])
def test_redis_is_empty_for_each_test(redis_url: str, visit: str) -> None:
    with Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set(visit, "kept")
        assert client.get(visit) == b"kept"


def a_mail() -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"] = "Compte bloqué"
    mail["From"], mail["To"] = "parent@famille.example", "assistance@rectorat.example"
    mail.set_content("Bonjour, mon compte est bloqué.")
    return mail


def test_the_mail_sink_gives_back_the_mail_it_was_sent(smtp_sink: SmtpSink) -> None:
    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
        client.send_message(a_mail())

    (received,) = smtp_sink.wait_for(1)
    assert received.sender == "parent@famille.example"
    assert received.recipients == ("assistance@rectorat.example",)
    assert received.message["Subject"] == "Compte bloqué"
    assert "bloqué" in received.message.get_content()


def test_waiting_for_mails_ends_as_soon_as_they_are_there(smtp_sink: SmtpSink) -> None:
    def send() -> None:
        with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client:
            client.send_message(a_mail())
            client.send_message(a_mail())

    sender = threading.Thread(target=send)
    sender.start()

    assert len(smtp_sink.wait_for(2)) == 2
    sender.join()


def test_waiting_for_a_mail_that_never_comes_says_so(smtp_sink: SmtpSink) -> None:
    with pytest.raises(TimeoutError, match="0 of 1"):
        smtp_sink.wait_for(1, seconds=0.05)


def test_a_mail_server_out_of_order_refuses_and_keeps_nothing(smtp_sink: SmtpSink) -> None:
    smtp_sink.refusal = "451 come back later"

    with smtplib.SMTP(smtp_sink.host, smtp_sink.port) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.send_message(a_mail())

    assert refused.value.smtp_code == 451
    assert smtp_sink.received == []


def test_a_good_page_passes_every_check_of_the_browser(page: Page) -> None:
    with serving(answering(GOOD_PAGE, ("Content-Security-Policy", "default-src 'self'; img-src data:"))) as url:
        page.goto(url)
        browsers.narrow(page)

        assert page.title() == "Une page"
        assert browsers.axe(page) == []
        assert browsers.overflow(page) == 0


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ('<img alt="" src="https://elsewhere.example/a.png">', "request off this machine"),
        ("<p style='color:red'>Rouge</p>", "content security policy"),
    ],
    ids=["another host", "inline style"],
)
def test_a_page_that_breaks_a_rule_fails_its_test(browser: Browser, body: str, fault: str) -> None:
    bad_page = GOOD_PAGE.replace("<h1>", body + "<h1>")
    policy = ("Content-Security-Policy", "default-src 'self'; img-src data: https://elsewhere.example")

    with (
        serving(answering(bad_page, policy)) as url,
        pytest.raises(AssertionError, match=fault),
        browsers.visiting(browser) as page,
    ):
        page.goto(url)


def test_a_script_that_throws_fails_its_test(browser: Browser) -> None:
    bad_page = GOOD_PAGE.replace("</main>", "</main><script>nobody.knows()</script>")

    with (
        serving(answering(bad_page)) as url,
        pytest.raises(AssertionError, match="nobody is not defined"),
        browsers.visiting(browser) as page,
    ):
        page.goto(url)


def test_an_inaccessible_page_is_described(page: Page) -> None:
    with serving(answering(GOOD_PAGE.replace("<h1>", '<img src="data:,"><h1>'))) as url:
        page.goto(url)

        assert any(line.startswith("image-alt:") for line in browsers.axe(page))


def test_a_page_too_wide_for_a_phone_is_measured(page: Page) -> None:
    with serving(answering(GOOD_PAGE.replace("Bonjour", "Anticonstitutionnellement" * 4))) as url:
        page.goto(url)
        browsers.narrow(page)

        assert browsers.overflow(page) > 0


def test_a_visitor_without_scripts_runs_none_and_is_checked_all_the_same(page_without_scripts: Page) -> None:
    scripted = GOOD_PAGE.replace("</main>", "</main><script>document.title = 'Changée'</script>")

    with serving(answering(scripted)) as url:
        page_without_scripts.goto(url)

        assert page_without_scripts.title() == "Une page"
        assert browsers.axe(page_without_scripts) == []


def test_dark_colours_can_be_asked_for(page: Page) -> None:
    style = "<style>@media (prefers-color-scheme: dark) { body { background: rgb(0, 0, 0) } }</style></head>"

    with serving(answering(GOOD_PAGE.replace("</head>", style))) as url:
        page.goto(url)
        browsers.dark(page)

        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"


def test_wrong_html_is_named_by_page_and_line(tmp_path: Path) -> None:
    found = html.faults({"bonne": GOOD_PAGE, "mauvaise": GOOD_PAGE.replace("</h1>", "</h2>")}, tmp_path)

    assert "mauvaise, line 2: Stray end tag '</h2>' (close-order)" in found
    assert [line for line in found if line.startswith("bonne")] == []

"""Pages that are kept: once made for all readers, fresh in every process at the moment of publication."""

import contextvars
import gzip
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import Client, TestResponse

from helpdesk.db import db, transaction, utc_now
from helpdesk.knowledge.articles import raise_edition
from helpdesk.knowledge.readers import kept
from helpdesk.knowledge.readers.kept import KeptPages, keep_until, may_be_kept
from helpdesk.models import Article
from tests.application import Desk

pytestmark = pytest.mark.usefixtures("faq")
ENTRY = "/questions/telephone"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """One statement of plain SQL."""
    return sqlite_url


class Apart(Client):
    """A browser whose requests share no database session with the test."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return contextvars.Context().run(super().open, *args, **options)


def process(app: Flask) -> Client:
    """The site as another process has it: with pages of its own, on the same database."""
    return Apart(pages_of(app))


def pages_of(app: Flask) -> KeptPages:
    return KeptPages(partial(Flask.wsgi_app, app), db.engine, "helpdesk")


def rewrite(answer: str, *, published: bool) -> None:
    """With `published`, as every change of the FAQ is made: the edition rises in the same transaction."""
    with transaction() as session:
        session.execute(update(Article).values(answer=answer))
        if published:
            raise_edition(session)


def tag_of(answer: TestResponse) -> str:
    return answer.headers["ETag"]


def test_every_process_shows_what_is_published_from_that_moment_on(app: Flask) -> None:
    one, other = process(app), process(app)
    before = [each.get(ENTRY) for each in (one, other)]

    rewrite("Au secrétariat.", published=True)
    after = [each.get(ENTRY, headers={"If-None-Match": tag_of(before[0])}) for each in (one, other)]

    assert [each.status_code for each in after] == [200, 200]
    assert all("Au secrétariat." in each.text for each in after)
    assert all("Au collège." in each.text for each in before)


def test_between_two_editions_a_page_is_made_once(app: Flask) -> None:
    """A change that no edition tells shows that the page is not made again."""
    site = process(app)
    first = site.get(ENTRY)

    rewrite("Au secrétariat.", published=False)

    assert site.get(ENTRY).text == first.text
    assert site.get(f"{ENTRY}?autre=1").text != first.text
    assert site.head(ENTRY).headers["Content-Length"] == first.headers["Content-Length"]
    assert site.head(ENTRY).data == b""


def test_browsers_get_it_packed_and_only_where_it_changed(app: Flask) -> None:
    site = process(app)
    plain, packed = site.get(ENTRY), site.get(ENTRY, headers={"Accept-Encoding": "br, gzip"})

    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding, Cookie"
    assert tag_of(packed) != tag_of(plain)
    for tag in (tag_of(plain), f"W/{tag_of(packed)}"):
        again = site.get(ENTRY, headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
        assert (again.status_code, again.data) == (304, b"")
    assert site.get(ENTRY, headers={"If-None-Match": '"else"'}).status_code == 200


def test_languages_are_kept_apart(client: FlaskClient) -> None:
    assert client.get(ENTRY).text != client.get(f"/en{ENTRY}").text
    assert 'lang="en"' in client.get(f"/en{ENTRY}").text


def test_no_answer_with_a_session_or_an_error_is_kept(app: Flask, desk: Desk) -> None:
    browser = desk.sign_in(desk.agent())
    assert browser.get(ENTRY).headers["Cache-Control"] == "no-store"
    site = process(app)
    assert site.get("/questions/nouvelle").status_code == 404

    with transaction() as session:
        session.execute(update(Article).values(slug="nouvelle"))

    assert site.get("/questions/nouvelle").status_code == 200


def test_a_page_ends_at_the_moment_it_was_made_to_end(app: Flask) -> None:
    made: list[int] = []

    def view() -> str:
        made.append(1)
        keep_until(utc_now() + (timedelta(seconds=-1) if len(made) == 1 else timedelta(hours=1)))
        return str(len(made))

    app.add_url_rule("/moment", view_func=may_be_kept(view))
    site = process(app)

    assert [site.get("/moment").text for _ in range(3)] == ["1", "2", "2"]


def test_memory_is_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    pages = pages_of(app)
    site = Client(pages)

    sizes: list[Any] = [site.get(path).content_length for path in ("/", "/questions", ENTRY, "/mentions-legales")]

    assert all(sizes)
    assert [path for _, path in pages._pages] == [ENTRY, "/mentions-legales"]


def test_what_is_kept_outlives_the_database(app: Flask) -> None:
    site = process(app)
    before = site.get(ENTRY).text

    with transaction() as session:
        session.connection().exec_driver_sql("ALTER TABLE edition RENAME TO away")

    assert site.get(ENTRY).text == before

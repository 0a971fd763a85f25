"""The public pages with the shipped answers published, to a test client and behind a real server."""

from collections.abc import Iterator

import pytest
from flask import Flask

from helpdesk.knowledge import reviewed
from helpdesk.knowledge.takeover import apply
from helpdesk.places import config_dir
from tests.application import MONDAY
from tests.services.web import serving


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Pages are the same on both databases; one is enough to look at them."""
    return sqlite_url


@pytest.fixture
def answers(app: Flask) -> None:
    """The questions and answers that the product ships."""
    text = (config_dir() / "faq" / "educonnect.md").read_text("utf-8")
    apply(reviewed.parse(text), "educonnect.md", MONDAY)


@pytest.fixture
def address(app: Flask, answers: None) -> Iterator[str]:
    """Where browsers find the site."""
    with serving(app) as url:
        yield url

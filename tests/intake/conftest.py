"""What the tests of mails share: the postman, the server they read from, and the wire to it, which they cut."""

from collections.abc import Iterator

import pytest

from tests.application import Desk
from tests.intake.post import Post
from tests.services import imap
from tests.services.imap import Imap, Wire


@pytest.fixture(scope="module")
def _imap_server() -> Iterator[Imap]:
    with imap.running() as server:
        yield server


@pytest.fixture
def server(_imap_server: Imap) -> Imap:
    """An IMAP server without a single mail."""
    _imap_server.forget()
    return _imap_server


@pytest.fixture
def wire(server: Imap) -> Iterator[Wire]:
    """A connection to it that a test can cut, slow down or lead elsewhere."""
    with imap.wired(server.port) as wire:
        yield wire


@pytest.fixture
def post(desk: Desk) -> Post:
    """The postman."""
    return Post(desk)

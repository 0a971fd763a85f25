"""What the tests of mails share."""

import pytest

from tests.application import Desk
from tests.intake.post import Post


@pytest.fixture
def post(desk: Desk) -> Post:
    """The postman."""
    return Post(desk)

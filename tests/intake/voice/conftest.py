"""What tests of calls share."""

import pytest
from flask import Flask

from tests.intake.voice.provider import Caller


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The script is the same on both; what races is tested on PostgreSQL, which is where it can."""
    return sqlite_url


@pytest.fixture
def caller(app: Flask) -> Caller:
    """Somebody with a mobile number, before the call."""
    return Caller(app)

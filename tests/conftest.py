"""Real services for tests: started when a test first asks, stopped at the end; what is missing is skipped by name."""

import logging
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, Page
from sqlalchemy import create_engine

from helpdesk import schema
from helpdesk.db import tune
from tests.services import browser as browsers
from tests.services import postgresql, redis, smtp

pytest_plugins = ["tests.application"]

# Speed is measured by benchmarks; a test must not fail because the machine is busy.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--no-skips", action="store_true", help="count a skipped test as failed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and item.config.getoption("--no-skips"):
        report.outcome = "failed"
        report.longrepr = f"skipped, which --no-skips does not allow: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def _logs_end_with_the_test() -> Iterator[None]:
    """A command that a test runs sends logs to what was standard error then; nothing may write there afterwards."""
    before = logging.getLogger().handlers[:]
    yield
    for handler in logging.getLogger().handlers[:]:
        if type(handler) is logging.StreamHandler and handler not in before:
            logging.getLogger().removeHandler(handler)


def _upgrade(database_url: str) -> None:
    """Bring an empty database to the tables of today, as `helpdesk db upgrade` does."""
    engine = create_engine(database_url)
    tune(engine)
    schema.upgrade(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[postgresql.Postgresql]:
    with postgresql.running() as server:
        yield server


@pytest.fixture(scope="session")
def _postgresql_template(postgresql_server: postgresql.Postgresql) -> str:
    template = postgresql_server.create()
    _upgrade(postgresql_server.url(template))
    postgresql_server.make_template(template)
    return template


@pytest.fixture
def postgresql_url(postgresql_server: postgresql.Postgresql, _postgresql_template: str) -> Iterator[str]:
    """A PostgreSQL database of this test alone, with all tables and nothing in them."""
    with postgresql_server.lend(_postgresql_template) as database:
        yield postgresql_server.url(database)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    template = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    _upgrade(f"sqlite:///{template}")
    return template


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """An SQLite file of this test alone, with all tables and nothing in them."""
    shutil.copyfile(_sqlite_template, tmp_path / "helpdesk.sqlite")
    return f"sqlite:///{tmp_path / 'helpdesk.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases, each time on one of its own."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Databases without a single table, for tests of the migrations themselves."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
        return
    server: postgresql.Postgresql = request.getfixturevalue("postgresql_server")
    database = server.create()
    yield server.url(database)
    server.drop(database)


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[str]:
    with redis.running() as url:
        yield url


@pytest.fixture
def redis_url(_redis_server: str) -> str:
    """A Redis with nothing in it."""
    redis.empty(_redis_server)
    return _redis_server


@pytest.fixture(scope="session")
def _smtp_server() -> Iterator[smtp.SmtpSink]:
    with smtp.running() as sink:
        yield sink


@pytest.fixture
def smtp_sink(_smtp_server: smtp.SmtpSink) -> smtp.SmtpSink:
    """A mail server that takes every mail and has none yet."""
    _smtp_server.clear()
    return _smtp_server


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with browsers.running() as browser:
        yield browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a new visitor; a request off this machine, a CSP refusal or a script error fails the test."""
    with browsers.visiting(browser) as page:
        yield page


@pytest.fixture
def page_without_scripts(browser: Browser) -> Iterator[Page]:
    """The same for a visitor whose browser runs no scripts."""
    with browsers.visiting(browser, java_script_enabled=False) as page:
        yield page

"""The map of France that the tests of routing look at."""

from pathlib import Path

import pytest

from helpdesk.places import communes_dir, config_dir
from helpdesk.routing.clues.search import find
from helpdesk.routing.communes import FILE
from helpdesk.routing.communes_build import SOURCE, build
from helpdesk.routing.geography import Geography, load_geography
from tests.routing.messages import a_message
from tests.routing.replaying import answers_for

NODE_MODULES = Path(__file__).parents[2] / "node_modules"


@pytest.fixture(scope="session")
def france(tmp_path_factory: pytest.TempPathFactory) -> Geography:
    """All académies and communes. The table of communes is made here if set-up has not made it."""
    folder = communes_dir()
    if not (folder / FILE).is_file():
        if not (NODE_MODULES / SOURCE).is_file():
            pytest.skip("no table of communes and nothing to make it from: run `make setup`")
        folder = tmp_path_factory.mktemp("communes")
        build(NODE_MODULES / SOURCE, folder / FILE)
    geography = load_geography(config_dir(), folder)
    find(a_message("collège de xyzzy"), geography)  # words are compiled, and those of French read, at the first message
    return geography


@pytest.fixture
def swap() -> str:
    """Rules by which two académies answer for each other."""
    return answers_for("10", "08") + answers_for("08", "10")

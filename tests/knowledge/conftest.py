"""What the tests of this room share."""

import pytest

from helpdesk.knowledge import lexicon
from helpdesk.knowledge.lexicon import Lexicon
from helpdesk.places import config_dir


@pytest.fixture(scope="session")
def words() -> Lexicon:
    """The French list and the words of the field, as the command loads them."""
    return lexicon.load(config_dir() / "faq" / "words.txt")

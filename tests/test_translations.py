"""The English of pages and mails is whole: nothing untranslated, nothing that no page says any more."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from helpdesk.places import translations_dir
from scripts.steps import ROOT

FOLDERS = ("helpdesk", "templates")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (translations_dir() / "en" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every text that pages and mails mark for translation, as babel.cfg has them found."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel left it so
    texts = extract_from_dir(ROOT, methods, options, directory_filter=_holds_texts)
    return {_one(text) for _file, _line, text, *_rest in texts}


def test_everything_said_has_its_english(english: Catalog, said: set[str]) -> None:
    translated = {_one(message.id) for message in _messages(english) if all(_words(message))}

    assert len(said) > 100
    assert said - translated == set()


def test_nothing_is_kept_that_is_no_longer_said(english: Catalog, said: set[str]) -> None:
    assert {_one(message.id) for message in _messages(english)} - said == set()
    assert list(english.obsolete) == []


def test_no_translation_is_a_guess(english: Catalog) -> None:
    assert [message.id for message in _messages(english) if message.fuzzy] == []


def test_a_translation_fills_in_the_values_and_links_of_its_french(english: Catalog) -> None:
    for message in _messages(english):
        for words in _words(message):
            assert _fixed_parts(words) == _fixed_parts(_one(message.id))


def _holds_texts(folder: str) -> bool:
    path = Path(folder)
    return path == ROOT or (path.relative_to(ROOT).parts[0] in FOLDERS and path.name != "vendor")


def _messages(catalogue: Catalog) -> Iterator[Message]:
    """All but the header."""
    return (message for message in catalogue if message.id)


def _one(text: str | tuple[str, ...] | list[str]) -> str:
    """A text, or the singular of one that counts."""
    return text if isinstance(text, str) else text[0]


def _words(message: Message) -> list[str]:
    """The translation, in all its numbers."""
    string = message.string or ""
    return [string] if isinstance(string, str) else list(string)


def _fixed_parts(text: str) -> list[str]:
    """What no translation may change: values to fill in, links and tags."""
    return sorted(re.findall(r"%\(\w+\)s|<[^>]+>", text))

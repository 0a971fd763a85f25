"""The words of search in force: the version published last, else the file. Every process notices a publication."""

from functools import lru_cache

import structlog
from sqlalchemy import Connection, select

from helpdesk.db import db
from helpdesk.errors import ConfigError
from helpdesk.knowledge.synonyms import Synonyms
from helpdesk.knowledge.wordlists import read_synonyms
from helpdesk.models import Edition, WordsVersion
from helpdesk.places import config_dir

WORDS = "words"  # the counter among the editions: the number of the version published last
FILE = "synonyms.toml"

log = structlog.get_logger()


def published_number(connection: Connection | None = None) -> int:
    """0 while the file holds. Without a connection, that of the session."""
    reading = connection or db.session.connection()
    return reading.scalar(select(Edition.number).where(Edition.name == WORDS)) or 0


def present(connection: Connection | None = None) -> Synonyms:
    """The words in force. A version that this program cannot read any more gives way to the one before it, in the end
    to the file.
    """
    reading = connection or db.session.connection()
    versions = select(WordsVersion.number, WordsVersion.text).order_by(WordsVersion.number.desc())
    for number, text in reading.execute(versions):
        try:
            return read_synonyms(text)
        except ConfigError as error:
            log.error("published words cannot be used", version=number, problems=error.problems[:3])
    return shipped()


def file_text() -> str:
    """The lists of this installation. Raises ConfigError."""
    try:
        return (config_dir() / FILE).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{FILE} : la liste de mots ne peut pas être lue ({error})."]) from error


@lru_cache(maxsize=1)
def shipped() -> Synonyms:
    """Those of the file, read once a process."""
    return read_synonyms(file_text())

"""What is plugged into the application at its start."""

import shutil
from pathlib import Path

import pytest

from helpdesk.errors import ConfigError
from helpdesk.outbox.dispatch import Thread
from helpdesk.parts import make_parts, read_config
from helpdesk.places import config_dir
from helpdesk.settings import load_settings


def test_the_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    """Words of search, calendar and rules among them: who starts the site must not find them one by one."""
    config = shutil.copytree(config_dir(), tmp_path / "config")
    for name in ("synonyms.toml", "calendar.toml", "routing.toml", "topics.toml"):
        (config / name).write_text("= pas du TOML", "utf-8")

    with pytest.raises(ConfigError) as told:
        read_config(config)

    for name in ("synonyms.toml", "calendar.toml", "routing.toml", "topics.toml"):
        assert any(problem.startswith(name) for problem in told.value.problems)


def test_a_file_of_mailboxes_that_is_named_must_be_there(tmp_path: Path) -> None:
    """Without it no mail would be read, and nobody would notice."""
    settings = load_settings({"DATA_DIR": str(tmp_path), "MAILBOXES_FILE": str(tmp_path / "boites.toml")})

    with pytest.raises(ConfigError, match="MAILBOXES_FILE"):
        make_parts(settings, Thread())

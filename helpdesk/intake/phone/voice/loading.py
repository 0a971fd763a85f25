"""What a call needs beside the database: the menu and the words."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from helpdesk.intake.phone.voice.menu import Menu, load_menu
from helpdesk.intake.phone.voice.script import LANGUAGES
from helpdesk.intake.phone.voice.wording import Wording


@dataclass(frozen=True)
class Script:
    """Read once, when the site starts."""

    menu: Menu
    wording: Wording


def load_script(config: Path, templates: Path, topics: Sequence[str]) -> Script:
    """`config/phone.toml` and `templates/phone/`. Raises ConfigError for what is wrong in the file."""
    return Script(load_menu(config / "phone.toml", topics, LANGUAGES), Wording(templates / "phone"))

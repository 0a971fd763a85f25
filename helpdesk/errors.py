"""The few ways in which a request can fail, named for the people they are told to.

Each is turned into a page, an exit code or an outcome in one place: `app.py` for pages, `cli/` for the terminal. They
are raised in French; the page of a parent translates those marked by `N_`.
"""


def N_(text: str) -> str:  # noqa: N802 (the name by which texts to translate are found)
    """The text as it is; the catalogues know it."""
    return text


class HelpdeskError(Exception):
    """Root of the errors that this software raises on purpose; its text is fit to be shown."""


class NotFound(HelpdeskError):
    """There is no such thing, or the asker may not know that there is."""


class NotAllowed(HelpdeskError):
    """The asker may see the thing but not do this to it."""


class IllegalMove(HelpdeskError):
    """The ticket is in a state in which this cannot be done."""


class Changed(HelpdeskError):
    """Somebody else changed the thing since the asker looked; nothing was done."""


class ConfigError(HelpdeskError):
    """A file in `config/` or a setting is wrong. Carries every problem found, one sentence each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class UnreadableDocument(HelpdeskError):
    """A file handed in for import cannot be understood; nothing was imported."""

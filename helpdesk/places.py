"""Where the files beside the code lie: inside the package once it is installed, beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _beside(name: str) -> Path:
    """An editable install does not hold the folders that a wheel carries, so the checkout's root is the second look."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def config_dir() -> Path:
    """Services, rules, topics, synonyms and the FAQ as files."""
    return _beside("config")


def templates_dir() -> Path:
    """Jinja templates of pages and mails."""
    return _beside("templates")


def static_dir() -> Path:
    """Stylesheets and scripts; `vendor/` below it is filled at set-up."""
    return _PACKAGE / "static"


def translations_dir() -> Path:
    """Catalogues: French is the source, `en/` the English."""
    return _PACKAGE / "translations"


def migrations_dir() -> Path:
    """Alembic's folder."""
    return _PACKAGE / "migrations"


def communes_dir() -> Path:
    """The list of communes, made at set-up from the open data of the State."""
    return _PACKAGE / "routing" / "data"

"""How the text of a setting is read: a function gives the value, or raises ValueError that says in French what fits."""

import re
from collections.abc import Callable
from urllib.parse import urlsplit


def text(value: str) -> str:
    """As it stands."""
    return value


def yes_no(value: str) -> bool | None:
    """None for an empty value: "as fits"."""
    if not value:
        return None
    if value.lower() in {"1", "yes", "true", "on", "oui"}:
        return True
    if value.lower() in {"0", "no", "false", "off", "non"}:
        return False
    raise ValueError("attend « yes » ou « no »")


def number(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two bounds, both included."""

    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
            raise ValueError(f"attend un nombre entier de {low} à {high}")
        return int(value)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """One of some words."""

    def read(value: str) -> str:
        if value not in choices:
            raise ValueError("attend " + " ou ".join(f"« {choice} »" for choice in choices))
        return value

    return read


def base_url(value: str) -> str:
    """Address of the site, without a slash at its end; https unless only this machine can reach it."""
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("attend une adresse comme https://assistance.exemple.fr")
    if parts.scheme == "http" and not is_loopback(value):
        raise ValueError("attend https hors de cette machine")
    return value.rstrip("/")


def web_address(value: str) -> str:
    """A page elsewhere, by https; empty for none."""
    parts = urlsplit(value)
    if value and (parts.scheme != "https" or not parts.hostname or any(map(str.isspace, value))):
        raise ValueError("attend une adresse comme https://exemple.fr/page")
    return value


def database_url(value: str) -> str:
    """SQLite or PostgreSQL; empty for the default."""
    if value and not re.match(r"(sqlite:///|postgresql(\+psycopg)?://).+", value):
        raise ValueError("attend sqlite:///chemin ou postgresql://utilisateur:secret@hôte/base")
    return value


def redis_url(value: str) -> str:
    """An address of Redis; empty for none."""
    if value and not re.match(r"(rediss?|unix)://.+", value):
        raise ValueError("attend redis://hôte:port/0")
    return value


def limit(value: str) -> str:
    """A rate, as the limits library reads it."""
    if not re.fullmatch(r"[1-9][0-9]{0,6} per (minute|hour|day)", value):
        raise ValueError("attend par exemple « 20 per hour »")
    return value


def sites(value: str) -> str:
    """Sources of a Content-Security-Policy, parted by single spaces; « none » for none."""
    found = value.split()
    if value.strip() == "none":
        return "'none'"
    if not all(re.fullmatch(r"https:|https?://(\*\.)?[a-z0-9.-]+(:[0-9]{1,5}|:\*)?", each) for each in found):
        raise ValueError("attend « https: », « none », ou des adresses comme https://ent.exemple.fr")
    return " ".join(found)


def mail_address(value: str) -> str:
    """A mail address in lower case."""
    if not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\".]+", value):
        raise ValueError("attend une adresse de courriel")
    return value.lower()


def keys(value: str) -> tuple[str, ...]:
    """Several words."""
    return tuple(value.split())


def is_loopback(url: str) -> bool:
    """Whether only this machine can reach the address."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}

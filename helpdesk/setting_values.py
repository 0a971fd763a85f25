"""How the text of a setting is read: a function gives the value, or raises ValueError that says in French what fits."""

import re
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

_ASCII = re.ASCII | re.IGNORECASE


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
    parts = _address(value)
    whole = parts is not None and parts.hostname and parts.path in {"", "/"} and "@" not in parts.netloc
    if parts is None or not whole or parts.scheme not in {"http", "https"} or parts.query or parts.fragment:
        raise ValueError("attend une adresse comme https://assistance.exemple.fr, sans chemin")
    if parts.scheme == "http" and not is_loopback(value):
        raise ValueError("attend https hors de cette machine")
    return value.rstrip("/")


def web_address(value: str) -> str:
    """A page elsewhere, by https; empty for none."""
    parts = _address(value)
    if parts is None or (value and (parts.scheme != "https" or not parts.hostname or any(map(str.isspace, value)))):
        raise ValueError("attend une adresse comme https://exemple.fr/page")
    return value


def database_url(value: str) -> str:
    """SQLite or PostgreSQL; empty for the default."""
    if value and not (re.fullmatch(r"(sqlite:///|postgresql(\+psycopg)?://)\S.*", value) and _address(value)):
        raise ValueError("attend sqlite:///chemin ou postgresql://utilisateur:secret@hôte/base")
    return value


def redis_url(value: str) -> str:
    """An address of Redis; empty for none."""
    if value and not (re.fullmatch(r"rediss?://[^/]+(/\d{0,3})?|unix://\S+", value) and _address(value)):
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
    """A mail address in lower case, as every mail server takes it."""
    if not re.fullmatch(
        r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@([a-z0-9-]+\.)+[a-z][a-z0-9-]+", value, _ASCII
    ):
        raise ValueError("attend une adresse de courriel")
    return value.lower()


def host(value: str) -> str:
    """A name or address of a machine; empty for none."""
    name = r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*\.?"
    if value and not re.fullmatch(rf"{name}|[0-9a-f.]*:[0-9a-f:.]+", value, _ASCII):
        raise ValueError("attend le nom ou l’adresse d’une machine, sans port")
    return value


def account(value: str) -> str:
    """An account at the provider of the telephone; empty for none."""
    if value and not re.fullmatch("AC[0-9a-zA-Z]+", value):
        raise ValueError("attend un compte comme AC0123456789abcdef0123456789abcdef")
    return value


def sender_of_texts(value: str) -> str:
    """A number as networks know it, or the sid of a messaging service; empty for none."""
    if value and not re.fullmatch(r"\+[1-9][0-9]{5,14}|MG[0-9a-zA-Z]+", value):
        raise ValueError("attend un numéro comme +33939010203, ou MG…")
    return value


def keys(value: str) -> tuple[str, ...]:
    """Several words."""
    return tuple(value.split())


def _address(value: str) -> SplitResult | None:
    """Its parts; None where its port or its brackets are no such thing."""
    try:
        parts = urlsplit(value)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def is_loopback(url: str) -> bool:
    """Whether only this machine can reach the address."""
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}

"""The services that hold requests: some national, others one in each académie."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from helpdesk.errors import ConfigError
from helpdesk.routing.geography import Academy
from helpdesk.routing.problems import Problems, only_known, read_toml, tables, text

FILE = "services.toml"
_VOWELS = "aeiouyhâàéèêîïôûAEIOUYHÂÀÉÈÊÎÏÔÛ"
_CONTACT = ("hours", "email", "phone")


@dataclass(frozen=True)
class Service:
    """`slug` never changes ("assistance-08"); `kind` is what rules name; `academy` is None for a national service.

    `name` is public and whole, `title` the short one that agents read; `timezone` an IANA name. `hours`, `email` and
    `phone` are printed as they are and may be empty.
    """

    slug: str
    kind: str
    name: str
    academy: str | None
    timezone: str
    hours: str = ""
    email: str = ""
    phone: str = ""
    title: str = ""


def of_academy(name: str) -> str:
    """« académie d’Amiens », « académie de Lyon », « académie de La Réunion »."""
    return f"académie d’{name}" if name[:1] in _VOWELS else f"académie de {name}"


def slug_in(kind: str, academy: str) -> str:
    """The slug of an académie's service."""
    return f"{kind}-{academy}"


def load_services(path: Path, academies: Iterable[Academy]) -> tuple[Service, ...]:
    """Read `config/services.toml`. Raises ConfigError with every problem of the file."""
    problems = Problems(path.name)
    try:
        source = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError([f"{path.name} : le fichier ne peut pas être lu ({error})"]) from error
    services = parse_services(source, academies, problems)
    if problems.found:
        raise ConfigError(problems.found)
    return services


def parse_services(source: str, academies: Iterable[Academy], problems: Problems) -> tuple[Service, ...]:
    """National services first, then those of each académie in the order of the list."""
    document = read_toml(source, problems)
    only_known(document, ("national", "academy", "local"), problems)
    services = [_national(entry, problems) for entry in tables(document, "national", problems)]
    kinds = tables(document, "academy", problems)
    for entry in kinds:
        _check_kind(entry, problems)
    for academy in academies:
        services += [_of_academy(entry, academy) for entry in kinds]
    by_slug: dict[str, Service] = {}
    for service in services:
        if service.slug in by_slug:
            problems.add(f"le service « {service.slug} » est écrit deux fois")
        by_slug[service.slug] = service
    for entry in tables(document, "local", problems):
        _adapt(by_slug, entry, problems)
    return tuple(by_slug.values())


def _national(entry: Mapping[str, Any], problems: Problems) -> Service:
    slug = text(entry, "slug", problems)
    here = problems.at(f"service « {slug} »")
    only_known(entry, ("slug", "kind", "name", "title", "timezone", *_CONTACT), here)
    text(entry, "slug", here, required=True)
    timezone = text(entry, "timezone", here) or "Europe/Paris"
    if timezone not in available_timezones():
        here.add(f"le fuseau horaire « {timezone} » n’existe pas")
    name = text(entry, "name", here, required=True)
    return Service(
        slug=slug,
        kind=text(entry, "kind", here, required=True),
        name=name,
        academy=None,
        timezone=timezone,
        title=text(entry, "title", here) or name,
        **_contact(entry, here),
    )


def _check_kind(entry: Mapping[str, Any], problems: Problems) -> None:
    kind = text(entry, "kind", problems)
    here = problems.at(f"genre de service « {kind} »")
    only_known(entry, ("kind", "name", "title", *_CONTACT), here)
    for key in ("kind", "name"):
        text(entry, key, here, required=True)
    for key in ("title", *_CONTACT):
        text(entry, key, here)


def _of_academy(entry: Mapping[str, Any], academy: Academy) -> Service:
    unheard = Problems(FILE)  # `_check_kind` told them once; here they would be told for each académie
    kind, name = text(entry, "kind", unheard), text(entry, "name", unheard)
    return Service(
        slug=slug_in(kind, academy.code),
        kind=kind,
        name=f"{name}, {of_academy(academy.name)}",
        academy=academy.code,
        timezone=academy.timezone,
        title=text(entry, "title", unheard) or name,
        **_contact(entry, unheard),
    )


def _adapt(services: dict[str, Service], entry: Mapping[str, Any], problems: Problems) -> None:
    slug = text(entry, "service", problems)
    here = problems.at(f"[[local]] « {slug} »")
    only_known(entry, ("service", "name", *_CONTACT), here)
    if slug not in services:
        here.add(f"le service « {slug} » n’existe pas")
        return
    told = {key: text(entry, key, here) for key in ("name", *_CONTACT) if key in entry}
    services[slug] = replace(services[slug], **told)


def _contact(entry: Mapping[str, Any], problems: Problems) -> dict[str, str]:
    return {key: text(entry, key, problems) for key in _CONTACT}

"""Tags, split messages, acts on many requests, corrections of person and school, as histories tell of them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from helpdesk.tickets import history


def _school(who: str, data: Mapping[str, Any]) -> str:
    before, after = data["before"] or _("aucun"), data["after"] or _("aucun")
    return _("%(who)s a changé l’établissement : %(before)s → %(after)s.", who=who, before=before, after=after)


def _person(who: str, data: Mapping[str, Any]) -> str:
    before, after = data["before"] or _("rien"), data["after"] or _("rien")
    said = _("%(who)s a corrigé la personne : %(before)s → %(after)s.", who=who, before=before, after=after)
    return f"{said} {_('La demande est passée à une personne déjà connue.')}" if data.get("other") else said


def _split(who: str, data: Mapping[str, Any]) -> str:
    if data.get("back"):
        return _("%(who)s a séparé ce message de %(other)s : c’est maintenant une demande.", who=who, other=data["to"])
    return _("%(who)s a séparé un message : il est maintenant dans %(other)s.", who=who, other=data["to"])


SENTENCES: dict[str, Callable[[str, Mapping[str, Any]], str]] = {
    history.TAGGED: lambda who, data: _("%(who)s a mis l’étiquette « %(tag)s ».", who=who, tag=data["tag"]),
    history.UNTAGGED: lambda who, data: _("%(who)s a enlevé l’étiquette « %(tag)s ».", who=who, tag=data["tag"]),
    history.BULK_UNDONE: lambda who, _data: _(
        "%(who)s a annulé une action faite sur plusieurs demandes : celle-ci est comme avant.", who=who
    ),
    history.SCHOOL_CHANGED: _school,
    history.PERSON_CORRECTED: _person,
    history.SPLIT: _split,
}

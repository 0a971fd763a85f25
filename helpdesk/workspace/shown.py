"""What a page of the queue shows, as its address says it: list, filters, columns and place, and the address again."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict

from helpdesk.pages import parts
from helpdesk.tickets.filters import (
    CHANNEL_WORDS,
    ME,
    NAMES,
    NOBODY,
    PRIORITY_WORDS,
    STATUS_WORDS,
    Age,
    Filters,
    read_filters,
)
from helpdesk.tickets.queue import QueueKey, View, read_key
from helpdesk.workspace import words

# Beside the subject, which is always there. Those of the first look, then the others.
COLUMNS = {
    "sujet": _("Sujet et service"),
    "priorite": _("Priorité"),
    "recue": _("Reçue"),
    "echeance": _("Échéance"),
    "etat": _("État et suivi"),
    "etablissement": _("Établissement"),
    "canal": _("Canal"),
    "langue": _("Langue"),
}
FIRST_COLUMNS = ("sujet", "priorite", "recue", "echeance", "etat")
AGES = {
    Age.DAY: _("depuis moins d’un jour"),
    Age.WEEK: _("depuis moins de 7 jours"),
    Age.MONTH: _("depuis moins de 30 jours"),
    Age.OVER_DAYS: _("depuis plus de 3 jours"),
    Age.OVER_WEEK: _("depuis plus de 7 jours"),
    Age.OVER_MONTH: _("depuis plus de 30 jours"),
}
LANGUAGES = {"fr": "français", "en": "anglais", "ar": "arabe", "es": "espagnol", "pt": "portugais", "tr": "turc"}
LABELS = {
    "service": _("Service"),
    "topic": _("Sujet"),
    "academy": _("Académie"),
    "school": _("Établissement"),
    "status": _("État"),
    "channel": _("Canal"),
    "priority": _("Priorité"),
    "age": _("Reçue"),
    "holder": _("Suivie par"),
    "language": _("Langue"),
    "tag": _("Étiquette"),
    "text": _("Mots"),
}
_VIEW, _COLUMN, _AFTER, _BEFORE = "vue", "colonne", "apres", "avant"
_PLACES = (_AFTER, _BEFORE)


@dataclass(frozen=True)
class Shown:
    """`left_out`: what the address says that nobody understands, as « canal=pigeon »."""

    view: View
    filters: Filters
    columns: tuple[str, ...]
    after: QueueKey | None = None
    before: QueueKey | None = None
    left_out: tuple[str, ...] = ()

    def arguments(self) -> dict[str, Any]:
        """Of its address, without the place: what a saved view keeps."""
        columns = {} if self.columns == FIRST_COLUMNS else {_COLUMN: list(self.columns)}
        return {_VIEW: self.view.value, **self.filters.arguments(), **columns}

    def query(self) -> str:
        """The same as text."""
        return urlencode(self.arguments(), doseq=True)

    def address(self, endpoint: str = "queue.show", changes: Mapping[str, Any] = MappingProxyType({})) -> str:
        """Of this list with changes: None takes an argument away, "apres" and "avant" are places."""
        return url_for(endpoint, **{**self.arguments(), **changes})

    def here(self, endpoint: str = "queue.show") -> str:
        """Of this very page."""
        return self.address(endpoint, {_AFTER: self.after, _BEFORE: self.before})


def read_shown(arguments: "MultiDict[str, str] | None" = None) -> Shown:
    """What an address asks for, by default that of this request. Any address will do."""
    arguments = request.args if arguments is None else arguments
    view = arguments.get(_VIEW, "")
    filters, left_out = read_filters(arguments, _known())
    columns = tuple(name for name in COLUMNS if name in arguments.getlist(_COLUMN))
    places = {name: read_key(arguments.get(name, "")) for name in _PLACES}
    left_out += [f"{_VIEW}={view[:40]}"] if view and view not in set(View) else []
    return Shown(
        View(view) if view in set(View) else View.TODO,
        filters,
        columns or FIRST_COLUMNS,
        places[_AFTER],
        None if places[_AFTER] else places[_BEFORE],
        tuple(left_out),
    )


def choices() -> dict[str, list[tuple[str, str]]]:
    """What each filter can be, (word in the address, words on the page), by field."""
    return {
        "topic": words.topics(),
        "academy": [(code, each.name) for code, each in parts().routing.geography.academies.items()],
        "status": [(word, words.label(member)) for word, member in STATUS_WORDS.items()],
        "channel": [(word, words.label(member)) for word, member in CHANNEL_WORDS.items()],
        "priority": [(word, words.label(member)) for word, member in PRIORITY_WORDS.items()],
        "age": [(age.value, str(text)) for age, text in AGES.items()],
        "holder": [(ME, str(_("moi"))), (NOBODY, str(_("personne")))],
        "language": list(LANGUAGES.items()),
    }


def _known() -> dict[str, Any]:
    routing = parts().routing
    return {
        "topic": {slug for slug, _label in words.topics()},
        "academy": routing.geography.academies,
        "service": {service.slug for service in routing.rulebook.services},
    }


def chips(shown: Shown, holders: dict[str, str]) -> list[tuple[str, str]]:
    """Each filter in words, and the address without it. `holders` are names of agents by id."""
    said = shown.filters.arguments()
    labels = {field: dict(pairs) for field, pairs in choices().items()}
    labels["holder"] |= holders
    labels["service"] = {each.slug: each.name for each in parts().routing.rulebook.services}
    found = []
    for field, name in NAMES.items():
        if name in said:
            value = labels.get(field, {}).get(said[name], said[name])
            found.append((f"{LABELS[field]} : {value}", shown.address(changes={name: None})))
    return found

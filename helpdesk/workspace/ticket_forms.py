"""The forms of a ticket's page. Their fields have ids of their own, since they stand on one page."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.forms import AtMost, Form, Needed, tidy
from helpdesk.models import Service
from helpdesk.text import fold
from helpdesk.vocabulary import PRIORITY_LABELS
from helpdesk.workspace.words import academy_name, service_in_short

MAX_TEXT = 20_000


class ReplyForm(Form):
    """What the person will read. `seen` is the last message the page showed."""

    text = TextAreaField(
        _("Votre réponse"), [Needed(_("La réponse est vide.")), AtMost(MAX_TEXT)], filters=[tidy], id="reponse"
    )
    seen = HiddenField()


class NoteForm(Form):
    """What only colleagues will read."""

    text = TextAreaField(
        _("Note interne"), [Needed(_("La note est vide.")), AtMost(MAX_TEXT)], filters=[tidy], id="note"
    )


class TransferForm(Form):
    """Where to, and why."""

    service = SelectField(
        _("Vers quel service ?"), [Needed(_("Choisissez un service."))], validate_choice=False, id="service"
    )
    reason = StringField(
        _("Pourquoi ?"),
        [Needed(_("Dites pourquoi, en quelques mots.")), AtMost(300)],
        filters=[tidy],
        id="motif-du-transfert",
    )


class CloseForm(Form):
    """Why it ends without an answer."""

    reason = StringField(
        _("Pourquoi clore ?"),
        [Needed(_("Dites pourquoi, en quelques mots.")), AtMost(300)],
        filters=[tidy],
        id="motif-de-la-cloture",
    )


class PriorityForm(Form):
    """How urgent."""

    priority = SelectField(
        _("Priorité"),
        choices=[SelectChoice(priority.value, label) for priority, label in PRIORITY_LABELS.items()],
        id="priorite",
    )


class ActForm(Form):
    """A button. `holder` is the id of the agent whom the page showed as following the ticket, empty for nobody."""

    holder = HiddenField()


def by_academy(services: Iterable[Service], first: str | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """(académie, its services as slug and label): that of code `first`, the national ones, the others by name.

    The labels begin with the name of the académie, so that a list of a hundred is reached by typing « gre ».
    """
    groups: dict[str | None, list[Service]] = {}
    for service in services:
        groups.setdefault(service.academy, []).append(service)
    names = {code: academy_name(code) if code else str(_("Services nationaux")) for code in groups}

    def place(code: str | None) -> tuple[bool, bool, str]:
        return (code != first or code is None, code is not None, fold(names[code]))

    ordered = sorted(groups, key=place)
    return [(names[code], [(service.slug, service_in_short(service)) for service in groups[code]]) for code in ordered]

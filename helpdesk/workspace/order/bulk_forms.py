"""The fields of acts on many requests, as the queue and the preview send them."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.forms import AtMost, Form, tidy
from helpdesk.tickets.bulk.kinds import AT_MOST, BulkKind
from helpdesk.tickets.bulk.orders import Order
from helpdesk.vocabulary import PRIORITY_LABELS, Priority
from helpdesk.workspace.fields import number_in

KIND_LABELS = {
    BulkKind.MINE: _("Me les attribuer"),
    BulkKind.GIVE: _("Confier à un collègue…"),
    BulkKind.BACK: _("Rendre au service"),
    BulkKind.TRANSFER: _("Transférer à un autre service…"),
    BulkKind.PRIORITY: _("Changer la priorité…"),
    BulkKind.TAG: _("Mettre une étiquette…"),
    BulkKind.UNTAG: _("Enlever une étiquette…"),
    BulkKind.CLOSE: _("Clore sans répondre…"),
    BulkKind.UNWANTED: _("Classer comme indésirables"),
}
DONE_LABELS = {
    BulkKind.MINE: _("Attribuer à moi"),
    BulkKind.GIVE: _("Confier à un collègue"),
    BulkKind.BACK: _("Rendre au service"),
    BulkKind.TRANSFER: _("Transférer"),
    BulkKind.PRIORITY: _("Changer la priorité"),
    BulkKind.TAG: _("Mettre une étiquette"),
    BulkKind.UNTAG: _("Enlever une étiquette"),
    BulkKind.CLOSE: _("Clore sans répondre"),
    BulkKind.UNWANTED: _("Classer comme indésirables"),
}
# The field that an act needs beside the reason.
ASKS = {
    BulkKind.GIVE: "to",
    BulkKind.TRANSFER: "service",
    BulkKind.PRIORITY: "priority",
    BulkKind.TAG: "tag",
    BulkKind.UNTAG: "tag",
    BulkKind.CLOSE: "reason",
}


class BulkForm(Form):
    """The act and what it needs. `token` is this page's own; `previewed`: the fields were there to be filled in."""

    act = HiddenField()
    to = SelectField(_("À quel collègue ?"), validate_choice=False, id="collegue")
    service = SelectField(_("Vers quel service ?"), validate_choice=False, id="service")
    priority = SelectField(
        _("Priorité"),
        choices=[SelectChoice(priority.value, label) for priority, label in PRIORITY_LABELS.items()],
        validate_choice=False,
        id="priorite",
    )
    tag = SelectField(_("Étiquette"), validate_choice=False, id="etiquette")
    reason = StringField(_("Pourquoi ?"), [AtMost(300)], filters=[tidy], id="motif")
    token = HiddenField()
    previewed = HiddenField()

    @property
    def kind(self) -> BulkKind | None:
        """None for what is no act."""
        said = self.said("act")
        return BulkKind(said) if said in set(BulkKind) else None


def chosen_in(values: Iterable[str]) -> dict[int, int]:
    """Id and version of tickets, said as « 12.3 » or, where no version was shown, « 12 »: -1 then. What was made by
    hand and is neither is left out; of more than AT_MOST, one more is read, so that it shows.
    """
    found: dict[int, int] = {}
    for value in values:
        number, _dot, version = value[:40].partition(".")
        if number_in(number):
            found[number_in(number)] = number_in(version) if version.isdecimal() else -1
        if len(found) > AT_MOST:
            break
    return found


def order_in(form: BulkForm, offered: list[tuple[str, Any]]) -> Order | None:
    """The order, if all that it needs was chosen from what is offered; else its field says what is missing."""
    kind = form.kind
    if kind is None or any(name != "csrf_token" for name in form.errors):
        return None
    missing = _missing(form, kind, offered)
    if missing:
        field, said = missing
        field.errors = [str(said)]
        return None
    return Order(
        kind,
        to=number_in(form.to.data) if kind is BulkKind.GIVE else None,
        service=form.said("service") if kind is BulkKind.TRANSFER else "",
        priority=Priority(form.priority.data) if kind is BulkKind.PRIORITY else Priority.NORMAL,
        tag=number_in(form.tag.data) if kind in (BulkKind.TAG, BulkKind.UNTAG) else None,
        reason=form.said("reason") if kind in (BulkKind.TRANSFER, BulkKind.CLOSE) else "",
    )


def _missing(form: BulkForm, kind: BulkKind, offered: list[tuple[str, Any]]) -> tuple[Any, object] | None:
    """The field that does not hold what the act needs, and what to say there."""
    groups = [each for each in offered if isinstance(each[1], list)]
    choices = {slug for _name, group in groups for slug, _label in group} or {value for value, _label in offered}
    match kind:
        case BulkKind.GIVE if form.to.data not in choices:
            return form.to, _("Choisissez un collègue.")
        case BulkKind.TAG | BulkKind.UNTAG if form.tag.data not in choices:
            return form.tag, _("Choisissez une étiquette.")
        case BulkKind.PRIORITY if form.priority.data not in set(Priority):
            return form.priority, _("Choisissez une priorité.")
        case BulkKind.TRANSFER if form.service.data not in choices:
            return form.service, _("Choisissez un service.")
        case BulkKind.TRANSFER | BulkKind.CLOSE if not form.said("reason"):
            return form.reason, _("Dites pourquoi, en quelques mots.")
    return None

"""The forms of a ticket's page. Their fields have ids of their own, since they stand on one page."""

from collections.abc import Iterable
from datetime import timedelta

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf.file import MultipleFileField
from wtforms import DateField, EmailField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.db import utc_now
from helpdesk.forms import AtMost, Form, Needed, tidy
from helpdesk.pages import parts
from helpdesk.people.emails import read_email
from helpdesk.routing.suggestions import likely_services
from helpdesk.text import fold
from helpdesk.tickets.canned_text import gaps_in
from helpdesk.tickets.queries import TicketPage
from helpdesk.vocabulary import PRIORITY_LABELS
from helpdesk.workspace.fields import DayField, number_in
from helpdesk.workspace.words import ServiceName, academy_name, service_in_short, topics

MAX_TEXT = 20_000
LONGEST_WAIT = timedelta(days=183)


class ReplyForm(Form):
    """What the person will read. `seen` is the last message that the page showed, `told` the last event, `despite` the
    colleague on the ticket who was asked about.
    """

    text = TextAreaField(
        _("Votre réponse"), [Needed(_("La réponse est vide.")), AtMost(MAX_TEXT)], filters=[tidy], id="reponse"
    )
    files = MultipleFileField(_("Joindre des fichiers"), id="pieces")
    until = DayField(_("Attendre jusqu’au"), id="attendre")
    seen = HiddenField()
    told = HiddenField()
    despite = HiddenField()

    def validate_text(self, field: TextAreaField) -> None:
        """Nothing leaves that is still to be filled in."""
        gaps = gaps_in(field.data or "")
        if gaps:
            raise ValidationError(str(_("Il reste à compléter : %(gaps)s.", gaps=", ".join(gaps))))

    def validate_until(self, field: DateField) -> None:
        """A day to come, and not for ever."""
        today = utc_now().date()
        if field.data and not today < field.data <= today + LONGEST_WAIT:
            raise ValidationError(str(_("Choisissez un jour à venir, dans les six mois.")))
        if not field.data and not field.errors and "wait" in request.form:
            raise ValidationError(str(_("Choisissez jusqu’à quel jour attendre.")))

    def is_ours(self) -> bool:
        """Whether it was sent from a page of ours; what is typed may still be unfit to be sent."""
        return bool(self["csrf_token"].validate(self))

    @property
    def seen_id(self) -> int:
        """0 if somebody changed it."""
        return number_in(self.seen.data)

    @property
    def told_id(self) -> int | None:
        """None where the page did not say."""
        return number_in(self.told.data) if self.told.data else None

    @property
    def despite_id(self) -> int:
        """0 where nobody was asked about."""
        return number_in(self.despite.data)


class ResendForm(Form):
    """Where to, for a mail that did not arrive; `mail` is its number."""

    address = EmailField(
        _("Adresse de la personne"), [Needed(_("Il manque l’adresse.")), AtMost(254)], filters=[tidy], id="adresse"
    )
    mail = HiddenField()

    def validate_address(self, field: EmailField) -> None:
        """Kept as it will be used: in lower case, without what stood around it."""
        address = read_email(field.data or "")
        if address is None:
            raise ValidationError(_("Cette adresse n’est pas complète. Exemple : nom@exemple.fr"))
        field.data = address


class NoteForm(Form):
    """What only colleagues will read."""

    text = TextAreaField(
        _("Note interne"), [Needed(_("La note est vide.")), AtMost(MAX_TEXT)], filters=[tidy], id="note"
    )
    to = SelectField(_("Prévenir un collègue (facultatif)"), validate_choice=False, id="prevenir")


class MoveForm(Form):
    """Where to, and why. One form with two buttons: the work goes on elsewhere, or routing was wrong."""

    service = SelectField(_("Vers quel service ?"), validate_choice=False, id="service")
    reason = StringField(
        _("Pourquoi ?"),
        [Needed(_("Dites pourquoi, en quelques mots.")), AtMost(300)],
        filters=[tidy],
        id="motif-du-transfert",
    )
    topic = SelectField(_("Le bon sujet, si l’orientation s’y est trompée"), validate_choice=False, id="sujet")


class TransferForm(MoveForm):
    """The first button."""

    def validate_service(self, field: SelectField) -> None:
        """There is nothing else to change."""
        if not field.data:
            raise ValidationError(str(_("Choisissez un service.")))


class CorrectionForm(MoveForm):
    """The second button: where routing should have sent the request, or about what it is if only that was wrong."""

    def validate_service(self, field: SelectField) -> None:
        """Something must have been wrong."""
        if not field.data and not self.said("topic"):
            raise ValidationError(str(_("Choisissez le bon service, ou le bon sujet s’il est seul faux.")))

    def validate_topic(self, field: SelectField) -> None:
        """Only topics of the rulebook in use."""
        if field.data and field.data not in {slug for slug, _label in topics()}:
            raise ValidationError(str(_("Choisissez un sujet de la liste.")))


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


def by_academy(services: Iterable[ServiceName], first: str | None) -> list[tuple[str, list[tuple[str, str]]]]:
    """(académie, its services as slug and label): that of code `first`, the national ones, the others by name.

    The labels begin with the name of the académie, so that a list of a hundred is reached by typing « gre ».
    """
    groups: dict[str | None, list[ServiceName]] = {}
    for service in services:
        groups.setdefault(service.academy, []).append(service)
    names = {code: academy_name(code) if code else str(_("Services nationaux")) for code in groups}

    def place(code: str | None) -> tuple[bool, bool, str]:
        return (code != first or code is None, code is not None, fold(names[code]))

    ordered = sorted(groups, key=place)
    return [(names[code], [(service.slug, service_in_short(service)) for service in groups[code]]) for code in ordered]


def by_likelihood(page: TicketPage) -> list[tuple[str, str]]:
    """Slug and label of the services where a request that was routed wrongly may belong, likeliest first. The one that
    holds it comes before, if it was not routed there: « it should have come here at once ».
    """
    if page.decision is None:
        return []
    routing, here = parts().routing, page.ticket.service
    labels = {service.slug: service_in_short(service) for service in page.services}
    likely = likely_services(page.decision, routing.rulebook, routing.geography)
    ours = [(here.slug, str(_("Ici : %(name)s", name=service_in_short(here))))]
    return ours * (here.slug != page.decision.service) + [(slug, labels[slug]) for slug in likely if slug in labels]

"""The forms of a ticket's page. Their fields have ids of their own, since they stand on one page."""

from collections.abc import Iterable

from flask_babel import lazy_gettext as _
from wtforms import EmailField, HiddenField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.forms import AtMost, Form, Needed, tidy
from helpdesk.models import Service
from helpdesk.pages import parts
from helpdesk.people.emails import read_email
from helpdesk.routing.suggestions import likely_services
from helpdesk.text import fold
from helpdesk.tickets.queries import TicketPage
from helpdesk.vocabulary import PRIORITY_LABELS
from helpdesk.workspace.words import academy_name, service_in_short, topics

MAX_TEXT = 20_000


class ReplyForm(Form):
    """What the person will read. `seen` is the last message the page showed."""

    text = TextAreaField(
        _("Votre réponse"), [Needed(_("La réponse est vide.")), AtMost(MAX_TEXT)], filters=[tidy], id="reponse"
    )
    seen = HiddenField()


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


class CorrectionForm(Form):
    """Where routing should have sent the request, about what it is if that was wrong as well, and why."""

    service = SelectField(_("Où aurait-elle dû aller ?"), validate_choice=False, id="bon-service")
    topic = SelectField(_("De quoi parle-t-elle ?"), validate_choice=False, id="bon-sujet")
    reason = StringField(
        _("Qu’est-ce qui le montre ?"),
        [Needed(_("Dites en quelques mots ce qui le montre.")), AtMost(300)],
        filters=[tidy],
        id="motif-de-la-correction",
    )

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

"""The forms of a service's page: how work is shared out, who is away, when the service is closed."""

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, SelectField, SelectMultipleField, StringField, SubmitField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.forms import AtMost, Form, Needed, tidy
from helpdesk.vocabulary import Assignment
from helpdesk.workspace.fields import DayField, id_in

LONGEST = timedelta(days=366)
ASSIGNMENT_LABELS = {
    Assignment.PULL: _("Chacun prend les siennes"),
    Assignment.ROUND_ROBIN: _("À tour de rôle"),
    Assignment.LEAST_LOADED: _("À qui a le moins de demandes à traiter"),
}
TO_SERVICE = "service"


class Period(Form):
    """From a first day to a last one, both included."""

    def validate_last(self, field: DateField) -> None:
        """In order, and no longer than a year."""
        first = self["first"].data
        if not field.data or not first:
            return
        if field.data < first:
            raise ValidationError(str(_("Le dernier jour vient avant le premier.")))
        if field.data - first > LONGEST:
            raise ValidationError(str(_("Plus d’un an : vérifiez l’année.")))


class SharingForm(Form):
    """How tickets find their agent, and who takes part."""

    assignment = RadioField(
        _("Comment les nouvelles demandes trouvent-elles leur agent ?"),
        choices=[SelectChoice(mode.value, label) for mode, label in ASSIGNMENT_LABELS.items()],
        id="repartition",
    )
    members = SelectMultipleField(validate_choice=False)

    def taking_part(self) -> set[int]:
        """Ids of the agents that are ticked."""
        return {number for text in self["members"].data or () if (number := id_in(text)) is not None}


class AbsenceForm(Period):
    """Who is away, and when."""

    member = SelectField(_("Qui ?"), [Needed(_("Choisissez un agent."))], validate_choice=False, id="absent")
    first = DayField(_("Premier jour"), [Needed(_("Il manque le premier jour."))], id="absent-du")
    last = DayField(_("Dernier jour, compris"), [Needed(_("Il manque le dernier jour."))], id="absent-au")

    then = SelectField(_("Que deviennent ses demandes en cours ?"), validate_choice=False, id="absent-demandes")

    def validate_member(self, field: SelectField) -> None:
        """A number at least; whether it is a member's is for the verb to say."""
        if id_in(field.data) is None:
            raise ValidationError(str(_("Choisissez un agent.")))

    def validate_then(self, field: SelectField) -> None:
        """Nothing, back to the service, or the number of a colleague."""
        if field.data not in (None, "", TO_SERVICE) and id_in(field.data) is None:
            raise ValidationError(str(_("Choisissez dans la liste.")))

    def plan(self) -> dict[str, Any]:
        """What becomes of the tickets, as `sharing.add_absence` takes it."""
        then = self.said("then")
        return {"stand_in_id": id_in(then), "gives_back": then == TO_SERVICE}


class HandingForm(Form):
    """To whom an agent's tickets go, and which of them."""

    to = SelectField(_("À qui ?"), [Needed(_("Choisissez à qui."))], validate_choice=False, id="a-qui")
    chosen = SelectMultipleField(validate_choice=False)
    all = SubmitField()

    def validate_to(self, field: SelectField) -> None:
        """The service, or the number of a colleague."""
        if field.data != TO_SERVICE and id_in(field.data) is None:
            raise ValidationError(str(_("Choisissez à qui.")))

    def to_whom(self) -> int | None:
        """The id of a colleague; None for the service."""
        return None if self["to"].data == TO_SERVICE else int(self.said("to"))


class ClosingForm(Period):
    """When the service is closed, who stands in, and why."""

    stand_in = SelectField(
        _("Quel service le remplace ?"), [Needed(_("Choisissez un service."))], validate_choice=False, id="remplacant"
    )
    first = DayField(_("Premier jour"), [Needed(_("Il manque le premier jour."))], id="ferme-du")
    last = DayField(_("Dernier jour, compris"), [Needed(_("Il manque le dernier jour."))], id="ferme-au")
    reason = StringField(
        _("Pourquoi ?"),
        [Needed(_("Dites pourquoi, en quelques mots.")), AtMost(300)],
        filters=[tidy],
        id="motif-de-la-fermeture",
    )

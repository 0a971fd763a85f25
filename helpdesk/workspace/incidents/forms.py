"""The forms of incidents: what is known, the answer to all, the banner."""

from datetime import datetime

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.db import utc_now
from helpdesk.forms import AtMost, Form, Needed, tidy
from helpdesk.knowledge.readers.banners import Notice
from helpdesk.models import Incident
from helpdesk.tickets.incidents.answering import Whom, Words
from helpdesk.tickets.incidents.records import Said
from helpdesk.tickets.incidents.wording import FIELDS, wrong_in
from helpdesk.workspace.fields import MomentField, number_in, typed
from helpdesk.workspace.incidents.reach import ReachForm

MAX_ANSWER = 10_000
WHOM_LABELS = {
    Whom.ALL: _("À toutes les personnes dont la demande n’est pas résolue"),
    Whom.NOT_YET: _("Seulement à celles qui n’ont pas encore reçu de réponse de cet incident"),
}


class IncidentForm(ReachForm):
    """What is known of an incident. `token` is drawn with the page, `about` and `burst` tell what led here."""

    title = StringField(
        _("Titre"), [Needed(_("Donnez un titre à l’incident.")), AtMost(120)], filters=[tidy], id="titre"
    )
    known = TextAreaField(_("Ce que l’on sait"), [AtMost(4000)], filters=[tidy], id="connu")
    words = StringField(_("Mots des messages"), [AtMost(300)], filters=[tidy], id="mots")
    starts = MomentField(_("Depuis quand ?"), filters=[tidy], id="debut")
    token = HiddenField()
    about = HiddenField()
    burst = HiddenField()

    def take(self, incident: Incident) -> None:
        """Show what is known."""
        self.title.data, self.known.data, self.words.data = incident.title, incident.known, incident.words
        self.academies.data, self.topics.data = incident.academies.split(), incident.topics.split()
        self.starts.data = typed(incident.starts_at)
        self["revision"].data = str(incident.revision)

    def validate_starts(self, field: MomentField) -> None:
        """Not yet to come."""
        if field.moment and field.moment > utc_now():
            raise ValidationError(str(_("Un incident commence au plus tard maintenant.")))

    def what(self, now: datetime) -> Said:
        """What was written; without a beginning, from now on."""
        return Said(
            title=self.said("title"),
            known=self.said("known"),
            academies=tuple(self.academies.data or ()),
            topics=self.known_topics(),
            words=self.said("words"),
            starts_at=self.starts.moment or now,
        )


class AnswerForm(Form):
    """The words to all, first looked at, then sent. `seen` is what the preview knew."""

    text = TextAreaField(
        _("Réponse"), [Needed(_("La réponse est vide.")), AtMost(MAX_ANSWER)], filters=[tidy], id="reponse"
    )
    english = TextAreaField(_("La même en anglais"), [AtMost(MAX_ANSWER)], filters=[tidy], id="anglais")
    whom = RadioField(
        _("À qui ?"),
        choices=[SelectChoice(each.value, label) for each, label in WHOM_LABELS.items()],
        default=Whom.NOT_YET.value,
        id="a-qui",
    )
    solves = BooleanField(_("Marquer ces demandes comme résolues"), id="resoudre")
    ends = BooleanField(
        _("Terminer l’incident : il ne reçoit plus de demandes, et son bandeau est retiré"), id="terminer"
    )
    token = HiddenField()
    seen = HiddenField()

    def validate_text(self, field: TextAreaField) -> None:
        """Only fields that each person has."""
        wrong = wrong_in(field.data or "")
        if wrong:
            known = " et ".join(f"{{{name}}}" for name in FIELDS)
            text = _("« %(wrong)s » n’existe pas ici. Les champs sont %(known)s.", wrong=", ".join(wrong), known=known)
            raise ValidationError(str(text))

    def validate_english(self, field: TextAreaField) -> None:
        """The same."""
        self.validate_text(field)

    def to(self) -> Whom:
        """Whom it is for."""
        return Whom(self.whom.data)

    def what(self) -> Words:
        """What is to be said."""
        return Words(self.said("text"), self.said("english"), solves=bool(self.solves.data))

    def seen_id(self) -> int:
        """0 if somebody changed it: then nothing leaves."""
        return number_in(self.seen.data)


class IncidentBannerForm(Form):
    """What readers are told; where it is shown is where the incident reaches."""

    text = StringField(_("Texte"), [Needed(_("Le texte est vide.")), AtMost(300)], filters=[tidy], id="texte-bandeau")
    english = StringField(_("Le même en anglais"), [AtMost(300)], filters=[tidy], id="anglais-bandeau")
    ends = MomentField(_("Jusqu’à"), filters=[tidy], id="fin-bandeau")

    def validate_ends(self, field: MomentField) -> None:
        """Yet to come."""
        if field.moment and field.moment <= utc_now():
            raise ValidationError(str(_("Cette fin est déjà passée.")))

    def notice(self, now: datetime) -> Notice:
        """The words and the end; the rest is the incident's."""
        return Notice(self.said("text"), self.said("english"), (), (), now, self.ends.moment)


class ChoosingForm(Form):
    """Tickets that are ticked in a list; `all` is the button for all of them."""

    chosen = SelectMultipleField(validate_choice=False)
    all = HiddenField()

    def references(self, offered: list[str]) -> list[str]:
        """Those that are to be attached."""
        return offered if self.all.data else [each for each in self.chosen.data or () if each in set(offered)]

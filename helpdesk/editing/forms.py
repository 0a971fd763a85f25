"""The forms of the FAQ's pages."""

from collections.abc import Sequence
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import (
    FileField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.editing.words import ROLES
from helpdesk.forms import AtMost, Form, Needed, tidy
from helpdesk.knowledge.drafts import FRENCH, Written
from helpdesk.knowledge.proofing import LONGEST_ANSWER, LONGEST_QUESTION, LONGEST_SPOKEN
from helpdesk.models import Draft, Section
from helpdesk.vocabulary import READERS_LABELS, Readers
from helpdesk.workspace.fields import DayField, MomentField, SeenForm
from helpdesk.workspace.words import topics

MOST_TOPICS = 10


class ReasonForm(SeenForm):
    """Why, for the history."""

    reason = StringField(
        _("Pourquoi ?"), [Needed(_("Dites pourquoi, en quelques mots.")), AtMost(300)], filters=[tidy], id="motif"
    )


class SubmitForm(SeenForm):
    """A word to the reviewer."""

    reason = StringField(_("Un mot pour la relecture"), [AtMost(300)], filters=[tidy], id="mot")


class PublishForm(SeenForm):
    """At once, or from a date on."""

    reason = StringField(_("Un mot pour l’historique"), [AtMost(300)], filters=[tidy], id="mot")
    at = MomentField(_("À partir de"), filters=[tidy], id="date")


class Whole:
    """A whole number between two bounds, or nothing."""

    def __init__(self, low: int, high: int) -> None:
        self._low, self._high = low, high

    def __call__(self, form: Any, field: Any) -> None:
        """Raises ValidationError in our own words."""
        text = field.data or ""
        if text and not (text.isdecimal() and len(text) < 5 and self._low <= int(text) <= self._high):
            low, high = self._low, self._high
            raise ValidationError(str(_("Écrivez un nombre de %(low)s à %(high)s, ou rien.", low=low, high=high)))


class FollowForm(Form):
    """Who looks after an entry, and when it is to be read again."""

    owner = StringField(_("Responsable"), [AtMost(254)], filters=[tidy], id="responsable")
    review_on = DayField(_("À revoir le"), id="a-revoir")
    rank = StringField(_("Rang parmi les plus posées"), [Whole(1, 99)], filters=[tidy], id="rang")
    reason = StringField(_("Pourquoi ?"), [AtMost(300)], filters=[tidy], id="motif-du-suivi")


class GrantForm(Form):
    """Who may edit."""

    email = StringField(
        _("Adresse de l’agent"), [Needed(_("Il manque l’adresse.")), AtMost(254)], filters=[tidy], id="adresse"
    )
    role = RadioField(
        _("Ce que cette personne peut faire"),
        choices=[*(SelectChoice(role.value, label) for role, label in ROLES.items()), SelectChoice("", "Plus rien")],
        id="role",
    )


class UploadForm(Form):
    """A document of questions and answers."""

    file = FileField(_("Document"), id="document")


class EntryForm(SeenForm):
    """All that is written of an entry in one language."""

    question = StringField(
        _("Question"), [Needed(_("La question est vide.")), AtMost(LONGEST_QUESTION)], filters=[tidy], id="question"
    )
    answer = TextAreaField(_("Réponse"), [AtMost(LONGEST_ANSWER)], filters=[tidy], id="reponse")
    spoken = TextAreaField(_("Réponse lue au téléphone"), [AtMost(LONGEST_SPOKEN)], filters=[tidy], id="telephone")
    readers = SelectField(
        _("Public"),
        choices=[SelectChoice(readers.value, label) for readers, label in READERS_LABELS.items()],
        id="public",
    )
    section = SelectField(_("Rubrique"), validate_choice=False, id="rubrique")
    new_section = StringField(_("Ou une nouvelle rubrique"), [AtMost(300)], filters=[tidy], id="nouvelle-rubrique")
    topics = SelectMultipleField(_("Sujets"), validate_choice=False, id="sujets")
    image = FileField(_("Image à ajouter"), id="image")
    description = StringField(_("Ce que montre l’image"), [AtMost(200)], filters=[tidy], id="description")

    is_translation = False
    known_sections: frozenset[str] = frozenset()

    def offer(self, sections: Sequence[Section]) -> "EntryForm":
        """Fill in what can be chosen."""
        self.known_sections = frozenset(section.slug for section in sections)
        self.section.choices = [SelectChoice(section.slug, section.title) for section in sections]
        self.topics.choices = [SelectChoice(slug, label) for slug, label in topics()]
        return self

    def take(self, draft: Draft) -> "EntryForm":
        """Show what a draft says."""
        for name in ("question", "answer", "spoken", "revision"):
            self[name].data = getattr(draft, name)
        self["over"].data = draft.article.number
        self["readers"].data, self["section"].data = draft.readers.value, draft.section.slug
        self["topics"].data = draft.topics.split()
        return self

    def validate_section(self, field: SelectField) -> None:
        """One of those there are, or a new one."""
        if not self.is_translation and not self.said("new_section") and field.data not in self.known_sections:
            raise ValidationError(str(_("Choisissez une rubrique, ou écrivez-en une nouvelle.")))

    def of_language(self, language: str) -> "EntryForm":
        """In other languages than French, section, readers and topics are not asked for."""
        if language != FRENCH:
            self.is_translation = True
            self["readers"].data = Readers.FAMILIES.value
        return self

    def validate_topics(self, field: SelectMultipleField) -> None:
        """An entry about everything would be proposed to everybody."""
        if len(field.data or ()) > MOST_TOPICS:
            raise ValidationError(str(_("Choisissez %(n)s sujets au plus.", n=MOST_TOPICS)))

    def written(self) -> Written:
        """What the form says."""
        known = {slug for slug, _label in topics()}
        return Written(
            question=self.said("question"),
            answer=self.said("answer"),
            spoken=self.said("spoken"),
            readers=Readers(self["readers"].data or Readers.FAMILIES),
            section=self.said("section"),
            new_section=self.said("new_section"),
            topics=tuple(slug for slug in self["topics"].data or () if slug in known),
        )

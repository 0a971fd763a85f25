"""What a notice or an incident reaches, as supervisors choose it: some académies, some topics, or all of them."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the published types are older

from helpdesk.pages import parts
from helpdesk.workspace.fields import SeenForm
from helpdesk.workspace.words import academy_name, topics


class ReachForm(SeenForm):
    """Académies and topics; nothing ticked is all of them, for who may say so."""

    academies = SelectMultipleField(lazy_gettext("Académies"), validate_choice=False, id="academies")
    topics = SelectMultipleField(lazy_gettext("Sujets"), validate_choice=False, id="sujets")

    national = True
    offered: frozenset[str] = frozenset()

    def offer(self, owned: tuple[str | None, ...]) -> None:
        """Fill in what the agent can choose (see banners.keeps)."""
        self.national = None in owned
        codes = parts().routing.geography.academies if self.national else [code for code in owned if code]
        self.offered = frozenset(codes)
        self.academies.choices = [SelectChoice(code, academy_name(code)) for code in codes]
        self.topics.choices = [SelectChoice(slug, label) for slug, label in topics()]
        if not self.national and len(self.offered) == 1:
            self.academies.data = self.academies.data or list(self.offered)

    def validate_academies(self, field: SelectMultipleField) -> None:
        """Only what was offered; the verb asks once more whose they are."""
        if not set(field.data or ()) <= self.offered or not (self.national or field.data):
            raise ValidationError(_("Choisissez parmi ces académies."))

    def known_topics(self) -> tuple[str, ...]:
        """Those ticked that there are."""
        known = {slug for slug, _label in topics()}
        return tuple(each for each in self.topics.data or () if each in known)

"""What all forms share: the token against forged posts, and words for what is wrong."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import ValidationError
from wtforms.validators import StopValidation

from helpdesk.people.emails import read_email
from helpdesk.people.phones import read_phone
from helpdesk.text import clean

STALE = _("Cette page était ouverte depuis longtemps. Votre texte est gardé : vérifiez-le, puis envoyez à nouveau.")


class Form(FlaskForm):
    """A form that keeps what was typed when it is refused, the stale token included."""

    def said(self, name: str) -> str:
        """What a text field holds; empty where nothing was typed."""
        return self[name].data or ""

    def problems(self) -> list[tuple[str, str]]:
        """(id of the field, what is wrong), in the order of the page, for the summary at its top."""
        stale = [("", str(STALE))] if "csrf_token" in self.errors else []
        return stale + [
            (field.id, str(field.errors[0])) for field in self if field.errors and field.name != "csrf_token"
        ]


class Button(Form):
    """A form with nothing but its button."""


def tidy(value: Any) -> Any:
    """Filter for text fields: no controls, no spaces at the ends."""
    return clean(value).strip() if isinstance(value, str) else value


class Needed:
    """The field must hold something; says so in words of its own, not « champ obligatoire »."""

    field_flags = {"required": True}  # noqa: RUF012 (WTForms reads it as it stands)

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            raise StopValidation(str(self.message))


class AtMost:
    """Longer text is refused with its length; nothing is cut in silence."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.field_flags = {"maxlength": limit}

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and len(field.data) > self.limit:
            excess = len(field.data) - self.limit
            raise ValidationError(str(_("Ce texte est trop long : retirez %(n)s caractères.", n=excess)))


class MailAddress:
    """A mail address that can be written to; afterwards the field holds it normalised."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data:
            return
        address = read_email(field.data)
        if address is None:
            raise ValidationError(str(_("Cette adresse n’est pas complète. Exemple : prenom.nom@exemple.fr")))
        field.data = address


class PhoneNumber:
    """A phone number as people write it, overseas and abroad included."""

    def __call__(self, form: Any, field: Any) -> None:
        if field.data and read_phone(field.data) is None:
            raise ValidationError(str(_("Ce numéro n’est pas complet. Exemple : 06 12 34 56 78")))

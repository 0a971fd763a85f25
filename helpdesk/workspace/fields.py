"""What the forms of agents share: days and moments as the French write them, and numbers that a page hides."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import DateField, HiddenField, StringField, ValidationError
from wtforms.widgets import DateTimeLocalInput

from helpdesk.forms import Form

PARIS = ZoneInfo("Europe/Paris")


def read_day(text: str) -> date:
    """A day as a browser's calendar gives it, or as the French write it. Raises ValueError or OverflowError."""
    if "/" in text:
        day, month, year = text.split("/")
        return date(int(year), int(month), int(day))
    return date.fromisoformat(text)


class DayField(DateField):
    """A day, from the browser's calendar or typed as the French write it."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Raises ValueError in our own words."""
        text = " ".join(valuelist).strip()
        self.data = None
        try:
            self.data = read_day(text) if text else None
        except (ValueError, OverflowError):
            raise ValueError(str(_("Écrivez le jour ainsi : 31/12/2026."))) from None


class MomentField(StringField):
    """A day and an hour of Paris, as the browser or a person writes them; `moment` is that in UTC, None if empty."""

    widget = DateTimeLocalInput()
    moment: datetime | None = None

    def pre_validate(self, form: Any) -> None:
        """Raises ValidationError in our own words."""
        text = (self.data or "").strip()
        if not text:
            return
        for written in ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%d/%m/%Y %H:%M"):
            try:
                self.moment = datetime.strptime(text, written).replace(tzinfo=PARIS).astimezone(UTC)
            except (ValueError, OverflowError):
                continue
            return
        raise ValidationError(str(_("Écrivez la date et l’heure ainsi : 31/12/2026 08:00.")))


def typed(at: datetime) -> str:
    """A moment as a MomentField holds it."""
    return at.astimezone(PARIS).strftime("%Y-%m-%dT%H:%M")


class SeenForm(Form):
    """A button. `revision` is that of the draft, `over` the version of what is published, which the page showed."""

    revision = HiddenField()
    over = HiddenField()

    def seen(self, name: str = "revision") -> int:
        """A number from a hidden field; -1, which nothing has, if somebody changed it."""
        number = id_in(self.said(name))
        return -1 if number is None else number


def id_in(text: str | None) -> int | None:
    """The id of a row as a page or an address says it; None for what is no number, or too long a one for a column."""
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


def number_in(text: str | None) -> int:
    """A number from a hidden field, of a message or an event perhaps; 0 if somebody changed it."""
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0

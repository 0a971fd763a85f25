"""Forms of calls that are promised."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from wtforms import StringField, TimeField, ValidationError

from helpdesk.db import utc_now
from helpdesk.forms import AtMost, Form, tidy
from helpdesk.people.phones import read_phone
from helpdesk.tickets.calls.plan import Slot
from helpdesk.workspace.fields import DayField

LONGEST_WAIT = timedelta(days=60)


class HourField(TimeField):
    """An hour of the day, or nothing; says in French what it could not read."""

    def process_formdata(self, valuelist: list[str]) -> None:
        if valuelist and not valuelist[0].strip():
            self.data = None
            return
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(str(_("Écrivez l’heure ainsi : 14:00"))) from None


class PromiseForm(Form):
    """Whom to call back, and when if that was said: a day alone means all of it."""

    number = StringField(_("Numéro à appeler"), [AtMost(60)], filters=[tidy], id="rappel-numero")
    day = DayField(_("Quel jour ?"), id="rappel-jour")
    start = HourField(_("À partir de"), id="rappel-debut")
    end = HourField(_("Jusqu’à"), id="rappel-fin")

    def validate_number(self, field: StringField) -> None:
        """Kept as networks know it."""
        if not field.data:
            return
        phone = read_phone(field.data)
        if phone is None:
            raise ValidationError(str(_("Ce numéro n’est pas complet. Exemple : 06 12 34 56 78")))
        field.data = phone.e164

    def validate_day(self, field: DayField) -> None:
        """A day to come."""
        today = utc_now().date()
        if field.data and not today - timedelta(days=1) <= field.data <= today + LONGEST_WAIT:
            raise ValidationError(str(_("Choisissez un jour à venir, dans les deux mois.")))
        if not field.data and not field.errors and (self.start.data or self.end.data):
            raise ValidationError(str(_("Dites aussi quel jour.")))

    def validate_end(self, field: TimeField) -> None:
        """After the beginning."""
        if self.start.data and field.data and field.data <= self.start.data:
            raise ValidationError(str(_("L’heure de fin vient après celle du début.")))

    def slot(self, timezone: str) -> Slot | None:
        """What was chosen, where the service works; None for « as soon as possible »."""
        day, zone = self.day.data, ZoneInfo(timezone)
        if day is None:
            return None
        start = datetime.combine(day, self.start.data or time(8), zone)
        end = datetime.combine(day, self.end.data or time(19), zone)
        return Slot(start, end) if start < end else None
